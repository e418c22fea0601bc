"""The same contacts against several baselines: where a person would have taken them decides the ratio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from roi.books.money import from_nano, to_nano
from roi.books.period import Period
from roi.grade import Grade
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook
from roi.resolution.outcomes import Outcome
from roi.resolution.pairs import Pairs


@dataclass(frozen=True)
class Channel:
    """The issues that began on one channel, with their contacts, and what one contact costs with a person."""

    name: str
    outcomes: Mapping[Outcome, int]
    human: Decimal | None
    """In the report's currency; None without an exchange rate or a handling time."""
    grade: Grade
    contacts: int

    @property
    def issues(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Compared:
    """The same contacts against one baseline."""

    baseline: Baseline
    human: Decimal | None
    ratio: float | None
    is_chosen: bool


def human_cost(baseline: Baseline, channel: str, *, prices: PriceBook, currency: str, period: Period) -> Decimal | None:
    """A contact with a person in the report's currency, at the rate of the period's last day."""
    rate = prices.rate(baseline.currency, currency, period.last)
    if rate is None or channel not in baseline.aht:
        return None
    return from_nano(to_nano(Fraction(baseline.cost(channel)) * Fraction(rate.rate)))


def compare(
    baselines: Sequence[Baseline],
    channels: Sequence[Channel],
    *,
    ai_each: Decimal | None,
    prices: PriceBook,
    currency: str,
    period: Period,
) -> list[Compared]:
    """The chosen baseline comes first."""
    found = []
    for n, baseline in enumerate(baselines):
        human = average(
            [
                replace(c, human=human_cost(baseline, c.name, prices=prices, currency=currency, period=period))
                for c in channels
            ]
        )
        ratio = float(human / ai_each) if human is not None and ai_each else None
        found.append(Compared(baseline, human, ratio, is_chosen=n == 0))
    return found


def average(channels: Sequence[Channel]) -> Decimal | None:
    """Of a contact with a person; None as soon as one channel's is unknown, or with no contacts."""
    used = [channel for channel in channels if channel.contacts]
    total = Decimal(0)
    for channel in used:
        if channel.human is None:
            return None
        total += channel.human * channel.contacts
    return divided(total, sum(channel.contacts for channel in used))


def ai_each(pairs: Pairs) -> Decimal | None:
    """The AI's own cost of a contact; None where a price is missing."""
    if pairs.moments is None or pairs.unknown or not pairs.contacts:
        return None
    return Decimal(pairs.moments.ai * pairs.customers / pairs.contacts)


def divided(total: Decimal, n: int) -> Decimal | None:
    return from_nano(to_nano(Fraction(total) / n)) if n else None
