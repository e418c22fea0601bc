"""What really left the payroll, and when: freed hours are no money until a person leaves or a hire falls away.

Events are added, never changed; somebody hired again is one with a negative FTE.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import Field, SQLModel, col

from knowledge.rows import UtcTime, new_id
from roi.books.money import Nano, to_nano
from roi.books.period import Period
from roi.books.tally import Scope

StaffingType = Literal["left", "hire_avoided", "overtime_cut", "outsourced_cut"]
TYPES: tuple[StaffingType, ...] = ("left", "hire_avoided", "overtime_cut", "outsourced_cut")
LARGEST_FTE = Decimal(100_000)


class StaffingEvent(SQLModel, table=True):
    __tablename__ = "staffing_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    date: date
    """From this day on."""
    type: str
    fte: Decimal = Field(sa_type=Nano)
    """Full-time equivalents, hours cut among them."""
    amount: Decimal | None = Field(default=None, sa_type=Nano)
    """What it saves in a month, in `currency`; None leaves it to the baseline's cost of an FTE."""
    currency: str
    written_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)


class NoStaffingEvent(ValueError):
    """What was given cannot be one; the sentence says why."""


def staffing_event(
    day: date, kind: str, fte: str, amount: str | None, *, currency: str, company: str = "default"
) -> StaffingEvent:
    """From what somebody typed. Raises NoStaffingEvent."""
    if kind not in TYPES:
        raise NoStaffingEvent(f"{kind!r} is no staffing event; there are {', '.join(TYPES)}")
    count = number(fte, "the FTE")
    saved = None if amount is None else number(amount, "the amount")
    if not count or abs(count) > LARGEST_FTE:
        raise NoStaffingEvent(f"the FTE are to be a number other than 0, of at most {LARGEST_FTE}, not {fte}")
    if saved is not None and saved * count < 0:
        raise NoStaffingEvent("an amount has the sign of its FTE: who comes back costs again")
    return StaffingEvent(company=company, date=day, type=kind, fte=count, amount=saved, currency=currency)


def number(text: str, what: str) -> Decimal:
    try:
        value = Decimal(text.replace("\u2212", "-").strip())
        to_nano(value)
    except (InvalidOperation, ValueError, OverflowError):
        raise NoStaffingEvent(f"{what} {text!r} is no number that can be kept") from None
    return value


@dataclass(frozen=True)
class Removed:
    """On average over a period: who left on its last day counts for that day."""

    fte: Decimal
    fte_without_amount: Decimal
    """Of them, those whose saving nobody gave: they cost what the baseline says."""
    amount: Decimal
    """What the others save in the period, by its share of months of 365/12 days."""
    currencies: tuple[str, ...]
    """Of the amounts; more than one cannot be added, and `amount` is then of none."""
    events: int


MONTH_DAYS = Decimal(365) / 12


def fte_removed(connection: Connection, scope: Scope) -> Removed:
    rows = select(StaffingEvent).where(
        col(StaffingEvent.company) == scope.company, col(StaffingEvent.date) <= scope.period.last
    )
    return removed([StaffingEvent(**row) for row in connection.execute(rows).mappings()], scope.period)


def removed(events: list[StaffingEvent], period: Period) -> Removed:
    whole = Decimal((period.last - period.first).days + 1)
    days = {event.id: Decimal(max(0, (period.last - max(event.date, period.first)).days + 1)) for event in events}
    counted = [event for event in events if days[event.id]]
    currencies = tuple(sorted({event.currency for event in counted if event.amount is not None}))
    months = [event.amount * days[event.id] / MONTH_DAYS for event in counted if event.amount is not None]
    return Removed(
        fte=sum((event.fte * days[event.id] / whole for event in counted), Decimal(0)),
        fte_without_amount=sum(
            (event.fte * days[event.id] / whole for event in counted if event.amount is None), Decimal(0)
        ),
        amount=sum(months, Decimal(0)) if len(currencies) < 2 else Decimal(0),
        currencies=currencies,
        events=len(counted),
    )
