"""What the books say of the claim: issues and how they ended, the statement, the four ratios and what binds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from roi.books.tally import Group, Scope, of_no_conversation
from roi.experiment.arms import Arms, arm_moments, arms
from roi.experiment.mix import CaseMix, case_mix, strata
from roi.grade import Grade, worst
from roi.judging.booked import Booked, Shares, booked
from roi.judging.bootstrap import Customer
from roi.judging.confidence import Moments
from roi.judging.ratios import ceiling
from roi.judging.terms import Terms
from roi.judging.verdicts import (
    Look,
    Range,
    Rates,
    Ratio,
    Side,
    Sides,
    blended,
    cash_realised,
    judged,
    marginal,
    per_durable_resolution,
    resampled_too,
)
from roi.people.baseline import Baseline
from roi.people.cash import Cash, Freed, freed
from roi.quality.audits import AuditSummary
from roi.quality.gates import Gate, gates
from roi.quality.satisfaction import Satisfaction
from roi.resolution import contacts, customers
from roi.resolution.customers import Customers
from roi.resolution.issues import Issues, issues, link
from roi.resolution.outcomes import Durability, Outcome, OutcomeRates, outcome_rates
from roi.resolution.pairs import Pairs, pairs
from roi.resolution.talks import Talks

RESAMPLED = 500
"""Customers: enough to see that the interval is of the right size, and quick."""


@dataclass(frozen=True)
class Evidence:
    """What is known beside the books, each None where nobody has looked."""

    audited: AuditSummary | None = None
    satisfaction: Satisfaction | None = None
    staff: Cash | None = None
    holdout_share: float | None = None
    """Of customers meant to meet people first."""


@dataclass(frozen=True)
class Findings:
    issues: Sequence[Issues]
    contacts: int
    """Eligible, of the period's issues."""
    unlinked: int
    """Contacts of no customer: each is an issue by itself, and nobody can say whether it came again."""
    outcomes: Mapping[Outcome, int]
    rates: OutcomeRates | None
    durability: Durability
    """Of the confirmed resolutions."""
    silent: Shares
    """Of those who got an answer and said nothing, how many were helped."""
    ceiling: float | None
    """The most R3 can be with so many issues that need no person, were the AI free."""
    statement: Booked
    freed: Freed | None
    gates: Sequence[Gate]
    arms: Arms | None
    """None without an experiment."""
    mix: CaseMix
    pairs: Pairs
    ratios: Mapping[str, Ratio]


def findings(
    connection: Connection,
    scope: Scope,
    held: Talks,
    groups: Sequence[Group],
    *,
    human: Mapping[str, Decimal | None],
    baseline: Baseline,
    rate: Decimal | None,
    currency: str,
    terms: Terms,
    evidence: Evidence,
    now: datetime,
) -> Findings:
    """`held`: the conversations of the period and around it. `human`: what a person costs on each channel. `rate`: the
    report\'s currency for one of the baseline\'s."""
    known = {name: float(cost) for name, cost in human.items() if cost is not None}
    met = contacts.read(
        connection, scope, held, human=known, currency=currency, return_seconds=terms.return_seconds
    )  # fmt: skip
    linked = link(met, period=scope.period, return_seconds=terms.return_seconds, now=now)
    units = customers.gather(linked, terms=terms, now=now)
    found, paired = issues(linked), pairs(met, period=scope.period, return_seconds=terms.return_seconds)
    mix = case_mix(strata(linked, terms=terms))
    statement = booked(
        groups, found, human=human, currency=currency, audited=evidence.audited, terms=terms,
        of_no_conversation=of_no_conversation(connection, scope, currency),
    )  # fmt: skip
    audited = evidence.audited
    rates = Rates(
        silent=Shares.of(audited.silent_resolved, audited.silent_graded) if audited else Shares.of(0, 0),
        wrong=Shares.of(audited.wrong, audited.graded) if audited else Shares.of(0, 0),
        fixed_each=statement.fixed_each,
        terms=terms,
        unknown=statement.fixed_unknown,
    )
    experiment = arms(units, share=evidence.holdout_share)
    shut = gates(audited, evidence.satisfaction, terms=terms)
    spread = customers.spread(units)
    days = (min(now, scope.period.end) - scope.period.start).total_seconds() / 86_400
    look = Look(
        terms=terms,
        gates=shut,
        grade=grade(mix, worst(baseline.grade(c) for c in human if c in {i.channel for i in found})),
        today=now.date(),
        per_day=len(units.unit) / days if days > 0 else 0.0,
    )
    benefit = freed_of(statement, baseline=baseline, rate=rate, scope=scope, evidence=evidence)
    rho = benefit.rho if benefit and evidence.staff else None
    ratios = [
        marginal(paired, look=look, has_human_cost=bool(known)),
        resampled(units, per_durable_resolution(spread, rates, look=look), rates.per_resolution, rates),
        of_arms(units, rates, experiment, look=look)
        or resampled(units, blended(spread, rates, look=look), rates.everything, rates),
        cash_realised(spread, rates, rho=rho, look=look),
    ]
    return Findings(
        issues=found,
        contacts=sum(i.contacts for i in found),
        unlinked=sum(i.count - i.linked for i in found),
        outcomes=outcomes_of(found),
        rates=outcome_rates(outcomes_of(found)),
        durability=durability_of(found),
        silent=rates.silent,
        ceiling=ceiling_of(found, rates.silent),
        statement=statement,
        freed=benefit,
        gates=shut,
        arms=experiment,
        mix=mix,
        pairs=paired,
        ratios={ratio.name: ratio for ratio in ratios},
    )


