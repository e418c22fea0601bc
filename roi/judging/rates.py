"""Intervals for shares and for differences of means: audits, escalations, satisfaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from roi.judging.confidence import Interval, Z


def wilson(count: int, sample: int, *, z: float = Z) -> Interval:
    """Of a share; none seen is not a share of none."""
    if sample == 0:
        return 0.0, 1.0
    rate, z2 = count / sample, z**2
    centre = (rate + z2 / (2 * sample)) / (1 + z2 / sample)
    half = z / (1 + z2 / sample) * sqrt(rate * (1 - rate) / sample + z2 / (4 * sample**2))
    low = 0.0 if count == 0 else centre - half
    return low, 1.0 if count == sample else centre + half


def exact_upper_of_none(sample: int, *, alpha: float = 0.05) -> float:
    """One-sided exact upper limit of a share of which nothing was seen."""
    return float(1 - alpha ** (1 / sample))


@dataclass(frozen=True)
class Mean:
    """A sample mean with its standard deviation and size."""

    value: float
    sd: float
    n: int

    @property
    def variance(self) -> float:
        return self.sd**2 / self.n


@dataclass(frozen=True)
class Difference:
    value: float
    error: float
    interval: Interval


def difference(first: Mean, second: Mean, *, z: float = Z) -> Difference:
    """first - second, of independent samples."""
    value, error = first.value - second.value, sqrt(first.variance + second.variance)
    return Difference(value, error, (value - z * error, value + z * error))


def is_not_inferior(ai_minus_human: Difference, *, margin: float) -> bool:
    """The margin is fixed beforehand."""
    return ai_minus_human.interval[0] > -margin


def loss_per_wrong(consequences: Iterable[tuple[float, float]]) -> float:
    """Chance times cost of each thing that a wrong answer may lead to."""
    return sum(chance * cost for chance, cost in consequences)
