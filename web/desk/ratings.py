"""Customers' ratings of a contact that is over: who was asked, and what they gave. Blocking; callers use a thread."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from agent.history import Conversation, Handling, TurnRow
from knowledge.rows import Provenance
from roi.quality.satisfaction import Rating


class Ratings:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, conversation: UUID, *, at: datetime) -> bool:
        """Notes that the customer is asked; False where there is nothing to rate, or they were asked before."""
        with Session(self._engine) as session:
            row, before = session.get(Conversation, conversation), session.get(Rating, conversation)
            if row is None or before is not None or not _had_somebody(session, conversation):
                return False
            session.add(_asked(row, at))
            session.commit()
            return True

    def rate(self, conversation: UUID, *, score: int | None, at: datetime, customer: str | None = None) -> bool:
        """Keeps the score, the last one given; without a score, only that the customer was asked. False where there is
        no such conversation, or it is not this customer's."""
        with Session(self._engine) as session:
            row = session.get(Conversation, conversation)
            if row is None or (customer is not None and row.customer != customer):
                return False
            rating = session.get(Rating, conversation) or _asked(row, at)
            if score is not None:
                rating.score, rating.rated_at = score, at
            session.add(rating)
            session.commit()
            return True


def _asked(row: Conversation, at: datetime) -> Rating:
    return Rating(conversation_id=row.id, asked_at=at, **{name: getattr(row, name) for name in Provenance.model_fields})


def _had_somebody(session: Session, conversation: UUID) -> bool:
    answered = session.exec(select(TurnRow.id).where(TurnRow.conversation_id == conversation).limit(1)).first()
    return answered is not None or (
        session.exec(select(Handling.id).where(Handling.conversation_id == conversation).limit(1)).first() is not None
    )
