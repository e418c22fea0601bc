"""Costs of a period rather than of a conversation: building, licences, hours of curation. Booked once, counted by the
day; a correction is another line in the same period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args
from uuid import uuid4
from zoneinfo import ZoneInfo

from roi.books.ledger import DISCOUNT, CostLine, Kind, amount, new_line
from roi.books.money import from_nano, is_currency, to_nano
from roi.books.spreading import MOST_MONTHS, annuity_total, months_from, split
from roi.grade import Grade, worst
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook

PeriodKind = Literal["build", "licence", "curation", "qa", "monitoring", "hosting"]
PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
Method = Literal["straight", "annuity", "units"]
LARGEST = Decimal(9 * 10**9)
HOURS_OF_A_DAY = 24 * 1000
"""A thousand people, day and night: more is a slip."""


class CostError(ValueError):
    """A cost that cannot be booked as it was entered; the message says why."""


@dataclass(frozen=True)
class Entered:
    """A cost as a person enters it: an amount, or hours."""

    kind: str
    first: date
    last: date | None = None
    """Included; None where `months` say it."""
    amount: Decimal | None = None
    hours: Decimal | None = None
    rate: Decimal | None = None
    """Of an hour; None is the baseline's."""
    currency: str | None = None
    """None is the company's, and of hours at the baseline's rate the baseline's."""
    months: int | None = None
    method: Method = "straight"
    yearly_rate: Decimal = Decimal(0)
    volumes: Sequence[int] = ()
    """Contacts expected in each month, for `units`."""
    vendor: str = "own"
    note: str = ""
    is_assumed: bool = False
    is_discount: bool = False
    """Taken off what a vendor charges: a line of its own, so that the list price stays visible."""
    again: bool = False
    """The same cost once more, rather than entered twice by mistake."""


def lines_of(
    cost: Entered, *, baseline: Baseline, prices: PriceBook, currency: str, zone: str, company: str = "default"
) -> list[CostLine]:
    _check(cost)
    try:
        return _lines(cost, baseline=baseline, prices=prices, currency=currency, zone=zone, company=company)
    except OverflowError as error:
        raise CostError(f"that comes to more than the books can hold: {error}") from error


def _lines(
    cost: Entered, *, baseline: Baseline, prices: PriceBook, currency: str, zone: str, company: str
) -> list[CostLine]:
    spans = months_from(cost.first, cost.months) if cost.months else [(cost.first, _after(cost.last))]
    whole, priced = _whole(cost, baseline=baseline, prices=prices, currency=currency)
    if cost.method == "annuity":
        whole = annuity_total(whole, months=len(spans), yearly_rate=cost.yearly_rate)
    parts = split(whole, cost.volumes or [1] * len(spans))
    told = {
        "entry": str(uuid4()), "note": cost.note, "method": cost.method,
        **({"hours": format(cost.hours, "f"), "rate": format(priced["unit_price"], "f")} if cost.hours else {}),
    }  # fmt: skip
    hours = split(cost.hours, cost.volumes or [1] * len(spans)) if cost.hours else [Decimal(1)] * len(spans)
    return [
        new_line(
            **priced,
            company=company,
            at=datetime.combine(start, time.min, ZoneInfo(zone)).astimezone(UTC),
            period_start=start,
            period_end=end,
            kind=cost.kind,
            meter=DISCOUNT if cost.is_discount else "labour" if cost.hours else "period",
            vendor=cost.vendor,
            model=baseline.id if cost.hours and cost.rate is None else "",
            unit="hour" if cost.hours else "amount",
            quantity=quantity,
            amount=part,
            currency=currency,
            measured=not cost.is_assumed,
            raw={**told, "part": f"{n}/{len(spans)}"},
        )
        for n, ((start, end), part, quantity) in enumerate(zip(spans, parts, hours, strict=True), 1)
    ]


def worked_hour(baseline: Baseline) -> tuple[Decimal, Grade]:
    """Of a person's time at work, in the baseline's currency: holidays are paid by it, waiting for calls is not in
    it."""
    hours = Fraction(baseline.paid_hours.value) * (1 - Fraction(baseline.shrinkage.value))
    rests_on = (baseline.salary, baseline.burden, baseline.overhead, baseline.paid_hours, baseline.shrinkage)
    return from_nano(to_nano(baseline.loaded / hours)), worst(figure.grade for figure in rests_on)


