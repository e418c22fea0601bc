"""The table of past contacts with people, as imported: what was asked, what was answered and how long it took."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from knowledge.rows import UtcTime, new_id


class ContactRow(SQLModel, table=True):
    """One ticket, chat or call. Names of customers and colleagues are never kept, only keys that tell them apart."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("company", "external_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    external_id: str
    source: str
    """The file it came from."""
    channel: str
    """chat, phone, email or ticket."""
    lang: str | None = None
    customer: str | None = Field(default=None, index=True)
    colleague: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    handling_seconds: float | None = None
    """Measured: what a person spent on it. None where the export does not say."""
    question: str = Field(default="", sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    topic: str | None = None
    """The export's own word for what it was about."""
    intent: str | None = Field(default=None, index=True)
    """The label of the entry that answers it, or of the group of questions it belongs to."""
    draft_id: UUID | None = Field(default=None, foreign_key="draft.id", ondelete="SET NULL", index=True)
    """The draft that speaks for its group."""
    demo: bool = False
    imported_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
