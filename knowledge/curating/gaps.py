"""Questions the knowledge had no answer to: what customers asked in vain is what an editor should write next."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Gap:
    """One question with how often it was asked; spelled as it was asked last."""

    question: str
    count: int
    lang: str | None
    first_at: datetime
    last_at: datetime
    best_entry: str | None
    confidence: float | None


def record_gap(
    session: Session,
    question: str,
    *,
    identity: Provenance | None = None,
    conversation_id: UUID | None = None,
    turn_id: UUID | None = None,
    best_entry: str | None = None,
    confidence: float | None = None,
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
        **who,
    )
    session.add(row)
    return row


def list_gaps(session: Session, *, company: str = "default", lang: str | None = None) -> list[Gap]:
    """Open gaps, equal questions together, the most asked first, then the latest."""
    chosen = select(GapRow).where(GapRow.company == company, col(GapRow.resolved_at).is_(None))
    if lang:
        chosen = chosen.where(GapRow.lang == lang)
    together: dict[tuple[str, str | None], list[GapRow]] = {}
    for row in session.exec(chosen.order_by(col(GapRow.at))).all():
        together.setdefault((row.normal, row.lang), []).append(row)
    gaps = [_gap(rows) for rows in together.values()]
    return sorted(gaps, key=lambda gap: (gap.count, gap.last_at), reverse=True)


def resolve_gap(session: Session, question: str, *, company: str = "default", at: datetime | None = None) -> int:
    """Closes every open gap with this question, in the caller's transaction; how many there were."""
    chosen = select(GapRow).where(GapRow.company == company, GapRow.normal == normalise(question))
    rows = session.exec(chosen.where(col(GapRow.resolved_at).is_(None))).all()
    for row in rows:
        row.resolved_at = at or datetime.now(UTC)
    return len(rows)


def _gap(rows: Sequence[GapRow]) -> Gap:
    last = rows[-1]
    return Gap(
        question=last.question,
        count=len(rows),
        lang=last.lang,
        first_at=rows[0].at,
        last_at=last.at,
        best_entry=last.best_entry,
        confidence=last.confidence,
    )
