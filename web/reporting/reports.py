"""The managers' report: the page /roi, its exports, and the same over REST."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from roi.books.period import Period
from roi.books.tally import Demo
from roi.digest import digest
from roi.export import as_json
from roi.judging.terms import Terms
from roi.page.beyond import Beyond
from roi.page.told import Links
from roi.people.baseline import Baseline
from roi.people.baselinefile import baselines as known_baselines
from roi.report import Report, report
from roi.sheets import conversations_csv, lines_csv
from web.access import Colleague, Wired
from web.assembly import own_files
from web.pages import Lang, remember_token
from web.reporting.beyond import beyond
from web.reporting.evidence import evidence
from web.reporting.page import html, pdf
from web.reporting.scopes import scope_of
from web.services import Services
from web.settings import Settings

router = APIRouter(dependencies=[Colleague])
DAYS = 31
PAGES = {
    "en": (("/desk", "Desk"), ("/knowledge", "Knowledge")),
    "zh": (("/desk", "工作台"), ("/knowledge", "知识库")),
}
"""Beside the report."""
FILES = {
    "en": (("/api/v1/report.pdf", "PDF"), ("/api/v1/report/conversations.csv", "CSV of conversations"),
           ("/api/v1/report/lines.csv", "CSV of cost lines"), ("/api/v1/report", "JSON")),
    "zh": (("/api/v1/report.pdf", "PDF"), ("/api/v1/report/conversations.csv", "会话 CSV"),
           ("/api/v1/report/lines.csv", "成本 CSV"), ("/api/v1/report", "JSON")),
}  # fmt: skip
"""The same report in other forms."""
Table = Literal["conversations", "lines"]


class NoPeriod(ValueError):
    """The days asked for are no period."""


@dataclass(frozen=True)
class Wanted:
    """What a report is asked for."""

    since: Annotated[date | None, Query(alias="from")] = None
    until: Annotated[date | None, Query(alias="to")] = None
    demo: Annotated[Demo, Query()] = "auto"
    as_of: Annotated[date | None, Query()] = None
    """As at the end of that day: asked again, it is the same to the last byte."""

    def query(self, lang: Lang) -> dict[str, str]:
        told = {"from": self.since, "to": self.until, "as_of": self.as_of, "demo": self.demo, "lang": lang}
        return {name: str(value) for name, value in told.items() if value is not None}


Asked = Annotated[Wanted, Depends()]


@router.get("/roi", include_in_schema=False)
async def page(request: Request, services: Wired, wanted: Asked, lang: Lang = "en") -> Response:
    made = await asyncio.to_thread(report_of, services, wanted)
    found = await asyncio.to_thread(beyond_of, services, wanted, made, lang=lang)
    query = wanted.query(lang)
    asked = urlencode(query)
    pages = [
        *((f"{address}?lang={lang}", name) for address, name in PAGES[lang]),
        *((f"{address}?{asked}", name) for address, name in FILES[lang]),
    ]
    links = Links("/roi/conversations", f"/knowledge?lang={lang}", query)
    company = services.settings.company
    written = await asyncio.to_thread(html, made, lang=lang, company=company, beyond=found, pages=pages, links=links)
    return remember_token(request, HTMLResponse(written))


@router.get("/api/v1/report")
async def report_json(services: Wired, wanted: Asked, lang: Lang = "en") -> dict[str, Any]:
    """The report as the contract has it; amounts are decimal strings."""
    return in_json(await asyncio.to_thread(report_of, services, wanted), lang=lang)


@router.get("/api/v1/report.pdf", response_class=Response)
async def report_pdf(services: Wired, wanted: Asked, lang: Lang = "en") -> Response:
    """The page on paper: a summary of one page, then the details."""
    made = await asyncio.to_thread(report_of, services, wanted)
    found = await asyncio.to_thread(beyond_of, services, wanted, made, lang=lang)
    printed = await asyncio.to_thread(pdf, made, lang=lang, company=services.settings.company, beyond=found)
    return Response(printed, media_type="application/pdf", headers={"Content-Disposition": inline(made)})


@router.get("/api/v1/report/{table}.csv")
async def sheet(services: Wired, table: Table, wanted: Asked) -> StreamingResponse:
    """A row a conversation or a cost line; a cell that a spreadsheet would run as a formula is quoted."""
    period = period_of(services, since=wanted.since, until=wanted.until, as_of=wanted.as_of)
    with_demo = await asyncio.to_thread(is_demo_counted, services, period, wanted.demo)
    rows = sheet_rows(services, table, since=period.first, until=period.last, with_demo=with_demo)
    disposition = {"Content-Disposition": f'attachment; filename="dime-{table}.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=disposition)


def inline(made: Report) -> str:
    return f'inline; filename="dime-report-{made.period.first}-{made.period.last}.pdf"'


def report_of(services: Services, wanted: Wanted) -> Report:
    return make_report(services, since=wanted.since, until=wanted.until, demo=wanted.demo, as_of=wanted.as_of)


def in_json(made: Report, *, lang: str) -> dict[str, Any]:
    return {**as_json(made, lang=lang), "inputs_sha256": digest(made)}


def beyond_of(services: Services, wanted: Wanted, made: Report, *, lang: str) -> Beyond:
    """Blocking. Without an index nobody can say what was asked in vain by meaning."""
    if services.index.is_ready:
        gaps = services.gaps.costliest(with_demo=made.with_demo)
    else:
        gaps = None if services.gaps.any_open() else []
    return beyond(services, made, lang=lang, gaps=gaps, is_rolling=wanted.since is None)


def is_demo_counted(services: Services, period: Period, demo: Demo) -> bool:
    with services.engine.connect() as connection:
        return scope_of(connection, period, demo=demo).with_demo


def make_report(
    services: Services,
    *,
    since: date | None = None,
    until: date | None = None,
    demo: Demo = "auto",
    as_of: date | None = None,
) -> Report:
    """Blocking. The last 31 days of the company's calendar, unless told otherwise."""
    period, settings = period_of(services, since=since, until=until, as_of=as_of), services.settings
    return report(
        services.engine,
        period=period,
        baseline=services.baseline,
        prices=services.prices,
        currency=settings.currency,
        terms=terms_of(settings),
        evidence=evidence(
            services.engine, period, demo=demo, currency=settings.currency, holdout_share=settings.holdout_share
        ),
        demo=demo,
        others=other_baselines(services),
        now=moment_of(services, as_of),
    )


