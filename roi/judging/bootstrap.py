"""The ratio again by resampling whole customers, run beside Fieller: where they differ, trust neither."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from roi.judging.confidence import Interval


@dataclass(frozen=True)
class Customer:
    """All contacts of one customer: what they cost with a person and with the AI."""

    human: float
    ai: float
    contacts: int = 1


def ratio_of_sums(customers: Iterable[Customer]) -> float:
    of = list(customers)
    ai = sum(customer.ai for customer in of)
    return sum(customer.human for customer in of) / ai if ai else float("inf")


def resampled(customers: Sequence[Customer], *, times: int, seed: int) -> Iterator[float]:
    chance = Random(seed)
    for _ in range(times):
        yield ratio_of_sums(chance.choices(customers, k=len(customers)))


def every_resample(customers: Sequence[Customer]) -> list[float]:
    """Sorted; for a handful of customers only."""
    return sorted(ratio_of_sums(chosen) for chosen in product(customers, repeat=len(customers)))


def two_arms(human: Sequence[float], ai: Sequence[float], *, times: int, seed: int) -> Iterator[float]:
    """Independent arms, each resampled by itself."""
    chance = Random(seed)
    for _ in range(times):
        total = sum(chance.choices(human, k=len(human))) / len(human)
        yield total / (sum(chance.choices(ai, k=len(ai))) / len(ai))


def percentile_interval(ratios: Iterable[float], *, alpha: float = 0.05) -> Interval:
    ordered = sorted(ratios)
    last = len(ordered) - 1
    return ordered[round(alpha / 2 * last)], ordered[round((1 - alpha / 2) * last)]


def clustered_variance(sums: Sequence[float], sizes: Sequence[int]) -> float:
    """Of the mean of a contact, with customers as clusters."""
    j, n = len(sums), sum(sizes)
    mean = sum(sums) / n
    return j / (j - 1) * sum((s - k * mean) ** 2 for s, k in zip(sums, sizes, strict=True)) / n**2
