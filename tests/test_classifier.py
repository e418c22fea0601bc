"""The classifier tells labels apart from a few texts each, from the rows it may learn from and no others."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.matching.catalogue import even_sample
from knowledge.matching.classifier import Classifier, kernel
from knowledge.matching.embeddings import unit


def random_kernel(seed: int, labels: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    chance = np.random.default_rng(seed)
    vectors = unit(chance.normal(size=(len(labels), 12)).astype(np.float32) + 3 * np.eye(12, dtype=np.float32)[labels])
    return kernel(vectors @ vectors.T, np.zeros((len(labels), len(labels)), np.float32))


@given(st.integers(0, 1_000))
@settings(max_examples=20, deadline=None)
def test_rows_that_do_not_teach_may_be_labelled_anything(seed: int) -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    whole, every, rows = random_kernel(seed, labels), np.arange(9), np.array([0, 1, 3, 4, 6, 7])
    lied_to = labels.copy()
    lied_to[[2, 5, 8]] = 0
    honest = Classifier.fit(whole, landmarks=every, rows=rows, labels=labels, count=3)
    other = Classifier.fit(whole, landmarks=every, rows=rows, labels=lied_to, count=3)
    assert np.array_equal(honest.weights, other.weights)


def test_what_it_was_not_taught_it_still_tells_apart() -> None:
    labels = np.repeat(np.arange(6), 10)
    whole, rows = random_kernel(1, labels), np.flatnonzero(np.arange(60) % 2 == 0)
    learnt = Classifier.fit(whole, landmarks=np.arange(60), rows=rows, labels=labels, count=6)
    others = np.setdiff1d(np.arange(60), rows)
    assert (learnt.scores(whole[others]).argmax(axis=1) == labels[others]).mean() > 0.8


def test_sample_of_landmarks_agrees_with_all_of_them() -> None:
    labels = np.repeat(np.arange(6), 40)
    whole, every, some = random_kernel(1, labels), np.arange(240), even_sample(labels, 120)
    exact = Classifier.fit(whole, landmarks=every, rows=every, labels=labels, count=6)
    sampled = Classifier.fit(whole[:, some], landmarks=some, rows=every, labels=labels, count=6)
    agreement = exact.scores(whole).argmax(axis=1) == sampled.scores(whole[:, some]).argmax(axis=1)
    assert agreement.mean() > 0.8


def test_even_sample_takes_every_label_before_any_twice() -> None:
    labels = np.array([0, 0, 0, 0, 1, 2, 2])
    assert even_sample(labels, 3).tolist() == [0, 4, 5]
    assert even_sample(labels, 100).tolist() == list(range(7))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 120))
def test_even_sample_spreads_over_the_rows_of_each_label(sizes: list[int], size: int) -> None:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    chosen = even_sample(labels, size)
    assert len(chosen) == min(size, len(labels)) == len(set(chosen.tolist()))
    for label, count in enumerate(sizes):
        rows = np.flatnonzero(labels == label)
        taken = np.flatnonzero(np.isin(rows, chosen))
        gaps = np.diff([*taken, count]) if len(taken) else []
        assert all(gap <= 2 * count / len(taken) + 1 for gap in gaps)
