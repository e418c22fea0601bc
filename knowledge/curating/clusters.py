"""Questions that mean the same, put together: average linkage over the cosines of their vectors."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

Vectors = NDArray[np.float32]

SAME_SUBJECT = 0.6
"""Cosine distance up to which questions make one cluster. 27 intents of BANKING77 were asked in vain, of knowledge of
the same matter and of another: B-cubed precision is 0.86 to 0.91 and 0.74 to 0.81 at this cut, recall 0.46 to 0.51 and
0.63 to 0.67; at 0.65 a third of a cluster is something else where the matter is another (`python -m tests.measure
gaps`). Rather two gaps too many than two things in one."""
SAME_QUESTION = 0.45
"""The same for joining without an editor's eye, as drafts are: precision 0.92 to 0.98 there."""


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
