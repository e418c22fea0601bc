"""Entries laid out for comparing: every phrasing and every answer with the label it belongs to.

Labels, not entries, are what is looked for: rows that share an intent, and the same id in two languages, are one thing
to find and must not compete with each other.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.classifier import MOST_LANDMARKS, even_sample
from knowledge.entry import Entry

Integers = NDArray[np.intp]


class Catalogue:
    """Phrasings and answers lie in label order, so that the best of each label is one `maximum.reduceat`."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.labels = tuple(dict.fromkeys(entry.label for entry in entries))
        number = {label: at for at, label in enumerate(self.labels)}
        asked = [(number[entry.label], at, text) for at, entry in enumerate(entries) for text in entry.phrasings]
        asked.sort(key=lambda phrasing: phrasing[0])
        self.phrasings = [text for _, _, text in asked]
        self.phrasing_labels: Integers = np.array([label for label, _, _ in asked], dtype=np.intp)
        self.phrasing_entries: Integers = np.array([at for _, at, _ in asked], dtype=np.intp)
        answered = sorted((number[entry.label], at) for at, entry in enumerate(entries) if entry.answer)
        self.answers = [entries[at].answer for _, at in answered]
        self.answer_labels: Integers = np.array([label for label, _ in answered], dtype=np.intp)
        self.landmarks: Integers = even_sample(self.phrasing_labels, MOST_LANDMARKS)

    @property
    def digest(self) -> str:
        """The same for the same texts under the same labels, whatever file and line they came from."""
        told = repr(
            (self.labels, self.phrasings, self.phrasing_labels.tolist(), self.answers, self.answer_labels.tolist())
        )
        return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32]
