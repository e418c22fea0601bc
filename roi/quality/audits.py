"""Audits: a random sample of answers, and of contacts that ended in silence, graded by colleagues who are blind to one
another. Silence is no resolution; of what share it was one, only somebody who reads can say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import Connection, UniqueConstraint, and_, exists, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, SQLModel, col

from agent.history import Conversation
from knowledge.rows import Provenance, UtcTime, new_id
from roi.books.tally import Scope
from roi.quality.agreement import agreed, kappa, settled
from roi.resolution.ended import ended

Subject = Literal["answer", "contact"]
AnswerGrade = Literal["right", "wrong", "harmful"]
ContactGrade = Literal["resolved", "cannot_tell", "unresolved"]
WORST_LAST: dict[Subject, Sequence[str]] = {"answer": get_args(AnswerGrade), "contact": get_args(ContactGrade)}
GRADERS = 2
"""Of one item; a third where they disagree."""


class AuditItem(Provenance, table=True):
    """One thing drawn; `at` is the answer's or the contact's own time, so that it falls into their period.

    Without foreign keys, as the ledger: what was found stays counted when a conversation is erased.
    """

    __tablename__ = "audit_item"
    __table_args__ = (UniqueConstraint("about"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject: str
    about: UUID
    """The turn of an answer, the conversation of a contact."""
    conversation_id: UUID = Field(index=True)
    place: float = Field(index=True)
    """Where the draw put it, from 0 to 1: the order of grading, so that what is graded is random however far it got."""
    drawn_at: datetime = Field(sa_type=UtcTime)


class AuditGrade(SQLModel, table=True):
    __tablename__ = "audit_grade"
    __table_args__ = (UniqueConstraint("item_id", "grader"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    item_id: UUID = Field(foreign_key="audit_item.id", index=True)
    grader: str
    grade: str
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=UtcTime)


@dataclass(frozen=True)
class AuditSummary:
    """Counts of settled grades; one grade alone counts, two that differ count as the worse, three as the middle one."""

    graded: int
    """Answers."""
    wrong: int
    """Of them; the harmful are among them."""
    harmful: int
    silent_graded: int
    """Contacts that were answered and ended without a word on whether it helped."""
    silent_resolved: int
    """Of them; where the reader could not tell, it counts as not resolved."""
    pairs: int
    """Answers with two graders."""
    agreed: int
    kappa: float | None
    silent_pairs: int = 0
    silent_agreed: int = 0
    silent_kappa: float | None = None


def audits(connection: Connection, scope: Scope) -> AuditSummary:
    """Of the answers given, and the contacts begun, in the scope's period. What a customer has confirmed since, or took
    to a person, is silent no more and does not count."""
    answers = _grades(connection, scope, "answer")
    contacts = _grades(connection, scope, "contact", and_(_conversation(AuditItem.conversation_id), is_silent()))
    verdicts = [settled(grades, worst_last=WORST_LAST["answer"]) for grades in answers]
    endings = [settled(grades, worst_last=WORST_LAST["contact"]) for grades in contacts]
    pairs, silent_pairs = _pairs(answers), _pairs(contacts)
    return AuditSummary(
        graded=len(verdicts),
        wrong=len(verdicts) - verdicts.count("right"),
        harmful=verdicts.count("harmful"),
        silent_graded=len(endings),
        silent_resolved=endings.count("resolved"),
        pairs=len(pairs),
        agreed=agreed(pairs),
        kappa=kappa(pairs),
        silent_pairs=len(silent_pairs),
        silent_agreed=agreed(silent_pairs),
        silent_kappa=kappa(silent_pairs),
    )


def is_silent() -> ColumnElement[bool]:
    """Of a Conversation: over, answered, and nothing tells whether it helped; of these the contacts are drawn."""
    return and_(col(Conversation.state) == "closed", col(Conversation.eligible), ended(None) == "contained_unverified")


def _conversation(of: object) -> ColumnElement[bool]:
    return col(Conversation.id) == of


def _grades(connection: Connection, scope: Scope, subject: Subject, *also: ColumnElement[bool]) -> list[list[str]]:
    """Of each item that has any, in the order they were given."""
    rows = (
        select(col(AuditGrade.item_id), col(AuditGrade.grade))
        .join(AuditItem, col(AuditItem.id) == col(AuditGrade.item_id))
        .where(scope.of(AuditItem), col(AuditItem.subject) == subject)
        .order_by(col(AuditGrade.at), col(AuditGrade.id))
    )
    if also:
        rows = rows.where(exists().where(*also))
    found: dict[UUID, list[str]] = {}
    for item, grade in connection.execute(rows):
        found.setdefault(item, []).append(grade)
    return list(found.values())


def _pairs(items: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    return [(grades[0], grades[1]) for grades in items if len(grades) > 1]
