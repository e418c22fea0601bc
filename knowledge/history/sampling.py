"""Which past questions are looked at: a fair sample of the contacts, each different wording embedded once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.history.contact_rows import ContactRow
from knowledge.matching.embeddings import Floats
from knowledge.matching.vectors import Vectors
from knowledge.reading.faq import normalise

Progress = Callable[[str, int, int], None]
"""What is done, how much of it, of how much."""
Embed = Callable[[Sequence[str]], Floats]
"""A vector of length 1 a text."""
_BATCH = 256


@dataclass(frozen=True)
class Sample:
    """Contacts with a question, and the vector of each one's question."""

    contacts: tuple[ContactRow, ...]
    vectors: Floats
    of: int
    """How many contacts with a question there are in all."""

    def __len__(self) -> int:
        return len(self.contacts)


def draw(contacts: Sequence[ContactRow], vectors: Vectors, *, most: int, progress: Progress) -> Sample:
    """At most `most` different wordings, chosen by the hash of the contacts' ids: the same today and tomorrow, and as
    likely for every contact, so that shares of the sample are shares of the whole."""
    asked = sorted((row for row in contacts if row.question), key=lambda row: _lot(row.external_id))
    wordings: dict[str, str] = {}
    drawn = list[ContactRow]()
    for row in asked:
        wording = normalise(row.question)
        if wording not in wordings and len(wordings) >= most:
            break
        wordings.setdefault(wording, row.question)
        drawn.append(row)
    by_wording = dict(
        zip(wordings, embed(vectors.of_questions, list(wordings.values()), "questions", progress), strict=True)
    )
    rows = [by_wording[normalise(row.question)] for row in drawn]
    return Sample(tuple(drawn), np.stack(rows) if rows else np.zeros((0, 1), dtype=np.float32), len(asked))


def embed(how: Embed, texts: Sequence[str], what: str, progress: Progress) -> Floats:
    """In batches, telling how far it is."""
    parts = []
    for start in range(0, len(texts), _BATCH):
        progress(what, start, len(texts))
        parts.append(how(texts[start : start + _BATCH]))
    if texts:
        progress(what, len(texts), len(texts))
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _lot(external_id: str) -> str:
    return hashlib.sha256(external_id.encode(errors="replace")).hexdigest()
