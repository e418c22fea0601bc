"""Compares questions with every phrasing and every answer: by meaning, by words and by letters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.catalogue import Catalogue
from knowledge.classifier import kernel
from knowledge.embeddings import Floats
from knowledge.lexical import Bm25, Ngrams
from knowledge.signals import Signals
from knowledge.space import Space


@dataclass(frozen=True)
class Nearness:
    """Questions by phrasings, or questions by answers."""

    meaning: Floats
    letters: Floats
    words: Floats
    answers: Floats
    answer_words: Floats


class Index:
    """`phrasings` and `answers` are vectors as embedded, in the catalogue's order."""

    def __init__(self, catalogue: Catalogue, space: Space, *, phrasings: Floats, answers: Floats) -> None:
        self.catalogue = catalogue
        self.space = space
        self._meanings = space.place(phrasings)
        self._answers = space.place(answers) if len(answers) else np.zeros((0, phrasings.shape[1]), np.float32)
        self._words = Bm25([*catalogue.phrasings, *catalogue.answers])
        self._letters = Ngrams(catalogue.phrasings)

    def nearness(self, questions: Sequence[str], vectors: Floats) -> Nearness:
        placed = self.space.place(vectors)
        words = np.stack([self._words.scores(question) for question in questions])
        count = len(self.catalogue.phrasings)
        return Nearness(
            meaning=placed @ self._meanings.T,
            letters=self._letters.similarities(self._letters.embed(questions)),
            words=words[:, :count],
            answers=placed @ self._answers.T,
            answer_words=words[:, count:],
        )

    def kernel(self, nearness: Nearness) -> Floats:
        """For the classifier: questions by landmarks."""
        landmarks = self.catalogue.landmarks
        return kernel(nearness.meaning[:, landmarks], nearness.letters[:, landmarks])

    def own_kernel(self) -> Floats:
        """For fitting it: phrasings by landmarks."""
        landmarks = self.catalogue.landmarks
        letters = self._letters.vectors
        return kernel(self._meanings @ self._meanings[landmarks].T, (letters @ letters[landmarks].T).toarray())

    def signals(self, nearness: Nearness, classifier_scores: Floats) -> Signals:
        """The best of each label's phrasings and answers: questions by labels."""
        starts = np.searchsorted(self.catalogue.phrasing_labels, np.arange(len(self.catalogue.labels)))
        meaning, letters, words = (
            np.maximum.reduceat(values, starts, axis=1)
            for values in (nearness.meaning, nearness.letters, nearness.words)
        )
        return Signals(
            classifier=classifier_scores,
            meaning=meaning,
            letters=letters,
            words=words,
            answer=self._best_answer(nearness.answers),
            answer_words=self._best_answer(nearness.answer_words),
        )

    def _best_answer(self, of_answers: Floats) -> Floats:
        best = np.full((len(of_answers), len(self.catalogue.labels)), np.nan, dtype=np.float32)
        present, starts = np.unique(self.catalogue.answer_labels, return_index=True)
        if len(present):
            best[:, present] = np.maximum.reduceat(of_answers, starts, axis=1)
        return best
