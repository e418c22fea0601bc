"""The price book: which price was in force for a usage, with source and grade. An unknown price is None, never zero.

Read in layers: the user's own file, then ours (machine, telephony), then genai-prices (models, dated).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from agent.usage import Usage
from roi.books.money import from_nano, to_nano
from roi.grade import Grade
from roi.pricing import listed
from roi.pricing.pricefile import SHIPPED, PriceRow, RateRow, read

COVERED_METERS = frozenset({"llm", "stt", "tts", "embed", "tool"})


@dataclass(frozen=True)
class Price:
    """What `per` units cost. `amount / per` would not always end, so it is kept as two numbers."""

    id: str
    vendor: str
    model: str
    unit: str
    amount: Decimal
    per: int
    currency: str
    source: str
    grade: Grade
    effective_from: date | None = None
    effective_to: date | None = None
    """Exclusive."""
    checked_at: date | None = None
    covered: bool = False
    """True where the machine's CPU seconds already pay for it, so that its own price is nothing."""

    def of(self, quantity: Decimal) -> Decimal:
        """Rounded half-even once, in the price's own currency."""
        return from_nano(to_nano(Fraction(quantity) * Fraction(self.amount) / self.per))


@dataclass(frozen=True)
class Rate:
    """Units of `to` for one unit of `base` from a date on."""

    base: str
    to: str
    rate: Decimal
    date: date
    source: str
    grade: Grade


@dataclass(frozen=True)
class PriceBook:
    """Layers of rows, each free of overlaps; the first layer that knows a price decides."""

    layers: tuple[Sequence[PriceRow], ...] = ()
    rates: tuple[RateRow, ...] = ()
    listed: bool = True
    """Whether genai-prices is asked last."""
    seen: dict[tuple[str, str, str, date], Price | None] = field(default_factory=dict, compare=False)

    def price(self, usage: Usage) -> Price | None:
        """The price in force when it was used; None where nobody knows one."""
        if is_covered_by_cpu(usage):
            return COVERED
        day = usage.at.astimezone(UTC).date()
        sku = (usage.vendor, usage.model, usage.unit)
        if (*sku, day) not in self.seen:
            self.seen[*sku, day] = self._own(*sku, day)
        return self.seen[*sku, day] or (listed_price(usage) if self.listed else None)

    def rate(self, base: str, to: str, on: date) -> Rate | None:
        """The latest rate at or before the day, or the earliest there is; the inverse where only that is known."""
        if base == to:
            return Rate(base, to, Decimal(1), on, "same currency", "A")
        known = [row for row in self.rates if {row.base, row.to} == {base, to}]
        if not known:
            return None
        row = max((r for r in known if r.date <= on), key=lambda r: r.date, default=min(known, key=lambda r: r.date))
        value = row.rate if row.base == base else from_nano(to_nano(1 / Fraction(row.rate)))
        return Rate(base, to, value, row.date, row.source, row.grade)

    def assumptions(self) -> list[Price]:
        """Every price of our own and of the user's, for the report's list of assumptions."""
        return [as_price(row) for layer in self.layers for row in layer]

    def _own(self, vendor: str, model: str, unit: str, day: date) -> Price | None:
        for layer in self.layers:
            for name in (model, "*"):
                for row in layer:
                    if (row.vendor, row.model, row.unit) == (vendor, name, unit) and row.is_in_force(day):
                        return as_price(row)
        return None


COVERED = Price(
    id="local:covered",
    vendor="local",
    model="*",
    unit="*",
    amount=Decimal(0),
    per=1,
    currency="USD",
    source="Runs on our own machine: paid for by its CPU seconds, which are a line of their own.",
    grade="D",
    covered=True,
)


def price_book(*own: Path, listed: bool = True) -> PriceBook:
    """The shipped book under the files handed in, the first of which counts most. PriceError names file and row."""
    files = [read(path) for path in (*own, SHIPPED)]
    return PriceBook(
        layers=tuple(prices for prices, _ in files),
        rates=first_per_day(rate for _, rates in files for rate in rates),
        listed=listed,
    )


def is_covered_by_cpu(usage: Usage) -> bool:
    """Local engines' tokens, milliseconds and characters cost the CPU seconds they take, and nothing beside them."""
    return usage.vendor == "local" and usage.meter in COVERED_METERS and usage.unit != "cpu_second"


def as_price(row: PriceRow) -> Price:
    return Price(
        id=f"{row.vendor}/{row.model}/{row.unit}@{row.effective_from or 'always'}#{row.digest}",
        vendor=row.vendor,
        model=row.model,
        unit=row.unit,
        amount=row.amount,
        per=row.per,
        currency=row.currency,
        source=row.source,
        grade=row.grade,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        checked_at=row.checked_at,
    )


def listed_price(usage: Usage) -> Price | None:
    """genai-prices' list price: dated, from vendors' own pages, so grade B; None where it has none for this unit."""
    found = listed.price(usage.vendor, usage.model, usage.unit, at=usage.at, tokens=tokens_of_request(usage))
    if found is None:
        return None
    since = found.since.isoformat() if found.since else "always"
    return Price(
        id=f"genai-prices-{found.version}:{found.vendor}/{found.model}/{usage.unit}@{since}={found.amount}",
        vendor=found.vendor,
        model=found.model,
        unit=usage.unit,
        amount=found.amount,
        per=found.per,
        currency="USD",
        source=f"genai-prices {found.version}, {found.url}" if found.url else f"genai-prices {found.version}",
        grade="B",
        effective_from=found.since,
    )


def tokens_of_request(usage: Usage) -> int:
    """Some models cost more beyond a length of the whole request; the bucket's own size where that is not reported."""
    reported = usage.raw.get("input_tokens", usage.raw.get("prompt_tokens"))
    return reported if isinstance(reported, int) else int(usage.quantity)


def first_per_day(rates: Iterable[RateRow]) -> tuple[RateRow, ...]:
    chosen: dict[tuple[frozenset[str], date], RateRow] = {}
    for rate in rates:
        chosen.setdefault((frozenset({rate.base, rate.to}), rate.date), rate)
    return tuple(chosen.values())
