"""The hash chains at rest: a row for each writer and day, and a root for each day that is closed."""

from datetime import UTC, date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from knowledge.rows import UtcTime


class CostChain(SQLModel, table=True):
    """The lines one process wrote on one day (UTC): how many, and the link of the last."""

    __tablename__ = "cost_chain"
    __table_args__ = (Index("ix_cost_chain_writer_day", "writer", "day", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    writer: str
    day: date = Field(index=True)
    lines: int = 0
    head: str
    """Link of the last line; of none yet, what the first is linked to."""
    is_closed: bool = False
    """The day's root covers it; nothing is added any more."""


class CostRoot(SQLModel, table=True):
    """Closes a day: the hash of its chains and of the root before it."""

    __tablename__ = "cost_root"

    day: date = Field(primary_key=True)
    chains: int
    """0 in the root of what was written before there were chains: it is counted and no more."""
    lines: int
    previous: str = ""
    root: str
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
