"""The colleagues' desk: who waits, who has whom, what was said, and how long it took."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Engine, or_, update
from sqlmodel import Session, col, select

from agent.history import Callback, Conversation, Handling, Message, open_conversation, turns_of
from agent.people.handing_over import category_of
from agent.people.mood import gravest
from agent.people.summary import matter_of
from agent.transcript import transcript
from agent.turn import Who
from roi.books.labour import escalation
from roi.books.writer import Writer
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook
from web.desk.handovers import told_of

Outcome = Literal["solved", "callback", "unsolved", "spam"]
CallbackOutcome = Literal["reached", "unreached", "dropped"]


class TakenByAnother(Exception):
    """Somebody else has the conversation; the sentence names the colleague."""


class NotAtDesk(Exception):
    """The conversation does not wait for a person, or is closed."""


@dataclass(frozen=True)
class Waiting:
    """A conversation at the desk, as the list shows it."""

    id: UUID
    state: str
    waiting_since: datetime
    taken_at: datetime | None
    colleague: str | None
    reason: str
    category: str
    mood: str | None
    """The gravest of the conversation."""
    lang: str | None
    channel: str | None
    demo: bool
    matter: str
    """What the customer came for; what was said to the desk first, where nothing else was said."""
    last: str


class Desk:
    """Blocking; callers use a thread. Every change is one transaction."""

    def __init__(self, engine: Engine, *, baseline: Baseline, prices: PriceBook, currency: str, writer: Writer) -> None:
        """The baseline says what an hour of handling costs, so that a visit is booked when it ends."""
        self._engine = engine
        self._baseline = baseline
        self._prices = prices
        self._currency = currency
        self._writer = writer

    def listed(self) -> list[Waiting]:
        with Session(self._engine) as session:
            query = (
                select(Handling, Conversation)
                .join(Conversation, col(Conversation.id) == Handling.conversation_id)
                .where(col(Handling.closed_at).is_(None))
                .order_by(col(Handling.waiting_since))
            )
            return [_waiting(session, handling, row) for handling, row in session.exec(query)]

    def queue(self, who: Who, *, conversation: UUID, reason: str, at: datetime) -> None:
        """Lets a conversation wait for a person; one that waits already goes on waiting."""
        with Session(self._engine) as session:
            row = open_conversation(session, who, conversation=conversation, at=at)
            row.handoff_reason, row.handoff_category = reason, category_of(reason)
            if row.state not in ("waiting", "colleague"):
                row.state = "waiting"
                session.add(
                    Handling(
                        conversation_id=conversation, reason=reason, category=category_of(reason), waiting_since=at
                    )
                )
            session.add(row)
            session.commit()

    def note_missed(self, conversation: UUID, *, reason: str) -> None:
        """A person was wanted and nobody was there."""
        with Session(self._engine) as session:
            if row := session.get(Conversation, conversation):
                row.handoff_reason, row.handoff_category = reason, category_of(reason)
                session.add(row)
                session.commit()

    def hear(self, conversation: UUID, *, text: str, at: datetime, id: UUID | None = None) -> None:  # noqa: A002
        """What the customer says while waiting for, or talking to, a colleague; the same `id` is not said twice."""
        with Session(self._engine) as session:
            if id and session.get(Message, id):
                return
            row = session.get_one(Conversation, conversation)
            row.last_at = at
            session.add(row)
            said = Message(conversation_id=conversation, author="customer", text=text, at=at)
            said.id = id or said.id
            session.add(said)
            session.commit()

    def take(self, conversation: UUID, *, colleague: str, at: datetime) -> None:
        with Session(self._engine) as session:
            handling, row = _open_handling(session, conversation)
            if handling.colleague not in (None, colleague):
                raise TakenByAnother(f"{handling.colleague} has this conversation")
            is_free = or_(col(Handling.colleague).is_(None), col(Handling.colleague) == colleague)
            if not _moved(session, handling, is_free, colleague=colleague, taken_at=handling.taken_at or at):
                raise TakenByAnother("somebody else has just taken this conversation")
            row.state = "colleague"
            session.add(row)
            session.commit()

    def reply(self, conversation: UUID, *, colleague: str, text: str, at: datetime) -> None:
        with Session(self._engine) as session:
            handling, row = _open_handling(session, conversation)
            _check_taken(handling, colleague)
            row.last_at = at
            session.add(row)
            session.add(Message(conversation_id=conversation, author="colleague", name=colleague, text=text, at=at))
            session.commit()

    def close(self, conversation: UUID, *, colleague: str, outcome: Outcome, at: datetime) -> float:
        """Ends the visit and books the time it took; returns the handling seconds."""
        with Session(self._engine) as session:
            handling, row = _open_handling(session, conversation)
            _check_taken(handling, colleague)
            self._end(session, handling, row, outcome=outcome, at=at)
            row.state, row.closed_by, row.closed_at = "closed", "colleague", at
            session.commit()
            return handling.handling_seconds or 0.0

    def leave(self, conversation: UUID, *, at: datetime) -> None:
        """The customer ends the conversation; one that waited is not kept waiting, and time spent on it is booked."""
        with Session(self._engine) as session:
            row = session.get(Conversation, conversation)
            if row is None or row.state == "closed":
                return
            query = select(Handling).where(Handling.conversation_id == conversation, col(Handling.closed_at).is_(None))
            if handling := session.exec(query).first():
                with suppress(NotAtDesk):  # whoever ended it meanwhile has booked it
                    self._end(session, handling, row, outcome="left", at=at)
            row.state, row.closed_by, row.closed_at = "closed", "customer", at
            session.add(row)
            session.commit()

    def _end(self, session: Session, handling: Handling, row: Conversation, *, outcome: str, at: datetime) -> None:
        """Ends a visit to the desk; the time a colleague worked on it becomes a cost line."""
        taken_at = handling.taken_at
        worked = None if taken_at is None else max(0.0, (at - taken_at).total_seconds())
        if not _moved(session, handling, closed_at=at, outcome=outcome, handling_seconds=worked):
            raise NotAtDesk("this visit to the desk has just ended")
        row.outcome = outcome
        session.add(row)
        if worked is None:
            return
        line = escalation(
            Decimal(str(round(worked, 3))),
            _who(row),
            conversation=row.id,
            at=at,
            baseline=self._baseline,
            prices=self._prices,
            currency=self._currency,
        )
        self._writer.book(session, [line])

    def note_callback(
        self, who: Who, *, conversation: UUID, contact: str, note: str, at: datetime, wish: str = ""
    ) -> None:
        """The same contact asked for once more in a conversation is one call, at the time wished last."""
        with Session(self._engine) as session:
            open_conversation(session, who, conversation=conversation, at=at)
            query = select(Callback).where(
                Callback.conversation_id == conversation,
                Callback.contact == contact,
                col(Callback.done_at).is_(None),
            )
            row = session.exec(query).first() or Callback(
                conversation_id=conversation, contact=contact, requested_at=at
            )
            row.note, row.wish = note or row.note, wish
            session.add(row)
            session.commit()

    def callbacks(self) -> list[Callback]:
        with Session(self._engine) as session:
            query = select(Callback).where(col(Callback.done_at).is_(None)).order_by(col(Callback.requested_at))
            return list(session.exec(query))

    def callback_done(self, callback: UUID, *, at: datetime, outcome: CallbackOutcome | None = None) -> bool:
        """Closes it; the first to close it says what came of it."""
        with Session(self._engine) as session:
            row = session.get(Callback, callback)
            if row is None:
                return False
            if row.done_at is None:
                row.done_at, row.outcome = at, outcome
            session.add(row)
            session.commit()
            return True


def _open_handling(session: Session, conversation: UUID) -> tuple[Handling, Conversation]:
    query = select(Handling).where(Handling.conversation_id == conversation, col(Handling.closed_at).is_(None))
    handling = session.exec(query).first()
    if handling is None:
        raise NotAtDesk("this conversation does not wait for a person")
    return handling, session.get_one(Conversation, conversation)


def _moved(session: Session, handling: Handling, *still: ColumnElement[bool], **to: Any) -> bool:
    """Whether the visit is still open, and as `still` says, and has been changed: another thread or process may have
    been quicker since it was read."""
    here = (col(Handling.id) == handling.id, col(Handling.closed_at).is_(None))
    changed = cast("CursorResult[Any]", session.execute(update(Handling).where(*here, *still).values(**to)))
    return changed.rowcount == 1


def _who(row: Conversation) -> Who:
    return Who(
        "phone" if row.channel == "phone" else "chat",
        lang=row.lang or "en",
        company=row.company,
        customer=row.customer,
        arm=row.arm,
        eligible=row.eligible,
        demo=row.demo,
    )


def _check_taken(handling: Handling, colleague: str) -> None:
    if handling.colleague is None or handling.taken_at is None:
        raise NotAtDesk("take the conversation first")
    if handling.colleague != colleague:
        raise TakenByAnother(f"{handling.colleague} has this conversation")


def _waiting(session: Session, handling: Handling, row: Conversation) -> Waiting:
    lines, turns = transcript(session, row.id), turns_of(session, row.id)
    last = next((line.text for line in reversed(lines) if line.author == "customer"), "")
    said_to_desk = [line.text for line in lines if line.author == "customer" and line.turn is None]
    return Waiting(
        id=row.id,
        state=row.state,
        waiting_since=handling.waiting_since,
        taken_at=handling.taken_at,
        colleague=handling.colleague,
        reason=handling.reason,
        category=handling.category,
        mood=gravest(turn.mood for turn in turns),
        lang=row.lang,
        channel=row.channel,
        demo=row.demo,
        matter=matter_of([told_of(turn) for turn in turns]) or next(iter(said_to_desk), "") or last,
        last=last,
    )
