"""Whether a figure of a clause stands in a passage's statement, with its unit, its sense, and for the same thing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from agent.grounding.evidence import Statement
from knowledge.facts.claim import Claim
from knowledge.facts.words import is_among, stems

_CUT = re.compile(r"[,，](?!\d{3})|[、;；]|\band\b|\bbut\b|\bor\b|和|而|以及")


def unfounded(said: Statement, known: Statement) -> Iterator[Claim]:
    """Figures that the statement does not hold; a loose one or first counts only as evidence."""
    for claim in said.figures:
        if not claim.is_loose and not any(carries(other, claim) for other in known.figures):
            yield claim


def carries(known: Claim, claim: Claim) -> bool:
    if known == claim:
        return claim.bound in (None, known.bound) or (known.bound is None and _is_within(claim))
    if known.low is None or claim.low is not None or (known.kind, known.unit) != (claim.kind, claim.unit):
        return False
    if claim.kind == "weekday" and isinstance(known.value, Decimal) and isinstance(known.low, Decimal):
        return isinstance(claim.value, Decimal) and known.low <= claim.value <= known.value
    if claim.kind in ("time", "date"):
        return claim.value == known.value if claim.bound == "most" else claim.value in (known.low, known.value)
    return (claim.value, claim.bound) in ((known.value, "most"), (known.low, "least"))


def admits(known: Claim, asked: Claim) -> bool:
    """Whether a customer's figure lies within what the passage allows: 10 days where it says "within 30"."""
    if asked.kind != known.kind and asked.kind != "count":
        return False
    ours, theirs, low = (
        _size(asked),
        _size(known),
        _size(replace(known, value=known.low)) if known.low is not None else None,
    )
    if ours is None or theirs is None or known.kind not in ("money", "duration", "count"):
        return False
    if low is not None:
        return low <= ours <= theirs
    return (known.bound == "most" and ours <= theirs) or (known.bound == "least" and ours >= theirs)


def _size(claim: Claim) -> Decimal | None:
    if not isinstance(claim.value, Decimal):
        return None
    return claim.value * {"days": 1440, "business days": 1440, "months": 43_200}.get(claim.unit, 1)


def _is_within(claim: Claim) -> bool:
    """What takes 3 days comes within 3 days; what costs $3 does not cost "under $3"."""
    return claim.kind == "duration" and claim.bound == "most"


def misplaced(said: Statement, known: Statement) -> Iterator[Claim]:
    """A figure beside words that the passage has beside another of its kind: the sofa's price, said of a table."""
    zones = _zones(known)
    if len(zones) < 2:
        return
    for claim, words in _zones(said):
        own = [near for other, near in zones if carries(other, claim)]
        others = [near for other, near in zones if other.kind == claim.kind and not carries(other, claim)]
        if not own or not others:
            continue
        foreign = frozenset[str]().union(*others) - frozenset[str]().union(*own)
        if any(is_among(word, foreign) for word in words):
            yield claim


def mingled(said: Statement, known: Statement) -> Iterator[Claim]:
    """Figures of one part that the passage has in different parts: Saturday's hours, said of Sunday."""
    most = max((len(part.figures) for part in known.parts), default=0)
    for part in said.parts:
        told = [claim for claim in part.figures if not claim.is_loose]
        if (
            not 1 < len(told) <= most
            or all(any(carries(other, claim) for other in known.figures) for claim in told) is False
        ):
            continue
        if not any(all(any(carries(other, claim) for other in near.figures) for claim in told) for near in known.parts):
            yield told[0]


def _zones(statement: Statement) -> list[tuple[Claim, frozenset[str]]]:
    """Each figure with the words around it: a cut lies at the first comma or "and" after a figure, before the next."""
    figures = [claim for claim in statement.figures if not claim.is_loose]
    zones: list[tuple[Claim, frozenset[str]]] = []
    waiting: list[Claim] = []
    begins = 0
    for at, claim in enumerate(figures):
        waiting.append(claim)
        is_last = at + 1 == len(figures)
        cut = None if is_last else _CUT.search(statement.text, claim.end, max(claim.end, figures[at + 1].start))
        if is_last or cut:
            ends = cut.start() if cut else len(statement.text)
            zones += [(each, stems(statement.text[begins:ends])) for each in waiting]
            waiting, begins = [], ends
    return zones
