"""Measures a FAQ against questions whose right answer is known, as `dime evaluate` promises it.

The threshold comes from the validation file, or from the FAQ's own held-out phrasings; never from the queries.
"""

import csv
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.evaluating.figures import DEPTH, Figures, Outcome, columns, measure
from knowledge.evaluating.queries import Query, read_queries
from knowledge.matching.calibration import best_threshold
from knowledge.matching.embeddings import Embeddings
from knowledge.matching.retriever import Match, Retriever
from knowledge.matching.vectors import Vectors
from knowledge.problem import Problem
from knowledge.reading.documents import read_document

_TIMED_QUERIES = 200


@dataclass(frozen=True)
class Score:
    """One query's row in the scores file."""

    query: str
    expected: str
    predicted: str
    confidence: float
    action: str
    """answer at or above the threshold, else unknown."""


@dataclass(frozen=True)
class Evaluation:
    figures: Figures
    scores: tuple[Score, ...]
    problems: tuple[Problem, ...]
    """Rows of the FAQ that could not be read."""

    def to_json(self) -> dict[str, float | int | None]:
        return asdict(self.figures)

    def write_scores(self, path: Path | str) -> None:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("query", "expected", "predicted", "confidence", "action"))
            writer.writerows(
                (score.query, score.expected, score.predicted, f"{score.confidence:.6f}", score.action)
                for score in self.scores
            )


def evaluate(
    faq: Path | str,
    queries: Path | str,
    validation: Path | str | None = None,
    *,
    embeddings: Embeddings,
    cache: Path | None = None,
) -> Evaluation:
    """Raises UnreadableDocument with one sentence when a file cannot be used. `cache` is a folder for vectors."""
    document = read_document(faq)
    asked = read_queries(queries)
    known = read_queries(validation) if validation else []
    vectors = Vectors(embeddings, cache)
    began = time.perf_counter()
    retriever = Retriever.fit(document.entries, vectors)
    fit_seconds = time.perf_counter() - began
    threshold = _threshold(_outcomes(_rank(retriever, vectors, known), known)) if known else retriever.threshold
    ranked = _rank(retriever, vectors, asked)
    milliseconds = _time(retriever, asked)
    return Evaluation(
        figures=measure(
            _outcomes(ranked, asked), threshold=threshold, milliseconds=milliseconds, fit_seconds=fit_seconds
        ),
        scores=tuple(_score(matches, query, threshold) for matches, query in zip(ranked, asked, strict=True)),
        problems=document.problems,
    )


def _rank(retriever: Retriever, vectors: Vectors, queries: Sequence[Query]) -> list[list[Match]]:
    texts = [query.text for query in queries]
    return retriever.rank(texts, vectors.of_questions(texts), limit=DEPTH)


def _time(retriever: Retriever, queries: Sequence[Query]) -> list[float]:
    """One search at a time, as customers come: an even sample of the queries, in milliseconds."""
    taken = []
    for query in queries[:: max(1, len(queries) // _TIMED_QUERIES)][:_TIMED_QUERIES]:
        began = time.perf_counter()
        retriever.search(query.text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _outcomes(ranked: Sequence[list[Match]], queries: Sequence[Query]) -> list[Outcome]:
    outcomes = []
    for matches, query in zip(ranked, queries, strict=True):
        labels = [match.entry.label for match in matches]
        place = labels.index(query.expected) + 1.0 if query.expected in labels else float("inf")
        outcomes.append(Outcome(query.expected is not None, place, matches[0].confidence if matches else 0.0))
    return outcomes


def _threshold(outcomes: Sequence[Outcome]) -> float:
    confidence, is_right, in_scope = columns(outcomes)
    return best_threshold(confidence, is_right=is_right, in_scope=in_scope)


def _score(matches: Sequence[Match], query: Query, threshold: float) -> Score:
    confidence = matches[0].confidence if matches else 0.0
    return Score(
        query=query.text,
        expected=query.expected or "",
        predicted=matches[0].entry.label if matches else "",
        confidence=confidence,
        action="answer" if matches and confidence >= threshold else "unknown",
    )
