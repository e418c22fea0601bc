"""The embedding space as the phrasings show it: centred, and flat in the directions in which wording varies.

Within-class covariance normalisation (Hatch et al. 2006) teaches the embedding to overlook how a thing is put,
including in which language, from nothing but the phrasings themselves.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.embeddings import Floats, unit

_SHRINKAGE = 0.9
_FEWEST_FOR_A_CENTRE = 50
"""Fewer texts than this are no measure of where the middle is; generic chatter is mixed in."""


@dataclass(frozen=True)
class Space:
    centre: Floats
    answer_centre: Floats
    """Answers are statements and lie elsewhere than questions."""
    projection: Floats

    @classmethod
    def fit(cls, phrasings: Floats, labels: NDArray[np.intp], *, answers: Floats, chatter: Floats) -> "Space":
        centre = _centre(phrasings, chatter)
        answer_centre = answers.mean(axis=0) if len(answers) >= _FEWEST_FOR_A_CENTRE else centre
        return cls(centre, answer_centre, _projection(unit(phrasings - centre), labels))

    def place(self, vectors: Floats) -> Floats:
        """Questions as unit vectors in this space."""
        return unit(unit(vectors - self.centre) @ self.projection)

    def place_answers(self, vectors: Floats) -> Floats:
        return unit(unit(vectors - self.answer_centre) @ self.projection)


def _centre(phrasings: Floats, chatter: Floats) -> Floats:
    known = phrasings if len(phrasings) >= _FEWEST_FOR_A_CENTRE else np.vstack([phrasings, chatter])
    centre: Floats = known.mean(axis=0)
    return centre


def _projection(centred: Floats, labels: NDArray[np.intp]) -> Floats:
    """The inverse root of the shrunk within-label covariance."""
    _, numbers, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    means = np.zeros((len(sizes), centred.shape[1]), dtype=np.float32)
    np.add.at(means, numbers, centred)
    spread = centred - (means / sizes[:, None])[numbers]
    covariance = spread.T @ spread / len(centred)
    level = float(np.trace(covariance)) / len(covariance)
    if level < 1e-9:  # one phrasing a label: nothing is known about wording
        return np.eye(len(covariance), dtype=np.float32)
    values, axes = np.linalg.eigh((1 - _SHRINKAGE) * covariance / level + _SHRINKAGE * np.eye(len(covariance)))
    root: Floats = ((axes / np.sqrt(values)) @ axes.T).astype(np.float32)
    return root
