"""The money: what it would have cost without the AI, what it cost with it, and the steps between."""

from collections.abc import Iterator
from decimal import Decimal

from roi.charts.waterfall import Step, Waterfall, waterfall
from roi.judging.booked import Booked, Part
from roi.page.beyond import Beyond
from roi.page.parts import Cell, Section, Table, Tile, table
from roi.page.told import Told
from roi.report import Report
from roi.words import named

PEOPLE = frozenset({"escalation", "not_involved", "repeat"})
LOST = frozenset({"unmet", "wrong_answer"})


def tiles(of: Report, told: Told, beyond: Beyond) -> list[Tile]:
    made, number = of.findings.statement, told.written.number
    count = Tile(
        told("conversations"), number(of.conversations), told("matters", issues=number(made.issues)), told.to()
    )
    if not made.issues or made.without.amount is None:
        return [count, Tile(told("with"), told.sum(of.total))]
    money = told.written.money
    return [
        count,
        Tile(told("without"), money(made.without.amount), told("estimated")),
        Tile(
            told("with"),
            with_ai(made, told),
            told("with_note" if made.with_ai is not None else "with_unknown", booked=money(booked(made))),
        ),
        saved(made, told),
        *staff(of, told),
        back(of, told),
        *planned(told, beyond),
    ]


def saved(made: Booked, told: Told) -> Tile:
    """On paper; with audits, also at their less favourable limits."""
    money = told.written.money
    if made.net_saving is None:
        return Tile(told("net"), told("at_most", upper=money(made.most_saved)), told("net_unknown"))
    least = made.net_saving - sum((worst(part) - part.known for part in made.parts), Decimal(0))
    return Tile(told("net"), money(made.net_saving), told("net_note", least=money(least)))


def staff(of: Report, told: Told) -> Iterator[Tile]:
    """Minutes are no money: what was freed, and which part of it is really not paid any more."""
    freed, money = of.findings.freed, told.written.money
    if freed is None:
        return
    is_upper = of.findings.statement.net_saving is None
    fte = told.written.number(freed.fte, places=2)
    if of.ratios["R4"].because == "r4_no_staffing":
        yield Tile(told("cash"), told("unknown"), told("cash_note"))
    else:
        yield Tile(told("cash"), money(freed.cash), told("cash_entered"))
    kept = money(freed.not_cash)
    yield Tile(told("freed"), told("at_most", upper=kept) if is_upper else kept, told("freed_note", fte=fte))


def back(of: Report, told: Told) -> Tile:
    percent = of.findings.statement.roi_percent
    value = told("unknown") if percent is None else told.written.share(percent / 100, places=0)
    missing = kinds_without(of, told)
    note = told("net_unknown") if percent is None else told("roi_note", kinds=missing) if missing else ""
    return Tile(told("roi"), value, note)


def planned(told: Told, beyond: Beyond) -> Iterator[Tile]:
    if beyond.plan is None:
        return
    even, years = beyond.plan.break_even.volume, beyond.plan.years
    number, months = told.written.number, years.case.payback_months
    note = told("plan_note", outlay=told.written.money(years.outlay))
    yield Tile(told("even"), told("never") if even is None else number(even), told("even_note"))
    if any(one.key == "fixed" and one.basis == "assumed" for one in beyond.plan.start.inputs):
        yield Tile(told("payback"), told("unknown"), told("fixed_first"))  # else an assumption would decide it
        return
    yield Tile(told("payback"), told("never") if months is None else told("months", months=number(months, places=1)),
               note)  # fmt: skip
    yield Tile(told("npv", years=beyond.plan.wishes.years), told.written.money(years.case.npv), note)


def kinds_without(of: Report, told: Told) -> str:
    """Of hosting the CPU seconds are booked by themselves: what is missing is the servers that wait for them."""
    names = {"hosting": told("servers")}
    return told("comma").join(names.get(kind) or named("kind", kind, told.lang) for kind in of.nothing_booked)


def booked(made: Booked) -> Decimal:
    return sum((part.known for part in made.parts if part.basis == "booked"), Decimal(0))


def with_ai(made: Booked, told: Told) -> str:
    if made.with_ai is not None:
        return told.written.money(made.with_ai)
    return told("at_least", amount=told.written.money(made.known_with_ai))


def worst(part: Part) -> Decimal:
    """At the less favourable limit of the audit that it rests on."""
    return part.known if part.upper is None else part.upper


def drawn_as(part: Part) -> Decimal:
    """What nobody has audited is drawn at its worst: a chart must not look better for want of a look."""
    return worst(part) if part.amount is None else part.amount


def section(of: Report, told: Told) -> Section:
    made = of.findings.statement
    if made.without.amount is None or not made.issues:
        return Section("waterfall", told("waterfall"), missing=told("no_waterfall"))
    parts = [part for part in made.parts if part.amount is None or part.amount or part.known]
    says = [told("waterfall_says")]
    if any(part.amount is None for part in parts):
        says.append(told("waterfall_unknown"))
    if missing := kinds_without(of, told):
        says.append(told("not_booked", kinds=missing))
    return Section(
        "waterfall",
        told("waterfall"),
        says=(told.joined(says),),
        chart=waterfall(steps(made, parts, told)),
        tables=(in_rows(made, parts, told),),
    )


def in_rows(made: Booked, parts: list[Part], told: Told) -> Table:
    money = told.written.money
    rows = [
        (
            Cell(named("kind", part.kind, told.lang), told.to(kind=part.kind) if part.basis == "booked" else None),
            money(part.amount, unknown=told("at_least", amount=money(part.known))),
            told(part.basis),
            told.written.number(part.count) if part.count else "–",
            money(part.upper),
        )
        for part in [made.without, *parts]
    ]
    heads = [told(head) for head in ("kind", "amount", "basis", "quantity", "worst")]
    return table([*heads], [*rows, (told("with"), with_ai(made, told), "", "", "")], kinds="tnsnn", folded=True)


def steps(made: Booked, parts: list[Part], told: Told) -> Waterfall:
    money, without = told.written.money, made.without.amount or Decimal(0)

    def change(part: Part) -> Step:
        amount = money(drawn_as(part))
        if part.amount is None:
            text = told("up_to", amount=amount) if part.upper is not None else told("unknown")
        else:
            text = f"+{amount}" if part.basis == "booked" else f"≈ +{amount}"
        colour = "people" if part.kind in PEOPLE else "lost" if part.kind in LOST else "ai"
        return Step(named("kind", part.kind, told.lang), float(drawn_as(part)), text, colour)

    total = sum((drawn_as(part) for part in parts), Decimal(0))
    last = money(total)
    if made.with_ai is None:
        is_all = all(part.amount is not None or part.upper is not None for part in parts)
        last = told("from_to" if is_all else "or_more", lower=money(made.known_with_ai), upper=last)
    return Waterfall(
        title=told("waterfall"),
        steps=(
            Step(told("without"), float(without), f"≈ {money(without)}", "total", is_total=True),
            Step(told("taken_over"), -float(without), money(-without), "saving"),
            *(change(part) for part in sorted(parts, key=drawn_as, reverse=True)),
            Step(told("with"), float(total), last, "total", is_total=True),
        ),
        write=lambda amount: money(amount, sign=True),
        rest=told("other_kinds"),
    )
