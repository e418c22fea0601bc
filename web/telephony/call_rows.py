"""Calls at rest: a row is written when one begins and again when it ends, so that a killed call has its row too."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from knowledge.rows import Provenance, UtcTime, new_id


class CallRow(Provenance, table=True):
    """One call by one line. `at` is when it began; `customer` is the caller's key, the number itself is not kept."""

    __tablename__ = "phone_call"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    line_id: UUID = Field(index=True)
    """The line's own: a switch may use one twice, and then the newest counts."""
    conversation_id: UUID
    """Of the conversation, which has a row from its first turn on."""
    door: str
    dialled: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """None while it goes on, and for ever where the process died."""
    ending: str | None = None
    """voice.wire.Ending, or `error` where the line broke its protocol."""
    transferred_to: str | None = None
    duration_s: float | None = None
    turns: int = 0
    mouth_to_ear_ms_median: float | None = None
    mouth_to_ear_ms_worst: float | None = None
    frames_late: int = 0
    """Of 20 ms, for which silence stood in."""
    frames_dropped: int = 0
