"""The ratio by matter, how far the whole can go, what moves it, and how it stands if things were otherwise."""

from roi.charts.ceiling import Ceiling, Here, ceiling
from roi.charts.forest import Forest, ForestRow, Shape, forest
from roi.charts.tornado import Swing, Tornado, tornado
from roi.experiment.mix import Stratum
from roi.judging.confidence import Moments, fieller, single_look_m
from roi.judging.ratios import ceiling as ceiling_at
from roi.judging.verdicts import Ratio
from roi.page.beyond import Beyond
from roi.page.parts import Cell, Section, Table, table
from roi.page.told import Told
from roi.planning import wording
from roi.planning.whatif import WhatIf
from roi.report import Report

SHAPES: dict[str | None, Shape] = {"CONFIRMED": "confirmed", "REFUTED": "refuted", "INCONCLUSIVE": "inconclusive"}
FEWEST, MOST = 5, 12
"""Of a matter, before its ratio is drawn; and so many matters."""


def by_intent(of: Report, told: Told) -> Section:
    """Silent contacts are charged as audits found them, and all of them while nobody has looked: else a matter that
    nobody took to a person would cost nothing, whether or not anybody was helped."""
    whole = of.ratios["R3"]
    matters = [row for one in of.findings.mix.strata if (row := of_matter(one, of, told))][:MOST]
    rows = ([of_ratio(whole, told)] if whole.value is not None else []) + matters
    drawn = Forest(
        title=told("by_intent"),
        rows=tuple(rows),
        claim=of.claim,
        claim_text=told("claim_line", claim=f"{of.claim:g}"),
        unit=told("ratio_unit"),
    )
    chart = forest(drawn) if matters else None
    if chart is None:
        return Section("intents", told("by_intent"), missing=told("no_intents", least=FEWEST))
    figures = table([told("matter"), told("bounds")], [(row.name, row.text) for row in rows], kinds="tn", folded=True)
    return Section("intents", told("by_intent"), says=(told("intents_says"),), chart=chart, tables=(figures,))


def of_matter(one: Stratum, of: Report, told: Told) -> ForestRow | None:
    if one.attempted < FEWEST or one.matter is None or one.human <= 0:
        return None
    silent = of.findings.silent
    helped = silent.lower if silent.value is None else silent.value
    charge = float(of.terms.escalation_multiplier) * one.human * (1 - helped)
    share = (one.contained - one.verified) / one.attempted
    spent = one.ai + charge * share
    if spent <= 0:
        return None
    # A silent contact costs next to nothing else: charge and cost exclude each other.
    variance = max(0.0, one.ai_variance + charge**2 * share * (1 - share) - 2 * charge * share * one.ai)
    m = single_look_m(1)
    value = one.human / spent
    if variance <= 1e-9 * spent**2:  # all went alike: what is uncertain is the audit, not these
        return ForestRow(one.matter, value, None, None, told.written.ratio(value), "inconclusive")
    low, high = fieller(Moments(one.human, spent, 0.0, variance / one.attempted), human_m=m, ai_m=m).interval or (
        None,
        None,
    )
    return ForestRow(one.matter, value, low, high, bounded(value, low, high, told), "inconclusive")


def of_ratio(ratio: Ratio, told: Told) -> ForestRow:
    value = ratio.value or 0.0
    text = bounded(value, ratio.lower, ratio.upper, told)
    return ForestRow(told("whole"), ratio.value, ratio.lower, ratio.upper, text, SHAPES.get(ratio.verdict, "unknown"))


def bounded(value: float, low: float | None, high: float | None, told: Told) -> str:
    ratio = told.written.ratio
    return ratio(value) if low is None or high is None else f"{ratio(value)} ({ratio(low)}–{ratio(high)})"


def what_matters(told: Told, beyond: Beyond) -> Section | None:
    if beyond.plan is None:
        return None
    money, plan = told.written.money, beyond.plan
    change = told.written.share(plan.wishes.change, places=0)
    drawn = Tornado(
        title=told("tornado"),
        rows=tuple(
            Swing(
                wording.say("input", bar.key, told.lang),
                bar.less,
                bar.more,
                money(whole(bar.less), sign=True),
                money(whole(bar.more), sign=True),
            )
            for bar in plan.tornado
        ),
        less=told("less", change=change),
        more=told("more", change=change),
        unit=told("tornado_unit"),
    )
    rows = [(row.name, row.less_text, row.more_text) for row in drawn.rows]
    heads = [told("what"), drawn.less, drawn.more]
    return Section(
        "tornado",
        told("tornado"),
        says=(told("plan_says"),),
        chart=tornado(drawn),
        tables=(table(heads, rows, kinds="tnn", folded=True), inputs(plan, told)),
    )


