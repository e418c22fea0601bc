"""The four ratios, each with what can be said of it: a value, bounds, a verdict, or the reason why it is not known yet.

None is printed without the others. CONFIRMED must hold when all that audits leave open goes against the AI, REFUTED
when it all goes for it: not having looked neither confirms nor refutes. Nothing is CONFIRMED while a quality gate is
shut.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from typing import Literal

from roi.grade import Grade
from roi.judging.booked import Shares
from roi.judging.bootstrap import Customer, percentile_interval, resampled
from roi.judging.confidence import (
    LOOKS_START_AT,
    Interval,
    Moments,
    Verdict,
    fieller,
    sequence_m,
    sequence_sample_needed,
    single_look_m,
    tau2_for,
    verdict,
)
from roi.judging.terms import Terms
from roi.quality.gates import Gate, first_shut
from roi.resolution.customers import Figure, Spread, Weights
from roi.resolution.pairs import Pairs

TAU2 = tau2_for(3000)
"""Fixed before the data: the sequence is tightest at 3,000 customers."""
ESCALATIONS_START_AT = 60
"""Rare and expensive: before so many, no daily look may report on what they are part of. With 30, the least the method
asks, a claim that is exactly true was confirmed in 2.5 % of simulated quarters, with 60 in 2.1 %
(tests.measure.quarters)."""
LONGEST_WAIT_DAYS = 3650
DISAGREE_ABOVE = 0.1
RatioName = Literal["R1", "R2", "R3", "R4"]


@dataclass(frozen=True)
class Ratio:
    """`because` is a key of words.toml, and `figures` what its sentence mentions."""

    name: RatioName
    value: float | None = None
    """None where it is not known, for want of an audit or of a price."""
    lower: float | None = None
    upper: float | None = None
    verdict: Verdict | None = None
    """None while the ratio is not known."""
    because: str | None = None
    figures: Mapping[str, str | int | float] = field(default_factory=dict)
    grade: Grade = "D"
    optimistic: float | None = None
    """As if every need that was not met had been met for nothing."""
    customers: int = 0
    needed: int | None = None
    """Customers until daily looks are expected to decide; None where they decided, or never will."""
    needed_by: date | None = None
    """At today's volume."""
    bootstrap: Interval | None = None
    """By resampling some whole customers, for one look."""
    is_disputed: bool = False
    """Resampling and Fieller differ by more than a tenth on the same customers: trust neither."""


@dataclass(frozen=True)
class Look:
    """What every ratio is held to on the day of the report."""

    terms: Terms
    gates: Sequence[Gate]
    grade: Grade
    today: date
    per_day: float
    """Customers."""


@dataclass(frozen=True)
class Sides:
    """A ratio's two sums as weights of the customers' figures, with all that is open going one way."""

    human: Weights
    ai: Weights


Side = Callable[[float, float], Sides]
"""Of the share of silent contacts that were helped, and of answers that were wrong."""


@dataclass(frozen=True)
class Range:
    """The same with what audits leave open against the AI, as they found it (None: they found nothing yet), and for
    it."""

    worst: Moments
    found: Moments | None
    best: Moments


