"""The experiment: which customers meet people first, by a hash that needs no table, and what to make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, sqrt
from statistics import NormalDist
from typing import Literal

from roi.judging.confidence import Z_POWER_80, Z

Arm = Literal["holdout", "ai"]
ALARM_BELOW = 0.001


def arm(customer: str, *, seed: str, share: float) -> Arm:
    """Stable; a larger share only adds to the holdout."""
    return "holdout" if place(customer, seed=seed) < share else "ai"


def place(key: str, *, seed: str) -> float:
    """From 0 to 1, evenly and for ever the same: what lies below a share is a random sample of that share."""
    digest = sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def sample_per_arm(sd: float, *, smallest_effect: float, z: float = Z, z_power: float = Z_POWER_80) -> int:
    return ceil(2 * ((z + z_power) * sd / smallest_effect) ** 2)


@dataclass(frozen=True)
class Balance:
    z: float
    p: float

    @property
    def is_alarming(self) -> bool:
        """The realised share is not what the hash would give: somebody was left out or moved."""
        return self.p < ALARM_BELOW


def balance(holdout: int, total: int, *, share: float) -> Balance:
    z = (holdout - total * share) / sqrt(total * share * (1 - share))
    return Balance(z, 2 * NormalDist().cdf(-abs(z)))


def pseudo_outcomes(observations: Sequence[tuple[Arm, float]], *, share: float, theta: float) -> list[float]:
    """d_i of contacts that have one cost only, each against the mean of the earlier contacts of its arm."""
    sums: dict[Arm, float] = {"holdout": 0.0, "ai": 0.0}
    seen: dict[Arm, int] = {"holdout": 0, "ai": 0}
    found = []
    for of, cost in observations:
        human, ai = (sums[a] / seen[a] if seen[a] else 0.0 for a in ("holdout", "ai"))
        of_human = human + (cost - human) / share if of == "holdout" else human
        of_ai = ai + (cost - ai) / (1 - share) if of == "ai" else ai
        found.append(of_human - theta * of_ai)
        sums[of] += cost
        seen[of] += 1
    return found
