"""Compares questions with every phrasing and every answer: by meaning, by words and by letters."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge.matching.catalogue import Catalogue
from knowledge.matching.classifier import kernel
from knowledge.matching.coarse import Coarse
from knowledge.matching.embeddings import Floats
from knowledge.matching.lexical import Bm25, Ngrams
from knowledge.matching.runs import Runs
from knowledge.matching.shortlist import columns_of, shortlist
from knowledge.matching.signals import Signals
from knowledge.matching.space import Placed


@dataclass(frozen=True)
class Nearness:
    """Questions by texts: all phrasings, then all answers."""

    meaning: Floats
    letters: Floats
    words: Floats


class Meanings(Protocol):
    """Where the texts lie that questions are compared with by meaning: in memory (Placed, Coarse) or a Store."""

    def nearness_of(self, questions: Placed) -> Floats:
        """Questions by texts."""
        ...


class Index:
    """Texts are the catalogue's phrasings, then its answers."""

    def __init__(self, catalogue: Catalogue, texts: Meanings, *, like: "Index | None" = None) -> None:
        """`like` lends its idea of which letters and words are rare, to an index of a few texts."""
        self.catalogue = catalogue
        self._texts = texts
        words = [*catalogue.phrasings, *catalogue.answers]
        self._letters: Ngrams = Ngrams(words, like=like._letters if like else None, is_large=catalogue.is_large)
        self._words = Bm25(words) if like is None else None
        count = len(catalogue.labels)
        self._asked, self._answered = (
            Runs.of(of, count) for of in (catalogue.phrasing_labels, catalogue.answer_labels)
        )

    def through(self, texts: Meanings) -> "Index":
        """The same texts placed in another space, or laid in a store."""
        other = copy(self)
        other._texts = texts
        return other

    def nearness(self, questions: Sequence[str], placed: Placed) -> Nearness:
        letters = self._letters.nearness(self._letters.embed(questions))
        words = np.full_like(letters, np.nan)
        if self._words:
            for row, question in enumerate(questions):
                words[row] = self._words.scores(question)
        nearness = Nearness(meaning=self._texts.nearness_of(placed), letters=letters, words=words)
        if isinstance(self._texts, Coarse):
            self._sharpen(nearness, placed, self._texts)
        return nearness

    def _sharpen(self, nearness: Nearness, placed: Placed, texts: Coarse) -> None:
        """Exact meanings for what may come first."""
        catalogue, signals = self.catalogue, self.signals(nearness, None)
        for row, meaning in enumerate(nearness.meaning):
            labels = shortlist(signals.rows(np.array([row])), 0)
            columns = columns_of(labels, catalogue.text_labels, meaning, len(catalogue.phrasings))
            meaning[columns] = texts.exactly(placed.rows(np.array([row])), columns)[0]

    def kernel(self, nearness: Nearness) -> Floats:
        """For the classifier: questions by landmarks."""
        landmarks = self.catalogue.landmarks
        return kernel(nearness.meaning[:, landmarks], nearness.letters[:, landmarks])

    def own_kernel(self) -> Floats:
        """For fitting it: texts by landmarks."""
        landmarks = self.catalogue.landmarks
        assert isinstance(self._texts, Placed)
        return kernel(self._texts.nearness(self._texts.rows(landmarks)), self._letters.own_nearness(landmarks))

    def signals(self, nearness: Nearness, classifier_scores: Floats | None) -> Signals:
        """The best of each label's phrasings and answers: questions by labels. Where no classifier was fitted, nearness
        alone stands in for it."""
        split = len(self.catalogue.phrasings)
        best = {}
        for name, values in vars(nearness).items():
            best[name] = self._asked.best(values[:, :split])
            best[f"answer_{name}"] = self._answered.best(values[:, split:])
        if classifier_scores is None:
            classifier_scores = stand_in(best["meaning"], best["letters"])
        return Signals(classifier=classifier_scores, **best)


def stand_in(meaning: Floats, letters: Floats) -> Floats:
    """The log-odds a classifier would give, by nearness alone."""
    by_meaning, by_letters, level = _STEEPNESS
    return (by_meaning * meaning + by_letters * letters + level).astype(np.float32)


_STEEPNESS = (4.6, 1.4, -0.5)
"""Least squares over what classifiers said of held-out questions, on small FAQs drawn from a public set and the demo
(tests/measure/prior.py)."""
