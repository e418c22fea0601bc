"""Vendors' invoices at rest."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from knowledge.rows import UtcTime
from roi.books.money import Nano


class InvoiceRow(SQLModel, table=True):
    """What a vendor billed for a period. Whether its difference is booked the ledger says."""

    __tablename__ = "invoice"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    company: str = Field(default="default", foreign_key="company.id", index=True)
    vendor: str = Field(index=True)
    period_start: date
    period_end: date
    """Exclusive."""
    amount: Decimal = Field(sa_type=Nano)
    currency: str
    file: str | None = None
    """Where it lies."""
    file_sha256: str | None = None
    note: str = ""
    entered_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)
