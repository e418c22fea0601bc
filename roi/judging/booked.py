"""The statement from the books: what the period cost with the AI, part by part, and what it would have without.

What is booked is exact; what cannot be booked is estimated from counts and a person's cost, and says so. A need that
was not met is no saving: it is charged as if a person still had to see to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from roi.books.money import from_nano, to_nano
from roi.books.tally import Group
from roi.judging.rates import wilson
from roi.judging.terms import Terms
from roi.quality.audits import AuditSummary
from roi.resolution.issues import Issues

Basis = Literal["booked", "estimated"]


@dataclass(frozen=True)
class Shares:
    """An audited share with its interval; without an audit the value is unknown and the interval is everything."""

    value: float | None
    lower: float
    upper: float

    @classmethod
    def of(cls, count: int, sample: int) -> "Shares":
        low, high = wilson(count, sample)
        return cls(count / sample if sample else None, low, high)


@dataclass(frozen=True)
class Part:
    """One bar of the waterfall."""

    kind: str
    """Of roi.books.ledger.Kind, or without (what it would have cost), or not_involved (contacts the AI never took)."""
    basis: Basis
    amount: Decimal | None
    """None is unknown; `known` is then its lower bound."""
    known: Decimal
    count: int
    """Cost lines, or issues where it is estimated."""
    upper: Decimal | None = None
    """With the less favourable limit of the audit, where the part rests on one."""

    def plus(self, other: "Part") -> "Part":
        amount = None if self.amount is None or other.amount is None else self.amount + other.amount
        return replace(self, amount=amount, known=self.known + other.known, count=self.count + other.count)


@dataclass(frozen=True)
class Booked:
    """The month's statement in the form for data (METHOD: escalation charges what was handed over, unmet the rest)."""

    without: Part
    own: Sequence[Part]
    """The AI's running cost, a part for each kind."""
    fixed: Sequence[Part]
    wrong: Part
    people: Sequence[Part]
    """Handling booked and still to come, contacts that the AI never took, repeats, unmet."""
    issues: int
    immature: int
    """Of them, counted by what they are so far."""
    fixed_each: float
    """Of an issue: lines of a period, those of people too, and those of no conversation."""
    fixed_unknown: int
    """Lines of them without an amount: with any, `fixed_each` is a lower bound."""

    @property
    def parts(self) -> list[Part]:
        """Between the two ends of the waterfall, in its order."""
        return [*self.own, *self.fixed, self.wrong, *self.people]

    @property
    def ai_all_in(self) -> Decimal | None:
        return total([*self.own, *self.fixed, self.wrong])

    @property
    def human(self) -> Decimal | None:
        return total(self.people)

    @property
    def with_ai(self) -> Decimal | None:
        return total(self.parts)

    @property
    def known_with_ai(self) -> Decimal:
        """At least so much."""
        return sum((part.known for part in self.parts), Decimal(0))

    @property
    def unmet(self) -> Part:
        return next(part for part in self.people if part.kind == "unmet")

    @property
    def net_saving(self) -> Decimal | None:
        return minus(self.without.amount, self.with_ai)

    @property
    def most_saved(self) -> Decimal | None:
        """Were all that is unknown nothing."""
        return minus(self.without.amount, self.known_with_ai)

    @property
    def gross_benefit(self) -> Decimal | None:
        return minus(self.without.amount, self.human)

    @property
    def roi_percent(self) -> float | None:
        """Of the net saving over all the AI cost; None where that is nothing."""
        all_in, saved = self.ai_all_in, self.net_saving
        return float(100 * saved / all_in) if all_in and saved is not None else None

    @property
    def r3(self) -> float | None:
        return quotient(self.without.amount, self.with_ai)

    @property
    def r3_optimistic(self) -> float | None:
        """As if every need that was not met had been met for nothing."""
        return quotient(self.without.amount, minus(self.with_ai, self.unmet.amount))


