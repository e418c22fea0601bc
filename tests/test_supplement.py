"""A change of the knowledge is found before anything is learnt anew, and what was taken away is not."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge.entry import Entry
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP

LAMPS = Entry(id="lamps", question="Which bulb fits the Aurora lamp?", answer="E27.", variants=("aurora lamp bulb",))


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever.fit(SHOP, Vectors(LetterEmbeddings()))


def test_new_entry_is_found_at_once(retriever: Retriever) -> None:
    changed = retriever.with_changes([*SHOP, LAMPS])
    assert changed is not None
    assert changed.search("bulb for the aurora lamp")[0].entry == LAMPS
    assert changed.search("delivery price")[0].entry.id == "delivery"


def test_edited_entry_is_given_with_its_new_words_and_only_those(retriever: Retriever) -> None:
    edited = [replace(entry, answer="Now 49 dollars.") if entry.id == "delivery" else entry for entry in SHOP]
    changed = retriever.with_changes(edited)
    assert changed is not None
    found = [match for match in changed.search("delivery price") if match.entry.id == "delivery"]
    assert [match.entry.answer for match in found] == ["Now 49 dollars."]


def test_entry_that_was_taken_away_is_not_given(retriever: Retriever) -> None:
    changed = retriever.with_changes([entry for entry in SHOP if entry.id != "delivery"])
    assert changed is not None
    assert all(match.entry.id != "delivery" for match in changed.search("delivery price", limit=50))


def test_moving_within_the_source_is_no_change(retriever: Retriever) -> None:
    moved = retriever.with_changes([replace(entry, line=(entry.line or 0) + 1) for entry in SHOP])
    assert moved is not None
    question, vectors = ["delivery price"], Vectors(LetterEmbeddings()).of_questions(["delivery price"])
    assert np.array_equal(moved.signals(question, vectors).fused, retriever.signals(question, vectors).fused)


def test_confidence_is_a_probability_among_new_and_old(retriever: Retriever) -> None:
    changed = retriever.with_changes([*SHOP, LAMPS])
    assert changed is not None
    for question in ("delivery price", "aurora lamp bulb", "who won the match?", ""):
        confidences = [match.confidence for match in changed.search(question, limit=10)]
        assert sum(confidences) <= 1 + 1e-6
        assert confidences == sorted(confidences, reverse=True)


def test_other_knowledge_altogether_needs_a_fit(retriever: Retriever) -> None:
    assert retriever.with_changes([LAMPS]) is None
    assert Retriever.fit([], Vectors(LetterEmbeddings())).with_changes([LAMPS]) is None
