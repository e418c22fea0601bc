"""The books as CSV, a row for each conversation or cost line, safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from sqlalchemy import BigInteger, Engine, and_, func, or_, select, type_coerce
from sqlmodel import col

from agent.history import Conversation
from roi.books.ledger import CostLine
from roi.books.money import from_nano
from roi.books.period import Period
from roi.books.shares import of_a_period
from roi.books.spreading import of_days
from roi.books.tally import Scope, is_unknown, number

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LINE_COLUMNS = (
    "id", "at", "written_at", "conversation_id", "turn_id", "period_start", "period_end", "kind", "meter", "vendor",
    "model", "unit", "quantity", "price_id", "unit_price", "per", "price_currency", "amount", "currency", "fx_rate",
    "fx_date", "covered", "measured", "grade", "purpose", "corrects", "company", "customer", "channel", "lang", "arm",
    "eligible", "demo",
)  # fmt: skip
CONVERSATION_COLUMNS = (
    "id", "at", "closed_at", "closed_by", "state", "outcome", "handoff_reason", "handoff_category",
    "helpful", "company", "customer", "channel", "lang", "arm", "eligible", "demo",
)  # fmt: skip


def lines_csv(engine: Engine, *, company: str, period: Period, with_demo: bool) -> Iterator[str]:
    """A row for each cost line, in pieces, so that a large ledger need not fit into memory. `in_period` is what the
    report counts: of a cost of a longer period its share of the days."""
    columns = [col(getattr(CostLine, name)) for name in LINE_COLUMNS]
    first, after = period.first, period.last + timedelta(days=1)
    at_a_moment = and_(Scope(company, period, with_demo).of(CostLine), col(CostLine.period_start).is_(None))
    of_days_too = of_a_period(company=company, first=first, after=after, with_demo=with_demo)
    query = select(*columns).where(or_(at_a_moment, of_days_too)).order_by(col(CostLine.at), col(CostLine.id))

    def in_period(row: Any) -> Decimal | None:
        if row.period_start is None or row.amount is None:
            return row.amount  # type: ignore[no-any-return]
        return of_days(row.amount, row.period_start, row.period_end, first=first, after=after)

    return rows_csv(engine, (*LINE_COLUMNS, "in_period"), query, last=in_period)


def conversations_csv(engine: Engine, *, company: str, period: Period, with_demo: bool) -> Iterator[str]:
    """A row for each conversation opened in the period, with its cost: all of it, whenever it arose."""
    names = (*CONVERSATION_COLUMNS, "lines", "unpriced_lines", "known_cost", "currency")
    amount = type_coerce(CostLine.amount, BigInteger)
    scope = Scope(company, period, with_demo)
    query = (
        select(
            *(col(getattr(Conversation, name)) for name in CONVERSATION_COLUMNS),
            func.count(col(CostLine.id)),
            number(and_(col(CostLine.id).is_not(None), is_unknown())),
            func.coalesce(func.sum(amount), 0),
            col(CostLine.currency),
        )
        .join_from(Conversation, CostLine, col(CostLine.conversation_id) == col(Conversation.id), isouter=True)
        .where(scope.of(Conversation))
        .group_by(col(Conversation.id), col(CostLine.currency))
        .order_by(col(Conversation.at), col(Conversation.id))
    )
    return rows_csv(engine, names, query, nano=len(names) - 2)


def rows_csv(
    engine: Engine,
    names: Iterable[str],
    query: Any,
    *,
    nano: int | None = None,
    last: Callable[[Any], object] | None = None,
) -> Iterator[str]:
    """`nano`: the column that is a sum of 1e-9 units. `last`: what a further column has."""
    page = StringIO()
    writer = csv.writer(page)
    writer.writerow(names)
    with engine.connect().execution_options(yield_per=1000) as connection:
        for rows in connection.execute(query).partitions():
            for row in rows:
                cells = [from_nano(int(cell)) if n == nano else cell for n, cell in enumerate(row)]
                writer.writerow([safe(cell) for cell in (*cells, *([last(row)] if last else []))])
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()


def safe(cell: object) -> object:
    """A spreadsheet runs text that begins like a formula; an apostrophe before it makes it text again."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
