"""A large knowledge, compared roughly and then exactly, gives what is given when all is compared exactly."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from knowledge.entry import Entry
from knowledge.matching import catalogue
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.coarse import Coarse
from knowledge.matching.lying import Lying
from knowledge.matching.retriever import Retriever
from knowledge.matching.shortlist import ROUGHNESS, columns_of, shortlist
from knowledge.matching.space import Placed, Space
from knowledge.matching.vectors import Vectors
from tests.letter_embeddings import LetterEmbeddings

_BLOCKS = ((96, 0.6), (48, 0.4))
_TOLERANCE = 1e-6
"""The same products, of other shapes: sums are rounded in another order."""


def embedded(count: int, *, seed: int) -> np.ndarray:
    """Two parts, the second of which every third text lacks; at half precision, as on disk."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(count, 144)).astype(np.float32)
    vectors[::3, 96:] = 0
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def coarse(count: int, *, seed: int) -> tuple[Coarse, Placed, Space]:
    """Half of the texts are answers; the same placed exactly."""
    vectors, half = embedded(count, seed=seed), count // 2
    singles = vectors.astype(np.float32)
    space = Space.fit(
        singles[:half], np.arange(half) // 2, answers=singles[half:], chatter=singles[:10], blocks=_BLOCKS
    )
    places = np.stack([np.zeros(count), np.arange(count)], axis=1).astype(np.int32)
    entries = [Entry(id=str(at), question=f"{at}?", answer=f"{at}.") for at in range(half)]
    texts = Coarse.of(Catalogue(entries), space, Lying([vectors], places[:half]), Lying([vectors], places[half:]))
    return texts, space.place_texts(singles[:half], singles[half:]), space


def test_rough_cosines_are_near_the_exact_ones() -> None:
    texts, exact, space = coarse(5_000, seed=1)
    questions = space.place(embedded(30, seed=2).astype(np.float32))
    near = texts.nearness_of(questions)
    assert near.dtype == np.float32
    assert np.abs(near - exact.nearness_of(questions)).max() < ROUGHNESS


def test_chosen_texts_have_exactly_their_cosines_landmarks_always() -> None:
    texts, exact, space = coarse(5_000, seed=1)
    questions = space.place(embedded(5, seed=2).astype(np.float32))
    wanted = exact.nearness_of(questions)
    for columns in (np.array([0, 7, 2_499, 2_500, 4_999]), np.array([3]), np.array([4_000]), np.array([], dtype=int)):
        np.testing.assert_allclose(texts.exactly(questions, columns), wanted[:, columns], atol=_TOLERANCE)
    landmarks = texts.landmark_columns
    np.testing.assert_allclose(texts.nearness_of(questions)[:, landmarks], wanted[:, landmarks], atol=_TOLERANCE)


@given(
    meaning=some.lists(some.floats(-1, 1, width=32), min_size=1, max_size=60),
    split=some.integers(0, 60),
    seed=some.integers(0, 99),
)
def test_whatever_the_roughness_the_best_text_of_a_chosen_label_is_among_the_exact(
    meaning: list[float], split: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    rough, split = np.array(meaning, dtype=np.float32), min(split, len(meaning))
    exact = rough + chance.uniform(-ROUGHNESS, ROUGHNESS, len(rough)).astype(np.float32)
    labels = np.concatenate([np.sort(chance.integers(0, 9, split)), np.sort(chance.integers(0, 9, len(rough) - split))])
    wanted = np.unique(chance.integers(0, 9, 4))
    columns = set(columns_of(wanted, labels, rough, split).tolist())
    for label in wanted:
        for run in (slice(0, split), slice(split, None)):
            mine = np.flatnonzero(labels[run] == label) + (run.start or 0)
            if len(mine):
                assert int(mine[exact[mine].argmax()]) in columns


def shelf() -> list[Entry]:
    things = ("sofa", "lamp", "table", "bed", "chair", "mirror", "rug", "shelf", "desk", "clock")
    verbs = (
        "return",
        "repair",
        "order",
        "clean",
        "paint",
        "carry",
        "insure",
        "assemble",
        "lend",
        "sell",
        "pack",
        "weigh",
    )
    return [
        Entry(
            id=f"{verb}-{thing}",
            question=f"How do I {verb} a {thing}?",
            variants=(f"Can you {verb} my {thing} for me",) if len(verb) % 2 else (),
            answer=f"To {verb} it, call the people of the {thing} room." if thing != "rug" else "",
        )
        for thing in things
        for verb in verbs
    ]


ASKED = ("can i return a lamp", "how to paint the shelves", "who weighs my bed and carries it", "is it raining", "rug")


@pytest.mark.parametrize("most_labels", [2_000, 20], ids=["with a classifier", "by nearness alone"])
def test_a_large_knowledge_gives_the_order_scores_and_signals_of_the_exact_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_labels: int
) -> None:
    monkeypatch.setattr("knowledge.matching.matcher._MOST_LABELS", most_labels)
    entries, vectors = shelf(), Vectors(LetterEmbeddings(), tmp_path / "vectors")
    exact = Retriever.fit(entries, vectors).find(ASKED, limit=10)
    monkeypatch.setattr(catalogue, "MANY", 100)
    large = Retriever.fit(entries, vectors)
    large.save(tmp_path)
    loaded = Retriever.load(entries, vectors, tmp_path)
    assert loaded is not None
    for one in (large, loaded):
        assert isinstance(one._learnt.matcher.index._texts, Coarse)  # type: ignore[union-attr]
        for wanted, found in zip(exact, one.find(ASKED, limit=10), strict=True):
            assert [match.entry for match in found] == [match.entry for match in wanted]
            for mine, theirs in zip(found, wanted, strict=True):
                assert mine.score == pytest.approx(theirs.score, abs=1e-5)
                assert mine.signals == pytest.approx(theirs.signals, abs=1e-5)
                assert mine.confidence == pytest.approx(theirs.confidence, abs=1e-3)


def test_labels_that_lead_in_one_signal_alone_are_on_the_shortlist() -> None:
    entries = shelf()
    retriever = Retriever.fit(entries, Vectors(LetterEmbeddings()))
    signals = retriever.signals(ASKED, retriever._vectors.of_questions(ASKED))
    for row in range(len(ASKED)):
        labels = set(shortlist(signals, row).tolist())
        for values in (signals.fused, signals.meaning, np.nan_to_num(signals.answer_meaning, nan=-1)):
            assert set(np.argsort(-values[row])[:20].tolist()) <= labels
