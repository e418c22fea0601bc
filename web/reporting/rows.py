"""The conversations behind a figure of the report, and one of them word by word."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request, Response

from roi.locales import Written
from roi.page.told import Told
from roi.rows import MOST, Filter, conversation_rows
from roi.words import named
from web.access import Colleague, Wired
from web.pages import Lang, templates
from web.reporting.reports import Asked, is_demo_counted, moment_of, period_of

router = APIRouter(dependencies=[Colleague], include_in_schema=False)


@router.get("/roi/conversations")
async def conversations(
    request: Request,
    services: Wired,
    wanted: Asked,
    lang: Lang = "en",
    outcome: str | None = None,
    channel: str | None = None,
    handover: str | None = None,
    kind: str | None = None,
    day: date | None = None,
    start: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    period = period_of(services, since=wanted.since, until=wanted.until, as_of=wanted.as_of)
    open_for = timedelta(days=services.settings.return_days)
    only = Filter(outcome, channel, handover, kind, day, moment_of(services, wanted.as_of) - open_for)
    with_demo = await asyncio.to_thread(is_demo_counted, services, period, wanted.demo)
    found = await asyncio.to_thread(
        conversation_rows,
        services.engine,
        company="default",
        period=period,
        with_demo=with_demo,
        only=only,
        currency=services.settings.currency,
        start=start,
    )
    told = Told(lang, Written(lang, services.settings.currency))
    zone = ZoneInfo(services.settings.time_zone)
    rows = [
        {
            "id": row.id,
            "at": told.written.moment(row.at.astimezone(zone)),
            "channel": told.channel(row.channel),
            "outcome": named("outcome", row.outcome, lang),
            "handover": named("handover", row.handover, lang) if row.handover else "",
            "cost": told.written.money(row.known)
            if row.is_complete
            else told("at_least", amount=told.written.money(row.known)),
        }
        for row in found.rows
    ]
    between = {"first": told.written.day(period.first), "last": told.written.day(period.last)}
    days = told("page_of", company=services.settings.company, **between)
    pages = {
        "later": at(request, max(0, start - MOST)) if start else None,
        "earlier": at(request, start + MOST) if start + MOST < found.count else None,
    }
    context = {
        "lang": lang, "told": told, "rows": rows, "count": told.written.number(found.count), "days": days,
        "only": chosen(only, told), "pages": pages, "report": of_report(request),
    }  # fmt: skip
    return templates.TemplateResponse(request, "report_rows.html", context)


@router.get("/roi/conversations/{conversation}")
async def conversation(request: Request, services: Wired, conversation: UUID, lang: Lang = "en") -> Response:
    row = await asyncio.to_thread(services.conversations.find, conversation)
    if row is None:
        raise HTTPException(404, "there is no such conversation")
    lines = await asyncio.to_thread(services.conversations.read, conversation)
    told = Told(lang, Written(lang, services.settings.currency))
    zone = ZoneInfo(services.settings.time_zone)
    said = [
        {"who": told(f"says_{line.author}"), "author": line.author, "text": line.text,
         "at": told.written.moment(line.at.astimezone(zone))}
        for line in lines
    ]  # fmt: skip
    context = {"lang": lang, "told": told, "id": conversation, "lines": said}
    return templates.TemplateResponse(request, "report_transcript.html", context)


def at(request: Request, start: int) -> str:
    return urlencode({**request.query_params, "start": start})


def of_report(request: Request) -> str:
    """The report's own part of the address: the period, the language and the data."""
    kept = {
        name: value for name, value in request.query_params.items() if name in ("lang", "from", "to", "as_of", "demo")
    }
    return urlencode(kept)


def chosen(only: Filter, told: Told) -> str:
    """The filter in words."""
    parts: Mapping[str, str | None] = {
        "outcome": only.outcome and named("outcome", only.outcome, told.lang),
        "channel": only.channel and told.channel(only.channel),
        "handovers": only.handover and named("handover", only.handover, told.lang),
        "kind": only.kind and named("kind", only.kind, told.lang),
        "day": told.written.day(only.day) if only.day else None,
    }
    return " · ".join(f"{told(name)}: {value}" for name, value in parts.items() if value)
