"""Which share of freed handling really left the payroll: minutes are no money until somebody is not paid for them."""

from dataclasses import dataclass
from decimal import Decimal

from roi.books.period import Period
from roi.people.baseline import Baseline


@dataclass(frozen=True)
class Cash:
    """What changed in the staff, on average over the period."""

    fte_removed: float
    """Full-time equivalents whose saving nobody gave: they are worth what the baseline pays."""
    amount: Decimal = Decimal(0)
    """What the others save in the period, in the report's currency."""


@dataclass(frozen=True)
class Freed:
    """Three figures that are never added together, in the report's currency."""

    fte: float
    theoretical: float
    cash: float

    @property
    def not_cash(self) -> float:
        return self.theoretical - self.cash

    @property
    def rho(self) -> float:
        return self.cash / self.theoretical if self.theoretical > 0 else 0.0


def freed(
    gross_benefit: Decimal, *, baseline: Baseline, rate: Decimal, period: Period, changed: Cash | None
) -> Freed:  # fmt: skip
    """`rate`: units of the report's currency for one of the baseline's. Overhead stays when a person leaves."""
    years = ((period.last - period.first).days + 1) / 365
    a_year = float(baseline.loaded) * float(rate) * years
    fte = max(0.0, float(gross_benefit) / a_year) if a_year > 0 else 0.0
    pay = float(baseline.salary.value * baseline.burden.value * rate) * years
    theoretical = fte * pay
    left = float(changed.amount) + max(0.0, changed.fte_removed) * pay if changed else 0.0
    return Freed(fte, theoretical, min(left, theoretical))
