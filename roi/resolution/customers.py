"""What each customer's contacts came to, as one unit: contacts of one customer are not independent.

Of each the issues count that began within a return window of the first, and a customer enters once all of those had
their time, two windows after the first: whether one enters must not hang on how it went. Every ratio is a ratio of two
weighted sums of these figures, so that their means and covariances, taken once, give all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations_with_replacement
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from roi.judging.confidence import Moments
from roi.judging.terms import Terms
from roi.resolution.columns import Codes, Whole
from roi.resolution.issues import Linked
from roi.resolution.talks import Flags

Figure = Literal["human", "own", "people", "gone", "silent", "silent_back", "lasting", "answers", "issues"]
"""human: each issue with a person. own: the AI's running cost. people: handling, booked and still to come, and repeats
beyond people's own. The others are weighed by what a person costs: gone, blocked or abandoned; silent, answered
and not a word; silent_back, of those the ones who came again; lasting, confirmed and not come again."""
FIGURES: tuple[Figure, ...] = get_args(Figure)
Weights = Mapping[Figure, float]


@dataclass(frozen=True)
class Customers:
    """A column each, in the order of `unit`."""

    unit: Codes
    arm: Codes
    arms: Sequence[str]
    first_s: Whole
    mature: Flags
    figures: Mapping[Figure, NDArray[np.float64]]
    escalated: Whole
    unknown: Whole

    def in_arm(self, name: str) -> Flags:
        return np.equal(self.arm, self.arms.index(name) if name in self.arms else -2)


@dataclass(frozen=True)
class Spread:
    """Means and covariances of the customers' figures."""

    n: int
    escalated: int
    """Issues that went to a person."""
    unknown: int
    """Cost lines without an amount: with any, the AI's cost is a lower bound."""
    means: Mapping[Figure, float]
    covariances: Mapping[tuple[Figure, Figure], float]
    """Of each pair once, in the order of FIGURES."""

    def mean(self, of: Weights) -> float:
        return sum(weight * self.means[name] for name, weight in of.items())

    def covariance(self, one: Weights, other: Weights) -> float:
        return sum(
            a * b * self.covariances.get((x, y), self.covariances.get((y, x), 0.0))
            for x, a in one.items()
            for y, b in other.items()
        )

    def moments(self, human: Weights, ai: Weights) -> Moments:
        return Moments(
            human=self.mean(human),
            ai=self.mean(ai),
            human_variance=max(0.0, self.covariance(human, human)),
            ai_variance=max(0.0, self.covariance(ai, ai)),
            covariance=self.covariance(human, ai),
        )


def spread_of(
    n: int, sums: Sequence[float], products: Sequence[float], *, escalated: int, unknown: int
) -> Spread | None:
    """From the sums of each figure and of each pair's products; None with fewer than two customers."""
    if n < 2:
        return None
    of = dict(zip(FIGURES, sums, strict=True))
    pairs = zip(combinations_with_replacement(FIGURES, 2), products, strict=True)
    covariances = {(x, y): (product - of[x] * of[y] / n) / (n - 1) for (x, y), product in pairs}
    return Spread(n, escalated, unknown, {name: total / n for name, total in of.items()}, covariances)


def gather(of: Linked, *, terms: Terms, now: datetime) -> Customers:
    starts = np.flatnonzero(np.append(True, of.unit[1:] != of.unit[:-1])[: len(of.unit)])
    sizes = np.diff(np.append(starts, len(of.unit)))
    since = np.minimum.reduceat(of.first_s, starts) if len(starts) else of.first_s
    taken = of.first_s <= np.repeat(since, sizes) + terms.return_seconds
    place = np.repeat(np.arange(len(starts)), sizes)[taken]

    def total(column: NDArray[np.float64] | Whole | Flags) -> NDArray[np.float64]:
        return np.bincount(place, column[taken], len(starts)).astype(np.float64)

    human = np.nan_to_num(of.human)
    is_escalated, is_silent = of.ended("escalated_assisted", "escalated_cold"), of.ended("contained_unverified")
    is_verified, is_away = of.ended("verified_resolved"), of.ended("not_involved")
    owed = human * ~of.handled * (is_escalated * float(terms.escalation_multiplier) + is_away)
    repeats = human * is_verified * (of.back - (1 - terms.human_lasting))
    lasting = is_verified & ~of.back & of.mature
    arm = np.full(len(starts), -1, np.int32)
    np.maximum.at(arm, place, of.arm[taken])
    return Customers(
        unit=of.unit[starts],
        arm=arm,
        arms=of.of.arms,
        first_s=since,
        mature=since + 2 * terms.return_seconds <= int(now.timestamp()),
        figures={
            "human": total(human),
            "own": total(of.own),
            "people": total(of.people + owed + repeats),
            "gone": total(human * of.ended("blocked", "abandoned")),
            "silent": total(human * is_silent),
            "silent_back": total(human * (is_silent & of.back)),
            "lasting": total(human * lasting),
            "answers": total(of.answers),
            "issues": total(np.ones(len(of.unit))),
        },
        escalated=total(is_escalated).astype(np.int64),
        unknown=total(of.unknown).astype(np.int64),
    )


def spread(of: Customers) -> Spread | None:
    """Of the customers whose time has passed."""
    figures = [of.figures[name][of.mature] for name in FIGURES]
    products = [float((x * y).sum()) for x, y in combinations_with_replacement(figures, 2)]
    return spread_of(
        int(of.mature.sum()),
        [float(column.sum()) for column in figures],
        products,
        escalated=int(of.escalated[of.mature].sum()),
        unknown=int(of.unknown[of.mature].sum()),
    )


def sample(of: Customers, *, most: int) -> list[dict[Figure, float]]:
    """Some of those customers, the same ones every time; their keys are hashes, so they are any."""
    chosen = np.flatnonzero(of.mature)[:most]
    return [{name: float(of.figures[name][n]) for name in FIGURES} for n in chosen]
