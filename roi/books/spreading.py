"""Divides an amount so that the parts add up to it to the last digit: over months, and over the days of a report.

Every part is the difference of two rounded running sums, so that neighbouring parts always fit together.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from roi.books.money import from_nano, to_nano

MOST_MONTHS = 600


def split(amount: Decimal, weights: Sequence[Fraction | Decimal | int]) -> list[Decimal]:
    """In proportion to the weights, of which at least one is more than nothing and none is less."""
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not exact or min(exact) < 0 or whole <= 0:
        raise ValueError("shares need numbers that are not negative and not all nothing")
    nano, parts, running, booked = to_nano(amount), [], Fraction(0), 0
    for weight in exact:
        running += weight
        upto = round(nano * running / whole)
        parts.append(from_nano(upto - booked))
        booked = upto
    return parts


def of_days(amount: Decimal, start: date, end: date, *, first: date, after: date) -> Decimal:
    """The part of an amount for [start, end) that falls into [first, after)."""
    days, nano = (end - start).days, to_nano(amount)

    def until(day: date) -> int:
        return round(Fraction(nano * (min(max(day, start), end) - start).days, days))

    return from_nano(until(after) - until(first))


def annuity_total(capital: Decimal, *, months: int, yearly_rate: Decimal) -> Decimal:
    """What so many equal monthly payments come to, the yearly rate compounded monthly."""
    rate = Fraction(yearly_rate) / 12
    if not rate:
        return capital
    payment = Fraction(capital) * rate / (1 - (1 + rate) ** -months)
    return from_nano(to_nano(payment * months))


def months_from(start: date, months: int) -> list[tuple[date, date]]:
    """Consecutive months from a day on, each up to the same day of the next; a month too short ends early."""
    starts = [month_later(start, n) for n in range(months + 1)]
    return [(starts[n], starts[n + 1]) for n in range(months)]


def month_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
