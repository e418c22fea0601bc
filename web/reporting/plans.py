"""A plan of the company's own month, for the report's page and for `dime roi whatif`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from roi.people.baselinefile import baselines
from roi.planning.settings import Wishes
from roi.planning.start import start_of
from roi.planning.whatif import WhatIf, what_if
from roi.report import Report

if TYPE_CHECKING:
    from web.services import Services

USUAL = Wishes()


def plan_of(
    services: "Services", made: Report, *, chosen: Mapping[str, float] | None = None, wished: Wishes = USUAL
) -> WhatIf:
    rate = services.prices.rate("USD", made.currency, made.period.last)
    people = {one.baseline.id: float(one.human) for one in made.compared if one.baseline.offshore and one.human}
    return what_if(
        start_of(made, chosen=chosen or {}),
        wished,
        per_resolution=None if rate is None else wished.per_resolution_usd * float(rate.rate),
        offshore=people or usual_offshore(made.currency),
    )


def usual_offshore(currency: str) -> dict[str, float]:
    """What a call costs at the library's offshore baselines in this currency."""
    return {
        one.id: float(one.cost("phone")) for one in baselines().values() if one.offshore and one.currency == currency
    }