def judged(
    name: RatioName, of: Range, *, customers: int, escalated: int | None, unknown: int, look: Look
) -> Ratio:  # fmt: skip
    """The verdict of one ratio. `escalated` None: the ratio has no escalations in it. The simulation runs this."""
    enough = customers >= LOOKS_START_AT and (escalated is None or escalated >= ESCALATIONS_START_AT)
    m = sequence_m(customers, tau2=TAU2) if enough else single_look_m(customers)
    low, high = (fieller(one, human_m=m, ai_m=m).interval for one in (of.worst, of.best))
    value = of.found.ratio if of.found and of.found.ai > 0 and not unknown else None
    lower, upper = low[0] if low and not unknown and of.found else None, high[1] if high else None
    figures: dict[str, str | int | float] = {
        "customers": customers, "least": LOOKS_START_AT, "escalated": escalated or 0,
        "least_escalated": ESCALATIONS_START_AT, "unknown": unknown,
    }  # fmt: skip
    told = Ratio(name, value, lower, upper, "INCONCLUSIVE", figures=figures, grade=look.grade, customers=customers)
    claim, prefix = look.terms.claim, name.lower()
    if upper is None:
        return replace(told, because="unbounded")
    if not enough:
        few = "r1_too_few" if name == "R1" else "too_few" if escalated is None else "too_few_escalated"
        needed = customers_at_first_look(customers, escalated)
        return replace(told, because=few, needed=needed, needed_by=day_of(needed, customers=customers, look=look))
    if verdict((upper, upper), claim=claim) == "REFUTED":
        return replace(told, verdict="REFUTED", because=f"{prefix}_refuted")
    if unknown:
        return replace(told, because="unpriced")
    if of.found is None:
        return replace(told, because="not_audited")
    if lower is None or lower < claim:
        needed = customers_needed(of, claim=claim, customers=customers)
        return replace(
            told, because="straddles", needed=needed, needed_by=day_of(needed, customers=customers, look=look)
        )
    shut = first_shut(look.gates)
    if shut is not None:
        return replace(told, because=f"gate_{shut.name}_{shut.state}")
    return replace(told, verdict="CONFIRMED", because=f"{prefix}_confirmed")


def customers_at_first_look(customers: int, escalated: int | None) -> int | None:
    """None where nothing has been handed over: then nobody can say when enough will have been."""
    if escalated is None or escalated >= ESCALATIONS_START_AT:
        return LOOKS_START_AT
    if escalated == 0:
        return None
    return max(LOOKS_START_AT, ceil(customers * ESCALATIONS_START_AT / escalated))


def customers_needed(of: Range, *, claim: float, customers: int) -> int | None:
    """Until the sequence is expected to tell the ratio from the claim; None where the truth sits on the line, or where
    only more audits can tell."""
    for side, sign in ((of.worst, 1), (of.best, -1)):
        distance = sign * (side.human - claim * side.ai)
        if distance > 0:
            variance = side.human_variance - 2 * claim * side.covariance + claim**2 * side.ai_variance
            needed = sequence_sample_needed(max(variance, 0.0) ** 0.5, distance)
            return max(needed, customers + 1)
    return None


def day_of(needed: int | None, *, customers: int, look: Look) -> date | None:
    """None where it is beyond planning."""
    if needed is None or look.per_day <= 0:
        return None
    days = ceil((needed - customers) / look.per_day)
    return look.today + timedelta(days=days) if days <= LONGEST_WAIT_DAYS else None


def marginal(pairs: Pairs, *, look: Look, has_human_cost: bool) -> Ratio:
    """R1: a contact with a person over the AI's own cost of one, without escalations, fixed costs and wrong answers."""
    if not has_human_cost:
        return Ratio("R1", because="r1_no_rate")
    if pairs.contacts == 0 or pairs.moments is None:
        return Ratio("R1", because="r1_no_contacts", figures={"contacts": pairs.contacts})
    if pairs.moments.ai <= 0:
        return Ratio("R1", because="r1_no_cost")
    of = Range(pairs.moments, pairs.moments, pairs.moments)
    return judged("R1", of, customers=pairs.customers, escalated=None, unknown=pairs.unknown, look=look)


@dataclass(frozen=True)
class Rates:
    """What the books add to the customers' own figures."""

    silent: Shares
    """Of those who got an answer and said nothing, how many were helped."""
    wrong: Shares
    """Of the answers."""
    fixed_each: float
    """Of an issue."""
    terms: Terms
    unknown: int = 0
    """Lines behind `fixed_each` without an amount."""

    @property
    def is_audited(self) -> bool:
        return self.silent.value is not None and self.wrong.value is not None

    def sides(self, side: Side) -> tuple[Sides, Sides | None, Sides]:
        """All that is open against the AI, as the audits found it, and all for it."""
        found = side(self.silent.value or 0.0, self.wrong.value or 0.0) if self.is_audited else None
        return side(self.silent.lower, self.wrong.upper), found, side(self.silent.upper, self.wrong.lower)

    def ai_own(self, wrong: float) -> dict[Figure, float]:
        return {"own": 1.0, "issues": self.fixed_each, "answers": wrong * float(self.terms.wrong_cost)}

    def people(self, silent: float, *, unmet: float = 1.0) -> dict[Figure, float]:
        k, gone_again = float(self.terms.escalation_multiplier) * unmet, 1 - self.terms.human_lasting
        return {
            "people": 1.0,
            "gone": k,
            "silent": k * (1 - silent) - silent * gone_again,
            "silent_back": silent,
        }

    def everything(self, silent: float, wrong: float) -> Sides:
        return Sides({"human": 1.0}, {**self.ai_own(wrong), **self.people(silent)})

    def per_resolution(self, silent: float, wrong: float) -> Sides:
        return Sides(self.resolutions(silent), self.ai_own(wrong))

    def resolutions(self, silent: float) -> dict[Figure, float]:
        per = 1 / self.terms.human_lasting
        return {"lasting": per, "silent": silent * per, "silent_back": -silent * per}


