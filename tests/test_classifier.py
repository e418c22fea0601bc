"""What the closed form says about a held-out phrasing is what a classifier fitted without it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.matching.catalogue import even_sample
from knowledge.matching.classifier import Fit, kernel
from knowledge.matching.embeddings import unit


def random_kernel(seed: int, labels: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    chance = np.random.default_rng(seed)
    vectors = unit(chance.normal(size=(len(labels), 12)).astype(np.float32) + 3 * np.eye(12, dtype=np.float32)[labels])
    return kernel(vectors @ vectors.T, np.zeros((len(labels), len(labels)), np.float32))


@given(st.integers(0, 1_000))
@settings(max_examples=20, deadline=None)
def test_leaving_out_in_closed_form_equals_fitting_without(seed: int) -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    whole = random_kernel(seed, labels)
    fit = Fit(whole, landmarks=np.arange(9), labels=labels)
    kept = np.array([0, 1, 3, 4, 5, 6, 7, 8])
    other = Fit(whole[np.ix_(kept, kept)], landmarks=np.arange(8), labels=labels[kept])
    expected = other.classifier.scores(whole[[2]][:, kept])
    assert fit.without_each(np.array([2])) == pytest.approx(expected, abs=1e-3)
    assert fit.without(np.array([2])) == pytest.approx(expected, abs=1e-3)


def test_sample_of_landmarks_agrees_with_all_of_them() -> None:
    labels = np.repeat(np.arange(6), 40)
    whole = random_kernel(1, labels)
    exact = Fit(whole, landmarks=np.arange(240), labels=labels)
    some = even_sample(labels, 120)
    sampled = Fit(whole[:, some], landmarks=some, labels=labels)
    rows = np.arange(240)
    agreement = exact.without_each(rows).argmax(axis=1) == sampled.without_each(rows).argmax(axis=1)
    assert agreement.mean() > 0.8


def test_even_sample_takes_every_label_before_any_twice() -> None:
    labels = np.array([0, 0, 0, 0, 1, 2, 2])
    assert even_sample(labels, 3).tolist() == [0, 4, 5]
    assert even_sample(labels, 100).tolist() == list(range(7))
