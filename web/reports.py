"""The managers' report: the page /roi, its exports, and the same over REST."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from roi.baseline import Baseline
from roi.baselinefile import baselines as known_baselines
from roi.export import as_json
from roi.period import Period
from roi.report import Report, report
from roi.sheets import conversations_csv, lines_csv
from roi.tally import Demo
from web.access import Colleague, Wired
from web.pages import Lang, remember_token
from web.report_page import html
from web.services import Services

router = APIRouter(dependencies=[Colleague])
DAYS = 31
PAGES = {
    "en": (("/desk", "Desk"), ("/knowledge", "Knowledge")),
    "zh": (("/desk", "工作台"), ("/knowledge", "知识库")),
}
"""Beside the report."""
Table = Literal["conversations", "lines"]


class NoPeriod(ValueError):
    """The days asked for are no period."""


@router.get("/roi", include_in_schema=False)
async def page(
    request: Request,
    services: Wired,
    lang: Lang = "en",
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    demo: Demo = "auto",
) -> Response:
    made = await asyncio.to_thread(make_report, services, since=since, until=until, demo=demo)
    links = [(f"{address}?lang={lang}", name) for address, name in PAGES[lang]]
    return remember_token(request, HTMLResponse(html(made, lang=lang, company=services.settings.company, links=links)))


@router.get("/api/v1/report")
async def report_json(
    services: Wired,
    lang: Lang = "en",
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    demo: Demo = "auto",
) -> dict[str, Any]:
    """The report as the contract has it; amounts are decimal strings."""
    return as_json(await asyncio.to_thread(make_report, services, since=since, until=until, demo=demo), lang=lang)


@router.get("/api/v1/report/{table}.csv")
async def sheet(
    services: Wired,
    table: Table,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    demo: Demo = "auto",
) -> StreamingResponse:
    """A row a conversation or a cost line; a cell that a spreadsheet would run as a formula is quoted."""
    with_demo = (await asyncio.to_thread(make_report, services, since=since, until=until, demo=demo)).with_demo
    rows = sheet_rows(services, table, since=since, until=until, with_demo=with_demo)
    disposition = {"Content-Disposition": f'attachment; filename="dime-{table}.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=disposition)


def make_report(
    services: Services, *, since: date | None = None, until: date | None = None, demo: Demo = "auto"
) -> Report:
    """Blocking. The last 31 days of the company's calendar, unless told otherwise."""
    return report(
        services.engine,
        period=period_of(services, since=since, until=until),
        baseline=services.baseline,
        prices=services.prices,
        currency=services.settings.currency,
        claim=services.settings.claim,
        demo=demo,
        others=other_baselines(services.baseline),
        now=services.now(),
    )


def sheet_rows(
    services: Services, table: Table, *, since: date | None, until: date | None, with_demo: bool
) -> Iterator[str]:
    rows = lines_csv if table == "lines" else conversations_csv
    period = period_of(services, since=since, until=until)
    return rows(services.engine, company="default", period=period, with_demo=with_demo)


def period_of(services: Services, *, since: date | None, until: date | None) -> Period:
    zone = services.settings.time_zone
    today = services.now().astimezone(ZoneInfo(zone)).date()
    last = until or today
    first = since or last - timedelta(days=DAYS - 1)
    if last < first:
        raise NoPeriod(f"the period ends on {last}, before it begins on {first}")
    return Period(first, last, zone)


def other_baselines(chosen: Baseline) -> Sequence[Baseline]:
    """Held beside the chosen one, since geography decides the verdict."""
    return [baseline for baseline in known_baselines().values() if baseline.id != chosen.id]
