"""The tables of what concerns everybody at once: an editor's announcements, and alerts about sudden questions."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import JSON, Text
from sqlmodel import Field, SQLModel

from knowledge.rows import UtcTime, new_id


class AnnouncementRow(SQLModel, table=True):
    """Said first on every channel, in its language, while it is valid."""

    __tablename__ = "announcement"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    lang: str
    text: str = Field(sa_type=Text)
    valid_from: datetime = Field(sa_type=UtcTime)
    valid_until: datetime = Field(sa_type=UtcTime, index=True)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)


class AlertRow(SQLModel, table=True):
    """Many questions about one new thing within an hour, with examples."""

    __tablename__ = "alert"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    lang: str | None = None
    question: str = Field(sa_type=Text)
    """The question nearest to the middle of them."""
    count: int
    """Customers who asked, each counted once."""
    examples: list[str] = Field(default_factory=list, sa_type=JSON)
    entry: str | None = None
    """The id of the entry that answers them and is asked far more than usual; None where nothing answers them."""
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime, index=True)
    """When it was raised."""
    last_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
    """The latest question that belongs to it."""
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcTime)
