"""A conversation as people read it: turns and messages in one order of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from agent.history import Message, TurnRow, announced_in, turns_of
from agent.telling.left_open import left_open_of


@dataclass(frozen=True)
class Line:
    author: Literal["customer", "dime", "colleague", "notice"]
    """A notice is an announcement that the customer was told."""
    text: str
    at: datetime
    turn: UUID | None = None
    action: str | None = None
    source: dict[str, Any] | None = None
    name: str | None = None
    choices: tuple[str, ...] = ()
    mood: str | None = None
    """Of a customer's line that the agent answered."""


def transcript(session: Session, conversation: UUID) -> list[Line]:
    lines = [line for row in turns_of(session, conversation) for line in _lines_of(row)]
    query = select(Message).where(Message.conversation_id == conversation).order_by(col(Message.at))
    for message in session.exec(query):
        author: Literal["customer", "colleague"] = "customer" if message.author == "customer" else "colleague"
        lines.append(Line(author, message.text, message.at, name=message.name))
    return sorted(lines, key=lambda line: line.at)


def _lines_of(row: TurnRow) -> list[Line]:
    asked = [Line("customer", row.question, row.at, turn=row.id, mood=row.mood)] if row.question else []
    # Told while the answer was on its way, it came before the answer all the same.
    asked += [Line("notice", told.text, min(told.at, row.at)) for told in announced_in(row)]
    said = row.answer if row.heard_answer is None else row.heard_answer
    if not said:
        return asked
    choices = left_open_of(row.left_open).choices
    return [*asked, Line("dime", said, row.at, turn=row.id, action=row.action, source=row.source, choices=choices)]
