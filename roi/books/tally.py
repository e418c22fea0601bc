"""Adds the books up in SQL: a report over a million conversations must not load them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    and_,
    case,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel, col

from agent.history import Conversation, Handling
from roi.books.ledger import HUMAN_KINDS, PERIOD_METERS, CostLine
from roi.books.money import from_nano, joined
from roi.books.period import Period, Slice
from roi.books.sum_rows import QUARTER_S, CostSum
from roi.grade import Grade
from roi.people.baseline import Handled

Demo = Literal["auto", "exclude", "include"]
SUMS = SQLModel.metadata.tables["cost_sum"]
FIGURES_FROM = SUMS.columns.keys().index("lines")
MONEY = (SUMS.c.amount_whole, SUMS.c.amount_rest)


@dataclass(frozen=True)
class Scope:
    """Whose books and which of them: every query is held to the same rows."""

    company: str
    period: Period
    with_demo: bool

    def of(self, table: Any, *, within: Slice | None = None) -> ColumnElement[bool]:
        return self.between(table, *((within.start, within.end) if within else (self.period.start, self.period.end)))

    def between(self, table: Any, start: datetime, end: datetime) -> ColumnElement[bool]:
        rows = and_(col(table.at) >= start, col(table.at) < end, col(table.company) == self.company)
        return rows if self.with_demo else and_(rows, col(table.demo).is_(False))


@dataclass(frozen=True)
class Group:
    """All lines of one thing: `known` is the sum of the amounts that are known."""

    kind: str
    meter: str
    vendor: str
    model: str
    unit: str
    currency: str
    quantity: Decimal
    known: Decimal
    count: int
    """Usages; corrections change amounts but are no usages of their own."""
    priced: int
    covered: int
    measured: int
    grade: Grade
    """The worst among them."""

    @property
    def amount(self) -> Decimal | None:
        return self.known if self.priced == self.count else None

    @property
    def is_human(self) -> bool:
        return self.kind in HUMAN_KINDS

    @property
    def is_of_period(self) -> bool:
        return self.meter in PERIOD_METERS

    def plus(self, other: "Group") -> "Group":
        return replace(
            self,
            quantity=self.quantity + other.quantity,
            known=self.known + other.known,
            count=self.count + other.count,
            priced=self.priced + other.priced,
            covered=self.covered + other.covered,
            measured=self.measured + other.measured,
            grade=max(self.grade, other.grade),
        )


@dataclass(frozen=True)
class Day:
    """One bar of the trend; a month of a long period."""

    first: date
    conversations: int
    known: Decimal
    """AI and people together, in the report's currency."""
    is_complete: bool


def has_real(connection: Connection, company: str, period: Period) -> bool:
    """Whether the period has conversations that are no demo data."""
    found = select(literal(1)).where(Scope(company, period, False).of(Conversation)).limit(1)
    return connection.execute(found).first() is not None


def groups(connection: Connection, scope: Scope, within: Slice) -> list[Group]:
    """Of lines that arose at a moment; roi.books.shares has those of a period."""
    keys = [SUMS.c[name] for name in ("kind", "meter", "vendor", "model", "unit", "currency")]
    figures = [func.sum(column) for column in SUMS.columns.values()[FIGURES_FROM:] if column is not SUMS.c.grade]
    query = (
        select(*keys, *figures, func.max(CostSum.grade))
        .where(_summed(scope, within.start, within.end))
        .group_by(*keys)
    )  # fmt: skip
    return [as_group(row) for row in connection.execute(query)]


def as_group(row: Any) -> Group:
    (
        kind,
        meter,
        vendor,
        model,
        unit,
        currency,
        _,
        usages,
        unknown,
        covered,
        measured,
        quantity,
        quantity_rest,
        amount,
        amount_rest,
        grade,
    ) = row
    return Group(
        kind=kind,
        meter=meter,
        vendor=vendor,
        model=model,
        unit=unit,
        currency=currency,
        quantity=from_nano(joined(quantity, quantity_rest)),
        known=from_nano(joined(amount, amount_rest)),
        count=int(usages),
        priced=int(usages - unknown),
        covered=int(covered),
        measured=int(measured),
        grade=grade,
    )


def _summed(scope: Scope, start: datetime, end: datetime) -> ColumnElement[bool]:
    """The quarters of an hour between two borders of days."""
    quarter, company = col(CostSum.quarter), col(CostSum.company)
    first, after = (int(-(-at.timestamp() // QUARTER_S)) for at in (start, end))
    rows = and_(quarter >= first, quarter < after, company == scope.company)
    return rows if scope.with_demo else and_(rows, col(CostSum.demo).is_(False))


def is_unknown() -> ColumnElement[bool]:
    """A usage without an amount that no later line has settled."""
    later = aliased(CostLine)
    settled = exists().where(col(later.corrects) == col(CostLine.id))
    return and_(col(CostLine.corrects).is_(None), col(CostLine.amount).is_(None), ~settled)


def merged(many: Iterable[Group]) -> list[Group]:
    """One group for each thing, in a fixed order."""
    found: dict[tuple[str, ...], Group] = {}
    for one in many:
        key = (one.kind, one.meter, one.vendor, one.model, one.unit, one.currency)
        found[key] = found[key].plus(one) if key in found else one
    return [found[key] for key in sorted(found)]


def of_no_conversation(connection: Connection, scope: Scope, currency: str) -> tuple[Decimal, int]:
    """The running cost that belongs to no contact, such as an evaluation's; and how many of its lines are unknown."""
    is_own, of = col(CostSum.currency) == currency, SUMS.c
    parts = (case((is_own, of.unknown), else_=of.lines), *(case((is_own, each), else_=0) for each in MONEY))
    rows = select(*(func.sum(part) for part in parts)).where(
        _summed(scope, scope.period.start, scope.period.end), ~of.of_contact, of.kind.not_in(HUMAN_KINDS)
    )
    unknown, *known = connection.execute(rows).one()
    return from_nano(joined(*known)), int(unknown or 0)


def handled(connection: Connection, scope: Scope) -> list[Handled]:
    """Handling times at the desk, by channel, of the period's conversations; several visits of one add up."""
    rows = (
        select(
            col(Conversation.channel),
            func.count(col(Handling.conversation_id).distinct()),
            func.sum(col(Handling.handling_seconds)),
        )
        .join_from(Handling, Conversation, col(Conversation.id) == col(Handling.conversation_id))
        .where(scope.of(Conversation), col(Handling.handling_seconds) > 0)
        .group_by(col(Conversation.channel))
        .order_by(col(Conversation.channel))
    )
    return [
        Handled(channel, count, Decimal(str(round((seconds or 0.0) / count, 3))))
        for channel, count, seconds in connection.execute(rows)
        if channel is not None
    ]


def number(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((of, 1), else_=0)), 0)
