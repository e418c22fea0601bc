"""The ledger: one row for each cost, frozen when it is written, never changed; a correction is another row.

Rows point at conversations and turns without foreign keys: the books outlive a conversation that is erased.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, text
from sqlalchemy.orm.base import manager_of_class
from sqlmodel import Field

from agent.turn import Who
from agent.usage import Meter, Usage
from knowledge.rows import Provenance, UtcTime
from roi.books.money import Nano, from_nano, to_nano
from roi.grade import Grade, worst
from roi.pricing.prices import Price, PriceBook

Kind = Literal[
    "llm", "stt", "tts", "telephony", "recording", "embed", "rerank", "judge", "tool", "hosting",
    "escalation", "repeat", "unmet", "wrong_answer",
    "build", "curation", "qa", "monitoring", "licence",
]  # fmt: skip
KIND_OF_METER: dict[Meter, Kind] = {
    "llm": "llm", "stt": "stt", "tts": "tts", "embed": "embed", "cpu": "hosting", "telephony": "telephony",
    "tool": "tool",
}  # fmt: skip
HUMAN_KINDS: tuple[Kind, ...] = ("escalation", "repeat", "unmet")
"""Paid to people, not to the AI."""
DISCOUNT, INVOICE = "discount", "invoice"
PERIOD_METERS = ("period", "labour", DISCOUNT, INVOICE)
"""Of costs of a period rather than of a conversation: entered, hours worked, taken off, and billed beyond the
estimate."""

OF_PERIOD, CORRECTING = text("period_start IS NOT NULL"), text("corrects IS NOT NULL")


class CostLine(Provenance, table=True):
    """amount = quantity * unit_price / per * fx_rate, rounded half-even once; every part is on the row."""

    __tablename__ = "cost_line"
    __table_args__ = (
        Index("ix_cost_line_company_at", "company", "at"),
        Index("ix_cost_line_chain_chain_number", "chain", "chain_number", unique=True),
        Index("ix_cost_line_company_period_start", "company", "period_start", sqlite_where=OF_PERIOD,
              postgresql_where=OF_PERIOD),
        Index("ix_cost_line_corrects", "corrects", sqlite_where=CORRECTING, postgresql_where=CORRECTING),
    )  # fmt: skip
    """Each is paid for with every turn, so there are no others; a company's days are read in order by both columns."""

    company: str = Field(default="default", foreign_key="company.id")
    customer: str | None = None
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    written_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
    """`at` is when the cost arose, and the price and period it falls in; this is when it was written down."""
    conversation_id: UUID | None = Field(default=None, index=True)
    turn_id: UUID | None = Field(default=None, index=True)
    period_start: date | None = None
    period_end: date | None = None
    """Exclusive. Set for costs of a period rather than of a conversation: build, licences, curation."""
    kind: str
    meter: str
    vendor: str
    model: str
    unit: str
    quantity: Decimal = Field(sa_type=Nano)
    price_id: str | None = None
    unit_price: Decimal | None = Field(default=None, sa_type=Nano)
    """Of `per` units, in `price_currency`."""
    per: int = 1
    price_currency: str | None = None
    amount: Decimal | None = Field(default=None, sa_type=Nano)
    """In `currency`; None is unknown, never nothing."""
    currency: str
    fx_rate: Decimal | None = Field(default=None, sa_type=Nano)
    """Units of `currency` for one of `price_currency`, on `fx_date`."""
    fx_date: date | None = None
    covered: bool = False
    """Runs on our own machine, paid for by its CPU seconds: amount 0, and not because it is free."""
    measured: bool = True
    """Whether the quantity was measured or reported, rather than estimated."""
    grade: str
    """Of the price."""
    purpose: str = "answer"
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    corrects: UUID | None = None
    chain: int | None = None
    """roi.books.chain_rows.CostChain; None for a line from before there were chains."""
    chain_number: int | None = None
    """From 1 on."""
    link: str | None = None
    """roi.books.links: to the line before it in its chain."""


MANAGER = manager_of_class(CostLine)
DEFAULTS = {name: field.default for name, field in CostLine.model_fields.items() if not field.default_factory}


def lines_for(
    usages: Iterable[Usage],
    who: Who | None,
    *,
    conversation: UUID | None,
    turn: UUID | None,
    prices: PriceBook,
    currency: str,
    cpu_is_counted: bool = True,
) -> list[CostLine]:
    """What a turn used, priced and frozen, in the company's currency. The caller commits the lines with the turn.

    `who` is None for what was used for no contact. `cpu_is_counted`: whether the machine's CPU seconds are booked too;
    where nobody counts them, what local engines did has no price and is unknown rather than free.
    """
    return [
        line(
            usage,
            who,
            conversation=conversation,
            turn=turn,
            prices=prices,
            currency=currency,
            cpu_is_counted=cpu_is_counted,
        )
        for usage in usages
    ]


