"""`evaluate` gives the figures that the contract defines, and refuses what it cannot measure."""

import csv
from pathlib import Path

import pytest

from knowledge.evaluating.evaluation import evaluate
from knowledge.evaluating.figures import Outcome, measure
from knowledge.problem import UnreadableDocument
from knowledge.reading.faq import write_faq
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import ENGLISH

INSIDE = [(text.upper(), entry.id) for entry in ENGLISH for text in entry.phrasings]
OUTSIDE = [("who wrote Hamlet?", ""), ("what time is it in Tokyo?", ""), ("tell me a joke", "")]


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    path = tmp_path / "faq.csv"
    path.write_text(write_faq(ENGLISH))
    return path


def queries(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("query", "expected"), *rows])
    return path


def test_every_figure_is_there_and_the_scores_have_a_row_a_query(faq: Path, tmp_path: Path) -> None:
    asked = queries(tmp_path / "q.csv", INSIDE + OUTSIDE)
    evaluation = evaluate(faq, asked, embeddings=LetterEmbeddings(), cache=tmp_path / "cache")
    figures = evaluation.to_json()
    assert list(figures) == [
        "n",
        "accuracy",
        "recall_at_5",
        "mrr_at_10",
        "auroc",
        "fpr_at_95",
        "threshold",
        "accuracy_at_threshold",
        "oos_recall_at_threshold",
        "balanced",
        "ms_per_query_p50",
        "ms_per_query_p95",
        "fit_seconds",
    ]
    assert all(value is not None for value in figures.values())
    assert figures["n"] == len(INSIDE) + 3
    assert figures["accuracy"] == 1.0
    evaluation.write_scores(tmp_path / "scores.csv")
    with (tmp_path / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["query", "expected", "predicted", "confidence", "action"]
    assert [row["query"] for row in rows] == [text for text, _ in INSIDE + OUTSIDE]
    assert {row["action"] for row in rows} == {"answer", "unknown"}
    assert all(row["predicted"] for row in rows)


def test_without_out_of_scope_queries_their_figures_are_null(faq: Path, tmp_path: Path) -> None:
    evaluation = evaluate(faq, queries(tmp_path / "q.csv", INSIDE), embeddings=LetterEmbeddings())
    figures = evaluation.to_json()
    assert [name for name, value in figures.items() if value is None] == [
        "auroc",
        "fpr_at_95",
        "oos_recall_at_threshold",
        "balanced",
    ]


def test_expected_is_the_intent_where_the_faq_has_intents(tmp_path: Path) -> None:
    rows = [(text, entry.id) for entry in ENGLISH for text in entry.phrasings]
    with (tmp_path / "faq.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("question", "intent"), *rows])
    evaluation = evaluate(tmp_path / "faq.csv", queries(tmp_path / "q.csv", INSIDE), embeddings=LetterEmbeddings())
    assert evaluation.figures.accuracy == 1.0
    assert {score.predicted for score in evaluation.scores} == {entry.id for entry in ENGLISH}


def test_threshold_comes_from_the_validation_file_never_from_the_queries(faq: Path, tmp_path: Path) -> None:
    asked, other = queries(tmp_path / "q.csv", INSIDE + OUTSIDE), queries(tmp_path / "r.csv", OUTSIDE)
    own = evaluate(faq, asked, embeddings=LetterEmbeddings()).figures.threshold
    assert evaluate(faq, other, embeddings=LetterEmbeddings()).figures.threshold == own
    strict = queries(tmp_path / "v.csv", [(text, "") for text, _ in INSIDE[:6]] + INSIDE[6:])
    assert evaluate(faq, asked, strict, embeddings=LetterEmbeddings()).figures.threshold != own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("query,expected\nfine,a\n  ,a\n", "line 3: the query is empty"),
        ("query\nfine\n", "columns query and expected"),
        ("query,expected\n", "no queries"),
        ("", "is empty"),
    ],
)
def test_queries_that_cannot_be_measured_are_refused(faq: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "q.csv").write_text(text)
    with pytest.raises(UnreadableDocument, match=said):
        evaluate(faq, tmp_path / "q.csv", embeddings=LetterEmbeddings())


def test_figures_follow_their_definitions() -> None:
    outcomes = [
        Outcome(in_scope=True, place=1, confidence=0.9),
        Outcome(in_scope=True, place=1, confidence=0.4),
        Outcome(in_scope=True, place=2, confidence=0.8),
        Outcome(in_scope=True, place=float("inf"), confidence=0.3),
        Outcome(in_scope=False, place=float("inf"), confidence=0.6),
        Outcome(in_scope=False, place=float("inf"), confidence=0.1),
    ]
    figures = measure(outcomes, threshold=0.5, milliseconds=[10, 20, 30], fit_seconds=1.0)
    assert figures.accuracy == 0.5
    assert figures.recall_at_5 == 0.75
    assert figures.mrr_at_10 == pytest.approx((1 + 1 + 0.5 + 0) / 4)
    assert figures.auroc == pytest.approx((2 + 1 + 2 + 1) / 8)
    assert figures.fpr_at_95 == 0.5
    assert figures.accuracy_at_threshold == 0.25
    assert figures.oos_recall_at_threshold == 0.5
    assert figures.balanced == pytest.approx((0.25 + 0.5) / 2)
    assert figures.ms_per_query_p50 == 20
