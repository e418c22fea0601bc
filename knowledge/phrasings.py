"""Phrasings that customers taught: kept beside those of the source, one question for one entry."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from knowledge.library_rows import EntryRow, PhrasingRow
from knowledge.reading.faq import LONGEST_QUESTION, normalise


class UnknownEntry(ValueError):
    """No active entry has this id."""


class TakenQuestion(ValueError):
    """Another entry is asked with these very words."""


def as_phrasing(question: str) -> str:
    """On one line and without the mark that separates variants in a file. Raises ValueError where nothing is left."""
    text = " ".join(question.encode(errors="replace").decode().replace("|", " ").replace("\0", " ").split())
    if not text or len(text) > LONGEST_QUESTION:
        raise ValueError(f"a question has 1 to {LONGEST_QUESTION:,} characters, this one has {len(text):,}")
    return text


def unteach(
    session: Session, question: str, known: Sequence[tuple[EntryRow, list[PhrasingRow]]], *, besides: EntryRow
) -> None:
    """The latest word counts: what was taught for another entry moves; what its source says of it stays."""
    wanted = normalise(question)
    for row, phrasings in known:
        if row is besides or row.lang != besides.lang:
            continue
        own = [row.question, *(phrasing.text for phrasing in phrasings if not phrasing.learnt)]
        if wanted in map(normalise, own):
            raise TakenQuestion(f"the entry {row.external_id} is asked with these very words: {question}")
        for phrasing in phrasings:
            if phrasing.learnt and normalise(phrasing.text) == wanted:
                session.delete(phrasing)
                row.updated_at = datetime.now(UTC)
