"""What a press release leaves out and the sum needs, from the library of baselines; printed with every finding."""

from functools import cache

from roi.claims.claim import Assumption, Given
from roi.people.baseline import Figure
from roi.people.baselinefile import baselines, library

OFFSHORE = "philippines_8"


@cache
def usual(currency: str) -> dict[str, Assumption]:
    """Amounts only in US dollars, the currency of the sources: in another the claim has to bring its own."""
    known = library()
    phone, pay, burden = known["aht_phone"], known["pay_us_median"], known["burden_us"]
    found = [
        as_assumption("minutes_before", phone, float(phone.value) / 60),
        as_assumption("hours", known["paid_hours"], float(known["paid_hours"].value), rate=True),
        as_assumption("shrinkage", known["shrinkage"], float(known["shrinkage"].value)),
        as_assumption("occupancy", known["occupancy"], float(known["occupancy"].value)),
        Assumption("escalation_multiplier", Given((1.0,)), "A contact handed over takes as long as any other", "", "D"),
        Assumption("involvement", Given((1.0,)), "The AI takes every conversation", "", "D"),
        Assumption("ratio", Given((10.0,)), "The claim under test, 1:10", "", "D"),
    ]
    if currency == "USD":
        offshore = baselines()[OFFSHORE]
        found += [
            as_assumption("human_cost", known["gartner_assisted"], float(known["gartner_assisted"].value)),
            Assumption(
                "salary",
                Given((float(pay.value * burden.value),), "year"),
                f"{pay.source}; pay cost: {burden.source} ({pay.geography})",
                pay.date,
                pay.grade,
            ),
            as_assumption("offshore_cost", offshore.salary, float(offshore.cost("phone"))),
        ]
    return {one.key: one for one in found}


def as_assumption(key: str, figure: Figure, value: float, *, rate: bool = False) -> Assumption:
    given = Given((value,), "year" if rate else None)
    return Assumption(key, given, f"{figure.source} ({figure.geography})", figure.date, figure.grade)
