"""The tables the library rests in. An entry gone from its source is retired, not deleted: the books refer to it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from knowledge.entry import Entry, Kind
from knowledge.rows import Provenance, UtcTime, new_id

Status = Literal["active", "retired"]


def _now() -> datetime:
    return datetime.now(UTC)


class SourceRow(SQLModel, table=True):
    """A document that was added; adding one of the same name again replaces what came from it."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("company", "name"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id")
    name: str
    kind: str
    sha256: str
    added_at: datetime = Field(default_factory=_now, sa_type=UtcTime)


class EntryRow(Provenance, table=True):
    """One entry in one language; `external_id` is the id the company knows it by."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("company", "external_id", "lang"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    external_id: str
    question: str
    answer: str = ""
    intent: str | None = None
    tags: str = ""
    """Separated by |."""
    url: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    source_id: UUID = Field(foreign_key="source.id", index=True)
    line: int | None = None
    page: int | None = None
    kind: Kind = Field(default="question", sa_type=String)
    status: Status = Field(default="active", sa_type=String, index=True)
    updated_at: datetime = Field(default_factory=_now, sa_type=UtcTime)


class PhrasingRow(SQLModel, table=True):
    """Another way of asking an entry's question."""

    __tablename__ = "phrasing"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    entry_id: UUID = Field(foreign_key="entry.id", index=True)
    position: int
    text: str
    learnt: bool = False
    """It came from customers, not from the source, so reading the source again keeps it."""


class KnowledgeStateRow(SQLModel, table=True):
    """Counts every change of the knowledge, so that a running server sees by a glance that it must read again."""

    __tablename__ = "knowledge_state"

    company: str = Field(default="default", foreign_key="company.id", primary_key=True)
    version: int = 0


def to_entry(row: EntryRow | Row[Any], variants: Iterable[str], *, source: str = "") -> Entry:
    """From a whole row, or from one that has these columns."""
    return Entry(
        id=row.external_id,
        question=row.question,
        answer=row.answer,
        variants=tuple(variants),
        intent=row.intent,
        lang=row.lang or "",
        tags=tuple(row.tags.split("|")) if row.tags else (),
        url=row.url,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        kind=row.kind,
        source=source,
        line=row.line,
        page=row.page,
    )


def texts_of(phrasings: Iterable[PhrasingRow]) -> list[str]:
    return [phrasing.text for phrasing in phrasings]
