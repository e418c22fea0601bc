"""Cash needs somebody to leave: dated events, counted for the days they were in force. And the trend's marks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from roi.books.period import Period
from roi.books.tally import Scope
from roi.people.staff_events import MONTH_DAYS, NoStaffingEvent, StaffingEvent, fte_removed, removed, staffing_event
from roi.pricing.prices import Price
from roi.resolution.marks import Mark, mark, marks
from tests.ledgers import NOVEMBER, empty_books

SCOPE = Scope("default", NOVEMBER, with_demo=False)


def event(day: int, fte: str, amount: str | None = None, *, month: int = 11, currency: str = "USD") -> StaffingEvent:
    return staffing_event(date(2026, month, day), "left", fte, amount, currency=currency)


def test_who_left_in_the_middle_counts_for_the_days_after() -> None:
    found = removed([event(16, "2"), event(1, "1", "3000", month=10), event(1, "9", month=12)], NOVEMBER)
    assert (found.fte, found.fte_without_amount, found.events) == (Decimal(2), Decimal(1), 2)
    assert found.amount == 3000 * 30 / MONTH_DAYS


def test_somebody_hired_again_takes_the_saving_back() -> None:
    assert removed([event(1, "1"), event(16, "-1")], NOVEMBER).fte == Decimal("0.5")


def test_amounts_in_two_currencies_are_not_added() -> None:
    found = removed([event(1, "1", "10"), event(1, "1", "10", currency="EUR")], NOVEMBER)
    assert (found.amount, found.currencies) == (0, ("EUR", "USD"))


def test_events_of_the_company_are_read_back_as_they_were_given() -> None:
    engine = empty_books()
    with Session(engine) as session:
        session.add_all([event(16, "2.5", "4200.10"), event(1, "1", month=12)])
        session.commit()
    with engine.connect() as connection:
        found = fte_removed(connection, SCOPE)
        assert fte_removed(connection, Scope("other", NOVEMBER, with_demo=False)).events == 0
    assert (found.fte, found.amount) == (Decimal("1.25"), Decimal("4200.10") * 15 / MONTH_DAYS)


@given(st.integers(0, 60), st.integers(1, 29))
def test_two_periods_together_count_what_the_whole_counts(day: int, cut: int) -> None:
    left = [staffing_event(date(2026, 10, 20) + timedelta(days=day), "left", "3", "900", currency="USD")]
    split = NOVEMBER.first + timedelta(days=cut)
    parts = [Period(NOVEMBER.first, split - timedelta(days=1)), Period(split, NOVEMBER.last)]
    whole = removed(left, NOVEMBER)
    assert sum(removed(left, part).amount for part in parts) == pytest.approx(whole.amount)
    assert 0 <= whole.fte <= 3


@pytest.mark.parametrize(
    ("kind", "fte", "amount"),
    [
        ("fired", "1", None), ("left", "0", None), ("left", "NaN", None), ("left", "inf", None), ("left", "1e9", None),
        ("left", "two", None), ("left", "1", "-5"), ("left", "1", "1e40"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_in_a_sentence(kind: str, fte: str, amount: str | None) -> None:
    with pytest.raises(NoStaffingEvent):
        staffing_event(date(2026, 11, 1), kind, fte, amount, currency="USD")


def test_trend_has_the_marks_of_its_days_and_the_prices_that_changed_on_them() -> None:
    engine = empty_books()
    with Session(engine) as session:
        session.add_all([mark(date(2026, 11, 11), " Release\n1.4 "), mark(date(2026, 12, 1), "later")])
        session.commit()
    price = Price("p", "acme", "brain", "input_token", Decimal(1), 1, "USD", "list", "A", date(2026, 11, 5))
    with engine.connect() as connection:
        found = marks(connection, SCOPE, prices=[price])
    assert found == [
        Mark(date(2026, 11, 5), "price", "acme brain input_token"),
        Mark(date(2026, 11, 11), "release", "Release 1.4"),
    ]


@pytest.mark.parametrize("text", ["", " \n", "x" * 201])
def test_a_mark_says_something_and_not_too_much(text: str) -> None:
    with pytest.raises(ValueError, match="200 characters"):
        mark(date(2026, 11, 11), text)
