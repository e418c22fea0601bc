"""What the cost lines come to, at rest beside them: a report over a million conversations reads these, not the lines.

Each row is an exact sum, split into whole units and the rest of 1e-9 since one column of 64 bits would overflow. They
are written with the lines, in the same transaction (roi.books.sums); `dime roi verify` holds the two together.
"""

from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

QUARTER_S = 900
"""No time zone of this century has a border between days that is none between quarters of an hour."""


class CostSum(SQLModel, table=True):
    """Lines of a quarter of an hour that are alike, of one chain: so no writer waits for another's row."""

    __tablename__ = "cost_sum"
    __table_args__ = {"sqlite_with_rowid": False}

    quarter: int = Field(primary_key=True, sa_type=BigInteger)
    """Since 1970."""
    company: str = Field(primary_key=True, foreign_key="company.id")
    demo: bool = Field(primary_key=True)
    of_contact: bool = Field(primary_key=True)
    """Whether they belong to a conversation."""
    kind: str = Field(primary_key=True)
    meter: str = Field(primary_key=True)
    vendor: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    chain: int = Field(primary_key=True)
    """0 is lines from before there were chains."""
    lines: int = Field(sa_type=BigInteger)
    usages: int = Field(sa_type=BigInteger)
    """Without corrections."""
    unknown: int = Field(sa_type=BigInteger)
    """Usages without an amount; less one, in the later line's chain, for each that a later line settled."""
    covered: int = Field(sa_type=BigInteger)
    measured: int = Field(sa_type=BigInteger)
    grade: str
    """The worst."""
    quantity_whole: int = Field(sa_type=BigInteger)
    quantity_rest: int = Field(sa_type=BigInteger)
    amount_whole: int = Field(sa_type=BigInteger)
    amount_rest: int = Field(sa_type=BigInteger)


class ConversationCost(SQLModel, table=True):
    """All lines of a conversation in one currency, whenever they arose; without a foreign key, as the lines are."""

    __tablename__ = "conversation_cost"
    __table_args__ = {"sqlite_with_rowid": False}

    conversation_id: UUID = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    lines: int = Field(sa_type=BigInteger)
    people_lines: int = Field(sa_type=BigInteger)
    """Of them, paid to people."""
    unknown: int = Field(sa_type=BigInteger)
    own_whole: int = Field(sa_type=BigInteger)
    own_rest: int = Field(sa_type=BigInteger)
    people_whole: int = Field(sa_type=BigInteger)
    people_rest: int = Field(sa_type=BigInteger)
