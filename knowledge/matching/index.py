"""Compares questions with every phrasing and every answer: by meaning, by words and by letters."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from knowledge.matching.catalogue import Catalogue, Integers
from knowledge.matching.classifier import kernel
from knowledge.matching.embeddings import Floats
from knowledge.matching.lexical import Bm25, Ngrams
from knowledge.matching.signals import Signals
from knowledge.matching.space import Space


@dataclass(frozen=True)
class Nearness:
    """Questions by texts: all phrasings, then all answers."""

    meaning: Floats
    letters: Floats
    words: Floats


class Index:
    """`phrasings` and `answers` are vectors as embedded, in the catalogue's order."""

    def __init__(self, catalogue: Catalogue, space: Space, *, phrasings: Floats, answers: Floats) -> None:
        self.catalogue = catalogue
        self._vectors = (phrasings, answers)
        self._words = Bm25([*catalogue.phrasings, *catalogue.answers])
        self._letters = Ngrams([*catalogue.phrasings, *catalogue.answers])
        self._look(space)

    def through(self, space: Space) -> "Index":
        """The same texts seen in another space."""
        other = copy(self)
        other._look(space)
        return other

    def _look(self, space: Space) -> None:
        phrasings, answers = self._vectors
        self._space = space
        self._meanings = space.place(phrasings)
        if len(answers):
            self._meanings = np.vstack([self._meanings, space.place_answers(answers)])

    def nearness(self, questions: Sequence[str], vectors: Floats) -> Nearness:
        return Nearness(
            meaning=self._space.place(vectors) @ self._meanings.T,
            letters=self._letters.similarities(self._letters.embed(questions)),
            words=np.stack([self._words.scores(question) for question in questions]),
        )

    def kernel(self, nearness: Nearness) -> Floats:
        """For the classifier: questions by landmarks."""
        landmarks = self.catalogue.landmarks
        return kernel(nearness.meaning[:, landmarks], nearness.letters[:, landmarks])

    def own_kernel(self) -> Floats:
        """For fitting it: texts by landmarks."""
        landmarks = self.catalogue.landmarks
        letters = self._letters.vectors
        near = (letters @ letters[landmarks].T).toarray()
        return kernel(self._meanings @ self._meanings[landmarks].T, near.astype(np.float32))

    def signals(self, nearness: Nearness, classifier_scores: Floats) -> Signals:
        """The best of each label's phrasings and answers: questions by labels."""
        split = len(self.catalogue.phrasings)
        best = {}
        for name, values in vars(nearness).items():
            best[name] = self._best(values[:, :split], self.catalogue.phrasing_labels)
            best[f"answer_{name}"] = self._best(values[:, split:], self.catalogue.answer_labels)
        return Signals(classifier=classifier_scores, **best)

    def _best(self, values: Floats, labels: Integers) -> Floats:
        best = np.full((len(values), len(self.catalogue.labels)), np.nan, dtype=np.float32)
        present, starts = np.unique(labels, return_index=True)
        if len(present):
            best[:, present] = np.maximum.reduceat(values, starts, axis=1)
        return best
