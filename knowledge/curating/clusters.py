"""Questions that mean the same, put together: average linkage over the cosines of their vectors."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

Vectors = NDArray[np.float32]

SAME_SUBJECT = 0.6
"""Cosine distance up to which questions make one cluster. On BANKING77, 27 intents asked in vain of knowledge that has
the other 50, of the cuts from 0.3 to 0.8 the widest at which four fifths of a cluster are of one intent (B-cubed
precision 0.86 with 12 questions an intent, 0.91 skewed; recall 0.46 and 0.51); `python -m tests.measure.gaps`."""
SAME_QUESTION = 0.45
"""The same for joining without an editor's eye, as drafts are: precision 0.95 and more there."""


def cluster(vectors: Vectors, *, cut: float = SAME_SUBJECT) -> list[list[int]]:
    """Rows of unit vectors that belong together, largest group first; each row in exactly one."""
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    # Rows of zeros have no direction, and cosine distance none to them.
    distances = 1 - vectors @ vectors.T
    tree: NDArray[Any] = linkage(distances[np.triu_indices(len(vectors), k=1)].clip(0, 2), "average")
    numbers = fcluster(tree, cut, criterion="distance")
    groups: dict[int, list[int]] = {}
    for row, number in enumerate(numbers.tolist()):
        groups.setdefault(number, []).append(row)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def nearest_to_middle(vectors: Vectors, rows: list[int], *, weights: list[int]) -> int:
    """The row that stands for its group, where some were asked more often than others; the first of equals."""
    group = vectors[rows]
    middle = np.asarray(weights, dtype=np.float32) @ group
    return rows[int(np.argmax(group @ middle))]


def nearest(vector: Vectors, others: Vectors, *, cut: float = SAME_QUESTION) -> int | None:
    """The row of `others` that means the same, if one does."""
    if not len(others):
        return None
    distances = 1 - others @ vector
    best = int(np.argmin(distances))
    return best if distances[best] <= cut else None
