"""Finds the entry that answers a question and says how sure it is.

Meaning, words and letters each see something the others miss; a classifier learns from the phrasings what tells one
label from the next; calibration turns what they say into a probability.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from knowledge.entry import Entry
from knowledge.matching.calibration import SHIPPED
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.embeddings import Floats
from knowledge.matching.index import Index, Nearness
from knowledge.matching.learning import Learnt, learn, load, save
from knowledge.matching.signals import Signals
from knowledge.matching.vectors import Vectors
from knowledge.reading.faq import guess_lang

METHOD = 3
"""Grows whenever the way of learning changes, so that what was learnt the old way is learnt anew."""
_LONGEST_QUESTION = 2_000
_BATCH = 256


@dataclass(frozen=True)
class Match:
    """An entry that may answer the question."""

    entry: Entry
    score: float
    confidence: float
    """Probability that this entry answers the question."""
    signals: dict[str, float]


class Retriever:
    """Immutable once made, so threads may share it."""

    def __init__(self, catalogue: Catalogue, learnt: Learnt | None, vectors: Vectors) -> None:
        self._catalogue = catalogue
        self._learnt = learnt
        self._vectors = vectors
        if learnt:
            self._index = Index(catalogue, learnt.space, phrasings=learnt.phrasings, answers=learnt.answers)

    @classmethod
    def fit(cls, entries: Sequence[Entry], vectors: Vectors) -> "Retriever":
        """Without entries, one that finds nothing."""
        catalogue = Catalogue(entries)
        return cls(catalogue, learn(catalogue, vectors) if entries else None, vectors)

    @classmethod
    def load(cls, entries: Sequence[Entry], vectors: Vectors, folder: Path) -> "Retriever | None":
        """What `save` kept for exactly these entries and this model of embeddings, or None."""
        catalogue = Catalogue(entries)
        learnt = load(folder / _file_name(catalogue, vectors))
        return cls(catalogue, learnt, vectors) if learnt else None

    @classmethod
    def open(cls, entries: Sequence[Entry], vectors: Vectors, folder: Path) -> "Retriever":
        """Loads what is kept, or fits and keeps it."""
        if kept := cls.load(entries, vectors, folder):
            return kept
        retriever = cls.fit(entries, vectors)
        retriever.save(folder)
        return retriever

    def save(self, folder: Path) -> None:
        if self._learnt:
            save(self._learnt, folder / _file_name(self._catalogue, self._vectors))

    @property
    def threshold(self) -> float:
        """The confidence from which on answering does best on the FAQ's own held-out questions."""
        return self._learnt.calibration.threshold if self._learnt else 1.0

    @property
    def centre(self) -> Floats | None:
        """The middle of the questions it knows; None where it knows none."""
        return self._learnt.space.centre if self._learnt else None

    def search(
        self, question: str, lang: str | None = None, limit: int = 5, *, today: date | None = None
    ) -> list[Match]:
        """The likeliest entries first, one a label, in `lang` (guessed if None) where the label has it. Blocks."""
        question = question.strip()[:_LONGEST_QUESTION]
        if not self._learnt or not question:
            return []
        vectors = self._vectors.of_customer(question)[None]
        return self.rank([question], vectors, lang=lang, limit=limit, today=today)[0]

    def rank(
        self,
        questions: Sequence[str],
        vectors: Floats,
        *,
        lang: str | None = None,
        limit: int = 5,
        today: date | None = None,
    ) -> list[list[Match]]:
        """The same for many questions whose vectors are known."""
        if not self._learnt:
            return [[] for _ in questions]
        day = today or datetime.now(UTC).date()
        ranked: list[list[Match]] = []
        for start in range(0, len(questions), _BATCH):
            batch = questions[start : start + _BATCH]
            nearness = self._index.nearness(batch, vectors[start : start + _BATCH])
            signals = self._signals(nearness)
            ranked += [
                self._matches(row, nearness, signals, lang=lang or guess_lang(question), limit=limit, day=day)
                for row, question in enumerate(batch)
            ]
        return ranked

    @property
    def labels(self) -> tuple[str, ...]:
        return self._catalogue.labels

    def signals(self, questions: Sequence[str], vectors: Floats) -> Signals:
        """What speaks for each label: questions by labels."""
        return self._signals(self._index.nearness(questions, vectors))

    def _signals(self, nearness: Nearness) -> Signals:
        assert self._learnt
        return self._index.signals(nearness, self._learnt.classifier.scores(self._index.kernel(nearness)))

    def _matches(
        self, row: int, nearness: Nearness, signals: Signals, *, lang: str, limit: int, day: date
    ) -> list[Match]:
        assert self._learnt
        fused = signals.fused[row]
        found: list[tuple[int, Entry]] = []
        for label in np.argsort(-fused, kind="stable").tolist():
            if entry := self._entry(row, nearness, label, lang=lang, day=day):
                found.append((label, entry))
            if len(found) >= limit:
                break
        labels = np.array([label for label, _ in found], dtype=np.intp)
        features = signals.rows([row] * len(found)).features(labels)
        left, matches = 1.0, list[Match]()
        for (label, entry), chance in zip(found, self._learnt.calibration.confidence(features).tolist(), strict=True):
            confidence = min([chance, left, *(match.confidence for match in matches[-1:])])
            left -= confidence
            matches.append(Match(entry, float(fused[label]), confidence, signals.told(row, label)))
        return matches

    def _entry(self, row: int, nearness: Nearness, label: int, *, lang: str, day: date) -> Entry | None:
        """The label's entry in that language, else in any, that was asked most nearly so; none that has run out."""
        first, end = np.searchsorted(self._catalogue.phrasing_labels, [label, label + 1])
        closeness = nearness.meaning[row, first:end] + nearness.letters[row, first:end]
        ranked = []
        for at, close in zip(self._catalogue.phrasing_entries[first:end].tolist(), closeness.tolist(), strict=True):
            entry = self._catalogue.entries[at]
            if entry.valid_until is None or entry.valid_until >= day:
                ranked.append((entry.lang == lang, close, entry))
        return max(ranked, key=lambda candidate: candidate[:2])[2] if ranked else None


def _file_name(catalogue: Catalogue, vectors: Vectors) -> str:
    learnt_from = f"{METHOD} {SHIPPED.read_text()} {vectors.model} {catalogue.digest}"
    return hashlib.sha256(learnt_from.encode()).hexdigest()[:32] + ".npz"
