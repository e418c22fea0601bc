"""The second view of the same books: the quantities that were used, at another date's prices.

What was booked stays as it was incurred; this is worked out beside it. Exchange stays as it was booked, so that only
prices differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Engine, and_, select
from sqlmodel import SQLModel, col

from agent.usage import Meter, Unit, Usage
from roi.books.ledger import KIND_OF_METER, CostLine, amount
from roi.books.period import Period
from roi.books.tally import Scope
from roi.pricing.prices import PriceBook

LINES = SQLModel.metadata.tables["cost_line"]
COLUMNS = (
    "id", "at", "kind", "meter", "vendor", "model", "unit", "quantity", "price_currency", "amount", "currency",
    "fx_rate", "raw", "corrects",
)  # fmt: skip


@dataclass
class Repriced:
    """One kind, both ways. A sum is the known part where some lines are unknown."""

    kind: str
    as_incurred: Decimal = Decimal(0)
    repriced: Decimal = Decimal(0)
    lines: int = 0
    unknown_as_incurred: int = 0
    unknown_repriced: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "as_incurred": format(self.as_incurred, "f"), "repriced": format(self.repriced, "f"),
            "lines": self.lines, "unknown_as_incurred": self.unknown_as_incurred,
            "unknown_repriced": self.unknown_repriced,
        }  # fmt: skip


def repriced(
    engine: Engine,
    *,
    period: Period,
    prices: PriceBook,
    on: date,
    currency: str,
    with_demo: bool = True,
    company: str = "default",
) -> list[Repriced]:
    """By kind, costs of a period aside. Human work and corrections of known amounts have no price in the book: they are
    the same both ways. A correction that settled an unknown amount gives way where the other date has a price."""
    at = datetime.combine(on, time(12), UTC)
    found: dict[str, Repriced] = {}
    settled: dict[Any, Decimal] = {}
    unknown: dict[Any, tuple[str, Decimal | None]] = {}
    corrections: list[tuple[str, Any, Decimal]] = []
    for row in _rows(engine, Scope(company, period, with_demo), currency):
        sums = found.setdefault(row.kind, Repriced(row.kind))
        if row.corrects is not None:
            settled[row.corrects] = settled.get(row.corrects, Decimal(0)) + row.amount
            corrections.append((row.kind, row.corrects, row.amount))
            continue
        sums.lines += 1
        sums.as_incurred += row.amount or Decimal(0)
        new = row.amount if row.meter not in KIND_OF_METER else _at(row, prices, at)
        if row.amount is None:
            unknown[row.id] = (row.kind, new)
        else:
            sums.unknown_repriced += new is None
        sums.repriced += new or Decimal(0)
    for kind, wrong, change in corrections:
        found[kind].as_incurred += change
        if wrong not in unknown or unknown[wrong][1] is None:
            found[kind].repriced += change
    for id_, (kind, new) in unknown.items():
        found[kind].unknown_as_incurred += id_ not in settled
        found[kind].unknown_repriced += new is None and id_ not in settled
    return [found[kind] for kind in sorted(found)]


def _at(row: Any, prices: PriceBook, at: datetime) -> Decimal | None:
    used = Usage(
        cast("Meter", row.meter), row.vendor, row.model, cast("Unit", row.unit), row.quantity, at, raw=row.raw or {}
    )
    price = None if "refused_quantity" in used.raw else prices.price(used)
    if price is None:
        return None
    if price.covered:
        return Decimal(0)
    rate = row.fx_rate if row.price_currency == price.currency else None
    if rate is None:
        known = prices.rate(price.currency, row.currency, row.at.astimezone(UTC).date())
        rate = known.rate if known else None
    return None if rate is None else amount(row.quantity, unit_price=price.amount, per=price.per, fx_rate=rate)


def _rows(engine: Engine, scope: Scope, currency: str) -> Iterator[Any]:
    which = and_(scope.of(CostLine), col(CostLine.period_start).is_(None), col(CostLine.currency) == currency)
    with engine.connect().execution_options(yield_per=2_000) as connection:
        yield from connection.execute(select(*(LINES.c[name] for name in COLUMNS)).where(which))
