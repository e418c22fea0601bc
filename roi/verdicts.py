"""The four ratios, each with what can be said of it: a value, bounds, a verdict, or the reason why it is not known yet.

None is printed without the others. Nothing is CONFIRMED before wrong answers have been audited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Literal

from roi.confidence import (
    LOOKS_START_AT,
    Verdict,
    fieller,
    sequence_m,
    single_look_m,
    tau2_for,
    verdict,
)
from roi.grade import Grade
from roi.ratios import ceiling
from roi.tally import Pairs

TAU2 = tau2_for(3000)
"""Fixed before the data: the sequence is tightest at 3,000 customers."""
RatioName = Literal["R1", "R2", "R3", "R4"]


@dataclass(frozen=True)
class Ratio:
    """`because` is a key of words.toml, and `figures` what its sentence mentions."""

    name: RatioName
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    verdict: Verdict | None = None
    """None while the ratio is not known."""
    because: str | None = None
    figures: Mapping[str, str | int | float] = field(default_factory=dict)
    grade: Grade = "D"


def marginal(pairs: Pairs, *, claim: float, grade: Grade, has_human_cost: bool) -> Ratio:
    """R1: a contact with a person over the AI's own cost of one, without escalations, fixed costs and wrong answers."""
    if not has_human_cost:
        return Ratio("R1", because="r1_no_rate")
    if pairs.contacts == 0 or pairs.moments is None:
        return Ratio("R1", because="r1_no_contacts", figures={"contacts": pairs.contacts})
    if pairs.moments.ai <= 0:
        return Ratio("R1", because="r1_no_cost")
    value = pairs.moments.ratio
    figures = {"customers": pairs.customers, "least": LOOKS_START_AT, "unknown": pairs.unknown}
    enough = pairs.customers >= LOOKS_START_AT
    m = sequence_m(pairs.customers, tau2=TAU2) if enough else single_look_m(pairs.customers)
    interval = fieller(pairs.moments, human_m=m, ai_m=m).interval
    if pairs.unknown:
        upper = interval[1] if interval else None
        refuted = enough and upper is not None and upper < claim
        return Ratio("R1", None, None, upper, "REFUTED" if refuted else "INCONCLUSIVE", "r1_unpriced", figures, grade)
    if interval is None:
        return Ratio("R1", value, None, None, "INCONCLUSIVE", "r1_unbounded", figures, grade)
    if not enough:
        return Ratio("R1", value, *interval, "INCONCLUSIVE", "r1_too_few", figures, grade)
    found = verdict(interval, claim=claim)
    because = {"CONFIRMED": "r1_no_audit", "REFUTED": "r1_refuted", "INCONCLUSIVE": "r1_straddles"}[found]
    return Ratio("R1", value, *interval, "INCONCLUSIVE" if found == "CONFIRMED" else found, because, figures, grade)


def per_durable_resolution(*, verified: int, attempted: int) -> Ratio:
    """R2 needs resolutions that have lasted, which needs contacts linked to issues and a window that has passed."""
    because = "r2_not_followed" if verified else "r2_none_verified"
    return Ratio("R2", because=because, figures={"verified": verified, "attempted": attempted})


def blended(*, with_people: int, eligible: int, claim: float) -> Ratio:
    """R3 needs the audited share of silent contacts that were resolved; what went to people bounds it meanwhile.

    Were the AI free and every other contact resolved, it could not be more than 1/share of those with people.
    """
    figures: dict[str, str | int | float] = {"with_people": with_people, "eligible": eligible}
    if not with_people:
        return Ratio("R3", because="r3_no_audit", figures=figures)
    share = with_people / eligible
    figures["share"] = round(100 * share, 1)
    if eligible < LOOKS_START_AT:
        return Ratio("R3", because="r3_no_audit_people", figures={**figures, "most": round(1 / share, 2)})
    at_least = share - sqrt(share * (1 - share) * sequence_m(eligible, tau2=TAU2))
    most = ceiling(1 - at_least) if at_least > 0 else None
    if most is None or most >= claim:
        return Ratio("R3", upper=most, because="r3_no_audit_people", figures={**figures, "most": round(1 / share, 2)})
    return Ratio("R3", upper=most, verdict="REFUTED", because="r3_ceiling", figures={**figures, "most": round(most, 2)})


def cash_realised() -> Ratio:
    """R4 needs to know which freed hours really left the payroll."""
    return Ratio("R4", because="r4_no_staffing")