def _check(cost: Entered) -> None:
    """Refuses what cannot be right, and names it."""
    if cost.kind not in PERIOD_KINDS and not (cost.is_discount and cost.kind in get_args(Kind)):
        raise CostError(f"{cost.kind!r} is no cost of a period; known are {', '.join(PERIOD_KINDS)}")
    if (cost.amount is None) == (cost.hours is None):
        raise CostError("give an amount or hours, one of the two")
    if cost.amount is not None and not (cost.amount.is_finite() and 0 < cost.amount < LARGEST):
        raise CostError(f"{cost.amount} is no amount of a cost; what is taken off is a discount")
    if cost.rate is not None and not (cost.rate.is_finite() and 0 < cost.rate < 100_000):
        raise CostError(f"{cost.rate} is no rate of an hour")
    if cost.months is not None and not 1 <= cost.months <= MOST_MONTHS:
        raise CostError(f"a cost is spread over 1 to {MOST_MONTHS} months, not {cost.months}")
    if (cost.last is None) == (cost.months is None):
        raise CostError("give the last day, or over how many months it is spread: one of the two")
    if cost.last is not None and cost.last < cost.first:
        raise CostError(f"the period ends on {cost.last}, before it begins on {cost.first}")
    if not 1990 <= cost.first.year <= 2200 or (cost.last or cost.first).year > 2200:
        raise CostError(f"the period from {cost.first} cannot be")
    days = ((cost.last or cost.first) - cost.first).days + 1 if cost.last else 31 * (cost.months or 1)
    if cost.hours is not None and not (cost.hours.is_finite() and 0 < cost.hours <= HOURS_OF_A_DAY * days):
        raise CostError(f"{cost.hours} hours in {days} days cannot be")
    if cost.currency is not None and not is_currency(cost.currency):
        raise CostError(f"{cost.currency!r} is not an ISO 4217 currency")
    if cost.method != "straight" and not cost.months:
        raise CostError(f"{cost.method} needs the number of months")
    if not (cost.yearly_rate.is_finite() and 0 <= cost.yearly_rate <= 10):
        raise CostError(f"{cost.yearly_rate} is no yearly rate; 0.10 is ten per cent")
    if cost.method == "units" and (len(cost.volumes) != cost.months or min(cost.volumes) < 0 or not sum(cost.volumes)):
        raise CostError(f"units of production need the contacts of each of the {cost.months} months")
    if cost.volumes and cost.method != "units":
        raise CostError("volumes belong to the method units")


def _whole(cost: Entered, *, baseline: Baseline, prices: PriceBook, currency: str) -> tuple[Decimal, dict[str, Any]]:
    """The whole amount in the company's currency, and the columns that say where it comes from."""
    grade: Grade = "D" if cost.is_assumed else "A"
    quantity, price, own = Decimal(1), cost.amount, cost.currency or currency
    price_id = "entered"
    if cost.hours is not None:
        quantity, price = cost.hours, cost.rate
        if price is None:
            if cost.currency not in (None, baseline.currency):
                raise CostError(f"the baseline's hour is in {baseline.currency}; give a rate in {cost.currency}")
            price, of_rate = worked_hour(baseline)
            own, grade = baseline.currency, worst([grade, of_rate])
            price_id = f"baseline/{baseline.id}/worked_hour={price}"
    assert price is not None
    if cost.is_discount:
        price = -price
    rate = prices.rate(own, currency, cost.first)
    if rate is None:
        raise CostError(f"no rate from {own} to {currency} is known; put a [[rate]] into the file of DIME_PRICES")
    if own != currency:
        grade = worst([grade, rate.grade])
    whole = amount(quantity, unit_price=price, per=1, fx_rate=rate.rate)
    columns = {
        "price_id": price_id, "unit_price": price, "per": 1, "price_currency": own, "fx_rate": rate.rate,
        "fx_date": rate.date, "grade": grade,
    }  # fmt: skip
    return whole, columns


def _after(last: date | None) -> date:
    assert last is not None
    return last + timedelta(days=1)
