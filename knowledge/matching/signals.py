"""What speaks for each label, put into one score to rank by and into the evidence that confidence is judged on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.embeddings import Floats

Integers = NDArray[np.intp]

_FUSION = {"letters": 0.05, "words": 0.05, "answer_meaning": 0.3, "answer_words": 0.1}
"""Beside the classifier, which counts 1. Chosen on held-out phrasings of training data."""


@dataclass(frozen=True)
class Signals:
    """Questions by labels, each; NaN in the answers' columns where a label has no answer."""

    classifier: Floats
    meaning: Floats
    letters: Floats
    words: Floats
    answer_meaning: Floats
    answer_letters: Floats
    answer_words: Floats

    @property
    def fused(self) -> Floats:
        fused = self.classifier.copy()
        for name, weight in _FUSION.items():
            values = getattr(self, name)
            fused += np.float32(weight) * np.where(np.isnan(values), np.float32(0), values)
        return fused

    def rows(self, chosen: Sequence[int] | NDArray[np.bool_]) -> "Signals":
        return Signals(**{name: values[chosen] for name, values in vars(self).items()})

    def told(self, row: int, label: int) -> dict[str, float]:
        """One label's signals by name, those that are known."""
        named = {name: float(values[row, label]) for name, values in vars(self).items()}
        return {name: value for name, value in named.items() if not np.isnan(value)}

    def without(self, labels: Integers) -> "Signals":
        """The same, had the label of each question not been there."""
        rows = np.arange(len(labels))
        columns = {name: values.copy() for name, values in vars(self).items()}
        for values in columns.values():
            values[rows, labels] = -1.0
        return Signals(**columns)

    def features(self, labels: Integers) -> Floats:
        """For one label a question: its signals, and how far each is ahead of the best other label's (NaN: unknown).

        Other labels count as unrelated (0) at least: where there is none, being alone is no proof of being right.
        """
        rows = np.arange(len(labels))
        columns = []
        for values in (self.fused, *vars(self).values()):
            own, others = values[rows, labels], values.copy()
            others[rows, labels] = -1.0
            columns += [own, own - np.fmax(np.fmax.reduce(others, axis=1), 0.0)]
        return np.stack(columns, axis=1)


FEATURES = tuple(name for signal in ("fused", *Signals.__dataclass_fields__) for name in (signal, f"{signal}_margin"))
"""Names of the columns of `Signals.features`."""
