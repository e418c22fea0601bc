"""Costs of a period as they were entered: booked, listed and corrected as a whole, however many lines they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from roi.books.ledger import DISCOUNT, CostLine, corrected
from roi.books.money import from_nano, to_nano
from roi.books.period_costs import HOURS_OF_A_DAY, LARGEST, CostError, Entered, lines_of
from roi.books.spreading import split
from roi.books.writer import Writer
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook


@dataclass(frozen=True)
class Entry:
    """What was entered at once, with what corrections made of it."""

    id: str
    kind: str
    vendor: str
    first: date
    last: date
    amount: Decimal
    currency: str
    hours: Decimal | None
    lines: int
    corrections: int
    note: str
    method: str
    measured: bool
    is_discount: bool

    def as_json(self) -> dict[str, Any]:
        """Amounts as strings, so that no reader rounds them."""
        return {
            "id": self.id, "kind": self.kind, "vendor": self.vendor, "from": self.first.isoformat(),
            "to": self.last.isoformat(), "amount": format(self.amount, "f"), "currency": self.currency,
            "hours": None if self.hours is None else format(self.hours, "f"), "lines": self.lines,
            "corrections": self.corrections, "note": self.note, "method": self.method, "measured": self.measured,
            "discount": self.is_discount,
        }  # fmt: skip


def enter(
    session: Session,
    cost: Entered,
    *,
    writer: Writer,
    baseline: Baseline,
    prices: PriceBook,
    currency: str,
    zone: str,
    company: str = "default",
) -> Entry:
    """Books it; the caller commits. CostError where it cannot be."""
    lines = lines_of(cost, baseline=baseline, prices=prices, currency=currency, zone=zone, company=company)
    if not cost.again:
        _refuse_twice(session, lines)
    writer.book(session, lines)
    return as_entry(lines)


def entries(session: Session, *, company: str = "default") -> list[Entry]:
    """By the first day."""
    by_entry = _by_entry(session, company).values()
    return sorted((as_entry(lines) for lines in by_entry), key=lambda entry: (entry.first, entry.id))


def _by_entry(session: Session, company: str) -> dict[str, list[CostLine]]:
    query = select(CostLine).where(col(CostLine.period_start).is_not(None), CostLine.company == company)
    found: dict[str, list[CostLine]] = {}
    for line in session.exec(query):
        if "entry" in line.raw:
            found.setdefault(line.raw["entry"], []).append(line)
    return found


def as_entry(lines: Sequence[CostLine]) -> Entry:
    own = sorted((line for line in lines if line.corrects is None), key=lambda line: line.period_start or date.min)
    first, last = own[0], own[-1]
    assert first.period_start and last.period_end
    hours = sum((line.quantity for line in lines), Decimal(0)) if first.unit == "hour" else None
    return Entry(
        id=first.raw["entry"],
        kind=first.kind,
        vendor=first.vendor,
        first=first.period_start,
        last=last.period_end - timedelta(days=1),
        amount=sum((line.amount or Decimal(0) for line in lines), Decimal(0)),
        currency=first.currency,
        hours=hours,
        lines=len(own),
        corrections=len(lines) - len(own),
        note=first.raw["note"],
        method=first.raw["method"],
        measured=first.measured,
        is_discount=first.meter == DISCOUNT,
    )


def correct(
    session: Session,
    wanted: str,
    *,
    because: str,
    writer: Writer,
    to_amount: Decimal | None = None,
    to_hours: Decimal | None = None,
    company: str = "default",
) -> Entry:
    """Books the difference to what the entry should have come to, in the company's currency, spread as the entry is;
    the caller commits. `wanted` is its id or the beginning of it."""
    if (to_amount is None) == (to_hours is None):
        raise CostError("say what it should be: an amount or hours")
    by_entry = _by_entry(session, company)
    known = [id_ for id_ in by_entry if id_.startswith(wanted.lower())]
    if len(known) != 1:
        told = "no cost is" if not known else f"{len(known)} costs are"
        raise CostError(f"{told} booked under {wanted!r}; `dime roi cost list` shows the ids")
    lines = by_entry[known[0]]
    own = [line for line in lines if line.corrects is None]
    whole = _corrected_whole(own, as_entry(lines), to_amount=to_amount, to_hours=to_hours)
    old = [line.amount or Decimal(0) for line in own]
    weights = [abs(part) for part in old] if any(old) else [Decimal(1)] * len(own)
    hours = split(to_hours, weights) if to_hours is not None else [None] * len(own)
    made = []
    for line, part, quantity in zip(own, split(whole, weights), hours, strict=True):
        later = [other for other in lines if other.corrects == line.id]
        stands = sum((other.amount or Decimal(0) for other in later), Decimal(0))
        booked = sum((other.quantity for other in later), Decimal(0))
        made.append(
            corrected(
                line,
                because=because,
                at_amount=part - stands,
                quantity=None if quantity is None else quantity - booked,
                grade=line.grade,  # type: ignore[arg-type]
                **{key: line.raw[key] for key in ("entry", "note", "method")},
            )
        )
    writer.book(session, made)
    return as_entry([*lines, *made])


def _corrected_whole(
    own: Sequence[CostLine], entry: Entry, *, to_amount: Decimal | None, to_hours: Decimal | None
) -> Decimal:
    if to_amount is not None:
        if not (to_amount.is_finite() and 0 <= to_amount < LARGEST):
            raise CostError(f"{to_amount} is no amount; 0 takes the cost back")
        return -to_amount if entry.is_discount else to_amount
    assert to_hours is not None
    if entry.hours is None:
        raise CostError("this cost was entered as an amount, not as hours")
    if not (
        to_hours.is_finite() and 0 <= to_hours <= HOURS_OF_A_DAY * (entry.last - entry.first).days + HOURS_OF_A_DAY
    ):
        raise CostError(f"{to_hours} hours cannot be")
    booked = sum(Fraction(line.amount or 0) for line in own)
    try:
        # In proportion to the hours first booked, so that an annuity keeps its interest.
        return from_nano(to_nano(booked * Fraction(to_hours) / sum(Fraction(line.quantity) for line in own)))
    except OverflowError as error:
        raise CostError(f"that comes to more than the books can hold: {error}") from error


def _refuse_twice(session: Session, lines: Sequence[CostLine]) -> None:
    first = lines[0]
    same = select(CostLine).where(
        CostLine.company == first.company, CostLine.kind == first.kind, CostLine.vendor == first.vendor,
        CostLine.period_start == first.period_start, CostLine.period_end == first.period_end,
        CostLine.amount == first.amount, CostLine.meter == first.meter, col(CostLine.corrects).is_(None),
    )  # fmt: skip
    for line in session.exec(same):
        if line.raw.get("note") == first.raw["note"]:
            raise CostError(
                f"the same cost is booked already as {str(line.raw.get('entry'))[:8]}; say --again if it came twice"
            )
