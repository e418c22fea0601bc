"""What vendors billed, held against what the ledger estimated: an invoice counts before the price book.

The difference becomes a line of its own for the invoice's period; what was booked by the price book stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from roi.books.invoice_rows import InvoiceRow
from roi.books.ledger import INVOICE, CostLine, amount, corrected, new_line
from roi.books.money import from_nano, is_currency, joined, nano_sums
from roi.books.period import Period, month_after
from roi.books.shares import of_a_period
from roi.books.spreading import of_days, split
from roi.books.writer import Writer
from roi.pricing.prices import PriceBook

LARGEST = Decimal(9 * 10**9)
LONGEST_DAYS = 366


class InvoiceError(ValueError):
    """An invoice that cannot be entered or booked; the message says why."""


@dataclass(frozen=True)
class Compared:
    """A vendor's period: what the ledger came to by its prices, and what was billed."""

    vendor: str
    first: date
    last: date
    """Included."""
    currency: str
    estimated: Decimal
    """Of the lines with a price; a lower bound while some have none."""
    unpriced: int
    billed: Decimal | None
    """None where no invoice is entered, or its currency has no rate."""
    booked: Decimal
    """Beside what was used: differences booked before, discounts, and the share of licences and other costs entered for
    these days. Building is not among them: it is paid at once and spread."""
    invoices: tuple[UUID, ...] = ()

    @property
    def gap(self) -> Decimal | None:
        """What was billed beyond the estimate and what is booked of it."""
        return None if self.billed is None else self.billed - self.estimated - self.booked

    def as_json(self) -> dict[str, Any]:
        return {
            "vendor": self.vendor, "from": self.first.isoformat(), "to": self.last.isoformat(),
            "currency": self.currency, "estimated": format(self.estimated, "f"), "unpriced": self.unpriced,
            "billed": None if self.billed is None else format(self.billed, "f"), "booked": format(self.booked, "f"),
            "gap": None if self.gap is None else format(self.gap, "f"), "invoices": [str(id_) for id_ in self.invoices],
        }  # fmt: skip


def enter(session: Session, invoice: InvoiceRow, *, file: Path | None = None, today: date) -> InvoiceRow:
    """Keeps it; the caller commits."""
    _check(invoice, today)
    if file is not None:
        invoice.file, invoice.file_sha256 = str(file.resolve()), sha256(file.read_bytes()).hexdigest()
    same_vendor = select(InvoiceRow).where(InvoiceRow.company == invoice.company, InvoiceRow.vendor == invoice.vendor)
    for other in session.exec(same_vendor):
        overlaps = other.period_start < invoice.period_end and invoice.period_start < other.period_end
        same = (other.period_start, other.period_end) == (invoice.period_start, invoice.period_end)
        told = f"{str(other.id)[:8]} of {other.vendor} from {other.period_start} to {_last(other)}"
        if same and (other.amount, other.currency, other.note) == (invoice.amount, invoice.currency, invoice.note):
            raise InvoiceError(f"invoice {told} is the same; a second one needs a --note that tells them apart")
        if overlaps and not same:
            raise InvoiceError(f"the period overlaps with invoice {told}; invoices of a vendor share a period or none")
    session.add(invoice)
    return invoice


def compared(
    session: Session, *, prices: PriceBook, currency: str, zone: str, company: str = "default"
) -> list[Compared]:
    """A row for each period that a vendor billed, and for each month in which one was used and billed nothing."""
    invoices = session.exec(select(InvoiceRow).where(InvoiceRow.company == company)).all()
    periods: dict[tuple[str, date, date], list[InvoiceRow]] = {}
    for invoice in invoices:
        periods.setdefault((invoice.vendor, invoice.period_start, invoice.period_end), []).append(invoice)
    for vendor, first, after in _months_used(session, zone=zone, company=company):
        if not any(i.vendor == vendor and i.period_start < after and first < i.period_end for i in invoices):
            periods[vendor, first, after] = []
    return [
        _compare(session, *key, billed=periods[key], prices=prices, currency=currency, zone=zone, company=company)
        for key in sorted(periods)
    ]


