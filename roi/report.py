"""The managers' report: what a period cost, what it would have cost with people, and whether the claim holds.

Every total is the exact sum of its lines. An unknown price makes a total unknown; its known part is a lower bound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from roi import tally
from roi.baseline import Baseline, Figure
from roi.compare import Channel, Compared, ai_each, average, compare, divided, evidence, human_cost
from roi.outcomes import Outcome
from roi.pairs import pairs
from roi.period import Period
from roi.prices import Price, PriceBook
from roi.tally import Day, Demo, Group, Scope
from roi.verdicts import Ratio, blended, cash_realised, marginal, per_durable_resolution

ENOUGH_COVERAGE = Decimal("0.99")
FIXED_KINDS = frozenset({"build", "curation", "qa", "monitoring", "licence"})


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
    def has_fixed_costs(self) -> bool:
        return any(group.kind in FIXED_KINDS for group in self.groups)

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
    claim: float = 10.0,
    demo: Demo = "auto",
    others: Sequence[Baseline] = (),
    now: datetime | None = None,
) -> Report:
    """Blocking. `demo` auto: demo conversations count only while there are no real ones in the period."""
    with engine.connect() as connection:
        demo_conversations, real_conversations = tally.demo_and_real(connection, company, period)
        with_demo = demo == "include" or (demo == "auto" and not real_conversations)
        scope = Scope(company, period, with_demo)
        sliced = [
            (part, tally.groups(connection, scope, part), tally.conversations(connection, scope, part))
            for part in period.slices()
        ]
        handled = tally.handled(connection, scope)
        handovers = tally.handovers(connection, scope)
        by_channel = tally.outcomes(connection, scope)
        used = baseline.measured(handled)
        costs = {name: human_cost(used, name, prices=prices, currency=currency, period=period) for name in used.aht}
        known_costs = {name: float(cost) for name, cost in costs.items() if cost is not None}
        paired = pairs(connection, scope, human=known_costs, currency=currency)
    groups = tally.merged(group for _, found, _ in sliced for group in found)
    channels = [
        Channel(name, counts, costs.get(name), used.grade(name) if name in used.aht else "D")
        for name, counts in sorted(by_channel.items())
    ]
    attempted = sum(channel.contacts - channel.outcomes["not_involved"] for channel in channels)
    with_people = sum(c.outcomes["not_involved"] + c.outcomes["escalated_assisted"] for c in channels)
    ratios = [
        marginal(paired, claim=claim, grade=evidence(channels), has_human_cost=bool(known_costs)),
        per_durable_resolution(verified=sum(c.outcomes["verified_resolved"] for c in channels), attempted=attempted),
        blended(with_people=with_people, eligible=sum(c.contacts for c in channels), claim=claim),
        cash_realised(),
    ]
    return Report(
        company=company,
        period=period,
        currency=currency,
        claim=claim,
        baseline=used,
        made_at=now or datetime.now(UTC),
        conversations=sum(count for _, _, count in sliced),
        demo_conversations=demo_conversations,
        real_conversations=real_conversations,
        with_demo=with_demo,
        groups=groups,
        days=[as_day(part.first, found, count, currency) for part, found, count in sliced],
        channels=channels,
        handovers=handovers,
        handled=sum(channel.contacts for channel in handled),
        ratios={ratio.name: ratio for ratio in ratios},
        compared=compare(
            [used, *(other.measured(handled) for other in others if other.id != baseline.id)],
            channels,
            ai_each=ai_each(paired),
            prices=prices,
            currency=currency,
            period=period,
        ),
        prices=[price for price in prices.assumptions() if price.vendor in {group.vendor for group in groups}],
    )


def as_day(first: date, groups: Sequence[Group], conversations: int, currency: str) -> Day:
    own = [group for group in groups if group.currency == currency]
    known = sum((group.known for group in own), Decimal(0))
    return Day(first, conversations, known, len(own) == len(groups) and all(g.priced == g.count for g in groups))
