"""Questions the knowledge had no answer to, or the wrong one: what customers asked in vain is what to write next."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Field, Session, col, select

from knowledge.reading.faq import normalise
from knowledge.rows import Provenance, UtcTime, new_id


class GapRow(Provenance, table=True):
    """One question asked once, and what came nearest to it."""

    __tablename__ = "gap"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    question: str
    normal: str = Field(index=True)
    """The question with case, spaces and closing punctuation aside."""
    conversation_id: UUID | None = Field(default=None, index=True)
    turn_id: UUID | None = None
    best_entry: str | None = None
    confidence: float | None = None
    is_wrong: bool = False
    """An answer was given and the customer said it did not help."""
    resolved_at: datetime | None = Field(default=None, sa_type=UtcTime)


def record_gap(
    session: Session,
    question: str,
    *,
    identity: Provenance | None = None,
    conversation_id: UUID | None = None,
    turn_id: UUID | None = None,
    best_entry: str | None = None,
    confidence: float | None = None,
    is_wrong: bool = False,
) -> GapRow:
    """Adds to the caller's transaction and does not commit. `identity` says who asked, how and when."""
    who = {name: getattr(identity, name) for name in Provenance.model_fields} if identity else {}
    row = GapRow(
        question=question,
        normal=normalise(question),
        conversation_id=conversation_id,
        turn_id=turn_id,
        best_entry=best_entry,
        confidence=confidence,
        is_wrong=is_wrong,
        **who,
    )
    session.add(row)
    return row


def wrong_gaps_of(session: Session, turn: UUID, *, conversation: UUID) -> list[GapRow]:
    """What a thumb down on this turn left, so that the next thumb neither doubles it nor leaves it standing."""
    mine = select(GapRow).where(GapRow.conversation_id == conversation, GapRow.turn_id == turn)
    return list(session.exec(mine.where(col(GapRow.is_wrong))))


def gaps_of(session: Session, conversation: UUID) -> list[GapRow]:
    """What was asked in vain in one conversation, in order."""
    mine = select(GapRow).where(GapRow.conversation_id == conversation)
    return list(session.exec(mine.order_by(col(GapRow.at))))


def open_gaps(
    session: Session, *, company: str = "default", lang: str | None = None, with_demo: bool = True
) -> list[GapRow]:
    """In the order in which they were asked."""
    chosen = select(GapRow).where(GapRow.company == company, col(GapRow.resolved_at).is_(None))
    if lang:
        chosen = chosen.where(GapRow.lang == lang)
    if not with_demo:
        chosen = chosen.where(col(GapRow.demo).is_(False))
    return list(session.exec(chosen.order_by(col(GapRow.at))))


def resolve_gaps(
    session: Session, questions: Iterable[str], *, company: str = "default", at: datetime | None = None
) -> int:
    """Closes every open gap with one of these questions, in the caller's transaction; how many there were."""
    wanted = {normalise(question) for question in questions}
    open_here = select(GapRow).where(GapRow.company == company, col(GapRow.resolved_at).is_(None))
    rows = session.exec(open_here.where(col(GapRow.normal).in_(wanted))).all()
    for row in rows:
        row.resolved_at = at or datetime.now(UTC)
    return len(rows)
