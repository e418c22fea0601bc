"""How sure a ratio is: Fieller intervals for one planned look or for daily looks, and the verdict against a claim.

Floats on purpose: these are statistics about money, not money. The sequence is Waudby-Smith, Arbour, Sinha, Kennedy and
Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", 2021.
"""

from dataclasses import dataclass
from math import ceil, exp, log, sqrt
from typing import Literal

Z = 1.959963984540054
Z_POWER_80 = 0.8416212335729143
LOOKS_START_AT = 500
"""Customers before a daily look may report: the guarantee is asymptotic."""

Verdict = Literal["CONFIRMED", "REFUTED", "INCONCLUSIVE"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Moments:
    """Means, variances and covariance of a human and an AI cost per unit."""

    human: float
    ai: float
    human_variance: float
    ai_variance: float
    covariance: float = 0.0

    @property
    def ratio(self) -> float:
        return self.human / self.ai


@dataclass(frozen=True)
class Fieller:
    """`interval` is None where g >= 1: the data do not bound the ratio."""

    interval: Interval | None
    g: float


def fieller(of: Moments, *, human_m: float, ai_m: float) -> Fieller:
    """Roots of Fieller's quadratic; m is z^2/n for a single look or `sequence_m` for daily ones, per arm."""
    human_v, ai_v = human_m * of.human_variance, ai_m * of.ai_variance
    shared = sqrt(human_m * ai_m) * of.covariance
    if of.ai == 0:
        return Fieller(None, float("inf"))
    g = ai_v / of.ai**2
    if g >= 1:
        return Fieller(None, g)
    a = of.ai**2 - ai_v
    half_b = of.human * of.ai - shared
    root = sqrt(max(0.0, half_b**2 - a * (of.human**2 - human_v)))
    return Fieller(((half_b - root) / a, (half_b + root) / a), g)


def single_look_m(n: int, *, z: float = Z) -> float:
    return z**2 / n


def sequence_m(t: int, *, tau2: float, alpha: float = 0.05) -> float:
    """Takes the place of z^2/n when the interval is looked at again and again: valid at all times together."""
    return (t * tau2 + 1) / (t**2 * tau2) * log((t * tau2 + 1) / alpha**2)


def sequence_y(alpha: float = 0.05) -> float:
    """The larger root of y = 1 + ln(y / alpha^2)."""
    y = 10.0
    for _ in range(200):
        y = 1 + log(y / alpha**2)
    return y


def tau2_for(t_star: int, *, alpha: float = 0.05) -> float:
    """Makes the sequence tightest at t* units; to be fixed before there are data."""
    return (sequence_y(alpha) - 1) / t_star


def approximate_tau2_for(t_star: int, *, alpha: float = 0.05) -> float:
    return (-2 * log(alpha) + log(1 - 2 * log(alpha))) / t_star


def delta(of: Moments, *, human_n: int, ai_n: int, z: float = Z) -> Interval:
    """For comparison only; it may reach below zero."""
    spread = z * relative_error(of, human_n=human_n, ai_n=ai_n)
    return of.ratio * (1 - spread), of.ratio * (1 + spread)


def log_delta(of: Moments, *, human_n: int, ai_n: int, z: float = Z) -> Interval:
    """For comparison only."""
    spread = z * relative_error(of, human_n=human_n, ai_n=ai_n)
    return of.ratio * exp(-spread), of.ratio * exp(spread)


def relative_error(of: Moments, *, human_n: int, ai_n: int) -> float:
    return sqrt(of.human_variance / human_n / of.human**2 + of.ai_variance / ai_n / of.ai**2)


def verdict(interval: Interval | None, *, claim: float) -> Verdict:
    if interval is None:
        return "INCONCLUSIVE"
    lower, upper = interval
    if lower >= claim:
        return "CONFIRMED"
    return "REFUTED" if upper < claim else "INCONCLUSIVE"


def sample_needed(of: Moments, *, claim: float, z: float = Z, z_power: float = Z_POWER_80) -> int | None:
    """Units per arm, equal arms, to tell the ratio from the claim; None where the truth sits on the line."""
    distance = of.human - claim * of.ai
    variance = of.human_variance - 2 * claim * of.covariance + claim**2 * of.ai_variance
    return None if distance == 0 else ceil((z + z_power) ** 2 * variance / distance**2)


def sequence_sample_needed(sd: float, distance: float, *, alpha: float = 0.05) -> int:
    """Units until daily looks are expected to tell E[d] = distance from 0, tau tuned for that point."""
    return ceil(sequence_y(alpha) * sd**2 / distance**2)
