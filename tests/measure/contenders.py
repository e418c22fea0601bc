"""Who finds the right label first: Dime, BM25 alone, the embeddings alone. Each ranks the labels for every question."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.matching.catalogue import Catalogue
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from tests.measure.sets.trial import Asked, Trial

DEPTH = 10
Ranking = list[str]
"""The likeliest labels first, at most ten."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Ranked:
    rankings: list[Ranking]
    confidence: list[float]
    """Of the first."""


@dataclass(frozen=True)
class Answered:
    test: Ranked
    validation: Ranked
    threshold: float
    """That the FAQ's own held-out phrasings chose."""
    milliseconds: list[float]
    fit_seconds: float
    """Once the vectors are there."""


def ours(trial: Trial, vectors: Vectors, *, validation: Sequence[Asked] = (), timed: int = 100) -> Answered:
    """As `dime evaluate` does it, for questions that may have several right labels; `timed` of them are asked once
    more, one at a time, as customers come."""
    vectors.of_questions([text for entry in trial.entries for text in entry.phrasings])
    vectors.of_answers([entry.answer for entry in trial.entries if entry.answer])
    began = time.perf_counter()
    retriever = Retriever.fit(trial.entries, vectors)
    fit_seconds = time.perf_counter() - began
    test, known = (_ranked(retriever, vectors, asked) for asked in (trial.asked, validation))
    sample = trial.asked[:: max(1, len(trial.asked) // timed)][:timed]
    return Answered(test, known, retriever.threshold, _timed(retriever, sample), fit_seconds)


def _ranked(retriever: Retriever, vectors: Vectors, asked: Sequence[Asked]) -> Ranked:
    texts = [question.text for question in asked]
    matches = retriever.rank(texts, vectors.of_questions(texts), limit=DEPTH + 1)
    rankings = [
        _without(question, (match.entry.label for match in found))
        for question, found in zip(asked, matches, strict=True)
    ]
    return Ranked(rankings, [found[0].confidence if found else 0.0 for found in matches])


def _timed(retriever: Retriever, asked: Sequence[Asked]) -> list[float]:
    taken = []
    for question in asked:
        began = time.perf_counter()
        retriever.search(question.text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def by_words(trial: Trial, split: Callable[[str], list[str]]) -> list[Ranking]:
    """BM25 with each entry, its phrasings and its answer, as one text."""
    texts = [split(" ".join((*entry.phrasings, entry.answer))) for entry in trial.entries]
    known = {term for text in texts for term in text}
    index = bm25s.BM25(k1=1.5, b=0.75)
    index.index(texts, show_progress=False)
    labels = [entry.label for entry in trial.entries]
    rankings = []
    for question in trial.asked:
        asked = [term for term in split(question.text) if term in known]
        scores = index.get_scores(asked) if asked else np.zeros(len(labels), dtype=np.float32)
        rankings.append(_best(scores, labels, question))
    return rankings


def by_meaning(trial: Trial, vectors: Vectors) -> list[Ranking]:
    """By the nearest of a label's texts, phrasing or answer: cosines of the vectors as embedded."""
    catalogue = Catalogue(trial.entries)
    phrasings, answers = vectors.of_questions(catalogue.phrasings), vectors.of_answers(catalogue.answers)
    texts = np.vstack([phrasings, answers]) if len(answers) else phrasings
    labels = [catalogue.labels[number] for number in catalogue.text_labels.tolist()]
    asked = vectors.of_questions([question.text for question in trial.asked])
    rankings = []
    for start in range(0, len(asked), _AT_ONCE):
        near = asked[start : start + _AT_ONCE] @ texts.T
        rankings += [
            _best(scores, labels, question)
            for scores, question in zip(near, trial.asked[start : start + _AT_ONCE], strict=True)
        ]
    return rankings


def _best(scores: NDArray[np.float32], labels: Sequence[str], question: Asked) -> Ranking:
    return _without(question, (labels[at] for at in np.argsort(-scores, kind="stable").tolist()))


def _without(question: Asked, labels: Iterable[str]) -> Ranking:
    """The first ten different ones, but not the question itself."""
    ranking: dict[str, None] = {}
    for label in labels:
        if label != question.but:
            ranking[label] = None
        if len(ranking) == DEPTH:
            break
    return list(ranking)
