"""What a plan may be asked: the stresses, the years, the ramp and the price of accuracy, each with its usual value."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from roi.planning.start import PlanError


@dataclass(frozen=True)
class Wishes:
    price_factors: tuple[float, ...] = (0.25, 1.0, 3.0)
    volume_factors: tuple[float, ...] = (0.5, 2.0)
    per_resolution_usd: float = 3.0
    resolution_points: float = 10.0
    change: float = 0.2
    """Of each input, for the tornado."""
    outlay: float | None = None
    """Paid at the start; None is the worked month's 36,000 in proportion."""
    build_months: float = 36.0
    """Over which the fixed costs of a month already spread that outlay."""
    years: int = 3
    discount_rate: float = 0.10
    benefit_factor: float = 0.85
    cost_factor: float = 1.10
    ramp_slope: float = 0.8
    ramp_midpoint: float = 3.0
    """Month in which half of the steady resolution is reached."""
    point_cost: float = 2.2 ** (1 / 5) - 1
    """More cost of each point of accuracy: the article's +120 % for five points, spread over them."""
    points: int = 5


LIMITS = {
    "price_factors": (0, 1_000), "volume_factors": (1e-6, 1e6), "per_resolution_usd": (0, 1e6),
    "resolution_points": (0, 100), "change": (0, 1), "outlay": (0, 1e12), "build_months": (1, 600), "years": (1, 20),
    "discount_rate": (0, 10), "benefit_factor": (0, 10), "cost_factor": (0, 10), "ramp_slope": (0, 100),
    "ramp_midpoint": (-120, 240), "point_cost": (0, 1_000), "points": (1, 30),
}  # fmt: skip


MOST_FACTORS = 20
WHOLE = frozenset({"years", "points"})


def wishes(given: Mapping[str, object]) -> Wishes:
    """PlanError for what is no wish, no number, or beyond its limits."""
    usual = [field.name for field in fields(Wishes)]
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key not in usual:
            raise PlanError(f"{key}: nothing of a plan is called so; known are {', '.join(usual)}")
        many = tuple(believed(key, one) for one in (value if isinstance(value, list) else [value]))
        if key.endswith("_factors"):
            found[key] = many[:MOST_FACTORS]
        elif len(many) != 1:
            raise PlanError(f"{key}: one number belongs here, not {len(many)}")
        elif key in WHOLE:
            if many[0] != int(many[0]):
                raise PlanError(f"{key}: must be a whole number, not {many[0]:g}")
            found[key] = int(many[0])
        else:
            found[key] = many[0]
    return Wishes(**found)


def believed(key: str, value: object) -> float:
    least, most = LIMITS[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PlanError(f"{key}: {str(value)[:40]!r} is not a number to plan with")
    if not least <= value <= most:
        raise PlanError(f"{key}: {str(value)[:12]} is outside {least:g} to {most:g}")
    return float(value)
