"""Which conversation a chat completion belongs to: its client sends the whole history each time, and no id.

The history is looked up in the books. Two conversations that went alike to the last word are interchangeable, so one
that nobody has gone on with is taken; what went before is never more than what the client has shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.earlier import Earlier
from agent.history import Conversation, TurnRow, turns_of
from agent.transcript import transcript
from agent.turn import Who
from agent.understanding.language import language_of
from web.conversing.conversations import LOOK_BACK, earlier_of

_NAMED_AT_ONCE = 100
_LIKELY = 50
"""Conversations with the same last question that are compared as a whole."""
_BACK = 10
"""Exchanges, from the last one, by which a conversation is looked for: a colleague's are no turns."""


@dataclass(frozen=True)
class Thread:
    conversation: UUID
    state: str = "agent"
    earlier: list[Earlier] | None = None
    """None: all that the conversation has."""
    left: UUID | None = None
    """The one before, where it is over: a colleague may have said something in it that nobody has asked for yet."""


class Threads:
    """Blocking; called through asyncio.to_thread."""

    def __init__(self, engine: Engine, *, silence: timedelta, wording: Callable[[Sequence[str]], list[str]]) -> None:
        """`silence` closes a conversation; `wording` is how its questions are kept."""
        self._engine = engine
        self._silence = silence
        self._wording = wording

    def named(self, name: str, *, who: Who) -> Thread:
        """By the client's own name for it, or by the id it got from us. Once closed, the name goes on with the next."""
        with Session(self._engine) as session:
            known = session.get(Conversation, found) if (found := _as_uuid(name)) else None
            if known is not None and known.customer == who.customer and known.state != "closed":
                return Thread(known.id, known.state)
            left = known.id if known is not None and known.customer == who.customer else None
            for start in count(0, _NAMED_AT_ONCE):
                own = f"{who.company}:{who.customer}:{name}"
                ids = [uuid5(NAMESPACE_OID, f"{own}:{number}") for number in range(start, start + _NAMED_AT_ONCE)]
                query = select(Conversation.id, Conversation.state).where(col(Conversation.id).in_(ids))
                states = dict(session.exec(query).all())
                for each in ids:
                    if each not in states:
                        return Thread(each, left=left)
                    if states[each] != "closed":
                        return Thread(each, states[each])
                    left = each
        raise AssertionError("there is always another name")

    def of_history(self, before: list[tuple[str, str]], *, who: Who, now: datetime) -> Thread:
        """By what was said so far. A history that the books do not know opens a conversation and is taken as it is."""
        if not before:
            return Thread(uuid4())
        kept = self._wording([question for question, _ in before])
        worded = list(zip(kept, (answer for _, answer in before), strict=True))
        with Session(self._engine) as session:
            for size in range(len(worded), max(0, len(worded) - _BACK), -1):
                is_with_person = size < len(worded)
                if found := self._went_like(session, worded[:size], who=who, now=now, is_with_person=is_with_person):
                    return found
            left = self._left(session, worded, who=who, now=now)
        return Thread(uuid4(), earlier=[_claimed(*exchange, who=who) for exchange in worded[-LOOK_BACK:]], left=left)

    def _left(self, session: Session, before: list[tuple[str, str]], *, who: Who, now: datetime) -> UUID | None:
        """The one conversation that a colleague has closed and in which the customer said just this. Where two did,
        nobody is told what was said to the other."""
        asked = [question for question, _ in before]
        query = (
            select(TurnRow.conversation_id)
            .join(Conversation, col(Conversation.id) == col(TurnRow.conversation_id))
            .where(
                Conversation.last_at >= now - self._silence,
                Conversation.state == "closed",
                Conversation.closed_by == "colleague",
                Conversation.company == who.company,
                Conversation.customer == who.customer,
                col(TurnRow.question).in_(asked),
            )
            .order_by(col(TurnRow.at).desc())
            .limit(_LIKELY)
        )
        found = set()
        for conversation in dict.fromkeys(session.exec(query)):
            lines = transcript(session, conversation)
            said = [line.text for line in lines if line.author == "customer"]
            told = [line.text for line in lines if line.author == "dime"]
            is_shown = all(any(_is_alike(text, answer) for _, answer in before) for text in told)
            if is_shown and said == asked[: len(said)]:
                found.add(conversation)
        return found.pop() if len(found) == 1 else None

    def _went_like(
        self, session: Session, before: list[tuple[str, str]], *, who: Who, now: datetime, is_with_person: bool
    ) -> Thread | None:
        """`is_with_person`: only one that waits for a person, who has said what the history has beyond it."""
        question, answer = before[-1]
        states = ("waiting", "colleague") if is_with_person else ("agent", "waiting", "colleague")
        query = (
            select(TurnRow, Conversation)
            .join(Conversation, col(Conversation.id) == col(TurnRow.conversation_id))
            .where(
                Conversation.last_at >= now - self._silence,
                col(Conversation.state).in_(states),
                Conversation.company == who.company,
                Conversation.customer == who.customer,
                TurnRow.question == question,
            )
            .order_by(col(TurnRow.at).desc())
            .limit(_LIKELY)
        )
        gone_on_with: Thread | None = None
        for row, conversation in session.exec(query):
            if not _is_alike(row.answer, answer):
                continue
            turns = turns_of(session, row.conversation_id)
            until = turns[: row.number]
            if not _ends_like(until, before, is_whole=who.customer is None):
                continue
            thread = Thread(conversation.id, conversation.state, [earlier_of(turn) for turn in until[-LOOK_BACK:]])
            if len(turns) == row.number:
                return thread
            gone_on_with = gone_on_with or thread
        return gone_on_with


def _ends_like(turns: list[TurnRow], before: list[tuple[str, str]], *, is_whole: bool) -> bool:
    """A client may have dropped the beginning; where nobody is named, only the whole shows that it is theirs."""
    if len(turns) < len(before) or (is_whole and len(turns) != len(before)):
        return False
    last = turns[len(turns) - len(before) :]
    return all(
        turn.question == question and _is_alike(turn.answer, answer)
        for turn, (question, answer) in zip(last, before, strict=True)
    )


def _is_alike(kept: str, shown: str) -> bool:
    """Announcements and choices stand around an answer; one that was cut short is shown in part."""
    kept, shown = " ".join(kept.split()), " ".join(shown.split())
    return bool(kept and shown) and (kept in shown or shown in kept)


def _claimed(question: str, answer: str, *, who: Who) -> Earlier:
    return Earlier(question, answer, None, language_of(question, previous=who.lang))


def _as_uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
