"""What speaks for each label, put into one score to rank by and into the evidence that confidence is judged on."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.embeddings import Floats

Integers = NDArray[np.intp]

GONE = -1.0
"""What speaks for a label that is not there."""
_FUSION = {"letters": 0.3, "words": 0.3, "answer_meaning": 1.5, "answer_words": 0.5}
"""Beside the classifier, which counts 1."""


@dataclass(frozen=True)
class Signals:
    """Questions by labels, each; NaN in the answers' columns where a label has no answer."""

    classifier: Floats
    """Log-odds up to a constant."""
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
            fused += np.float32(weight) * _known(getattr(self, name))
        return fused

    def told(self, row: int, label: int) -> dict[str, float]:
        """One label's signals by name, those that are known."""
        named = {name: float(values[row, label]) for name, values in vars(self).items()}
        return {name: value for name, value in named.items() if not np.isnan(value)}

    def rows(self, chosen: Integers | NDArray[np.bool_]) -> "Signals":
        return Signals(**{name: values[chosen] for name, values in vars(self).items()})

    def beside(self, other: "Signals") -> "Signals":
        """The same questions, the other's labels after these."""
        return Signals(**{name: np.hstack([values, getattr(other, name)]) for name, values in vars(self).items()})

    def without(self, labels: Integers) -> "Signals":
        """The same, had none of these labels been there."""
        columns = {name: values.copy() for name, values in vars(self).items()}
        for name, values in columns.items():
            values[:, labels] = GONE if name != "classifier" else 20 * GONE
        return Signals(**columns)

    def features(self, rows: Integers, labels: Integers) -> Floats:
        """For each pair of a question and a label: the label's signals, how far each is ahead of the best other label's
        (NaN: unknown), and the label's share of the whole, as a logarithm.

        Other labels count as unrelated (0) at least: where there is none, being alone is no proof of being right.
        """
        fused = self.fused
        columns = []
        for values in (fused, *vars(self).values()):
            own = values[rows, labels]
            columns += [own, own - _best_other(values, rows, labels)]
        top = fused.max(axis=1, keepdims=True)
        whole = top[:, 0] + np.log(np.exp(fused - top).sum(axis=1))
        columns.append(fused[rows, labels] - whole[rows])
        return np.stack(columns, axis=1)


def _known(values: Floats) -> Floats:
    """Nothing (0) speaks where nothing is known."""
    return np.where(np.isnan(values), np.float32(0), values)


def _best_other(values: Floats, rows: Integers, labels: Integers) -> Floats:
    """Each question's best value, or its second best where the label itself has the best; never below 0."""
    known = np.where(np.isnan(values), np.float32(GONE), values)
    every = np.arange(len(known))
    top = known.argmax(axis=1)
    first = known[every, top]
    known[every, top] = GONE
    second = known.max(axis=1)
    best: Floats = np.maximum(np.where(top[rows] == labels, second[rows], first[rows]), 0)
    return best


FEATURES = (
    *(
        name
        for signal in ("fused", *(field.name for field in fields(Signals)))
        for name in (signal, f"{signal}_margin")
    ),
    "share",
)
"""Names of the columns of `Signals.features`."""