def line(
    usage: Usage,
    who: Who | None,
    *,
    conversation: UUID | None,
    turn: UUID | None,
    prices: PriceBook,
    currency: str,
    cpu_is_counted: bool,
) -> CostLine:
    quantity, raw = plausible(usage)
    price = prices.price(usage) if quantity is not None else None
    if price is not None and price.covered and not cpu_is_counted:
        price = None
    return new_line(
        **(identities(who) if who else {}),
        at=usage.at,
        conversation_id=conversation,
        turn_id=turn,
        kind="judge" if usage.purpose == "evaluation" and usage.meter != "cpu" else KIND_OF_METER[usage.meter],
        meter=usage.meter,
        vendor=usage.vendor,
        model=usage.model,
        unit=usage.unit,
        quantity=quantity or Decimal(0),
        currency=currency,
        measured=not usage.estimated,
        purpose=usage.purpose,
        raw=raw,
        **priced(quantity or Decimal(0), price, on=usage.at.astimezone(UTC).date(), prices=prices, currency=currency),
    )


def new_line(**columns: Any) -> CostLine:
    """A line made as SQLAlchemy makes those it reads; SQLModel's constructor would take half the time of a write."""
    line: CostLine = MANAGER.new_instance()
    line.__dict__.update(DEFAULTS, id=uuid4(), written_at=datetime.now(UTC), raw={})
    line.__dict__.update(columns)
    return line


def priced(quantity: Decimal, price: Price | None, *, on: date, prices: PriceBook, currency: str) -> dict[str, Any]:
    """The money columns of a line; an amount needs a price and, in another currency, a rate."""
    if price is None:
        return {"grade": "D"}
    columns = {
        "price_id": price.id, "unit_price": price.amount, "per": price.per, "price_currency": price.currency,
        "covered": price.covered, "grade": price.grade,
    }  # fmt: skip
    if price.covered:
        return {**columns, "amount": Decimal(0), "price_currency": currency}
    rate = prices.rate(price.currency, currency, on)
    if rate is None:
        return columns
    return {
        **columns,
        "amount": amount(quantity, unit_price=price.amount, per=price.per, fx_rate=rate.rate),
        "fx_rate": rate.rate,
        "fx_date": rate.date,
        "grade": worst([price.grade, rate.grade]),
    }


def amount(quantity: Decimal, *, unit_price: Decimal, per: int, fx_rate: Decimal) -> Decimal:
    exact = Fraction(quantity) * Fraction(unit_price) * Fraction(fx_rate) / per
    return from_nano(to_nano(exact))


def plausible(usage: Usage) -> tuple[Decimal | None, dict[str, Any]]:
    """A quantity that cannot be is kept in `raw` and priced as unknown: it must neither stop an answer nor be lost."""
    size = -usage.quantity if usage.corrects else usage.quantity
    if usage.quantity.is_finite() and 0 <= size < Decimal(9 * 10**9):
        return from_nano(to_nano(usage.quantity)), usage.raw
    return None, {**usage.raw, "refused_quantity": str(usage.quantity)}


def identities(who: Who) -> dict[str, Any]:
    return {
        "company": who.company, "customer": who.customer, "channel": who.channel, "lang": who.lang, "arm": who.arm,
        "eligible": who.eligible, "demo": who.demo,
    }  # fmt: skip


def corrected(
    wrong: CostLine, *, because: str, at_amount: Decimal, quantity: Decimal | None = None, grade: Grade, **told: Any
) -> CostLine:
    """The difference to what the line should have said, in the same period; it also settles an unknown amount."""
    own = {"id", "written_at", "quantity", "amount", "raw", "corrects", "grade", "chain", "chain_number", "link"}
    kept = wrong.model_dump(exclude=own)
    return CostLine(
        **kept,
        quantity=Decimal(0) if quantity is None else quantity - wrong.quantity,
        amount=at_amount - (wrong.amount or Decimal(0)),
        grade=grade,
        raw={"because": because, **told},
        corrects=wrong.id,
    )


def total(lines: Sequence[CostLine]) -> Decimal | None:
    """The sum in one currency; None as soon as one amount is unknown."""
    known = [line.amount for line in lines]
    return None if None in known else sum((a for a in known if a is not None), Decimal(0))
