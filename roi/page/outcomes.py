"""How matters ended, whatever contacts they took, with the cohort that gave up; and why a person was wanted."""

from collections.abc import Iterable, Iterator

from roi.charts.flow import Band, Flow, Node, flow
from roi.page.parts import Cell, Section, Table, table
from roi.page.told import Told
from roi.report import Report
from roi.resolution.outcomes import Outcome
from roi.words import named

COLOURS: dict[Outcome, str] = {
    "verified_resolved": "saving", "contained_unverified": "lost", "abandoned": "lost", "blocked": "lost",
    "escalated_assisted": "people", "escalated_cold": "people", "immature": "total",
}  # fmt: skip
"""In the order in which they are drawn: what succeeded on top, the cohort that gave up together below it."""


def section(of: Report, told: Told) -> Section:
    rates = of.findings.rates
    if rates is None:
        return Section("outcomes", told("outcomes"), missing=told("no_outcomes"))
    share = told.written.share
    gave_up = told(
        "gave_up",
        attempted=told.written.number(rates.attempted),
        contained=share(rates.containment),
        gave_up=share(rates.gave_up),
    )
    says = [gave_up, *lasting(of, told)]
    total = sum(of.outcomes.values())
    ended = counted(((name, count, told.to(outcome=name)) for name, count in of.outcomes.items() if count), total, told)
    return Section(
        "outcomes", told("outcomes"), says=(told.joined(says),), chart=flow(drawn(of, told)), tables=(ended,)
    )


def lasting(of: Report, told: Told) -> Iterator[str]:
    """Whether what was confirmed lasted, and how many of the silent were helped as far as audits know."""
    found, number, share = of.findings.durability, told.written.number, told.written.share
    if found.rate is not None:
        yield told("durability", matured=number(found.matured), durable=share(found.rate), days=of.terms.return_days)
    silent = of.findings.silent
    if silent.value is not None:
        yield told("silent", value=share(silent.value), lower=share(silent.lower), upper=share(silent.upper))
    else:
        yield told("silent_unknown")


def handovers(of: Report, told: Told) -> Section | None:
    if not of.handovers:
        return None
    rows = [(name, count, told.to(handover=name)) for name, count in of.handovers.items()]
    found = counted(rows, sum(of.handovers.values()), told, section="handover", head="reason")
    return Section("handovers", told("handovers"), tables=(found,))


def counted(
    rows: Iterable[tuple[str, int, str | None]],
    total: int,
    told: Told,
    *,
    section: str = "outcome",
    head: str = "outcome",
) -> Table:
    written = [
        (
            Cell(named(section, name, told.lang), link),
            Cell(told.written.number(count), link),
            told.written.share(count, total),
        )
        for name, count, link in rows
    ]
    return table(
        [told(head), told("count" if section == "outcome" else "conversations"), told("share")], written, kinds="tnn"
    )


def drawn(of: Report, told: Told) -> Flow:
    counts = of.outcomes
    total = sum(counts.values())
    straight = counts.get("not_involved", 0)

    def node(name: str, column: int, words: str, count: int, kind: str) -> Node:
        return Node(name, column, words, f"{told.written.number(count)} · {told.written.share(count, total)}", kind)

    ends = [(name, counts.get(name, 0)) for name in COLOURS]
    nodes = [
        node("all", 0, told("everything"), total, "total"),
        node("ai", 1, told("taken_on"), total - straight, "ai"),
        node("straight", 1, told("straight"), straight, "people"),
        *(node(name, 2, named("outcome", name, told.lang), count, COLOURS[name]) for name, count in ends),
    ]
    bands = [
        Band("all", "ai", total - straight),
        Band("all", "straight", straight),
        *(Band("ai", name, count) for name, count in ends),
    ]
    return Flow(told("outcomes"), tuple(nodes), tuple(bands))