def of_arms(units: Customers, rates: Rates, experiment: Arms | None, *, look: Look) -> Ratio | None:
    """R3 by the experiment; None where there is none that can be trusted."""
    if experiment is None or not experiment.is_sound:
        return None

    def moments(of: Sides) -> Moments:
        found = arm_moments(units, of.ai, share=experiment.share)
        if found is None:
            raise ValueError("an experiment of fewer than two customers")
        return found

    worst, found, best = rates.sides(rates.everything)
    of = Range(moments(worst), moments(found) if found else None, moments(best))
    return judged(
        "R3", of, customers=experiment.holdout + experiment.ai, escalated=experiment.escalated,
        unknown=experiment.unknown + rates.unknown, look=replace(look, grade="A"),
    )  # fmt: skip


def resampled(units: Customers, of: Ratio, side: Side, rates: Rates) -> Ratio:
    if of.value is None:
        return of
    sides = rates.sides(side)[1]
    if sides is None:
        return of
    rows = customers.sample(units, most=RESAMPLED)
    sampled = [
        Customer(
            sum(weight * row[name] for name, weight in sides.human.items()),
            sum(weight * row[name] for name, weight in sides.ai.items()),
        )
        for row in rows
    ]
    return resampled_too(of, sampled)


def grade(mix: CaseMix, assumed: Grade) -> Grade:
    """B the same mix of matters on both sides, C observed as it came, D assumed inputs; A is the experiment's alone."""
    if assumed == "D":
        return "D"
    return "C" if mix.adjusted is None else "B"


def freed_of(
    statement: Booked, *, baseline: Baseline, rate: Decimal | None, scope: Scope, evidence: Evidence
) -> Freed | None:
    """With needs that nobody has audited counted as met: what is freed is then an upper bound."""
    if rate is None or statement.without.amount is None:
        return None
    known = sum((part.known for part in statement.people), Decimal(0))
    gross = statement.without.amount - known
    return freed(gross, baseline=baseline, rate=rate, period=scope.period, changed=evidence.staff)


def outcomes_of(found: Sequence[Issues]) -> dict[Outcome, int]:
    together: dict[Outcome, int] = {}
    for one in found:
        together[one.outcome] = together.get(one.outcome, 0) + one.count
    return together


def durability_of(found: Sequence[Issues]) -> Durability:
    confirmed = [one for one in found if one.ending == "verified_resolved"]
    matured = [one for one in confirmed if one.is_mature]
    return Durability(
        matured=sum(one.count for one in matured),
        durable=sum(one.count for one in matured if not one.is_back),
        immature=sum(one.count for one in confirmed if not one.is_mature),
    )


def ceiling_of(found: Sequence[Issues], silent: Shares) -> float | None:
    """Over issues whose time has passed; silent ones count at the audited share, or all of them while nobody looked."""
    matured = [one for one in found if one.is_mature]
    eligible = sum(one.count for one in matured)
    if not eligible:
        return None
    helped = silent.upper if silent.value is None else silent.value
    verified = sum(one.count for one in matured if one.ending == "verified_resolved")
    quiet = sum(one.count for one in matured if one.ending == "contained_unverified")
    most = ceiling((verified + helped * quiet) / eligible)
    return most if most != float("inf") else None