def booked(
    groups: Sequence[Group],
    issues: Sequence[Issues],
    *,
    human: Mapping[str, Decimal | None],
    currency: str,
    audited: AuditSummary | None,
    terms: Terms,
    of_no_conversation: tuple[Decimal, int] = (Decimal(0), 0),
) -> Booked:
    """`human`: what a person costs on each channel; unknown where one is missing. `of_no_conversation`: the part of the
    AI's running cost that belongs to no contact, such as an evaluation, and its lines without an amount."""
    k, lasting = terms.escalation_multiplier, Decimal(str(terms.human_lasting))
    estimate = Estimate(human)
    silent = Shares.of(audited.silent_resolved, audited.silent_graded) if audited else Shares.of(0, 0)
    wrong = Shares.of(audited.wrong, audited.graded) if audited else Shares.of(0, 0)

    owed = [i for i in issues if not i.is_handled]
    escalated = [i for i in owed if i.ending in ("escalated_assisted", "escalated_cold")]
    verified = [i for i in issues if i.ending == "verified_resolved"]
    quiet = [i for i in issues if i.ending == "contained_unverified"]
    gone = [i for i in issues if i.ending in ("blocked", "abandoned")]
    resolved = Decimal(str(silent.value or 0.0))
    repeats = estimate.part("repeat", [i for i in verified if i.is_back], Decimal(1))
    for these, times in (
        (verified, lasting - 1),
        ([i for i in quiet if i.is_back], resolved),
        (quiet, resolved * (lasting - 1)),
    ):
        repeats = repeats.plus(replace(estimate.part("repeat", these, times), count=0))
    answers, loss = sum(i.answers for i in issues), terms.wrong_cost
    of_period = [g for g in groups if g.is_of_period]
    loose, unknown = of_no_conversation
    fixed_known = sum((g.known for g in of_period if g.currency == currency), loose)
    count = sum(i.count for i in issues)
    return Booked(
        without=estimate.part("without", issues, Decimal(1)),
        own=by_kind([g for g in groups if not g.is_human and not g.is_of_period], currency),
        fixed=by_kind([g for g in of_period if not g.is_human], currency),
        wrong=Part(
            "wrong_answer",
            "estimated",
            None if wrong.value is None else exact(answers * Decimal(str(wrong.value)) * loss),
            exact(answers * Decimal(str(wrong.value or 0.0)) * loss),
            answers,
            None if wrong.value is None else exact(answers * Decimal(str(wrong.upper)) * loss),
        ),
        people=[
            *by_kind([g for g in groups if g.is_human], currency),
            estimate.part("escalation", escalated, k),
            estimate.part("not_involved", [i for i in owed if i.ending == "not_involved"], Decimal(1)),
            repeats,
            unmet(estimate, quiet, gone, silent=silent, k=k),
        ],
        issues=count,
        immature=sum(i.count for i in issues if not i.is_mature),
        fixed_each=float(fixed_known) / count if count else 0.0,
        fixed_unknown=sum((g.count - g.priced if g.currency == currency else g.count for g in of_period), unknown),
    )  # fmt: skip


def unmet(estimate: "Estimate", quiet: Sequence[Issues], gone: Sequence[Issues], *, silent: Shares, k: Decimal) -> Part:
    """Of those who got an answer and said nothing, the audit says how many were helped; without one, nobody knows."""
    certain = estimate.part("unmet", gone, k)
    likely = certain.plus(estimate.part("unmet", quiet, k * (1 - Decimal(str(silent.value or 0.0)))))
    worst = certain.plus(estimate.part("unmet", quiet, k * (1 - Decimal(str(silent.lower)))))
    if silent.value is None and quiet:
        return Part("unmet", "estimated", None, certain.known, likely.count, worst.amount)
    return Part("unmet", "estimated", likely.amount, likely.known, likely.count, worst.amount)


@dataclass(frozen=True)
class Estimate:
    """Issues charged at what a person costs on their channel."""

    human: Mapping[str, Decimal | None]

    def part(self, kind: str, issues: Sequence[Issues], times: Decimal) -> "Part":
        each = [(self.human.get(i.channel), i.count) for i in issues]
        known = exact(sum((cost * n for cost, n in each if cost is not None), Decimal(0)) * times)
        is_known = all(cost is not None for cost, _ in each)
        return Part(kind, "estimated", known if is_known else None, known, sum(n for _, n in each))


def by_kind(groups: Sequence[Group], currency: str) -> list[Part]:
    """The exact sum of each kind's lines; those in another currency are unknown: they cannot be added."""
    found: dict[str, Part] = {}
    for group in groups:
        amount = group.amount if group.currency == currency else None
        known = group.known if group.currency == currency else Decimal(0)
        part = Part(group.kind, "booked", amount, known, group.count)
        found[group.kind] = found[group.kind].plus(part) if group.kind in found else part
    return list(found.values())


def total(parts: Sequence[Part]) -> Decimal | None:
    """None as soon as one part is unknown."""
    known = [part.amount for part in parts]
    return None if None in known else sum((amount for amount in known if amount is not None), Decimal(0))


def minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def quotient(one: Decimal | None, other: Decimal | None) -> float | None:
    return None if one is None or not other else float(one / other)


def exact(amount: Decimal) -> Decimal:
    """Rounded half-even to what the books hold."""
    return from_nano(to_nano(amount))
