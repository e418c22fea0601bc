"""Questions that nothing answered: what to write next."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from knowledge.rows import Provenance, UtcTime, new_id


class Gap(Provenance, table=True):
    id: UUID = Field(default_factory=new_id, primary_key=True)
    question: str
    conversation_id: UUID | None = None
    turn_id: UUID | None = None
    best_entry: str | None = None
    confidence: float | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=UtcTime)
