"""Vectors where they lie: on disk at half precision, most of them, and read when they are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.arrays import let_go
from knowledge.matching.embeddings import Floats

Batch = NDArray[np.float16]


@dataclass(frozen=True)
class Lying:
    batches: Sequence[Batch]
    """It grows; none of them is moved."""
    places: NDArray[np.int32]
    """Texts by two: batch and row."""

    def __len__(self) -> int:
        return len(self.places)

    @property
    def width(self) -> int:
        return self.batches[0].shape[1] if self.batches else 1

    def rows(self, chosen: NDArray[np.intp] | slice = slice(None)) -> Floats:
        """As singles: texts by dimensions."""
        places = self.places[chosen]
        vectors = np.empty((len(places), self.width), dtype=np.float32)
        for number in np.unique(places[:, 0]).tolist():
            mine, batch = places[:, 0] == number, self.batches[number]
            vectors[mine] = batch[places[mine, 1]]
            let_go(batch)
        return vectors
