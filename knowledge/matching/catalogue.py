"""Entries laid out for comparing: every phrasing and every answer with the label it belongs to.

Labels, not entries, are what is looked for: rows that share an intent, and the same id in two languages, are one thing
to find and must not compete with each other.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.entry import Entry

Integers = NDArray[np.intp]

_MOST_LANDMARKS = 1_600
"""Beyond that many texts the classifier's kernel is approximated by an even sample of them (Nyström)."""
_GOLDEN = (5**0.5 - 1) / 2
"""Whole numbers times this, less their whole parts: however many of the smallest are taken, they lie evenly."""


MANY = 20_000
"""Texts; with more, a knowledge is large: what is kept in memory is rounded."""


class Catalogue:
    """Phrasings, then answers; each in label order, so that the best of each label is one `maximum.reduceat`."""

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
        self.text_labels: Integers = np.concatenate([self.phrasing_labels, self.answer_labels])
        self.first_of_equals: Integers = _first_of_equals(asked)
        """For each phrasing the row in which its label has that text first: rows of one intent may share a question."""
        taught = np.unique(self.first_of_equals)
        self.lessons: Integers = np.array([*taught, *self._answers_that_teach(taught, answered)], dtype=np.intp)
        """Texts that teach the classifier: each phrasing once, an answer for every two of them, and what has no
        question of its own. More answers drown the question (StackFAQ: 88 with all of them as lessons, 95 without)."""
        self.landmarks: Integers = even_sample(self.text_labels, _MOST_LANDMARKS)

    def _answers_that_teach(self, taught: Integers, answered: list[tuple[int, int]]) -> list[int]:
        left = np.bincount(self.phrasing_labels[taught], minlength=len(self.labels)) // 2
        chosen = []
        for row, (label, at) in enumerate(answered, start=len(self.phrasings)):
            if self.entries[at].kind == "passage" or left[label] > 0:
                left[label] -= 1
                chosen.append(row)
        return chosen

    @property
    def is_large(self) -> bool:
        return len(self.text_labels) > MANY

    @cached_property
    def by_label(self) -> dict[str, list[Entry]]:
        return by_label(self.entries)

    @property
    def digest(self) -> str:
        """The same for the same texts under the same labels, whatever file and line they came from."""
        texts = (self.labels, self.phrasings, self.answers, self.text_labels.tolist(), self.lessons.tolist())
        return hashlib.sha256(repr(texts).encode(errors="replace")).hexdigest()[:32]


def by_label(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    together: dict[str, list[Entry]] = {}
    for entry in entries:
        together.setdefault(entry.label, []).append(entry)
    return together


def _first_of_equals(asked: list[tuple[int, int, str]]) -> Integers:
    seen: dict[tuple[int, str], int] = {}
    return np.array([seen.setdefault((label, text), row) for row, (label, _, text) in enumerate(asked)], dtype=np.intp)


def even_sample(labels: Integers, size: int) -> Integers:
    """At most `size` rows: one of every label, then a second of every label, and so on. Those of one label are spread
    over its rows, since what lies side by side is alike: of one language, or phrasings and no answer."""
    order = np.argsort(labels, kind="stable")
    place = np.arange(len(labels)) - np.searchsorted(labels[order], labels[order])
    spread = np.lexsort((place * _GOLDEN % 1, labels[order]))
    rank = np.empty(len(labels), dtype=np.intp)
    rank[order[spread]] = place
    return np.sort(np.argsort(rank, kind="stable")[:size])
