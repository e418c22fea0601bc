"""Questions that mean the same stand together, each in one place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from knowledge.curating.clusters import cluster, nearest, nearest_to_middle
from knowledge.matching.embeddings import unit

EAST, NORTHEAST, NORTH = (
    unit(np.array(direction, dtype=np.float32)) for direction in ((1.0, 0.0), (1.0, 0.4), (0.0, 1.0))
)


def test_near_directions_are_one_cluster_the_largest_first() -> None:
    assert cluster(np.stack([NORTH, EAST, NORTHEAST])) == [[1, 2], [0]]


def test_the_middle_is_where_most_asked() -> None:
    vectors = np.stack([EAST, NORTHEAST])
    assert nearest_to_middle(vectors, [0, 1], weights=[5, 1]) == 0
    assert nearest_to_middle(vectors, [0, 1], weights=[1, 5]) == 1


def test_what_is_far_from_everything_is_nearest_to_nothing() -> None:
    others = np.stack([NORTH, NORTHEAST])
    assert nearest(EAST, others) == 1
    assert nearest(EAST, others[:1]) is None
    assert nearest(EAST, others[:0]) is None


@given(
    vectors=arrays(np.float32, st.tuples(st.integers(0, 12), st.just(4)), elements=st.floats(-1, 1, width=32)),
    cut=st.floats(0, 2),
)
def test_every_question_is_in_exactly_one_cluster(vectors: np.ndarray, cut: float) -> None:  # type: ignore[type-arg]
    groups = cluster(unit(vectors), cut=cut)
    assert sorted(row for group in groups for row in group) == list(range(len(vectors)))
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
