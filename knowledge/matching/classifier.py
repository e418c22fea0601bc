"""Multinomial logistic regression over a kernel: which label a question belongs to, learnt from a few phrasings
of each. The kernel is nearness in meaning and in letters; an even sample of the texts, the landmarks, spans it
(Nyström; Williams and Seeger 2001), so that ten thousand phrasings cost little more than one thousand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float32]
Integers = NDArray[np.intp]

GAMMA = 2.0
LETTERS_WEIGHT = 0.1
_SCALE = 25.0
"""Of the kernel: how steep the classifier may become."""
_PENALTY = 1.0
_ITERATIONS = 40
_SMALLEST_SHARE = 1e-4
"""Directions with less than this of the largest eigenvalue carry nothing."""


@dataclass(frozen=True)
class Classifier:
    weights: Floats
    """Landmarks by labels."""

    def scores(self, kernel: Floats) -> Floats:
        """Log-odds up to a constant, from the kernel between questions and landmarks: questions by labels."""
        scores: Floats = kernel @ self.weights
        return scores

    @classmethod
    def fit(cls, kernel: Floats, *, landmarks: Integers, rows: Integers, labels: Integers, count: int) -> "Classifier":
        """`kernel` is texts by landmarks, `labels` one a text below `count`; only the texts in `rows` teach."""
        basis = _basis(kernel[landmarks])
        found = _softmax(np.ascontiguousarray(kernel[rows] @ basis), labels[rows], count)
        return cls((basis @ found).astype(np.float32))


def kernel(meaning: Floats, letters: Floats) -> Floats:
    """Nearness in meaning and in letters, from the two cosines."""
    near: Floats = np.exp(np.float32(GAMMA) * (meaning - 1)) + np.float32(LETTERS_WEIGHT) * letters
    return near


def _basis(own: Floats) -> Floats:
    """What turns a row of the kernel into coordinates whose dot products are the kernel: landmarks by dimensions."""
    values, axes = linalg.eigh((own + own.T).astype(np.float64) / 2, overwrite_a=True, check_finite=False)
    kept = values > _SMALLEST_SHARE * values[-1]
    basis: Floats = (axes[:, kept] * np.sqrt(_SCALE / values[kept])).astype(np.float32)
    return basis


def _softmax(texts: Floats, labels: Integers, count: int) -> Floats:
    """Weights of the likeliest softmax model with a Gaussian prior: dimensions by labels."""
    each = np.arange(len(texts))
    shape = (texts.shape[1], count)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = texts @ flat.reshape(shape).astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        own = scores[each, labels].astype(np.float64)
        shares = np.exp(scores, out=scores)
        sums = shares.sum(axis=1, keepdims=True)
        surprise = np.log(sums[:, 0].astype(np.float64)) - own
        shares /= sums
        shares[each, labels] -= 1
        slope = (texts.T @ shares).ravel().astype(np.float64) + _PENALTY * flat
        return float(surprise.sum() + _PENALTY / 2 * flat @ flat), slope

    from scipy.optimize import minimize  # half a second

    start = np.zeros(texts.shape[1] * count)
    options = {"maxiter": _ITERATIONS, "ftol": 1e-5}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    weights: Floats = found.x.reshape(shape).astype(np.float32)
    return weights
