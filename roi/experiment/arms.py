"""The ratio from the experiment: some customers, drawn by a hash, met people first, and both arms are counted by where
they were put, whomever they reached. Each has one cost, so each enters with its pseudo-outcomes (METHOD 6.2).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roi.experiment.holdout import Balance, balance
from roi.judging.confidence import Moments
from roi.resolution.columns import Whole
from roi.resolution.customers import Customers, Weights
from roi.resolution.pairs import moments
from roi.resolution.talks import Flags


@dataclass(frozen=True)
class Arms:
    """Customers whose time has passed, by where the hash put them."""

    holdout: int
    ai: int
    share: float
    """Of customers that were meant to meet people first."""
    balance: Balance
    escalated: int
    """Their issues that went to a person."""
    unknown: int
    """Their cost lines without an amount."""

    @property
    def is_sound(self) -> bool:
        return self.holdout > 1 and self.ai > 1 and not self.balance.is_alarming


def arms(of: Customers, *, share: float | None) -> Arms | None:
    """None without an experiment. `share` None: taken from the customers themselves; its balance then says nothing."""
    met_people, met_ai = (of.in_arm(name) & of.mature for name in ("holdout", "ai"))
    held, ai, both = int(met_people.sum()), int(met_ai.sum()), met_people | met_ai
    if not held or not ai:
        return None
    meant = share or held / (held + ai)
    escalated, unknown = int(of.escalated[both].sum()), int(of.unknown[both].sum())
    return Arms(held, ai, meant, balance(held, held + ai, share=meant), escalated, unknown)


def arm_moments(of: Customers, ai: Weights, *, share: float) -> Moments | None:
    """Of what a customer costs with people and with the AI; the fixed share is the AI's alone."""
    met_people, met_ai = of.in_arm("holdout"), of.in_arm("ai")
    in_order = np.lexsort((of.unit, of.first_s))
    chosen = in_order[(of.mature & (met_people | met_ai))[in_order]]
    met_people, met_ai = met_people[chosen], met_ai[chosen]
    cost = sum((of.figures[name][chosen] * weight for name, weight in ai.items() if name != "issues"), np.zeros(1))
    cost = cost + met_ai * of.figures["issues"][chosen] * ai.get("issues", 0.0)
    human, machine = earlier(cost, met_people), earlier(cost, met_ai)
    h = human + met_people * (cost - human) / share
    a = machine + met_ai * (cost - machine) / (1 - share)
    return moments(len(chosen), [float(each.sum()) for each in (h, a, h * h, a * a, h * a)])


def earlier(cost: NDArray[np.float64], of: Flags) -> NDArray[np.float64]:
    """The mean of these among all before each; 0 while there are none."""
    count: Whole = np.cumsum(of) - of.astype(np.int64)
    spent = np.cumsum(cost * of) - cost * of
    return np.where(count > 0, spent / np.maximum(count, 1), 0.0)
