"""What every table shares: names for constraints, UTC times, and the identities each fact carries.

It lives in the lowest layer so that knowledge, agent and roi write rows that join without knowing each other.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; refuses a naive one, since its zone could only be guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Company(SQLModel, table=True):
    """Whose customers are served. One row, `default`, until there are more."""

    id: str = Field(default="default", primary_key=True)
    name: str
    time_zone: str = "UTC"
    """IANA name; decides day borders and business hours."""
    currency: str = "USD"
    """ISO 4217."""


class Provenance(SQLModel):
    """Who, how and when: carried by every conversation, turn, cost line, entry and gap."""

    company: str = Field(default="default", foreign_key="company.id", index=True)
    customer: str | None = Field(default=None, index=True)
    """HMAC of visitor, signed id or caller number; None is an unlinked customer."""
    channel: str | None = None
    lang: str | None = None
    arm: str | None = None
    """Experiment arm; None while no experiment runs."""
    eligible: bool = True
    """Whether this contact belongs to those the agent may take."""
    demo: bool = False
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime, index=True)


def new_id() -> UUID:
    return uuid4()
