"""What costs of a period come to in a part of it: by the day, so that the reports of consecutive days add up to the
whole, to the last digit.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel, col

from roi.books.ledger import CostLine
from roi.books.period import Slice
from roi.books.spreading import of_days
from roi.books.tally import Group, Scope

LINES = SQLModel.metadata.tables["cost_line"]


def of_a_period(*, company: str, first: date, after: date, with_demo: bool = True) -> ColumnElement[bool]:
    """Lines of a period that has a day in [first, after)."""
    overlap = and_(
        col(CostLine.period_start) < after, col(CostLine.period_end) > first, col(CostLine.company) == company
    )
    return overlap if with_demo else and_(overlap, col(CostLine.demo).is_(False))


def period_groups(connection: Connection, scope: Scope, slices: Sequence[Slice]) -> list[list[Group]]:
    """For each slice groups as tally.groups has them, of the lines of a period, with their share of the slice's days.
    A line counts as one usage, in the first slice that it reaches."""
    whole = scope.period
    query = LINES.select().where(
        of_a_period(
            company=scope.company, first=whole.first, after=whole.last + timedelta(days=1), with_demo=scope.with_demo
        )
    )
    rows = list(connection.execute(query).mappings())
    found = []
    for part in slices:
        after = part.end.astimezone(ZoneInfo(whole.zone)).date()
        reaching = (row for row in rows if row["period_start"] < after and row["period_end"] > part.first)
        found.append([_group(row, whole.first, part.first, after) for row in reaching])
    return found


def _group(row: Any, whole_first: date, first: date, after: date) -> Group:
    start, end, amount = row["period_start"], row["period_end"], row["amount"]
    is_usage = row["corrects"] is None and first <= max(start, whole_first) < after
    share = of_days(amount or Decimal(0), start, end, first=first, after=after)
    return Group(
        kind=row["kind"],
        meter=row["meter"],
        vendor=row["vendor"],
        model=row["model"],
        unit=row["unit"],
        currency=row["currency"],
        quantity=of_days(row["quantity"], start, end, first=first, after=after),
        known=share,
        count=int(is_usage),
        priced=int(is_usage and amount is not None),
        covered=0,
        measured=int(is_usage and row["measured"]),
        grade=row["grade"],
    )
