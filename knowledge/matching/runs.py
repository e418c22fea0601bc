"""Texts in label order: where each label's run of them begins, found once, so that its best one is found fast."""

from dataclasses import dataclass

import numpy as np

from knowledge.matching.embeddings import Floats
from knowledge.matching.signals import Integers


@dataclass(frozen=True)
class Runs:
    labels: Integers
    """That have a text."""
    starts: Integers
    count: int
    """Of labels, with those that have none."""
    texts: int

    @classmethod
    def of(cls, text_labels: Integers, count: int) -> "Runs":
        labels, starts = np.unique(text_labels, return_index=True)
        return cls(labels, starts, count, len(text_labels))

    def best(self, values: Floats) -> Floats:
        """Of questions by texts, questions by labels; NaN where a label has no text."""
        if self.count == len(self.labels) == self.texts:
            return values.copy()
        best = np.full((len(values), self.count), np.nan, dtype=np.float32)
        if len(self.labels):
            best[:, self.labels] = np.maximum.reduceat(values, self.starts, axis=1)
        return best
