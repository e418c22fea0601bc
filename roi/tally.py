"""Adds the books up in SQL: a report over a million conversations must not load them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from sqlalchemy import (
    Connection,
    and_,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from agent.history import Conversation, Handling, TurnRow
from roi.baseline import Handled
from roi.grade import Grade
from roi.ledger import HUMAN_KINDS, CostLine
from roi.money import from_nano, joined, nano_sums
from roi.outcomes import Outcome
from roi.period import Period, Slice

Demo = Literal["auto", "exclude", "include"]


@dataclass(frozen=True)
class Scope:
    """Whose books and which of them: every query is held to the same rows."""

    company: str
    period: Period
    with_demo: bool

    def of(self, table: Any, *, within: Slice | None = None) -> ColumnElement[bool]:
        start, end = (within.start, within.end) if within else (self.period.start, self.period.end)
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


def demo_and_real(connection: Connection, company: str, period: Period) -> tuple[int, int]:
    """Conversations of the period that are demo data, and that are not."""
    rows = select(col(Conversation.demo), func.count()).where(Scope(company, period, True).of(Conversation))
    counts = {bool(demo): n for demo, n in connection.execute(rows.group_by(col(Conversation.demo)))}
    return counts.get(True, 0), counts.get(False, 0)


def groups(connection: Connection, scope: Scope, within: Slice) -> list[Group]:
    keys = [col(CostLine.kind), col(CostLine.meter), col(CostLine.vendor), col(CostLine.model), col(CostLine.unit)]
    is_usage = col(CostLine.corrects).is_(None)
    query = (
        select(
            *keys,
            col(CostLine.currency),
            *nano_sums(CostLine.quantity),
            *nano_sums(CostLine.amount),
            number(is_usage).label("usages"),
            number(is_unknown()).label("unknown"),
            number(and_(is_usage, col(CostLine.covered))).label("covered"),
            number(and_(is_usage, col(CostLine.measured))).label("measured"),
            func.max(CostLine.grade).label("grade"),
        )
        .where(scope.of(CostLine, within=within))
        .group_by(*keys, col(CostLine.currency))
    )
    return [as_group(row) for row in connection.execute(query)]


def as_group(row: Any) -> Group:
    kind, meter, vendor, model, unit, currency, quantity, quantity_rest, amount, amount_rest, *_ = row
    return Group(
        kind=kind,
        meter=meter,
        vendor=vendor,
        model=model,
        unit=unit,
        currency=currency,
        quantity=from_nano(joined(quantity, quantity_rest)),
        known=from_nano(joined(amount, amount_rest)),
        count=row.usages,
        priced=row.usages - row.unknown,
        covered=row.covered,
        measured=row.measured,
        grade=row.grade,
    )


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


def conversations(connection: Connection, scope: Scope, within: Slice) -> int:
    return connection.execute(select(func.count()).where(scope.of(Conversation, within=within))).scalar_one()


def outcomes(connection: Connection, scope: Scope) -> dict[str, dict[Outcome, int]]:
    """Eligible conversations by channel and class."""
    asked = exists().where(col(TurnRow.conversation_id) == col(Conversation.id))
    answered = exists().where(col(TurnRow.conversation_id) == col(Conversation.id), col(TurnRow.finished))
    each = (
        select(
            col(Conversation.channel).label("channel"),
            case(
                (~asked, "not_involved"),
                (col(Conversation.handoff_reason).is_not(None), "escalated_assisted"),
                (col(Conversation.helpful).is_(True), "verified_resolved"),
                (col(Conversation.state) != "closed", "immature"),
                (answered, "contained_unverified"),
                else_="abandoned",
            ).label("outcome"),
        )
        .where(scope.of(Conversation), col(Conversation.eligible))
        .subquery()
    )
    rows = select(each.c.channel, each.c.outcome, func.count()).group_by(each.c.channel, each.c.outcome)
    found: dict[str, dict[Outcome, int]] = {}
    for channel, outcome, count in connection.execute(rows):
        found.setdefault(channel or "", dict.fromkeys(get_args(Outcome), 0))[outcome] = count
    return found


def handovers(connection: Connection, scope: Scope) -> dict[str, int]:
    """Conversations for which a person was wanted, by why (agent.people.handing_over.Category), most first."""
    category = col(Conversation.handoff_category)
    rows = (
        select(category, func.count())
        .where(scope.of(Conversation), category.is_not(None))
        .group_by(category)
        .order_by(func.count().desc(), category)
    )
    return {name: count for name, count in connection.execute(rows) if name is not None}


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
