"""The table of drafts: what an editor may accept, edit or refuse. A draft answers nobody before that."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import JSON, String, Text
from sqlmodel import Field, SQLModel

from knowledge.rows import UtcTime, new_id

Kind = Literal["entry", "phrasing"]
Origin = Literal["desk", "transcript", "history", "choice"]
Status = Literal["open", "accepted", "refused"]


class DraftRow(SQLModel, table=True):
    """A new entry, or another phrasing of one, with how often customers asked for it."""

    __tablename__ = "draft"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    kind: Kind = Field(sa_type=String)
    origin: Origin = Field(sa_type=String)
    question: str = Field(sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    lang: str
    entry: str | None = None
    """The id, as the company knows it, of the entry that a phrasing belongs to or an accepted entry became."""
    examples: list[str] = Field(default_factory=list, sa_type=JSON)
    """The questions behind it as customers put them, the latest last."""
    evidence: int = 1
    """How many contacts speak for it."""
    seconds: float | None = None
    """What those contacts took a person in all, where that was measured."""
    status: Status = Field(default="open", sa_type=String, index=True)
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_by: str | None = None
    demo: bool = False
