"""Questions that mean the same, together: average linkage by mutual nearest neighbours, which for average linkage gives
the same tree as merging the nearest pair each time, in a few passes over the whole.

Vectors are centred first: an embedding's questions all point much the same way, and what they share tells nothing. The
centre comes from elsewhere, since on a day when all ask one thing their own middle is that thing.
"""

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.embeddings import Floats, unit

ALIKE = 0.45
"""Mean cosine of two groups, centred, from which on they are one."""
_AS_GOOD_AS_EQUAL = 0.80
_MANY = 6_000
"""Beyond so many, near copies are put together first, since passes cost the square."""
_BLOCK = 2_048

Integers = NDArray[np.intp]


def group(vectors: Floats, *, centre: Floats, alike: float = ALIKE) -> list[list[int]]:
    """Row numbers by group, every row in one, the largest group first. `vectors` are of unit length; `centre` is the
    middle of questions of all kinds."""
    if not len(vectors):
        return []
    centred = unit(vectors - centre)
    of = _leaders(centred) if len(centred) > _MANY else np.arange(len(centred))
    while True:
        merged = _merged(centred, of, alike=alike)
        if merged.max() == of.max():
            break
        of = merged
    groups: list[list[int]] = [[] for _ in range(int(of.max()) + 1)]
    for row, number in enumerate(of.tolist()):
        groups[number].append(row)
    return sorted(groups, key=lambda rows: (-len(rows), rows[0]))


def most_central(vectors: Floats) -> int:
    """The row nearest to the middle of all."""
    return int(np.argmax(vectors @ vectors.sum(axis=0)))


def _merged(vectors: Floats, of: Integers, *, alike: float) -> Integers:
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


def _leaders(vectors: Floats) -> Integers:
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
