"""The managers' report: what a period cost, what it would have cost with people, and whether the claim holds.

Every total is the exact sum of its lines. An unknown price makes a total unknown; its known part is a lower bound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

from sqlalchemy import Engine

from roi.books import tally
from roi.books.ledger import DISCOUNT
from roi.books.period import Period
from roi.books.period_costs import PERIOD_KINDS
from roi.books.shares import period_groups
from roi.books.tally import Day, Demo, Group, Scope
from roi.judging.findings import Evidence, Findings, findings, outcomes_of
from roi.judging.terms import Terms
from roi.judging.verdicts import Ratio
from roi.people.baseline import Baseline, Figure
from roi.people.compare import Channel, Compared, ai_each, average, compare, divided, human_cost
from roi.people.past import past_handled
from roi.pricing.prices import Price, PriceBook
from roi.resolution.contacts import around
from roi.resolution.issues import Issues
from roi.resolution.outcomes import Outcome
from roi.resolution.talks import talks

ENOUGH_COVERAGE = Decimal("0.99")


@dataclass(frozen=True)
class Sum:
    """An amount that may be unknown in part."""

    known: Decimal
    count: int
    priced: int

    @property
    def amount(self) -> Decimal | None:
        return self.known if self.is_complete else None

    @property
    def is_complete(self) -> bool:
        return self.priced == self.count

    @property
    def imputed(self) -> Decimal | None:
        """With the mean of the priced ones for each unpriced one: for planning, never for the books."""
        return self.known / self.priced * self.count if self.priced else None

    @property
    def coverage(self) -> Decimal:
        return Decimal(self.priced) / self.count if self.count else Decimal(1)


@dataclass(frozen=True)
class Report:
    company: str
    period: Period
    currency: str
    claim: float
    baseline: Baseline
    made_at: datetime
    terms: Terms
    conversations: int
    demo_conversations: int
    real_conversations: int
    with_demo: bool
    groups: Sequence[Group]
    days: Sequence[Day]
    channels: Sequence[Channel]
    handovers: Mapping[str, int]
    """Conversations for which a person was wanted, by why."""
    handled: int
    """Handed-over conversations whose handling time is booked."""
    ratios: Mapping[str, Ratio]
    findings: Findings
    compared: Sequence[Compared]
    prices: Sequence[Price]
    """Assumed prices that the lines rest on."""

    @property
    def demo(self) -> bool | str:
        if not self.with_demo or not self.demo_conversations:
            return False
        return "mixed" if self.real_conversations else True

    @property
    def total(self) -> Sum:
        return self.sum_of(self.groups)

    @property
    def ai(self) -> Sum:
        return self.sum_of([group for group in self.groups if not group.is_human])

    @property
    def ai_running(self) -> Sum:
        """Without what belongs to a period."""
        return self.sum_of([group for group in self.groups if not group.is_human and not group.is_of_period])

    @property
    def people(self) -> Sum:
        return self.sum_of([group for group in self.groups if group.is_human])

    def sum_of(self, groups: Sequence[Group]) -> Sum:
        """Lines in another currency than the report's count as unknown: they cannot be added."""
        own = [group for group in groups if group.currency == self.currency]
        known = sum((group.known for group in own), Decimal(0))
        return Sum(known, sum(group.count for group in groups), sum(group.priced for group in own))

    @property
    def outcomes(self) -> dict[Outcome, int]:
        together: dict[Outcome, int] = {}
        for channel in self.channels:
            for outcome, count in channel.outcomes.items():
                together[outcome] = together.get(outcome, 0) + count
        return together

    @property
    def handed_over(self) -> int:
        return self.outcomes.get("escalated_assisted", 0) + self.outcomes.get("escalated_cold", 0)

    @property
    def human_each(self) -> Decimal | None:
        """What these contacts would have cost with people, on average over their channels."""
        return average(self.channels)

    @property
    def nothing_booked(self) -> list[str]:
        """Kinds of period costs without a line: a zero here flatters the ratios."""
        booked = {group.kind for group in self.groups if group.is_of_period and group.meter != DISCOUNT}
        return [kind for kind in PERIOD_KINDS if kind not in booked]

    @property
    def other_currencies(self) -> list[str]:
        return sorted({group.currency for group in self.groups} - {self.currency})

    @property
    def figures(self) -> list[Figure]:
        used = [channel.name for channel in self.channels if channel.name in self.baseline.aht]
        return self.baseline.figures(*(used or ["chat", "phone"]))

    def each(self, of: Sum) -> Decimal | None:
        """The known part, shared out over the conversations; None with none."""
        return divided(of.known, self.conversations)


