"""Meanings of a large knowledge in 8 bits a number: a quarter of the memory, and compared sooner, since reading it
takes the time. What may come out first is then compared exactly, by the vectors that lie on disk.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.catalogue import Catalogue, Integers
from knowledge.matching.embeddings import Floats
from knowledge.matching.lying import Lying
from knowledge.matching.space import Placed, Space, weighed

if TYPE_CHECKING:
    from numkong import PackedMatrix

_LARGEST = 127
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Coarse:
    """Texts: phrasings, then answers."""

    packed: "PackedMatrix"
    steps: Floats
    """By which each text's numbers are to be multiplied."""
    parts: Floats
    space: Space
    asked: Lying
    answered: Lying
    landmarks: Placed
    """Always compared exactly: a classifier may have learnt by them."""
    landmark_columns: Integers

    @classmethod
    def of(cls, catalogue: Catalogue, space: Space, asked: Lying, answered: Lying) -> "Coarse":
        import numkong  # only a large knowledge needs it

        count = len(asked) + len(answered)
        numbers = np.empty((count, asked.width), dtype=np.int8)
        steps = np.empty(count, dtype=np.float32)
        parts = np.empty((count, len(space.parts)), dtype=np.float32)
        for start in range(0, count, _AT_ONCE):
            some = slice(start, min(start + _AT_ONCE, count))
            placed = _placed(space, asked, answered, np.arange(some.start, some.stop))
            numbers[some], steps[some] = _rounded(placed.vectors)
            parts[some] = placed.parts
        packed = numkong.dots_pack(numbers, dtype="int8")
        landmarks = _placed(space, asked, answered, catalogue.landmarks)
        return cls(packed, steps, parts, space, asked, answered, landmarks, catalogue.landmarks)

    def nearness_of(self, questions: Placed) -> Floats:
        """Questions by texts. All but the landmarks' cosines are roughly so, within 0.01."""
        import numkong

        numbers, steps = _rounded(questions.vectors)
        near = np.asarray(numkong.dots_packed(numbers, self.packed)).astype(np.float32)
        near *= steps[:, None]
        near *= self.steps
        near = weighed(near, questions.parts, self.parts)
        near[:, self.landmark_columns] = questions.nearness(self.landmarks)
        return near

    def exactly(self, questions: Placed, columns: Integers) -> Floats:
        """Questions by the texts in these columns, in ascending order."""
        return questions.nearness(_placed(self.space, self.asked, self.answered, columns))


def _placed(space: Space, asked: Lying, answered: Lying, columns: Integers) -> Placed:
    split = np.searchsorted(columns, len(asked))
    return space.place_texts(asked.rows(columns[:split]), answered.rows(columns[split:] - len(asked)))


def _rounded(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Each vector by steps of its own."""
    steps: Floats = np.maximum(np.abs(vectors).max(axis=1), np.float32(1e-9)) / np.float32(_LARGEST)
    return np.rint(vectors / steps[:, None]).astype(np.int8), steps
