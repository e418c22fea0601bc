"""Planning over months and years: amortisation, break-even, ramp, present value. Nothing here is booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp


def straight_line(capital: float, *, months: int) -> float:
    return capital / months


def annuity(capital: float, *, months: int, annual_rate: float) -> float:
    """Monthly payment, the yearly rate compounded monthly."""
    rate = annual_rate / 12
    return capital * rate / (1 - (1 + rate) ** -months) if rate else capital / months


def all_in_per_contact(fixed: float, *, variable: float, volume: float) -> float:
    return fixed / volume + variable


def break_even_volume(fixed: float, *, contribution: float) -> float | None:
    """Contacts whose contribution pays the fixed cost; None when each one loses money."""
    return fixed / contribution if contribution > 0 else None


def ramp(steady: float, *, slope: float, midpoint: float, months: int) -> list[float]:
    """Logistic; planning the first year at the steady rate overstates it."""
    return [steady / (1 + exp(-slope * (month - midpoint))) for month in range(1, months + 1)]


@dataclass(frozen=True)
class Case:
    """A business case over years: benefits scaled down and costs up before they are discounted."""

    pv_benefit: float
    pv_cost: float
    """The outlay included."""
    payback_months: float | None
    """Undiscounted, linear inside a year; None when it never pays back."""

    @property
    def npv(self) -> float:
        return self.pv_benefit - self.pv_cost

    @property
    def roi_percent(self) -> float:
        """Over all costs of the years; the monthly ROI divides by the month's AI cost: say which."""
        return 100 * self.npv / self.pv_cost


def case(
    initial: float,
    *,
    benefits: Sequence[float],
    costs: Sequence[float],
    benefit_factor: float = 1.0,
    cost_factor: float = 1.0,
    discount_rate: float,
) -> Case:
    gains = [benefit * benefit_factor for benefit in benefits]
    spent = [cost * cost_factor for cost in costs]
    outlay = initial * cost_factor
    return Case(
        pv_benefit=present_value(gains, discount_rate),
        pv_cost=outlay + present_value(spent, discount_rate),
        payback_months=payback_months(outlay, [gain - cost for gain, cost in zip(gains, spent, strict=True)]),
    )


def present_value(yearly: Sequence[float], rate: float) -> float:
    return sum(amount / (1 + rate) ** year for year, amount in enumerate(yearly, 1))


def payback_months(outlay: float, yearly_net: Sequence[float]) -> float | None:
    open_ = outlay
    for year, net in enumerate(yearly_net):
        if net >= open_:
            return 12 * (year + open_ / net) if net else 12.0 * year
        open_ -= net
    return None
