"""Kernel ridge regression: which label a question belongs to, learnt from a few phrasings and the answer of each.

Closed form, so it is fitted in one step, and what it would have said about any phrasing, had that phrasing or its whole
label been left out, follows from the same matrices without fitting again (Rifkin and Lippert 2007). That is where the
calibration gets its evidence.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float32]
Integers = NDArray[np.intp]

GAMMA = 3.0
RIDGE = 0.1
LETTERS_WEIGHT = 0.03


class Classifier:
    """Scores each label for a question: about 1 for its own, about 0 for any other."""

    def __init__(self, weights: Floats) -> None:
        self.weights = weights
        """Landmarks by labels."""

    def scores(self, kernel: Floats) -> Floats:
        """From the kernel between questions and landmarks: questions by labels."""
        scores: Floats = kernel @ self.weights
        return scores


class Fit:
    """A classifier with the matrices from which its held-out scores follow. `kernel` is texts by landmarks."""

    def __init__(self, kernel: Floats, *, landmarks: Integers, labels: Integers) -> None:
        self._labels = labels
        self._targets = _targets(labels)
        self._is_exact = len(landmarks) == len(labels)
        own = kernel[landmarks].astype(np.float64)
        if self._is_exact:
            self._inverse = linalg.inv(own + RIDGE * np.eye(len(own)), overwrite_a=True)
            weights = self._inverse @ self._targets
        else:
            self._features = kernel
            normal = (kernel.T @ kernel).astype(np.float64) + RIDGE * own + 1e-4 * np.eye(len(own))
            self._inverse = linalg.inv(normal, overwrite_a=True)
            weights = self._inverse @ (kernel.T @ self._targets)
        self._residuals = RIDGE * weights if self._is_exact else self._targets - kernel @ weights
        self.classifier = Classifier(weights.astype(np.float32))

    def without(self, rows: Integers) -> Floats:
        """What texts `rows` would score (rows by labels) had none of them been there."""
        if self._is_exact:
            remaining = RIDGE * self._inverse[np.ix_(rows, rows)]
        else:
            features = self._features[rows].astype(np.float64)
            remaining = np.eye(len(rows)) - features @ self._inverse @ features.T
        held_out: Floats = self._targets[rows] - linalg.solve(remaining, self._residuals[rows], assume_a="sym")
        return held_out.astype(np.float32)

    def without_each(self, rows: Integers) -> Floats:
        """What each of `rows` would score had it alone been absent."""
        if self._is_exact:
            remaining = RIDGE * np.diag(self._inverse)[rows]
        else:
            features = self._features[rows].astype(np.float64)
            remaining = 1 - np.einsum("ij,jk,ik->i", features, self._inverse, features, optimize=True)
        held_out: Floats = self._targets[rows] - self._residuals[rows] / np.maximum(remaining, 1e-6)[:, None]
        return held_out.astype(np.float32)


def kernel(meaning: Floats, letters: Floats) -> Floats:
    """Nearness in meaning and in letters, from the two cosines."""
    near: Floats = np.exp(np.float32(GAMMA) * (meaning - 1)) + np.float32(LETTERS_WEIGHT) * letters
    return near


def _targets(labels: Integers) -> NDArray[np.float64]:
    count = int(labels.max()) + 1
    targets = np.full((len(labels), count), -1 / max(1, count - 1))
    targets[np.arange(len(labels)), labels] = 1
    return targets
