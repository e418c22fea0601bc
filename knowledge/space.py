"""The embedding space as the phrasings show it: centred, and flat in the directions in which wording varies.

Within-class covariance normalisation (Hatch et al. 2006) teaches the embedding to overlook how a thing is put,
including in which language, from nothing but the phrasings themselves.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import Floats, unit

_SHRINKAGE = 0.9


@dataclass(frozen=True)
class Space:
    centre: Floats
    projection: Floats

    @classmethod
    def fit(cls, vectors: Floats, labels: NDArray[np.intp]) -> "Space":
        centre = vectors.mean(axis=0)
        centred = unit(vectors - centre)
        sizes = np.bincount(labels)
        means = np.zeros((len(sizes), vectors.shape[1]), dtype=np.float32)
        np.add.at(means, labels, centred)
        spread = centred - (means / np.maximum(sizes, 1)[:, None])[labels]
        covariance = spread.T @ spread / len(vectors)
        level = float(np.trace(covariance)) / len(covariance)
        if level < 1e-9:  # one phrasing a label: nothing is known about wording
            return cls(centre, np.eye(len(covariance), dtype=np.float32))
        values, axes = np.linalg.eigh((1 - _SHRINKAGE) * covariance / level + _SHRINKAGE * np.eye(len(covariance)))
        return cls(centre, ((axes / np.sqrt(values)) @ axes.T).astype(np.float32))

    def place(self, vectors: Floats) -> Floats:
        """Unit vectors in this space."""
        return unit(unit(vectors - self.centre) @ self.projection)
