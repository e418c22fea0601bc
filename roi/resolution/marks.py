"""Days on which something changed that a trend may show: a release, a price."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import Field, SQLModel, col

from knowledge.rows import UtcTime, new_id
from roi.books.tally import Scope
from roi.pricing.prices import Price

MarkKind = Literal["release", "price"]


class MarkRow(SQLModel, table=True):
    __tablename__ = "mark"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    date: date
    kind: str
    text: str
    written_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)


LONGEST = 200


def mark(day: date, text: str, *, kind: MarkKind = "release", company: str = "default") -> MarkRow:
    """Raises ValueError, in a sentence, for a text that is none."""
    words = " ".join(text.split())
    if not 0 < len(words) <= LONGEST:
        raise ValueError(f"a mark needs a text of at most {LONGEST} characters")
    return MarkRow(company=company, date=day, kind=kind, text=words)


@dataclass(frozen=True, order=True)
class Mark:
    date: date
    kind: MarkKind
    text: str


def marks(connection: Connection, scope: Scope, *, prices: Iterable[Price] = ()) -> list[Mark]:
    """Those of the period in order: what was noted, and the days on which one of these prices came into force."""
    period = scope.period
    rows = select(col(MarkRow.date), col(MarkRow.kind), col(MarkRow.text)).where(
        col(MarkRow.company) == scope.company, col(MarkRow.date) >= period.first, col(MarkRow.date) <= period.last
    )
    noted = {Mark(day, "price" if kind == "price" else "release", text) for day, kind, text in connection.execute(rows)}
    changed = {
        Mark(price.effective_from, "price", f"{price.vendor} {price.model} {price.unit}")
        for price in prices
        if price.effective_from and period.first <= price.effective_from <= period.last
    }
    return sorted(noted | changed)
