"""What was said, at rest: conversations, turns, messages between people, and what the desk did with them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field, Session, SQLModel, col, select

from agent.people.handing_over import Category
from agent.turn import Turn, Who
from knowledge.curating.announcing import Told
from knowledge.rows import Provenance, UtcTime, new_id


class Conversation(Provenance, table=True):
    """One chat or one call. `at` is when it opened; nothing depends on an orderly end."""

    __table_args__ = (Index("ix_conversation_company_at", "company", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    state: str = "agent"
    """agent, waiting (for a person), colleague, or closed."""
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_by: str | None = None
    """customer, colleague, hangup or timeout."""
    last_at: datetime = Field(sa_type=UtcTime, index=True)
    """The last sign of life; a conversation silent for too long is closed by time-out."""
    outcome: str | None = None
    """What the colleague noted when closing: solved, callback, unsolved, spam."""
    handoff_reason: str | None = None
    handoff_category: str | None = None
    """agent.people.handing_over.Category of that reason."""
    helpful: bool | None = None
    """The customer's thumb, the last one given."""


class TurnRow(Provenance, table=True):
    """A turn as it was decided, with everything needed to explain it."""

    __tablename__ = "turn"
    __table_args__ = (
        Index("ix_turn_conversation_id_number", "conversation_id", "number"),
        Index("ix_turn_company_at", "company", "at"),
    )

    company: str = Field(default="default", foreign_key="company.id")
    id: UUID = Field(primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    number: int
    question: str = Field(sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    heard_answer: str | None = Field(default=None, sa_type=Text)
    action: str | None = None
    reason: str | None = None
    source_entry: str | None = Field(default=None, index=True)
    source: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    confidence: float | None = None
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    left_open: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the next turn may go on with: agent.telling.left_open."""
    stages_ms: dict[str, float] = Field(default_factory=dict, sa_type=JSON)
    milliseconds: float | None = None
    """From the question's arrival to the answer's end of work, engines included, playing excluded."""
    helpful: bool | None = None
    """The customer's thumb for this answer."""
    withheld: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """What a model said and the guard kept back: agent.grounding.withheld."""
    announced: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """Announcements that came before this answer, with the time they were told."""
    mood: str | None = None
    """The customer's, as agent.people.mood read it."""
    interrupted: bool = False
    finished: bool = False
    """False while the answer is still being made, and for ever where the process died on the way."""


class Message(SQLModel, table=True):
    """What a customer and a colleague say to each other once a person has taken over."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    author: str
    """customer or colleague."""
    name: str | None = None
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcTime)


class Handling(SQLModel, table=True):
    """One visit of a conversation to the desk: how long it waited, and how long a person worked on it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    reason: str
    category: str = Category.LOW_CONFIDENCE
    """agent.people.handing_over.Category of the reason."""
    waiting_since: datetime = Field(sa_type=UtcTime, index=True)
    colleague: str | None = None
    taken_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    handling_seconds: float | None = None
    outcome: str | None = None


class Callback(SQLModel, table=True):
    """A promise to call or write back, made when nobody was at the desk."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    contact: str
    note: str = ""
    wish: str = ""
    """When, in the customer's words; empty is any time."""
    requested_at: datetime = Field(sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: str | None = None
    """What came of it: reached, unreached or dropped; None for those closed before outcomes were kept."""


def provenance(who: Who, *, at: datetime) -> dict[str, Any]:
    """The columns of Provenance for these identities."""
    return {
        "company": who.company,
        "customer": who.customer,
        "channel": who.channel,
        "lang": who.lang,
        "arm": who.arm,
        "eligible": who.eligible,
        "demo": who.demo,
        "at": at,
    }


def open_conversation(session: Session, who: Who, *, conversation: UUID, at: datetime) -> Conversation:
    """The conversation's row, made at its first turn."""
    row = session.get(Conversation, conversation)
    if row is None:
        row = Conversation(id=conversation, last_at=at, **provenance(who, at=at))
        session.add(row)
        session.flush()
    return row


def write_turn(session: Session, turn: Turn, *, finished: bool) -> None:
    """Writes or overwrites the turn's row; its conversation is opened when it has none yet."""
    conversation = open_conversation(session, turn.who, conversation=turn.conversation, at=turn.at)
    conversation.last_at = max(conversation.last_at, turn.at)
    conversation.lang = turn.lang
    row = session.get(TurnRow, turn.id) or TurnRow(
        id=turn.id,
        conversation_id=turn.conversation,
        number=turn.number,
        question=turn.question,
        **provenance(turn.who, at=turn.at),
    )
    row.lang = turn.lang
    row.answer = turn.answer
    row.heard_answer = turn.heard_answer
    row.action = turn.action
    row.reason = turn.reason
    row.source_entry = turn.source.id if turn.source else None
    row.source = vars(turn.source).copy() if turn.source else None
    row.confidence = turn.confidence
    row.candidates = [vars(candidate).copy() for candidate in turn.candidates]
    row.withheld = [vars(kept).copy() for kept in turn.withheld]
    row.left_open = turn.left_open.as_json()
    row.stages_ms = {stage: round(ms, 1) for stage, ms in turn.budget.spent_ms.items()}
    row.milliseconds = round(sum(turn.budget.spent_ms.values()), 1)
    row.announced = [{"text": told.text, "lang": told.lang, "at": told.at.isoformat()} for told in turn.announced]
    row.mood = turn.mood
    row.interrupted = turn.interrupted
    row.finished = finished
    session.add(row)
    session.add(conversation)


def turns_of(session: Session, conversation: UUID) -> list[TurnRow]:
    query = select(TurnRow).where(TurnRow.conversation_id == conversation).order_by(col(TurnRow.number))
    return list(session.exec(query))


def announced_in(row: TurnRow) -> list[Told]:
    return [Told(told["text"], told["lang"], datetime.fromisoformat(told["at"])) for told in row.announced]
