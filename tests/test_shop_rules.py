"""The demo shop: its rules, its database, and that nothing is done twice."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.shop.orders import ORDERS, Order
from web.shop.rules import PICKUP_FEE, delivery_day, judged, visit_problem
from web.shop.store import Shop

TODAY = date(2026, 11, 22)
BY_NUMBER = {order.number: order for order in ORDERS}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop.sqlite", today=lambda: TODAY)


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("10041", "not_delivered"),
        ("10043", "small"),
        ("10044", "returnable"),
        ("10045", "mattress"),
        ("10046", "made_to_order"),
        ("10048", "too_late"),
        ("10050", "closed"),
    ],
)
def test_orders_are_judged_as_the_faq_says(number: str, verdict: str) -> None:
    assert judged(BY_NUMBER[number], today=TODAY).verdict == verdict


@given(st.sampled_from([order for order in ORDERS if order.status == "delivered"]), st.integers(0, 120))
def test_the_days_left_lead_to_the_last_day(order: Order, later: int) -> None:
    today = TODAY + timedelta(days=later)
    delivered = delivery_day(order, today=TODAY)
    aged = Order(**{**vars(order), "delivery_in_days": (delivered - today).days})
    found = judged(aged, today=today)
    assert found.until is not None
    assert (found.verdict == "too_late") == (today > found.until)
    assert found.refund is None or found.refund in (order.price, order.price - PICKUP_FEE)
    if found.verdict != "too_late":
        assert today + timedelta(days=found.days_left) == found.until


def test_a_pickup_is_deducted_to_the_cent() -> None:
    assert judged(BY_NUMBER["10044"], today=TODAY).refund == Decimal("800")


def test_an_order_is_shown_only_with_what_it_is_under(shop: Shop) -> None:
    assert shop.order("10042", "Anna.Lee@Example.com") == BY_NUMBER["10042"]
    assert shop.order("10042", "97205") == BY_NUMBER["10042"]
    assert shop.order("10042", "tom.becker@example.com") is None
    assert shop.order("99999", "anna.lee@example.com") is None
    assert shop.order("10042", "' OR 1=1 --") is None


def test_the_same_key_makes_one_label(shop: Shop) -> None:
    first = shop.send_label("10043", key="a")
    assert shop.send_label("10043", key="a") == first
    assert shop.send_label("10043", key="b") != first
    shop.book_visit("10044", TODAY, "morning", key="a")
    shop.book_visit("10044", TODAY, "morning", key="a")
    assert shop.counts() == {"label": 2, "visit": 1}


def test_the_warehouse_wants_notice_and_rests_on_sundays() -> None:
    assert visit_problem(TODAY, today=TODAY) == "too_soon"
    assert visit_problem(date(2026, 11, 29), today=TODAY) == "sunday"
    assert visit_problem(date(2026, 11, 23), today=TODAY) is None


def test_everybody_in_the_shop_is_invented() -> None:
    assert all(order.email.endswith("@example.com") for order in ORDERS)
