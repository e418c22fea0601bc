"""Conversations as the doors need them: looked up for their owner, opened, read, closed by time-out."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.earlier import Earlier
from agent.history import Conversation, Handling, TurnRow, announced_in, turns_of
from agent.telling.entry_telling import put_aside
from agent.telling.left_open import LeftOpen, left_open_of
from agent.transcript import Line, transcript
from knowledge.curating.announcing import Told
from knowledge.curating.gaps import record_gap, wrong_gaps_of
from knowledge.rows import Provenance

LOOK_BACK = 3
"""Earlier turns the agent sees."""


class Conversations:
    """Blocking; the doors call it through asyncio.to_thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, conversation: UUID) -> Conversation | None:
        with Session(self._engine) as session:
            return session.get(Conversation, conversation)

    def of_customer(self, conversation: UUID, *, customer: str) -> Conversation | None:
        """None as well where it is somebody else's: a stranger learns nothing about what exists."""
        row = self.find(conversation)
        return row if row is not None and row.customer == customer else None

    def all_of(self, customer: str) -> list[UUID]:
        """Every conversation of one customer."""
        with Session(self._engine) as session:
            return list(session.exec(select(Conversation.id).where(Conversation.customer == customer)))

    def read(self, conversation: UUID) -> list[Line]:
        with Session(self._engine) as session:
            return transcript(session, conversation)

    def turn(self, id: UUID) -> TurnRow | None:  # noqa: A002
        with Session(self._engine) as session:
            return session.get(TurnRow, id)

    def of_turn(self, turn: UUID) -> UUID:
        with Session(self._engine) as session:
            return session.get_one(TurnRow, turn).conversation_id

    def earlier(self, conversation: UUID) -> tuple[int, list[Earlier]]:
        """How many turns there are, and the last of them."""
        with Session(self._engine) as session:
            rows = turns_of(session, conversation)
            return len(rows), [earlier_of(row) for row in rows[-LOOK_BACK:]]

    def left_open(self, conversation: UUID) -> LeftOpen:
        """What its last turn left open."""
        _, earlier = self.earlier(conversation)
        return earlier[-1].left_open if earlier else LeftOpen()

    def told(self, conversation: UUID) -> list[Told]:
        """The announcements it has had."""
        with Session(self._engine) as session:
            return [told for row in turns_of(session, conversation) for told in announced_in(row)]

    def thumb(self, conversation: UUID, *, turn: UUID, helpful: bool | None) -> None:
        """Keeps a thumb on the turn it was given for, and the last one on the conversation; None takes it back. An
        answer that did not help is a gap for as long as the thumb is down."""
        with Session(self._engine) as session:
            row = session.get_one(Conversation, conversation)
            rated = session.get(TurnRow, turn)
            if rated is None or rated.conversation_id != conversation:
                return
            row.helpful = rated.helpful = helpful
            session.add_all([row, rated])
            note_wrong(session, rated, is_wrong=helpful is False)
            session.commit()

    def close(self, conversation: UUID, *, by: str, at: datetime) -> None:
        """Closing what is closed already, or was never opened, changes nothing."""
        with Session(self._engine) as session:
            row = session.get(Conversation, conversation)
            if row is None or row.state == "closed":
                return
            row.state, row.closed_by, row.closed_at = "closed", by, at
            session.add(row)
            session.commit()

    def close_silent(self, *, older_than: timedelta, now: datetime) -> int:
        """Closes by time-out what has been silent for too long; who waits for a person is not sent away."""
        with Session(self._engine) as session:
            query = select(Conversation).where(
                Conversation.state == "agent", col(Conversation.last_at) < now - older_than
            )
            silent = list(session.exec(query))
            for row in silent:
                row.state, row.closed_by, row.closed_at = "closed", "timeout", now
                session.add(row)
            session.commit()
            return len(silent)

    def handling(self, conversation: UUID) -> Handling | None:
        """The latest visit to the desk."""
        with Session(self._engine) as session:
            query = (
                select(Handling)
                .where(Handling.conversation_id == conversation)
                .order_by(col(Handling.waiting_since).desc())
                .limit(1)
            )
            return session.exec(query).first()


def note_wrong(session: Session, turn: TurnRow, *, is_wrong: bool) -> None:
    """An answer that was wrong is a gap, once, for as long as it counts as wrong."""
    known = wrong_gaps_of(session, turn.id, conversation=turn.conversation_id)
    if not is_wrong:
        for gap in known:
            session.delete(gap)
        return
    if known or turn.source_entry is None:
        return
    record_gap(
        session,
        turn.question,
        identity=Provenance(**{name: getattr(turn, name) for name in Provenance.model_fields}),
        conversation_id=turn.conversation_id,
        turn_id=turn.id,
        best_entry=turn.source_entry,
        confidence=turn.confidence,
        is_wrong=True,
    )


def earlier_of(row: TurnRow) -> Earlier:
    """A thumb on a guide's step says that the customer is through with it."""
    left_open = left_open_of(row.left_open)
    if row.helpful is not None and left_open.walk:
        left_open = put_aside(left_open)
    return Earlier(
        row.question,
        row.answer,
        row.reason,
        row.lang or "en",
        left_open,
        action=row.action,
        source=row.source_entry,
        mood=row.mood,
    )
