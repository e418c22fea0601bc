"""The conversations behind a figure: each figure of the report opens the rows that it counts."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Engine, and_, exists, func, or_, select, type_coerce
from sqlmodel import col

from agent.history import Conversation
from roi.books.ledger import CostLine
from roi.books.money import from_nano
from roi.books.period import Period
from roi.books.tally import Scope, is_unknown, number
from roi.resolution.ended import ended

MOST = 200
"""Rows of one page."""


@dataclass(frozen=True)
class Filter:
    """Which of the period's conversations; None is any."""

    outcome: str | None = None
    channel: str | None = None
    handover: str | None = None
    kind: str | None = None
    """Conversations with a cost line of this kind."""
    day: date | None = None
    settled_by: datetime | None = None
    """Later ones may still come back; None is none of them."""


@dataclass(frozen=True)
class Row:
    id: UUID
    at: datetime
    channel: str
    lang: str
    outcome: str
    handover: str | None
    known: Decimal
    is_complete: bool
    """Whether every line has an amount, in the report's currency."""


@dataclass(frozen=True)
class Rows:
    rows: list[Row]
    count: int
    """Of all that the filter lets through."""


def conversation_rows(
    engine: Engine, *, company: str, period: Period, with_demo: bool, only: Filter, currency: str, start: int = 0
) -> Rows:
    """The latest first. Blocking."""
    if only.day is not None:
        if not period.first <= only.day <= period.last:
            return Rows([], 0)
        period = replace(period, first=only.day, last=only.day)
    scope = Scope(company, period, with_demo)
    chosen = and_(scope.of(Conversation), *conditions(only))
    amount = type_coerce(CostLine.amount, BigInteger)
    mine, is_own = col(CostLine.conversation_id) == col(Conversation.id), col(CostLine.currency) == currency
    known = select(func.coalesce(func.sum(amount), 0)).where(mine, is_own).correlate(Conversation).scalar_subquery()
    unknown = select(number(or_(~is_own, is_unknown()))).where(mine).correlate(Conversation).scalar_subquery()
    query = (
        select(
            col(Conversation.id), col(Conversation.at), col(Conversation.channel), col(Conversation.lang),
            ended(only.settled_by).label("outcome"), col(Conversation.handoff_category), known, unknown,
        )
        .where(chosen)
        .order_by(col(Conversation.at).desc(), col(Conversation.id))
        .limit(MOST)
        .offset(start)
    )  # fmt: skip
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(Conversation).where(chosen)).scalar_one()
        rows = [
            Row(found, at, channel or "", lang or "", outcome, handover, from_nano(int(sum_)), not missing)
            for found, at, channel, lang, outcome, handover, sum_, missing in connection.execute(query)
        ]
    return Rows(rows, count)


def conditions(only: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if only.outcome is not None:
        found += [ended(only.settled_by) == only.outcome, col(Conversation.eligible).is_(True)]
    if only.channel is not None:
        found += [col(Conversation.channel) == only.channel, col(Conversation.eligible).is_(True)]
    if only.handover is not None:
        found.append(col(Conversation.handoff_category) == only.handover)
    if only.kind is not None:
        of_kind = and_(col(CostLine.conversation_id) == col(Conversation.id), col(CostLine.kind) == only.kind)
        found.append(exists().where(of_kind))
    return found
