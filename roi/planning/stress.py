"""The same month with one thing otherwise: prices, a price a resolution, people elsewhere, resolutions, volume."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from roi.judging.ratios import Month, Statement, r1, r2, r3, statement
from roi.planning.settings import Wishes


@dataclass(frozen=True)
class Outcome:
    """A month's figures; None where nothing is spent or nothing lasts."""

    statement: Statement
    r1: float | None
    r2: float | None
    r3: float | None
    roi_percent: float | None

    @property
    def net_saving(self) -> float:
        return self.statement.net_saving


@dataclass(frozen=True)
class Stress:
    key: str
    """A key of words.toml."""
    figures: Mapping[str, float | str]
    month: Month
    outcome: Outcome


def outcome(month: Month) -> Outcome:
    of = statement(month)
    return Outcome(
        of,
        r1=known(lambda: r1(month.human_cost, month.ai_cost)),
        r2=known(lambda: r2(of, human_cost=month.human_cost, human_durability=month.human_durability)),
        r3=known(lambda: r3(of)),
        roi_percent=known(lambda: of.roi_percent),
    )


def known(of: Callable[[], float]) -> float | None:
    try:
        return of()
    except ZeroDivisionError:
        return None


def stresses(
    month: Month, wishes: Wishes, *, per_resolution: float | None, offshore: Mapping[str, float]
) -> Sequence[Stress]:
    """The month as it is comes first. A price a resolution has its tokens inside, so it takes their place."""
    months: list[tuple[str, dict[str, float | str], Month]] = [("base", {}, month)]
    months += [
        ("price", {"factor": factor}, replace(month, ai_cost=month.ai_cost * factor)) for factor in wishes.price_factors
    ]
    if per_resolution is not None:
        billed = replace(month, ai_cost=per_resolution * month.resolution)
        months.append(("per_resolution", {"price": per_resolution}, billed))
    for id_, cost in offshore.items():
        # What a wrong answer costs is mostly not a person's time: it stays.
        months.append(("offshore", {"baseline": id_, "cost": cost}, replace(month, human_cost=cost)))
    fewer = max(0.0, month.resolution - wishes.resolution_points / 100)
    months.append(("resolution", {"points": wishes.resolution_points}, replace(month, resolution=fewer)))
    months += [
        ("volume", {"factor": factor}, replace(month, volume=month.volume * factor)) for factor in wishes.volume_factors
    ]
    return [Stress(key, figures, one, outcome(one)) for key, figures, one in months]