def terms_of(settings: Settings) -> Terms:
    return Terms(
        claim=settings.claim,
        return_days=settings.return_days,
        escalation_multiplier=settings.escalation_multiplier,
        human_lasting=settings.human_lasting,
        wrong_cost=Decimal(str(settings.wrong_answer_cost)),
        wrong_limit=settings.wrong_limit,
        satisfaction_margin=settings.satisfaction_margin,
    )


def sheet_rows(
    services: Services, table: Table, *, since: date | None, until: date | None, with_demo: bool
) -> Iterator[str]:
    rows = lines_csv if table == "lines" else conversations_csv
    period = period_of(services, since=since, until=until)
    return rows(services.engine, company="default", period=period, with_demo=with_demo)


def period_of(services: Services, *, since: date | None, until: date | None, as_of: date | None = None) -> Period:
    zone = services.settings.time_zone
    today = services.now().astimezone(ZoneInfo(zone)).date()
    if as_of and as_of > today:
        raise NoPeriod(f"nothing is known as of {as_of}: today is {today}")
    today = as_of or today
    last = until or today
    first = since or max(last, date(1900, 1, DAYS)) - timedelta(days=DAYS - 1)
    for day in (first, last):
        if not 1900 <= day.year <= 2900:
            raise NoPeriod(f"{day} is not a day of any report")
    if last < first:
        raise NoPeriod(f"the period ends on {last}, before it begins on {first}")
    return Period(first, last, zone)


def moment_of(services: Services, as_of: date | None) -> datetime:
    """The end of that day where the company is, to the second; now unless told otherwise."""
    if as_of is None:
        return services.now()
    if not 1900 <= as_of.year <= 2900:
        raise NoPeriod(f"{as_of} is not a day of any report")
    end = datetime.combine(as_of, time(23, 59, 59), ZoneInfo(services.settings.time_zone))
    return end.astimezone(UTC)


def other_baselines(services: Services) -> Sequence[Baseline]:
    """Held beside the chosen one, since geography decides the verdict."""
    known = known_baselines(*own_files(services.settings))
    return [baseline for baseline in known.values() if baseline.id != services.baseline.id]