def book(session: Session, wanted: str, *, writer: Writer, prices: PriceBook, currency: str, zone: str) -> Compared:
    """Books the gap of an invoice's period, shared out over the vendor's kinds; unknown amounts of the period are
    settled by it. The caller commits."""
    rows = [row for row in session.exec(select(InvoiceRow)) if str(row.id).startswith(wanted.lower())]
    if len(rows) != 1:
        raise InvoiceError(f"{len(rows) or 'no'} invoices have an id that begins with {wanted!r}")
    invoice = rows[0]
    of_period = next(
        found
        for found in compared(session, prices=prices, currency=currency, zone=zone, company=invoice.company)
        if invoice.id in found.invoices
    )
    gap = of_period.gap
    if gap is None:
        raise InvoiceError(f"no rate from {invoice.currency} to {currency} is known; put one into DIME_PRICES")
    lines = _lines(invoice.vendor, invoice.period_start, invoice.period_end, zone=zone, company=invoice.company)
    unknown = [line for line in session.exec(lines) if line.amount is None and line.corrects is None]
    settled = set(session.exec(select(CostLine.corrects).where(col(CostLine.corrects).is_not(None))))
    because = f"invoice {invoice.id}"
    made = [
        corrected(line, because=because, at_amount=Decimal(0), grade="A") for line in unknown if line.id not in settled
    ]
    if gap:
        made += _differences(session, invoice, gap, currency=currency, zone=zone)
    if not made:
        raise InvoiceError("the books say what the invoice says: there is nothing to book")
    writer.book(session, made)
    return of_period


def _differences(session: Session, invoice: InvoiceRow, gap: Decimal, *, currency: str, zone: str) -> list[CostLine]:
    start, end = invoice.period_start, invoice.period_end
    used = _lines(invoice.vendor, start, end, zone=zone, company=invoice.company).subquery()
    kinds = session.exec(select(used.c.kind, func.count(), *nano_sums(used.c.amount)).group_by(used.c.kind)).all()
    sums = {kind: from_nano(joined(whole, rest)) for kind, _, whole, rest in kinds} or {"licence": Decimal(1)}
    names = sorted(sums)
    weights = [max(sums[kind], Decimal(0)) for kind in names]
    parts = split(gap, weights if any(weights) else [1] * len(names))
    return [
        new_line(
            company=invoice.company,
            at=_midnight(start, zone),
            period_start=start,
            period_end=end,
            kind=kind,
            meter=INVOICE,
            vendor=invoice.vendor,
            model="",
            unit="amount",
            quantity=Decimal(1),
            price_id=f"invoice/{invoice.id}",
            unit_price=part,
            price_currency=currency,
            amount=part,
            currency=currency,
            fx_rate=Decimal(1),
            fx_date=start,
            grade="A",
            raw={"invoice": str(invoice.id), "billed": format(invoice.amount, "f"), "currency": invoice.currency},
        )
        for kind, part in zip(names, parts, strict=True)
        if part
    ]


def _compare(
    session: Session,
    vendor: str,
    start: date,
    end: date,
    *,
    billed: Sequence[InvoiceRow],
    prices: PriceBook,
    currency: str,
    zone: str,
    company: str,
) -> Compared:
    used = _lines(vendor, start, end, zone=zone, company=company).subquery()
    settled = select(CostLine.corrects).where(col(CostLine.corrects).is_not(None))
    whole, rest = session.exec(select(*nano_sums(used.c.amount))).one()
    unpriced = session.exec(
        select(func.count()).where(used.c.amount.is_(None), used.c.corrects.is_(None), used.c.id.not_in(settled))
    ).one()
    converted = [_converted(row, prices, currency) for row in billed]
    known = [value for value in converted if value is not None]
    return Compared(
        vendor=vendor,
        first=start,
        last=end - timedelta(days=1),
        currency=currency,
        estimated=from_nano(joined(whole, rest)),
        unpriced=unpriced,
        billed=sum(known, Decimal(0)) if known and len(known) == len(converted) else None,
        booked=_booked(session, vendor, start, end, company=company),
        invoices=tuple(row.id for row in billed),
    )


