"""The audit at work: draws answers and silent contacts at random, hands them to graders, keeps what they say.

A grader sees neither the other's grade nor that there is one. Blocking; callers use a thread.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from sqlalchemy import Engine, and_, func, or_
from sqlmodel import Session, col, select

from agent.history import Conversation, TurnRow
from agent.transcript import Line, transcript
from knowledge.rows import Provenance
from roi.experiment.holdout import place
from roi.quality.agreement import settled
from roi.quality.audits import GRADERS, WORST_LAST, AuditGrade, AuditItem, Subject, is_silent
from web.conversing.conversations import note_wrong

SEED = "audit"
WINDOW = timedelta(days=31)
LEAST = 100
"""Answers, and contacts, drawn of a window's however small the share: of none wrong in a hundred, at most 3.7 % are."""
ANEW_AFTER = timedelta(hours=1)
"""What has come meanwhile is drawn from at most this often, unless a grader has nothing left."""


class NoSuchAudit(LookupError):
    """Nothing was drawn under this id."""


class NotAGrade(ValueError):
    """The grade is none for this subject, or the grader has no name; the sentence says which there are."""


class AlreadySettled(RuntimeError):
    """Enough others have graded it."""


@dataclass(frozen=True)
class ToGrade:
    """What a grader sees."""

    id: UUID
    subject: Subject
    grades: Sequence[str]
    """Which there are to choose from, the best first."""
    turn: TurnRow | None
    """None for a contact."""
    lines: Sequence[Line]
    """A contact's, or what was said before the answer."""
    conversation: Conversation


@dataclass(frozen=True)
class Progress:
    drawn: int
    settled: int
    open: int
    """Wait for a first, a second or a third grade."""
    disputed: int
    """Of the open: two graders disagree."""


class Audits:
    def __init__(self, engine: Engine, *, share: float) -> None:
        """`share` of the answers, and of the silent contacts; 0 draws nothing."""
        self._engine = engine
        self._share = share
        self._drawn_at: datetime | None = None
        self._drawing = threading.Lock()
        """Two who begin to grade at once must not draw the same."""

    def next(self, grader: str, *, now: datetime) -> ToGrade | None:
        """What this grader has not seen: first what another has graded, so that pairs come about, then the next of the
        random order."""
        name = named(grader)
        if self._drawn_at is None or now - self._drawn_at > ANEW_AFTER:
            self.draw(now)
        return self._next(name, now) or (self._next(name, now) if self.draw(now) else None)

    def _next(self, name: str, now: datetime) -> ToGrade | None:
        with Session(self._engine) as session:
            for item, _, grades in sorted(_open(session, now), key=lambda one: (-len(one[2]), one[1])):
                if not any(_is_same(one.grader, name) for one in grades) and (found := _shown(session, item)):
                    return found
        return None

    def grade(self, item: UUID, *, grader: str, grade: str, now: datetime) -> None:
        """Keeps the grade; the same grader may think better of it. An answer that counts as wrong is a gap."""
        name = named(grader)
        with Session(self._engine) as session:
            row = session.get(AuditItem, item)
            if row is None:
                raise NoSuchAudit("there is no such audit")
            worst_last = WORST_LAST[_subject(row)]
            if grade not in worst_last:
                raise NotAGrade(f"{grade!r} is none of {', '.join(worst_last)}")
            grades = list(session.exec(select(AuditGrade).where(AuditGrade.item_id == item)))
            own = next((one for one in grades if _is_same(one.grader, name)), None)
            if own is None and not _is_open([one.grade for one in grades]):
                raise AlreadySettled("others have settled this one meanwhile")
            if own is None:
                grades.append(own := AuditGrade(item_id=item, grader=name, grade=grade, at=now))
            own.grade = grade
            session.add(own)
            if row.subject == "answer" and (turn := session.get(TurnRow, row.about)):
                verdict = settled([one.grade for one in grades], worst_last=worst_last)
                note_wrong(session, turn, is_wrong=verdict != "right" or turn.helpful is False)
            session.commit()

    def progress(self, *, now: datetime) -> Progress:
        """Of what was drawn within the window."""
        with Session(self._engine) as session:
            lately = select(func.count()).select_from(AuditItem).where(col(AuditItem.drawn_at) > now - WINDOW)
            drawn = session.exec(lately).one()
            still_open = _open(session, now)
        disputed = sum(len(grades) >= GRADERS for _, _, grades in still_open)
        return Progress(drawn, drawn - len(still_open), len(still_open), disputed)

    def draw(self, now: datetime) -> int:
        """Draws from the window what is not drawn yet; how many are new. Each thing has its place for ever, so that
        drawing again adds only what is new, or what a smaller window now leaves room for."""
        if self._share <= 0:
            return 0
        with self._drawing, Session(self._engine) as session:
            known = set(session.exec(select(AuditItem.about)))
            found = {"answer": _answers(session, now), "contact": _silent(session, now)}
            with_demo = all(demo for things in found.values() for _, demo in things)
            drawn = [
                _item(session, subject, about, now)
                for subject in WORST_LAST
                for about in sample([a for a, demo in found[subject] if demo == with_demo], share=self._share)
                if about not in known
            ]
            session.add_all(drawn)
            session.commit()
            self._drawn_at = now
            return len(drawn)


