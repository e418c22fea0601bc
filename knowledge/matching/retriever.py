"""Finds the entry that answers a question and says how sure it is.

Meaning, words and letters each see something the others miss; a classifier learns from the phrasings what tells one
label from the next; calibration turns what they say into a probability.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from knowledge.entry import Entry
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.embeddings import Floats, SilentEmbeddings, WrongVectors
from knowledge.matching.evidence import shipped_chatter
from knowledge.matching.index import Nearness
from knowledge.matching.learning import Learnt, file_name, learn, load, save
from knowledge.matching.lexical import terms
from knowledge.matching.signals import Signals
from knowledge.matching.space import Space
from knowledge.matching.store import Store
from knowledge.matching.supplement import Supplement, supplement
from knowledge.matching.vectors import Vectors
from knowledge.reading.faq import guess_lang

_LONGEST_QUESTION = 2_000
_SAME_WORDS = 0.999
"""In letters: a phrasing's very words come first, however many ways of asking another label knows."""
_FIRST = 1_000.0
_LARGEST_TABLE = 4_000_000
"""Questions times texts compared at once."""


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

    def __init__(
        self, catalogue: Catalogue, learnt: Learnt | None, vectors: Vectors, *, later: Supplement | None = None
    ) -> None:
        """`later` is what has changed since it was learnt."""
        self._catalogue = catalogue
        self._learnt = learnt
        self._vectors = vectors
        self._later = later
        self._placed: dict[tuple[str, ...], Floats] = {}
        self.today: Callable[[], date] = lambda: datetime.now(UTC).date()
        """By which entries hold: the company's day, where there is a company."""

    @classmethod
    def fit(cls, entries: Sequence[Entry], vectors: Vectors, *, store: Store | None = None) -> "Retriever":
        """Without entries, one that finds nothing. With a store, meanings are compared there."""
        catalogue = Catalogue(entries)
        return cls(catalogue, learn(catalogue, vectors, store=store) if entries else None, vectors)

    @classmethod
    def load(
        cls, entries: Sequence[Entry], vectors: Vectors, folder: Path, *, store: Store | None = None
    ) -> "Retriever | None":
        """What `save` kept for exactly these entries and this model of embeddings, or None."""
        catalogue = Catalogue(entries)
        file = folder / file_name(catalogue, vectors, is_stored=store is not None)
        learnt = load(file, catalogue, vectors, store=store)
        return cls(catalogue, learnt, vectors) if learnt else None

    @classmethod
    def open(
        cls, entries: Sequence[Entry], vectors: Vectors, folder: Path, *, store: Store | None = None
    ) -> "Retriever":
        """Loads what is kept, or fits and keeps it."""
        if kept := cls.load(entries, vectors, folder, store=store):
            return kept
        retriever = cls.fit(entries, vectors, store=store)
        retriever.save(folder, is_stored=store is not None)
        return retriever

    def save(self, folder: Path, *, is_stored: bool = False) -> None:
        if self._learnt and not self._later:
            save(self._learnt, folder / file_name(self._catalogue, self._vectors, is_stored=is_stored))

    def with_changes(self, entries: Sequence[Entry]) -> "Retriever | None":
        """One for these entries that has learnt nothing new: at once, for the time until a fit is done. None where so
        much has changed that only a fit will do."""
        if self._learnt is None:
            return None
        later = supplement(self._catalogue, self._learnt, entries, self._vectors)
        if later is None:
            return None
        changed = Retriever(self._catalogue, self._learnt, self._vectors, later=later)
        changed.today = self.today
        return changed

    @property
    def threshold(self) -> float:
        """The confidence from which on answering does best on the FAQ's own held-out questions."""
        return self._learnt.calibration.threshold if self._learnt else 1.0

    @property
    def labels(self) -> tuple[str, ...]:
        return self._catalogue.labels

    def entry(self, id: str, lang: str) -> Entry | None:  # noqa: A002
        """The entry of that id in that language."""
        return self._entries.get((id, lang))

    def names(self, words: str) -> bool:
        """Whether one of them is a word of this company's: its customers ask with it, and nobody chats with it."""
        said = [term for term in terms(words) if len(term) > 1 or len(words) == 1]
        return bool(said) and not self._named.isdisjoint(said)

    @cached_property
    def _named(self) -> frozenset[str]:
        asked = {term for entry in self._entries.values() for text in entry.phrasings for term in terms(text)}
        return frozenset(asked.difference(*(terms(text) for text in shipped_chatter())))

    @cached_property
    def _entries(self) -> dict[tuple[str, str], Entry]:
        gone = {self._catalogue.labels[label] for label in self._later.gone.tolist()} if self._later else set()
        kept = [entry for entry in self._catalogue.entries if entry.label not in gone]
        later = self._later.matcher.index.catalogue.entries if self._later and self._later.matcher else ()
        return {(entry.id, entry.lang): entry for entry in (*kept, *later)}

    def search(
        self, question: str, lang: str | None = None, limit: int = 5, *, today: date | None = None
    ) -> list[Match]:
        """The likeliest entries first, one a label, in `lang` (guessed if None) where the label has it. Blocks."""
        question = question.strip()[:_LONGEST_QUESTION]
        if not self._learnt or not question:
            return []
        vectors = self._vectors.of_customer(question)
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
        day = today or self.today()
        ranked: list[list[Match]] = []
        at_once = max(1, _LARGEST_TABLE // len(self._catalogue.text_labels))
        for start in range(0, len(questions), at_once):
            batch = questions[start : start + at_once]
            parts = self._nearness(batch, vectors[start : start + at_once])
            signals = self._signals(parts)
            fused = signals.fused
            for row, question in enumerate(batch):
                spoken = lang or guess_lang(question)
                ranked.append(self._matches(row, parts, signals, fused[row], lang=spoken, limit=limit, day=day))
        return ranked

    def meanings(self, questions: Sequence[str]) -> Floats:
        """Customers' questions as unit vectors that can be compared with each other: in the space that these entries
        taught, which overlooks wording and language. Blocks for as long as embedding them takes."""
        return self.place(self._vectors.of_customers(questions))

    def closeness(self, question: str, phrases: tuple[str, ...]) -> Floats:
        """Cosines between what a customer says and `phrases`, which are ours and are remembered; zeros while the model
        of embeddings does not answer. Blocks as long."""
        if self._vectors.trouble:  # one wait for a silent model is enough
            return np.zeros(len(phrases), dtype=np.float32)
        try:
            if phrases not in self._placed:
                self._placed[phrases] = self.place(self._vectors.of_questions(phrases))
            said = self.place(self._vectors.of_customers([question]))[0]
        except (SilentEmbeddings, WrongVectors):
            return np.zeros(len(phrases), dtype=np.float32)
        near: Floats = self._placed[phrases] @ said
        return near

    def nearest(self, thing: str, words: Sequence[str]) -> int:
        """Which of a customer's `words` means most nearly what `thing` does; the first where that cannot be known."""
        if self._vectors.trouble:
            return 0
        try:
            placed = self.meanings([thing, *words])
        except (SilentEmbeddings, WrongVectors):
            return 0
        return int((placed[1:] @ placed[0]).argmax())

    def place(self, vectors: Floats) -> Floats:
        """The same for questions whose vectors are known."""
        return self._space.meanings(vectors) if len(vectors) else vectors

    def meanings_of_entries(self, entries: Sequence[Entry]) -> tuple[Floats, Floats]:
        """Every phrasing of these entries in order, and every answer, in the same space; what is new is embedded."""
        asked = self._vectors.of_questions([text for entry in entries for text in entry.phrasings])
        answered = self._vectors.of_answers([entry.answer for entry in entries])
        return self._space.meanings(asked), self._space.answer_meanings(answered)

    @cached_property
    def _space(self) -> Space:
        if self._learnt:
            return self._learnt.matcher.space
        chatter = self._vectors.of_questions(shipped_chatter())
        return Space.of_chatter(chatter, blocks=self._vectors.blocks(chatter))

    def find(
        self, questions: Sequence[str], *, lang: str | None = None, limit: int = 1, today: date | None = None
    ) -> list[list[Match]]:
        """`search` for many questions of customers."""
        if not self._learnt:
            return [[] for _ in questions]
        vectors = self._vectors.of_customer(*questions)
        return self.rank(questions, vectors, lang=lang, limit=limit, today=today)

    def signals(self, questions: Sequence[str], vectors: Floats) -> Signals:
        """What speaks for each label: questions by labels."""
        return self._signals(self._nearness(questions, vectors))

    def _nearness(self, questions: Sequence[str], vectors: Floats) -> list[Nearness]:
        assert self._learnt
        matchers = [self._learnt.matcher, *([self._later.matcher] if self._later and self._later.matcher else [])]
        return [matcher.nearness(questions, vectors) for matcher in matchers]

    def _signals(self, parts: list[Nearness]) -> Signals:
        assert self._learnt
        signals = self._learnt.matcher.signals(parts[0])
        if self._later is None:
            return signals
        signals = signals.without(self._later.gone)
        return signals.beside(self._later.matcher.signals(parts[1])) if self._later.matcher else signals

    def _matches(
        self,
        row: int,
        parts: list[Nearness],
        signals: Signals,
        fused: Floats,
        *,
        lang: str,
        limit: int,
        day: date,
    ) -> list[Match]:
        assert self._learnt
        found: list[tuple[int, Entry]] = []
        is_exact = signals.letters[row] > _SAME_WORDS
        for label in _best_first(np.where(is_exact, fused + _FIRST, fused), some=10 * limit):
            if entry := self._entry(row, parts, label, lang=lang, day=day):
                found.append((label, entry))
            if len(found) >= limit:
                break
        labels = np.array([label for label, _ in found], dtype=np.intp)
        features = signals.rows(np.array([row])).features(np.zeros(len(found), dtype=np.intp), labels)
        chances = self._learnt.calibration.confidence(features)
        # Not known by what phrasings teach of each other: no two are the same.
        chances = np.where(is_exact[labels], chances.max(initial=0), chances)
        left, matches = 1.0, list[Match]()
        for (label, entry), chance in zip(found, chances.tolist(), strict=True):
            confidence = min([chance, left, *(match.confidence for match in matches[-1:])])
            left -= confidence
            matches.append(Match(entry, float(fused[label]), confidence, signals.told(row, label)))
        return matches

    def _entry(self, row: int, parts: list[Nearness], label: int, *, lang: str, day: date) -> Entry | None:
        """The label's entry in that language, else in any, that was asked most nearly so; none not valid today."""
        catalogue, nearness = self._catalogue, parts[0]
        if label >= len(catalogue.labels):
            assert self._later and self._later.matcher
            label -= len(catalogue.labels)
            catalogue, nearness = self._later.matcher.index.catalogue, parts[1]
        elif self._later and label in self._later.gone_set:
            return None
        first, end = np.searchsorted(catalogue.phrasing_labels, [label, label + 1])
        closeness = nearness.meaning[row, first:end] + nearness.letters[row, first:end]
        ranked = []
        for at, close in zip(catalogue.phrasing_entries[first:end].tolist(), closeness.tolist(), strict=True):
            entry = catalogue.entries[at]
            if entry.is_valid(day):
                ranked.append((entry.lang == lang, close, entry))
        return max(ranked, key=lambda candidate: candidate[:2])[2] if ranked else None


def _best_first(scores: Floats, *, some: int) -> list[int]:
    """Labels by score; the whole order is only worked out among the best `some`."""
    best = np.argpartition(-scores, some)[:some] if len(scores) > some else np.arange(len(scores))
    order: list[int] = best[np.lexsort((best, -scores[best]))].tolist()
    return order