def report(
    engine: Engine,
    *,
    period: Period,
    baseline: Baseline,
    prices: PriceBook,
    currency: str,
    company: str = "default",
    terms: Terms | None = None,
    demo: Demo = "auto",
    others: Sequence[Baseline] = (),
    now: datetime | None = None,
    evidence: Evidence | None = None,
) -> Report:
    """Blocking. `demo` auto: demo conversations count only while there are no real ones in the period."""
    terms, at = terms or Terms(), now or datetime.now(UTC)
    with engine.connect() as connection:
        held = talks(connection, company, *around(period, terms.return_seconds))
        of_period = held.within(period.start, period.end)
        demo_conversations = int((of_period & held.demo).sum())
        real_conversations = int(of_period.sum()) - demo_conversations
        with_demo = demo == "include" or (demo == "auto" and not real_conversations)
        scope = Scope(company, period, with_demo)
        parts = list(period.slices())
        sliced = [
            (
                part,
                [*tally.groups(connection, scope, part), *spread],
                int(held.within(part.start, part.end, with_demo=with_demo).sum()),
            )
            for part, spread in zip(parts, period_groups(connection, scope, parts), strict=True)
        ]
        handled = tally.handled(connection, scope)
        seen = [*handled, *past_handled(connection, company=company, demo=with_demo and not real_conversations)]
        handovers = held.handovers(held.within(period.start, period.end, with_demo=with_demo))
        used = baseline.measured(seen)
        costs = {name: human_cost(used, name, prices=prices, currency=currency, period=period) for name in used.aht}
        rate = prices.rate(used.currency, currency, period.last)
        groups = tally.merged(group for _, found, _ in sliced for group in found)
        found = findings(
            connection,
            scope,
            held,
            groups,
            human=costs,
            baseline=used,
            rate=rate.rate if rate else None,
            currency=currency,
            terms=terms,
            evidence=evidence or Evidence(),
            now=at,
        )
    channels = channels_of(found.issues, used, costs)
    return Report(
        company=company,
        period=period,
        currency=currency,
        claim=terms.claim,
        terms=terms,
        baseline=used,
        made_at=at,
        conversations=sum(count for _, _, count in sliced),
        demo_conversations=demo_conversations,
        real_conversations=real_conversations,
        with_demo=with_demo,
        groups=groups,
        days=[as_day(part.first, found, count, currency) for part, found, count in sliced],
        channels=channels,
        handovers=handovers,
        handled=sum(channel.contacts for channel in handled),
        ratios=found.ratios,
        findings=found,
        compared=compare(
            [used, *(other.measured(seen) for other in others if other.id != baseline.id)],
            channels,
            ai_each=ai_each(found.pairs),
            prices=prices,
            currency=currency,
            period=period,
        ),
        prices=[price for price in prices.assumptions() if price.vendor in {group.vendor for group in groups}],
    )


def channels_of(
    issues: Sequence[Issues], baseline: Baseline, costs: Mapping[str, Decimal | None]
) -> list[Channel]:  # fmt: skip
    """By the channel on which each issue began."""
    found = []
    for name in sorted({one.channel for one in issues}):
        here = [one for one in issues if one.channel == name]
        outcomes: dict[Outcome, int] = {**dict.fromkeys(get_args(Outcome), 0), **outcomes_of(here)}
        grade = baseline.grade(name) if name in baseline.aht else "D"
        found.append(Channel(name, outcomes, costs.get(name), grade, sum(one.contacts for one in here)))
    return found


def as_day(first: date, groups: Sequence[Group], conversations: int, currency: str) -> Day:
    own = [group for group in groups if group.currency == currency]
    known = sum((group.known for group in own), Decimal(0))
    return Day(first, conversations, known, len(own) == len(groups) and all(g.priced == g.count for g in groups))
