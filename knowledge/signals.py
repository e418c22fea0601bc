"""What speaks for each label, put into one score to rank by and into the evidence that confidence is judged on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import Floats

Integers = NDArray[np.intp]

LETTERS_WEIGHT = 0.15
WORDS_WEIGHT = 0.15
ANSWER_WEIGHT = 0.15
ANSWER_WORDS_WEIGHT = 0.1

FEATURES = (
    "classifier",
    "classifier_margin",
    "meaning",
    "meaning_margin",
    "letters",
    "letters_margin",
    "words",
    "words_margin",
    "answer",
    "answer_words",
    "fused_margin",
)


@dataclass(frozen=True)
class Signals:
    """Questions by labels, each; NaN in the answers' columns where a label has no answer."""

    classifier: Floats
    meaning: Floats
    letters: Floats
    words: Floats
    answer: Floats
    answer_words: Floats

    @property
    def fused(self) -> Floats:
        fused: Floats = (
            self.classifier
            + LETTERS_WEIGHT * self.letters
            + WORDS_WEIGHT * self.words
            + ANSWER_WEIGHT * np.nan_to_num(self.answer)
            + ANSWER_WORDS_WEIGHT * np.nan_to_num(self.answer_words)
        ).astype(np.float32)
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
        columns = {}
        for name, values in vars(self).items():
            columns[name] = values.copy()
            columns[name][rows, labels] = np.nan if name.startswith("answer") else -1.0
        return Signals(**columns)

    def features(self, labels: Integers) -> Floats:
        """For one label a question: its signals, and how far each is ahead of the best other label's (NaN: unknown)."""
        rows = np.arange(len(labels))
        measured = {"fused_margin": _margin(self.fused, rows, labels)}
        for name, values in vars(self).items():
            measured[name] = values[rows, labels]
            measured[f"{name}_margin"] = _margin(values, rows, labels)
        return np.stack([measured[name] for name in FEATURES], axis=1)


def _margin(values: Floats, rows: Integers, labels: Integers) -> Floats:
    own = values[rows, labels]
    others = values.copy()
    others[rows, labels] = -1.0
    margin: Floats = own - np.nan_to_num(others, nan=-1.0).max(axis=1)
    return margin
