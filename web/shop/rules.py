"""The demo company's rules for returns and visits, as its FAQ has them. Pure: dates and money are worked out here, and
never by a model."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from web.shop.orders import Order

PICKUP_FEE = Decimal(99)
_DAYS = {"furniture": 30, "small": 60, "mattress": 30}
Verdict = Literal["returnable", "small", "mattress", "too_late", "made_to_order", "not_delivered", "closed"]


@dataclass(frozen=True)
class Return:
    """Whether an order can go back today, until when, and what is paid back."""

    verdict: Verdict
    until: date | None = None
    days_left: int = 0
    refund: Decimal | None = None
    """When a truck collects furniture; small pieces go back free of charge."""


def judged(order: Order, *, today: date) -> Return:
    if order.status in ("cancelled", "returned"):
        return Return("closed")
    if order.kind == "made_to_order":
        return Return("made_to_order")
    if order.status != "delivered":
        return Return("not_delivered")
    until = delivery_day(order, today=today) + timedelta(days=_DAYS[order.kind])
    if today > until:
        return Return("too_late", until)
    days_left = (until - today).days
    match order.kind:
        case "small":
            return Return("small", until, days_left, order.price)
        case "mattress":
            return Return("mattress", until, days_left, order.price - PICKUP_FEE)
        case _:
            return Return("returnable", until, days_left, order.price - PICKUP_FEE)


def delivery_day(order: Order, *, today: date) -> date:
    return today + timedelta(days=order.delivery_in_days)


def visit_problem(day: date, *, today: date) -> Literal["too_soon", "sunday"] | None:
    """The warehouse wants a day's notice and is closed on Sundays."""
    if day <= today:
        return "too_soon"
    return "sunday" if day.weekday() == 6 else None
