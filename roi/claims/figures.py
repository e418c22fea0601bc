"""The figures that a claim may state: what each may be, and what nobody would believe."""

from dataclasses import dataclass
from typing import Literal

from roi.claims.claim import PER_YEAR

Unit = Literal["money", "people", "count", "minutes", "hours", "share", "factor"]


@dataclass(frozen=True)
class Kind:
    unit: Unit
    most: float
    """Above it is a slip: of the decimal point, of the unit or of the column."""
    is_rate: bool = False
    """Stated with its period: conversations_week, saving_year."""
    may_be_many: bool = False
    may_be_zero: bool = False


def share(*, many: bool = False, zero: bool = True) -> Kind:
    return Kind("share", 1, may_be_many=many, may_be_zero=zero)


EACH = Kind("money", 1e6)
WORLD = 8e9
KINDS: dict[str, Kind] = {
    "agents_replaced": Kind("people", WORLD),
    "agents_before": Kind("people", WORLD),
    "agents_after": Kind("people", WORLD),
    "agents_left": Kind("people", WORLD, may_be_zero=True),
    "share_that_cut": share(),
    "conversations": Kind("count", 1e13, is_rate=True),
    "minutes_before": Kind("minutes", 10_000),
    "minutes_after": Kind("minutes", 10_000),
    "hours": Kind("hours", 8_760, is_rate=True),
    "shrinkage": share(),
    "occupancy": share(),
    "saving": Kind("money", 1e14, is_rate=True),
    "salary": Kind("money", 1e9, is_rate=True, may_be_many=True),
    "bot": Kind("money", 1e9, is_rate=True, may_be_many=True),
    "error_share": share(many=True),
    "ratio": Kind("factor", 1e6),
    "fall": share(),
    "cost_before": EACH,
    "cost_after": EACH,
    "human_cost": EACH,
    "offshore_cost": EACH,
    "price_per_resolution": EACH,
    "price_per_conversation": EACH,
    "price_per_action": EACH,
    "actions": Kind("count", 10_000),
    "resolution": share(many=True),
    "involvement": share(),
    "escalation_multiplier": Kind("factor", 100),
    "market_agents": Kind("people", WORLD),
    "market": Kind("money", 1e15),
    "displaced": share(),
    "ai_market": Kind("money", 1e15),
    "market_saving": Kind("money", 1e15),
    "price_from": EACH,
    "price_to": EACH,
    "fall_a_year": share(many=True),
    "cloud_share": share(),
    "price_gap": Kind("factor", 1e9),
    "steps": Kind("count", 10_000),
    "error_per_step": share(many=True),
    "task_error": share(),
    "accuracy_from": share(zero=False),
    "accuracy_to": share(zero=False),
    "cost_increase": Kind("factor", 1_000, may_be_zero=True),
    "value_increase": Kind("factor", 1_000, may_be_zero=True),
    "ratio_before": Kind("factor", 1e6),
}


def spelled(key: str, kind: Kind) -> list[str]:
    """How it may be written in a claim."""
    return [f"{key}_{per}" for per in PER_YEAR] if kind.is_rate else [key]