def whole(amount: float) -> float:
    """Of a plan, cents are no figure."""
    return round(amount) if abs(amount) >= 10 else amount


def inputs(plan: WhatIf, told: Told) -> Table:
    """What the plan starts from, and whether somebody measured it."""
    rows = [
        (
            wording.say("input", one.key, told.lang),
            wording.shown(one),
            wording.say("basis", one.basis, told.lang),
            wording.say("because", one.because, told.lang, **one.figures),
        )
        for one in plan.start.inputs
    ]
    return table([told(head) for head in ("plan_input", "value", "basis", "source")], rows, kinds="tnst", folded=True)


def how_far(of: Report, told: Told) -> Section:
    here = at(of, told)
    needed = told.written.share(1 - 1 / of.claim) if of.claim > 1 else told.written.share(0)
    claim = f"{of.claim:g}"
    drawn = Ceiling(
        title=told("ceiling"),
        claim=of.claim,
        claim_text=told("ceiling_claim", claim=claim, needed=needed),
        across=told("ceiling_across"),
        up=told("ceiling_up"),
        here=here,
    )
    if here is None:
        return Section("ceiling", told("ceiling"), says=(told("no_ceiling"),), chart=ceiling(drawn))
    automation, most = told.written.share(here.automation), told.written.share(here.most or here.automation)
    says = [told("ceiling_says", claim=claim, needed=needed, automation=automation, most=most)]
    if of.findings.ceiling is not None:
        says.append(told("ceiling_here", most=told.written.ratio(of.findings.ceiling)))
    shares = sorted({0.3, 0.5, 0.7, 0.8, 0.9, 0.95} | ({here.automation} if here.automation < 1 else set()))
    rows = [
        (told.written.share(share), told("to_one", value=told.written.ratio(ceiling_at(share)))) for share in shares
    ]
    return Section(
        "ceiling",
        told("ceiling"),
        says=(told.joined(says),),
        chart=ceiling(drawn),
        tables=(table([told("automation"), told("ceiling_head")], rows, kinds="nn", folded=True),),
    )


def at(of: Report, told: Told) -> Here | None:
    """Between what is confirmed with the audit's lower limit of the silent, and with its upper one."""
    rates, silent = of.findings.rates, of.findings.silent
    if rates is None:
        return None
    quiet = of.outcomes.get("contained_unverified", 0) / rates.eligible
    least, most = rates.automation + silent.lower * quiet, rates.automation + silent.upper * quiet
    share = told.written.share
    text = told("here", automation=share(least), most=share(most))
    return Here(least, of.ratios["R3"].value, text, most)


def otherwise(of: Report, told: Told, beyond: Beyond) -> Section:
    """The plan's month under other prices, people elsewhere, fewer resolutions; and R1 against each baseline."""
    tables = ([stresses(beyond.plan, told)] if beyond.plan else []) + [against(of, told)]
    return Section("stress", told("stress"), says=(told("stress_says"),), tables=tuple(tables))


def stresses(plan: WhatIf, told: Told) -> Table:
    def ratio(value: float | None) -> str:
        return "–" if value is None else told.written.ratio(value)

    rows = [
        (
            wording.stress_name(one, told.lang),
            ratio(one.outcome.r3),
            ratio(one.outcome.r2),
            ratio(one.outcome.r1),
            told.written.money(whole(one.outcome.net_saving)),
        )
        for one in plan.stresses
    ]
    return table([told(head) for head in ("case", "r3", "r2", "r1", "net_month")], rows, kinds="tnnnn")


def against(of: Report, told: Told) -> Table:
    rows = []
    for one in of.compared:
        notes = [told(key) for key, holds in (("chosen", one.is_chosen), ("offshore", one.baseline.offshore)) if holds]
        cost = told.written.money(one.human, unknown=told("no_rate") if of.channels else told("unknown"))
        name = one.baseline.name.get(told.lang, one.baseline.id)
        found = told.written.ratio(one.ratio) if one.ratio is not None else "–"
        rows.append((Cell(name), Cell(told("comma").join(notes)), Cell(cost), Cell(found)))
    return table([told("baseline"), "", told("human_each"), told("r1")], rows, kinds="ttnn")
