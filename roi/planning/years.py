"""The months until it runs and the years after: ramp, present value, payback, and the volume that breaks even."""

from dataclasses import dataclass, replace

from roi.judging.ratios import Month, statement
from roi.planning.finance import Case, break_even_volume, case, ramp
from roi.planning.settings import Wishes
from roi.planning.start import WORKED

WORKED_OUTLAY = 36_000


@dataclass(frozen=True)
class Years:
    outlay: float
    resolution_by_month: list[float]
    """Of the first year."""
    first_year_share: float
    """Mean resolution of the first year over the steady one."""
    case: Case
    overstated: float | None
    """Net present value, were the first year planned at the steady rate, over what it is."""


@dataclass(frozen=True)
class BreakEven:
    volume: float | None
    """Contacts a month; None where each one loses money."""
    contribution: float
    """Of a contact, before the fixed costs."""


def break_even(month: Month) -> BreakEven:
    contribution = (statement(month).net_saving + month.fixed) / month.volume
    return BreakEven(break_even_volume(month.fixed, contribution=contribution), contribution)


def years(month: Month, wishes: Wishes, *, build: float | None = None) -> Years:
    """The outlay is paid at the start, so its share of the month's fixed costs is left out of the years: as much as is
    booked as `build`, or an even share where the fixed costs are not the books'."""
    outlay = WORKED_OUTLAY * month.human_cost / WORKED.human_cost if wishes.outlay is None else wishes.outlay
    spread = outlay / wishes.build_months if build is None else build
    running = replace(month, fixed=max(0.0, month.fixed - spread))
    climbing = ramp(month.resolution, slope=wishes.ramp_slope, midpoint=wishes.ramp_midpoint, months=12)
    planned = business_case(running, climbing, outlay, wishes)
    steady = business_case(running, [month.resolution] * 12, outlay, wishes)
    share = sum(climbing) / 12 / month.resolution if month.resolution else 1.0
    return Years(outlay, climbing, share, planned, steady.npv / planned.npv if planned.npv > 0 else None)


def business_case(month: Month, first_year: list[float], outlay: float, wishes: Wishes) -> Case:
    first = [statement(replace(month, resolution=resolution)) for resolution in first_year]
    later = statement(month)
    rest = wishes.years - 1
    return case(
        outlay,
        benefits=[sum(of.gross_benefit for of in first), *[12 * later.gross_benefit] * rest],
        costs=[sum(of.ai_all_in for of in first), *[12 * later.ai_all_in] * rest],
        benefit_factor=wishes.benefit_factor,
        cost_factor=wishes.cost_factor,
        discount_rate=wishes.discount_rate,
    )
