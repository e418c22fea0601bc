"""The whole page, in the order in which a manager asks."""

from roi.digest import digest
from roi.locales import Written
from roi.page import costs, gaps, grounds, money, outcomes, quality, ratios, sales, staffing, trend, verdict
from roi.page.beyond import Beyond
from roi.page.parts import Page, Section
from roi.page.told import Links, Told
from roi.report import Report

NAMES = ("verdicts", "money", "evidence", "table", "contents")
NOTHING = Beyond()


def page(
    of: Report, *, lang: str = "en", company: str = "", beyond: Beyond = NOTHING, links: Links | None = None
) -> Page:
    """`company` is the name readers know it by."""
    told = Told(lang, Written(lang, of.currency), links)
    days = {"first": told.written.day(of.period.first), "last": told.written.day(of.period.last)}
    return Page(
        lang=lang,
        title=told("title", claim=f"{of.claim:g}"),
        subtitle=told("subtitle", company=company or of.company, zone=of.period.zone, **days),
        ribbon=ribbon(of, told),
        headline=verdict.headline(of, told),
        style=verdict.standing(of),
        short=tuple(verdict.short(of, told, beyond)),
        cards=tuple(verdict.cards(of, told)),
        tiles=tuple(money.tiles(of, told, beyond)),
        sections=tuple(part for part in sections(of, told, beyond) if part is not None),
        made=told("made", at=told.written.moment(of.made_at), baseline=of.baseline.name.get(lang, of.baseline.id)),
        digest=told("digest", digest=digest(of)),
        names={name: told(name) for name in NAMES}
        | {"running": told("page_of", company=company or of.company, **days)},
    )


def sections(of: Report, told: Told, beyond: Beyond) -> list[Section | None]:
    return [
        money.section(of, told),
        costs.unit_costs(of, told),
        outcomes.section(of, told),
        outcomes.handovers(of, told),
        trend.section(of, told, beyond),
        ratios.by_intent(of, told),
        ratios.what_matters(told, beyond),
        ratios.how_far(of, told),
        staffing.section(of, told, beyond),
        quality.section(of, told, beyond),
        gaps.section(told, beyond),
        grounds.assumptions(of, told, beyond),
        ratios.otherwise(of, told, beyond),
        sales.section(told, beyond),
        grounds.quality(of, told, beyond),
        costs.lines(of, told),
    ]


def ribbon(of: Report, told: Told) -> str | None:
    if of.demo is True:
        return told("demo")
    if of.demo == "mixed":
        number = told.written.number
        return told("mixed", demo=number(of.demo_conversations), conversations=number(of.conversations))
    if of.demo_conversations:
        return told("demo_left_out", demo=told.written.number(of.demo_conversations))
    return None