def sample(things: Sequence[UUID], *, share: float, least: int = LEAST) -> list[UUID]:
    """Those whose place lies below the share, or below what gives about `least` of a few."""
    below = max(share, least / len(things)) if things else share
    return [thing for thing in things if place_of(thing) < below]


def place_of(thing: UUID) -> float:
    return place(str(thing), seed=SEED)


def named(grader: str) -> str:
    name = " ".join(grader.split())
    if not name:
        raise NotAGrade("a grader needs a name")
    return name


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _subject(item: AuditItem) -> Subject:
    return "contact" if item.subject == "contact" else "answer"


def _is_open(grades: Sequence[str]) -> bool:
    return len(grades) < GRADERS or (len(grades) == GRADERS and len(set(grades)) > 1)


def _open(session: Session, now: datetime) -> list[tuple[UUID, float, list[AuditGrade]]]:
    """Of the window: the item, its place and its grades so far."""
    given: dict[UUID, list[AuditGrade]] = defaultdict(list)
    mine = select(AuditGrade).join(AuditItem, col(AuditItem.id) == col(AuditGrade.item_id))
    for grade in session.exec(mine.where(col(AuditItem.drawn_at) > now - WINDOW)):
        given[grade.item_id].append(grade)
    items = session.exec(select(AuditItem.id, AuditItem.place).where(col(AuditItem.drawn_at) > now - WINDOW))
    return [(id, place, given[id]) for id, place in items if _is_open([one.grade for one in given[id]])]  # noqa: A001


def _answers(session: Session, now: datetime) -> list[tuple[UUID, bool]]:
    """Answers with something to judge, from an entry or composed by a model; whether each is demo."""
    told = or_(col(TurnRow.source_entry).is_not(None), col(TurnRow.action) == "model")
    rows = session.exec(
        select(TurnRow.id, TurnRow.demo).where(
            col(TurnRow.at) > now - WINDOW,
            col(TurnRow.at) <= now,
            col(TurnRow.action).in_(("answer", "model")),
            col(TurnRow.finished),
            told,
        )
    )
    return list(rows)


def _silent(session: Session, now: datetime) -> list[tuple[UUID, bool]]:
    begun = and_(col(Conversation.at) > now - WINDOW, col(Conversation.at) <= now)
    return list(session.exec(select(Conversation.id, Conversation.demo).where(begun, is_silent())))


def _item(session: Session, subject: Subject, about: UUID, now: datetime) -> AuditItem:
    of = session.get_one(TurnRow, about) if subject == "answer" else session.get_one(Conversation, about)
    return AuditItem(
        subject=subject,
        about=about,
        conversation_id=of.conversation_id if isinstance(of, TurnRow) else of.id,
        place=place_of(about),
        drawn_at=now,
        **{name: getattr(of, name) for name in Provenance.model_fields},
    )


def _shown(session: Session, id: UUID) -> ToGrade | None:  # noqa: A002
    """None where the conversation is there no more."""
    item = session.get_one(AuditItem, id)
    row = session.get(Conversation, item.conversation_id)
    subject = _subject(item)
    turn = session.get(TurnRow, item.about) if subject == "answer" else None
    if row is None or (subject == "answer" and turn is None):
        return None
    lines = transcript(session, row.id)
    if turn is not None:
        lines = list(takewhile(lambda line: line.turn != turn.id, lines))
    return ToGrade(item.id, subject, WORST_LAST[subject], turn, lines, row)
