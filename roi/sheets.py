"""The books as CSV, a row for each conversation or cost line, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

from sqlalchemy import BigInteger, Engine, and_, func, select, type_coerce
from sqlmodel import col

from agent.history import Conversation
from roi.ledger import CostLine
from roi.money import from_nano
from roi.period import Period
from roi.tally import Scope, is_unknown, number

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
    """A row for each cost line, in pieces, so that a large ledger need not fit into memory."""
    columns = [col(getattr(CostLine, name)) for name in LINE_COLUMNS]
    query = select(*columns).where(Scope(company, period, with_demo).of(CostLine))
    return rows_csv(engine, LINE_COLUMNS, query.order_by(col(CostLine.at), col(CostLine.id)))


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


def rows_csv(engine: Engine, names: Iterable[str], query: Any, *, nano: int | None = None) -> Iterator[str]:
    """`nano`: the column that is a sum of 1e-9 units."""
    page = StringIO()
    writer = csv.writer(page)
    writer.writerow(names)
    with engine.connect().execution_options(yield_per=1000) as connection:
        for rows in connection.execute(query).partitions():
            for row in rows:
                cells = [from_nano(int(cell)) if n == nano else cell for n, cell in enumerate(row)]
                writer.writerow([safe(cell) for cell in cells])
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()


def safe(cell: object) -> object:
    """A spreadsheet runs text that begins like a formula; an apostrophe before it makes it text again."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
