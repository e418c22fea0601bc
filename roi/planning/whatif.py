"""Everything that is asked of a plan, put together for the report, the command and whoever draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roi.judging.ratios import Month, ceiling, tornado
from roi.planning.finance import all_in_per_contact
from roi.planning.precision import Precision, precision
from roi.planning.settings import Wishes
from roi.planning.start import Start
from roi.planning.stress import Outcome, Stress, outcome, stresses
from roi.planning.years import BreakEven, Years, break_even, years

TURNED = (
    "resolution", "escalation_multiplier", "durability", "human_cost", "involvement", "volume", "fixed", "ai_cost",
    "loss_per_wrong", "wrong_rate",
)  # fmt: skip
VOLUMES = (500, 1_000, 5_000, 10_000, 50_000)
AUTOMATION = (0.0, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.6, 0.67, 0.7, 0.76, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True)
class Bar:
    """Effect on a month's net saving of one input less and more."""

    key: str
    less: float
    more: float

    @property
    def width(self) -> float:
        return max(abs(self.less), abs(self.more))


@dataclass(frozen=True)
class CostAt:
    """Of one conversation that the AI takes, at so many a month."""

    volume: float
    each: float
    is_here: bool = False


@dataclass(frozen=True)
class Ceiling:
    automation: float
    most: float


@dataclass(frozen=True)
class Here:
    """Where the month lies under the ceiling."""

    automation: float
    most: float
    r3: float | None


@dataclass(frozen=True)
class WhatIf:
    start: Start
    wishes: Wishes
    outcome: Outcome
    stresses: Sequence[Stress]
    tornado: Sequence[Bar]
    """The widest first."""
    costs: Sequence[CostAt]
    ceiling: Sequence[Ceiling]
    here: Here
    precision: Precision
    break_even: BreakEven
    years: Years


def what_if(
    start: Start, wishes: Wishes, *, per_resolution: float | None = None, offshore: Mapping[str, float] | None = None
) -> WhatIf:
    month, now = start.month, outcome(start.month)
    automation = month.involvement * month.resolution
    return WhatIf(
        start=start,
        wishes=wishes,
        outcome=now,
        stresses=stresses(month, wishes, per_resolution=per_resolution, offshore=offshore or {}),
        tornado=bars(month, change=wishes.change),
        costs=costs(month),
        ceiling=[Ceiling(share, ceiling(share)) for share in AUTOMATION],
        here=Here(automation, most(month), now.r3),
        precision=precision(month, point_cost=wishes.point_cost, points=wishes.points),
        break_even=break_even(month),
        years=years(month, wishes, build=start.build),
    )


def most(month: Month) -> float:
    """The ceiling; lower handling times of what is handed over lift it."""
    handed = month.involvement * (1 - month.resolution)
    rest = 1 - month.involvement + handed * min(1.0, month.escalation_multiplier)
    return 1 / rest if rest else float("inf")


def bars(month: Month, *, change: float) -> list[Bar]:
    found = [Bar(key, *pair) for key, pair in tornado(month, change=change, inputs=TURNED).items()]
    return sorted(found, key=lambda bar: -bar.width)


def costs(month: Month) -> list[CostAt]:
    own = month.volume * month.involvement
    volumes = sorted({*map(float, VOLUMES), own} - {0.0})
    return [
        CostAt(volume, all_in_per_contact(month.fixed, variable=month.ai_cost, volume=volume), volume == own)
        for volume in volumes
    ]