def per_durable_resolution(spread: Spread | None, rates: Rates, *, look: Look) -> Ratio:
    """R2: a person's cost of a resolution that lasts over all the AI cost of one."""
    return ranged("R2", spread, rates, rates.per_resolution, look=look, counts_escalations=False)


def blended(spread: Spread | None, rates: Rates, *, look: Look) -> Ratio:
    """R3: all that it would have cost with people over all that it did cost, with needs not met among it."""
    found = ranged("R3", spread, rates, rates.everything, look=look)
    if spread is None or found.value is None:
        return found
    ai = {**rates.ai_own(rates.wrong.value or 0.0), **rates.people(rates.silent.value or 0.0, unmet=0.0)}
    paid = spread.mean(ai)
    return replace(found, optimistic=spread.means["human"] / paid if paid > 0 else None)


def cash_realised(spread: Spread | None, rates: Rates, *, rho: float | None, look: Look) -> Ratio:
    """R4: as R3, counting only the share of freed pay that really ended."""
    if rho is None:
        return Ratio("R4", because="r4_no_staffing")

    def side(silent: float, wrong: float) -> Sides:
        kept = {name: rho * weight for name, weight in rates.people(silent).items()}
        return Sides({"human": 1.0}, {"human": 1 - rho, **rates.ai_own(wrong), **kept})

    return ranged("R4", spread, rates, side, look=look)


def ranged(
    name: RatioName, spread: Spread | None, rates: Rates, side: Side, *, look: Look, counts_escalations: bool = True
) -> Ratio:
    if spread is None:
        return Ratio(name, because="too_early", figures={"days": 2 * look.terms.return_days})
    if spread.means["human"] <= 0:
        return Ratio(name, because="r1_no_rate")
    sides = rates.sides(side)
    of = Range(*(spread.moments(one.human, one.ai) if one else None for one in sides))  # type: ignore[arg-type]
    if of.best.ai <= 0:
        return Ratio(name, because="r1_no_cost")
    escalated = spread.escalated if counts_escalations else None
    return judged(name, of, customers=spread.n, escalated=escalated, unknown=spread.unknown + rates.unknown, look=look)


def resampled_too(of: Ratio, customers: Sequence[Customer], *, seed: int = 1, times: int = 400) -> Ratio:
    """The same ratio by the bootstrap on some customers, set against Fieller on the same ones."""
    usable = of.value is not None and len(customers) >= 30 and sum(customer.ai for customer in customers) > 0
    if not usable:
        return of
    found = percentile_interval(resampled(customers, times=times, seed=seed))
    m = single_look_m(len(customers))
    plain = fieller(moments_of(customers), human_m=m, ai_m=m).interval
    differs = plain is None or any(
        abs(one - other) > DISAGREE_ABOVE * abs(other) for one, other in zip(found, plain, strict=True)
    )
    return replace(of, bootstrap=found, is_disputed=differs)


def moments_of(customers: Sequence[Customer]) -> Moments:
    n = len(customers)
    human, ai = sum(c.human for c in customers) / n, sum(c.ai for c in customers) / n
    return Moments(
        human,
        ai,
        sum((c.human - human) ** 2 for c in customers) / (n - 1),
        sum((c.ai - ai) ** 2 for c in customers) / (n - 1),
        sum((c.human - human) * (c.ai - ai) for c in customers) / (n - 1),
    )
