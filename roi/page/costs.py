"""Unit costs by channel and matter, and every cost line by kind."""

from roi.books.tally import Group
from roi.grade import worst
from roi.page.parts import Cell, Section, Table, table
from roi.page.told import Told
from roi.report import Report
from roi.words import named

MOST = 12
"""Matters that are listed; all count."""


def unit_costs(of: Report, told: Told) -> Section:
    if not of.channels:
        return Section("unit_costs", told("unit_costs"), missing=told("headline_empty"))
    says = (told.joined(averages(of, told)), *mix(of, told))
    return Section("unit_costs", told("unit_costs"), says=says, tables=(by_channel(of, told), by_matter(of, told)))


def by_channel(of: Report, told: Told) -> Table:
    heads = ["channel", "contacts", "count", "confirmed", "handed", "handling", "human_each", "grade"]
    number, money, aht = told.written.number, told.written.money, of.baseline.aht
    rows = [
        (
            Cell(told.channel(channel.name), told.to(channel=channel.name)),
            number(channel.contacts),
            number(channel.issues),
            number(channel.outcomes.get("verified_resolved", 0)),
            Cell(
                number(channel.outcomes.get("escalated_assisted", 0)),
                told.to(channel=channel.name, outcome="escalated_assisted"),
            ),
            told("minutes", minutes=number(aht[channel.name].value / 60, places=1)) if channel.name in aht else "–",
            money(channel.human, unknown=told("no_rate")),
            channel.grade,
        )
        for channel in of.channels
    ]
    return table([told(head) for head in heads], rows, kinds="tnnnnnns")


def by_matter(of: Report, told: Told) -> Table:
    heads = ["matter", "count", "taken", "confirmed", "not_to_person", "human_each", "ai_and_people"]
    number, money = told.written.number, told.written.money
    rows = [
        (
            one.matter or told("no_matter"),
            number(one.eligible),
            number(one.attempted),
            number(one.verified),
            number(one.contained),
            money(one.human) if one.attempted else "–",
            money(one.ai) if one.attempted else "–",
        )
        for one in of.findings.mix.strata[:MOST]
    ]
    return table([told(head) for head in heads], rows, kinds="tnnnnnn")


def mix(of: Report, told: Told) -> list[str]:
    """Crude beside adjusted: the AI may look better than it is by getting the easy matters only."""
    found, ratio = of.findings.mix, told.written.ratio
    if found.crude is None:
        return []
    if found.adjusted is None:
        return [told("mix_unknown", crude=ratio(found.crude))]
    bounds = (
        ""
        if found.lower is None or found.upper is None
        else told("bounded", lower=ratio(found.lower), upper=ratio(found.upper))
    )
    return [told("mix", crude=ratio(found.crude), adjusted=ratio(found.adjusted), bounds=bounds)]


def averages(of: Report, told: Told) -> list[str]:
    ai = [group for group in of.groups if not group.is_human and not group.is_of_period]
    people = [group.grade for group in of.groups if group.is_human]
    said = []
    if ai:
        basis = told("measured" if all(group.measured == group.count for group in ai) else "assumed")
        grade = worst(group.grade for group in ai)
        said.append(told("ai_each_all", each=told.each(of, of.ai_running), basis=basis, grade=grade))
    if people:
        said.append(told("people_each_all", each=told.each(of, of.people), grade=worst(people)))
    return said


def lines(of: Report, told: Told) -> Section | None:
    if not of.groups:
        return None
    heads = ["kind", "what", "quantity", "amount", "lines", "priced", "basis", "grade"]
    rows = [row(group, told) for group in of.groups]
    sums = told("sums", amount=told.written.exact(of.total.known, of.currency))
    found = table([told(head) for head in heads], rows, kinds="ttnnnnss")
    return Section("lines", told("by_kind"), says=(sums,), tables=(found,))


def row(group: Group, told: Told) -> tuple[Cell | str, ...]:
    every = group.covered == group.count and group.count > 0
    known = told.written.exact(group.known, group.currency)
    amount = told("covered") if every else known if group.amount is not None else told("at_least", amount=known)
    return (
        Cell(named("kind", group.kind, told.lang), told.to(kind=group.kind)),
        " ".join(dict.fromkeys((group.vendor, group.model))),
        f"{told.written.number(group.quantity, places=2)} {named('unit', group.unit, told.lang)}",
        amount,
        told.written.number(group.count),
        told.written.number(group.priced),
        told("measured" if group.measured == group.count else "assumed"),
        group.grade,
    )