def _booked(session: Session, vendor: str, start: date, end: date, *, company: str) -> Decimal:
    lines = select(CostLine).where(
        of_a_period(company=company, first=start, after=end, with_demo=False),
        CostLine.vendor == vendor,
        CostLine.kind != "build",
    )
    parts = [
        of_days(line.amount, line.period_start, line.period_end, first=start, after=end)
        for line in session.exec(lines)
        if line.amount is not None and line.period_start and line.period_end
    ]
    return sum(parts, Decimal(0))


def _lines(vendor: str, start: date, end: date, *, zone: str, company: str) -> Any:
    """What was used of a vendor in a period, demo data aside; corrections of them too."""
    return select(CostLine).where(
        CostLine.company == company,
        CostLine.vendor == vendor,
        col(CostLine.at) >= _midnight(start, zone),
        col(CostLine.at) < _midnight(end, zone),
        col(CostLine.period_start).is_(None),
        col(CostLine.demo).is_(False),
    )


def _months_used(session: Session, *, zone: str, company: str) -> list[tuple[str, date, date]]:
    """Vendors outside of this machine and of our own desk, by calendar month."""
    query = (
        select(CostLine.vendor, func.min(CostLine.at), func.max(CostLine.at))
        .where(CostLine.company == company, col(CostLine.vendor).not_in(("local", "desk", "own", "")))
        .where(col(CostLine.period_start).is_(None), col(CostLine.demo).is_(False))
        .group_by(CostLine.vendor)
    )
    found = []
    for vendor, first, last in session.exec(query):
        month = first.astimezone(ZoneInfo(zone)).date().replace(day=1)
        while month <= last.astimezone(ZoneInfo(zone)).date():
            after = month_after(month)
            if session.exec(_lines(vendor, month, after, zone=zone, company=company).limit(1)).first():
                found.append((vendor, month, after))
            month = after
    return found


def _converted(row: InvoiceRow, prices: PriceBook, currency: str) -> Decimal | None:
    """At the rate of the period's last day."""
    rate = prices.rate(row.currency, currency, _last(row))
    try:
        return None if rate is None else amount(row.amount, unit_price=Decimal(1), per=1, fx_rate=rate.rate)
    except OverflowError as error:
        raise InvoiceError(f"{row.amount} {row.currency} is more than the books can hold in {currency}") from error


def _check(invoice: InvoiceRow, today: date) -> None:
    if not invoice.vendor.strip():
        raise InvoiceError("an invoice needs its vendor, as `dime roi report` names it")
    if not is_currency(invoice.currency):
        raise InvoiceError(f"{invoice.currency!r} is not an ISO 4217 currency")
    if not (invoice.amount.is_finite() and abs(invoice.amount) < LARGEST and invoice.amount):
        raise InvoiceError(f"{invoice.amount} is no amount of an invoice; a credit note is negative")
    if invoice.period_end <= invoice.period_start:
        raise InvoiceError(f"the period ends on {_last(invoice)}, before it begins on {invoice.period_start}")
    if (invoice.period_end - invoice.period_start).days > LONGEST_DAYS:
        raise InvoiceError("an invoice for more than a year is a cost of a period: `dime roi cost add licence`")
    if invoice.period_start > today + timedelta(days=LONGEST_DAYS):
        raise InvoiceError(f"an invoice for a period from {invoice.period_start} on cannot be")


def _last(row: InvoiceRow) -> date:
    return row.period_end - timedelta(days=1)


def _midnight(day: date, zone: str) -> datetime:
    return Period(day, day, zone).start
