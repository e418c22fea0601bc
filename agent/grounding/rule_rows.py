"""The table of the company's rules."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from knowledge.rows import UtcTime, new_id


class CompanyRuleRow(SQLModel, table=True):
    """What no model's sentence may say, as the editor wrote it."""

    __tablename__ = "company_rule"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    text: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
