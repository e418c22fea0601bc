"""Orders that came within a day after an answer: a line of their own, never part of a ratio.

That an answer came before an order does not show that it led to it; only the experiment could.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, UniqueConstraint, and_, func, select
from sqlmodel import Field, col

from agent.history import TurnRow
from knowledge.rows import Provenance, UtcTime, new_id
from roi.books.money import Nano
from roi.books.tally import Scope

WITHIN = timedelta(hours=24)


class Sale(Provenance, table=True):
    """One order; `at` is when it was placed."""

    __table_args__ = (UniqueConstraint("reference"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    reference: str
    """The shop's number, or a digest of the row of a file: the same order is kept once."""
    source: str
    """`shop`, or the name of the file."""
    amount: Decimal = Field(sa_type=Nano)
    currency: str
    written_at: datetime = Field(sa_type=UtcTime)


@dataclass(frozen=True)
class Sales:
    orders: int
    amount: Decimal
    """Of those in `currency`."""
    currency: str
    answered_customers: int
    """Known by a key and answered in the period: those whose orders can be seen at all."""
    in_other_currencies: int = 0
    """Orders among `orders` whose amount is not in `amount`."""


def sales(connection: Connection, scope: Scope, *, currency: str) -> Sales:
    """Orders placed in the period by a customer who had been answered within the day before."""
    answered = and_(
        col(TurnRow.action).in_(("answer", "model")),
        col(TurnRow.finished),
        col(TurnRow.company) == scope.company,
    )
    if not scope.with_demo:
        answered = and_(answered, col(TurnRow.demo).is_(False))
    placed = and_(scope.of(Sale), col(Sale.customer).is_not(None))
    before = select(col(TurnRow.customer), col(TurnRow.at)).where(
        answered,
        col(TurnRow.customer).in_(select(col(Sale.customer)).where(placed)),
        col(TurnRow.at) > scope.period.start - WITHIN,
        col(TurnRow.at) < scope.period.end,
    )
    answers: dict[str | None, list[datetime]] = defaultdict(list)
    for customer, at in connection.execute(before.order_by(col(TurnRow.at))):
        answers[customer].append(at)
    orders = connection.execute(
        select(col(Sale.customer), col(Sale.at), col(Sale.amount), col(Sale.currency)).where(placed)
    )
    led = [(amount, paid_in) for customer, at, amount, paid_in in orders if followed(answers[customer], at)]
    own = [amount for amount, paid_in in led if paid_in == currency]
    known = select(func.count(col(TurnRow.customer).distinct())).where(scope.of(TurnRow), answered)
    return Sales(
        orders=len(led),
        amount=sum(own, Decimal(0)),
        currency=currency,
        answered_customers=connection.execute(known).scalar_one(),
        in_other_currencies=len(led) - len(own),
    )


def followed(answers: Sequence[datetime], at: datetime) -> bool:
    """Whether the latest of these answers, oldest first, came within the day before."""
    latest = bisect_right(answers, at)
    return latest > 0 and at - answers[latest - 1] < WITHIN
