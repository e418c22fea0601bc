"""Whether the claim holds, why, and what to do next: what a manager reads if nothing else is read."""

from collections.abc import Iterator

from roi.judging.verdicts import Ratio
from roi.page.beyond import Beyond
from roi.page.parts import Card, Cell
from roi.page.told import Told
from roi.report import Report
from roi.words import named, say

ORDER = ("R3", "R2", "R4", "R1")
"""The claim is about the whole, so R3 leads; R1 leaves most of it out, and comes last."""


def standing(of: Report) -> str:
    """R3 alone confirms it. An AI whose own running cost is beyond the claim refutes it by itself."""
    if not of.conversations:
        return "empty"
    if "REFUTED" in (of.ratios["R3"].verdict, of.ratios["R1"].verdict):
        return "refuted"
    return "confirmed" if of.ratios["R3"].verdict == "CONFIRMED" else "open"


def headline(of: Report, told: Told) -> str:
    return told(f"headline_{standing(of)}", claim=f"{of.claim:g}")


def short(of: Report, told: Told, beyond: Beyond) -> list[Cell]:
    """Why, what limits it, and which entry to write next."""
    said = [Cell(sentence) for sentence in reasons(of, told)]
    if beyond.gaps:
        first = beyond.gaps[0]
        key = "next" if first.money is not None else "next_unpriced"
        money, count = told.written.money(first.money), told.written.number(first.asked)
        sentence = told(key, question=first.question, count=count, money=money)
        said.append(Cell(sentence, told.links.knowledge if told.links else None))
    if beyond.is_rolling and of.conversations:
        said.append(Cell(told("rolling", first=of.period.first.isoformat())))
    return said


def reasons(of: Report, told: Told) -> Iterator[str]:
    """A decided verdict gives its own reason; an open one says how it stands, and what keeps it from more."""
    if not of.conversations:
        return
    leading, state = of.ratios["R3"], standing(of)
    if state == "open" and leading.value is not None:
        key = "so_far" if leading.value < of.claim else "so_far_above"
        yield told(key, value=told.written.ratio(leading.value), claim=f"{of.claim:g}")
    else:
        deciding = of.ratios["R1"] if state == "refuted" and leading.verdict != "REFUTED" else leading
        if state == "open" and leading.upper is not None and leading.upper < of.claim:
            yield told("so_far_most", upper=told.written.ratio(leading.upper), claim=f"{of.claim:g}")
        elif deciding.because:
            yield told("why", because=because(deciding, told))
    if state == "confirmed":
        return
    if largest := weighs_most(of, told):
        yield largest
    most = of.findings.ceiling
    if most is not None and most < of.claim:
        yield told("capped", most=told.written.ratio(most), claim=f"{of.claim:g}")


def weighs_most(of: Report, told: Told) -> str | None:
    """The largest part of the cost with the AI, once all parts are known."""
    made = of.findings.statement
    if not made.with_ai:
        return None
    part = max(made.parts, key=lambda one: one.known)
    share = told.written.share(part.known, made.with_ai, places=0)
    return told("weighs_most", kind=named("kind", part.kind, told.lang), share=share)


def cards(of: Report, told: Told) -> list[Card]:
    return [card(of.ratios[name], of, told) for name in ORDER if name in of.ratios]


def card(ratio: Ratio, of: Report, told: Told) -> Card:
    verdict = ratio.verdict or "unknown"
    value = told("to_one", value=told.written.ratio(ratio.value)) if ratio.value is not None else None
    bounds = interval(ratio, told)
    if value and ratio.name == "R1":  # it leaves most of the cost out: no figure to stand out
        value, bounds = None, told("comma").join(filter(None, (value, bounds)))
    return Card(
        name=say("name", ratio.name, told.lang),
        verdict=say("verdict", verdict, told.lang),
        style=verdict.lower(),
        value=value,
        bounds=bounds,
        because=because(ratio, told) or None,
        grade=told(f"evidence_{ratio.grade}") if ratio.value is not None or ratio.verdict else None,
        notes=tuple(notes(ratio, of, told)),
        is_lead=ratio.name == ORDER[0],
    )


def because(of: Ratio, told: Told) -> str:
    return say("because", of.because, told.lang, **of.figures) if of.because else ""


def notes(ratio: Ratio, of: Report, told: Told) -> Iterator[str]:
    number = told.written.number
    if ratio.name == ORDER[0]:
        yield told("to_quote" if ratio.lower is not None else "nothing_to_quote")
    if ratio.name == "R1" and ratio.value is not None:
        yield told("r1_note", each=told.each(of, of.ai_running), kinds=running(of, told))
    if ratio.needed is not None:
        day = told.written.day(ratio.needed_by) if ratio.needed_by else told("beyond_planning")
        yield told("needed", needed=number(ratio.needed), customers=number(ratio.customers), day=day)
    if ratio.optimistic is not None:
        yield told("optimistic", value=told.written.ratio(ratio.optimistic))
    if ratio.is_disputed:
        yield told("disputed")


def running(of: Report, told: Told) -> str:
    """The dearest kinds of the AI's own running cost."""
    own = sorted((part for part in of.findings.statement.own if part.known), key=lambda part: -part.known)
    return told("comma").join(named("kind", part.kind, told.lang) for part in own[:3]) or "–"


def interval(of: Ratio, told: Told) -> str | None:
    if of.lower is not None and of.upper is not None:
        return told("between", lower=told.written.ratio(of.lower), upper=told.written.ratio(of.upper))
    return told("at_most", upper=told.written.ratio(of.upper)) if of.upper is not None else None
