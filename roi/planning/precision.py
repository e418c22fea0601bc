"""Accuracy bought at a price: whether the next point is worth it here, with this volume, value and cost.

The trap: each point brings the same few wrong answers less, while each costs more than the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from roi.judging.ratios import Month, r1, r3, statement
from roi.planning.stress import known

POINT = 0.01


@dataclass(frozen=True)
class Point:
    """One point more than the line before; money is of a month."""

    accuracy: float
    ai_cost: float
    value: float
    """Losses that no longer happen."""
    cost: float
    r1: float | None
    r3: float | None

    @property
    def gain(self) -> float:
        return self.value - self.cost

    @property
    def is_worth_it(self) -> bool:
        return self.gain > 0


@dataclass(frozen=True)
class Precision:
    accuracy: float
    """Now: the share of the AI's answers that are right."""
    point_cost: float
    points: Sequence[Point]
    break_even: float | None
    """More cost, as a share, that the next point may bring at the most; None where the AI's answers cost nothing."""
    resolution_value: float
    """A month's gain of a point of resolution instead, at no price."""
    resolution_break_even: float | None

    @property
    def worth(self) -> int:
        """Points that pay, one after the other."""
        count = 0
        for point in self.points:
            if not point.is_worth_it:
                break
            count += 1
        return count


def precision(month: Month, *, point_cost: float, points: int) -> Precision:
    spent = statement(month).ai_variable
    better = statement(replace(month, wrong_rate=max(0.0, month.wrong_rate - POINT)))
    more = statement(replace(month, resolution=min(1.0, month.resolution + POINT)))
    now = statement(month).net_saving
    return Precision(
        accuracy=1 - month.wrong_rate,
        point_cost=point_cost,
        points=ladder(month, point_cost=point_cost, points=points),
        break_even=(better.net_saving - now) / spent if spent else None,
        resolution_value=more.net_saving - now,
        resolution_break_even=(more.net_saving - now) / spent if spent else None,
    )


def ladder(month: Month, *, point_cost: float, points: int) -> list[Point]:
    """Point by point, until no answer is wrong."""
    found: list[Point] = []
    current = month
    for _ in range(points):
        if current.wrong_rate <= 1e-12:
            break
        wrong = current.wrong_rate - POINT
        following = replace(
            current, wrong_rate=wrong if wrong > 1e-12 else 0.0, ai_cost=current.ai_cost * (1 + point_cost)
        )
        before, after = statement(current), statement(following)
        found.append(
            Point(
                accuracy=1 - following.wrong_rate,
                ai_cost=following.ai_cost,
                value=before.wrong - after.wrong,
                cost=after.ai_variable - before.ai_variable,
                r1=known(lambda of=following: r1(of.human_cost, of.ai_cost)),  # type: ignore[misc]
                r3=known(lambda of=after: r3(of)),  # type: ignore[misc]
            )
        )
        current = following
    return found
