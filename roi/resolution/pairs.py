"""Sets what each customer's contacts cost the AI against what they would have cost with a person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from roi.books.money import NANO
from roi.books.period import Period
from roi.judging.confidence import Moments
from roi.resolution.contacts import ASKED, Contacts


@dataclass(frozen=True)
class Pairs:
    """Each customer's conversations as one unit: what they cost, and what they would have cost with a person."""

    customers: int
    contacts: int
    unknown: int
    """Lines without an amount: with any, the AI's cost is a lower bound."""
    moments: Moments | None
    """None with fewer than two customers."""


def pairs(of: Contacts, *, period: Period, return_seconds: int) -> Pairs:
    """AI cost of its own (no person's time, no period costs) against the baseline of each contact's channel.

    The customer is the unit, with the contacts of a return window after the first: those of one customer are not
    independent. An unlinked contact is a unit by itself.
    """
    human = of.human_each()
    within = (of.at_s >= int(period.start.timestamp())) & (of.at_s < int(period.end.timestamp()))
    counted = np.flatnonzero((of.is_ & ASKED > 0) & ~np.isnan(human) & within)
    unit, at_s = of.unit[counted], of.at_s[counted]
    starts = np.flatnonzero(np.append(True, unit[1:] != unit[:-1])[: len(unit)])
    sizes = np.diff(np.append(starts, len(unit)))
    taken = at_s <= np.repeat(at_s[starts], sizes) + return_seconds
    place, counted = np.repeat(np.arange(len(starts)), sizes)[taken], counted[taken]
    h = np.bincount(place, human[counted], len(starts))
    a = np.bincount(place, of.own[counted], len(starts)) / NANO
    sums = [float(each.sum()) for each in (h, a, h * h, a * a, h * a)]
    return Pairs(len(starts), len(counted), int(of.unknown[counted].sum()), moments(len(starts), sums))


def moments(n: int, sums: Sequence[float]) -> Moments | None:
    if n < 2:
        return None
    h, a, hh, aa, ha = sums
    return Moments(
        human=h / n,
        ai=a / n,
        human_variance=max(0.0, (hh - h * h / n) / (n - 1)),
        ai_variance=max(0.0, (aa - a * a / n) / (n - 1)),
        covariance=(ha - h * a / n) / (n - 1),
    )
