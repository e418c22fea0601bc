"""Questions that mean the same, put together: average linkage over the cosines of their vectors, by mutual nearest
neighbours, which for average linkage gives the same tree as merging the nearest pair each time, in a few passes."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Integers = NDArray[np.intp]

SAME_SUBJECT = 0.6
"""Cosine distance up to which questions make one cluster. 27 intents of BANKING77 were asked in vain, of knowledge of
the same matter and of another: B-cubed precision is 0.86 to 0.91 and 0.74 to 0.81 at this cut, recall 0.46 to 0.51 and
0.63 to 0.67; at 0.65 a third of a cluster is something else where the matter is another (`python -m tests.measure
gaps`). Rather two gaps too many than two things in one."""
SAME_QUESTION = 0.45
"""The same for joining without an editor's eye, as drafts are: precision 0.92 to 0.98 there."""
_AS_GOOD_AS_EQUAL = 0.8
"""Cosine."""
_MANY = 6_000
"""Beyond so many, near copies are put together first, since passes cost the square."""
_BLOCK = 2_048


def cluster(vectors: Vectors, *, cut: float = SAME_SUBJECT) -> list[list[int]]:
    """Rows of unit vectors that belong together, largest group first; each row in exactly one."""
    if not len(vectors):
        return []
    of = _leaders(vectors) if len(vectors) > _MANY else np.arange(len(vectors))
    while (merged := _merged(vectors, of, alike=1 - cut)).max() < of.max():
        of = merged
    groups: list[list[int]] = [[] for _ in range(int(of.max()) + 1)]
    for row, number in enumerate(of.tolist()):
        groups[number].append(row)
    return sorted(groups, key=lambda rows: (-len(rows), rows[0]))


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


def _merged(vectors: Vectors, of: Integers, *, alike: float) -> Integers:
    """The groups after one pass in which each two that are nearest to each other, and near enough, became one."""
    count = int(of.max()) + 1
    sizes = np.bincount(of, minlength=count).astype(np.float32)
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, of, vectors)
    means = sums / sizes[:, None]
    nearest, how_near = np.zeros(count, dtype=np.intp), np.full(count, -np.inf, dtype=np.float32)
    for start in range(0, count, _BLOCK):
        near = means[start : start + _BLOCK] @ means.T
        rows = np.arange(len(near))
        near[rows, start + rows] = -np.inf
        nearest[start : start + _BLOCK] = near.argmax(axis=1)
        how_near[start : start + _BLOCK] = near.max(axis=1)
    me = np.arange(count)
    together = (nearest[nearest] == me) & (how_near >= alike) & (nearest < me)
    first = np.where(together, nearest, me)
    _, renumbered = np.unique(first, return_inverse=True)
    numbers: Integers = renumbered[of]
    return numbers


def _leaders(vectors: Vectors) -> Integers:
    """Each row with the first row before it that is as good as equal; rows without one lead."""
    leaders = list[int]()
    of = np.zeros(len(vectors), dtype=np.intp)
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        known = len(leaders)
        free = np.arange(len(block))
        if known:
            near = block @ vectors[leaders].T
            of[start : start + len(block)] = near.argmax(axis=1)
            free = free[near.max(axis=1) < _AS_GOOD_AS_EQUAL]
        within = block[free] @ block[free].T >= _AS_GOOD_AS_EQUAL
        chosen = list[int]()
        for place, row in enumerate(free.tolist()):
            followed = [number for number, leader in enumerate(chosen) if within[place, leader]]
            if followed:
                of[start + row] = known + followed[0]
            else:
                of[start + row] = known + len(chosen)
                chosen.append(place)
        leaders += [start + int(free[place]) for place in chosen]
    return of
