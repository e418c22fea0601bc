"""Issues by matter, so that the AI's and people's costs can be set to the same mix: the AI may win by getting the easy
ones only. Shown beside the crude ratio, never in place of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from roi.experiment.casemix import adjusted, crude
from roi.judging.confidence import Moments, fieller, single_look_m
from roi.judging.terms import Terms
from roi.resolution.issues import Linked


@dataclass(frozen=True)
class Stratum:
    """Issues of one matter. Costs are means of those the AI took, with what people did on them."""

    matter: str | None
    eligible: int
    attempted: int
    human: float
    ai: float
    ai_variance: float
    contained: int
    """Did not go to a person."""
    verified: int
    answers: int


@dataclass(frozen=True)
class CaseMix:
    """`adjusted` weighs every matter by its share of all eligible issues; None where one has no data."""

    crude: float | None
    adjusted: float | None
    lower: float | None
    upper: float | None
    strata: Sequence[Stratum]


def strata(of: Linked, *, terms: Terms) -> list[Stratum]:
    """The most frequent first."""
    owed = np.nan_to_num(of.human) * float(terms.escalation_multiplier)
    is_owed = ~of.handled & of.ended("escalated_assisted", "escalated_cold")
    taken = ~of.ended("not_involved")
    spent = taken * (of.own + of.people + is_owed * owed)
    columns = (
        np.ones(len(of.unit)), taken, taken * np.nan_to_num(of.human), spent, spent * spent,
        of.ended("contained_unverified", "verified_resolved"), of.ended("verified_resolved"), of.answers,
    )  # fmt: skip
    names = [*of.of.matters, None]
    place = np.where(of.matter < 0, len(names) - 1, of.matter)
    sums = [np.bincount(place, column, len(names)) for column in columns]
    found = [
        Stratum(
            matter, int(eligible), int(n), human / n if n else 0.0, ai / n if n else 0.0,
            max(0.0, (squares - ai**2 / n) / (n - 1)) if n > 1 else 0.0,
            int(contained), int(verified), int(answers),
        )
        for matter, eligible, n, human, ai, squares, contained, verified, answers in zip(
            names, *(column.tolist() for column in sums), strict=True
        )
        if eligible
    ]  # fmt: skip
    return sorted(found, key=lambda stratum: (-stratum.eligible, stratum.matter or ""))


def case_mix(of: Sequence[Stratum]) -> CaseMix:
    taken = {s.matter or "": s for s in of if s.attempted}
    weights = {s.matter or "": s.eligible / sum(each.eligible for each in of) for s in of}
    human, ai = {name: s.human for name, s in taken.items()}, {name: s.ai for name, s in taken.items()}
    contacts = {name: s.attempted for name, s in taken.items()}
    spent = crude(ai, contacts) if contacts else 0.0
    as_it_was = crude(human, contacts) / spent if spent > 0 else None
    fair_human, fair_ai = adjusted(weights, human), adjusted(weights, ai)
    if not fair_human or not fair_ai:
        return CaseMix(as_it_was, None, None, None, of)
    variance = sum(weights[name] ** 2 * s.ai_variance / s.attempted for name, s in taken.items())
    m = single_look_m(1)
    low, high = fieller(Moments(fair_human, fair_ai, 0.0, variance), human_m=m, ai_m=m).interval or (None, None)
    return CaseMix(as_it_was, fair_human / fair_ai, low, high, of)
