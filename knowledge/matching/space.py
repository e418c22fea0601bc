"""The embedding space as the phrasings show it: centred, and flat in the directions in which wording varies.

Within-class covariance normalisation (Hatch et al. 2006) teaches the embedding to overlook how a thing is put,
including in which language, from nothing but the phrasings themselves. Where a vector is made of several models' parts,
each part has a space of its own, and two texts are compared in the parts that both have.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.embeddings import Blocks, Floats, unit

_SHRINKAGE = 0.9
_FEWEST_FOR_A_CENTRE = 50
"""Fewer texts than this are no measure of where the middle is; generic chatter is mixed in."""
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Placed:
    """Texts in a space."""

    vectors: Floats
    """Texts by dimensions; each part as long as the root of its weight, or zero where the text has none."""
    parts: Floats
    """Texts by parts: those lengths."""

    def nearness(self, others: "Placed") -> Floats:
        """Cosines, the parts' weighted mean: these by others."""
        return weighed(self.vectors @ others.vectors.T, self.parts, others.parts)

    def nearness_of(self, questions: "Placed") -> Floats:
        """Questions by these."""
        return questions.nearness(self)

    def rows(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Placed":
        return Placed(self.vectors[chosen], self.parts[chosen])

    def followed_by(self, others: "Placed") -> "Placed":
        return Placed(np.vstack([self.vectors, others.vectors]), np.vstack([self.parts, others.parts]))


def weighed(near: Floats, parts: Floats, others: Floats) -> Floats:
    """Sums of products over the parts as the parts' weighted mean, in place: over those that both texts have."""
    if parts.shape[1] > 1 and not (parts.all() and others.all()):
        near /= np.maximum(parts @ others.T, 1e-6)
    return near


@dataclass(frozen=True)
class Part:
    """One model's space."""

    weight: float
    centre: Floats
    answer_centre: Floats
    """Answers are statements and lie elsewhere than questions."""
    projection: Floats

    @classmethod
    def fit(
        cls, weight: float, phrasings: Floats, labels: NDArray[np.intp], *, answers: Floats, chatter: Floats
    ) -> "Part":
        is_there = _there(phrasings)
        phrasings, labels, answers = phrasings[is_there], labels[is_there], answers[_there(answers)]
        centre = _centre(phrasings, chatter)
        answer_centre = answers.mean(axis=0) if len(answers) >= _FEWEST_FOR_A_CENTRE else centre
        return cls(weight, centre, answer_centre, _projection(unit(phrasings - centre), labels))

    def place(self, vectors: Floats, centre: Floats) -> Floats:
        """Of length 1, or zero where there is no vector."""
        placed = unit(unit(vectors - centre) @ self.projection)
        placed[~_there(vectors)] = 0
        return placed


@dataclass(frozen=True)
class Space:
    parts: tuple[Part, ...]

    @classmethod
    def of_chatter(cls, chatter: Floats, *, blocks: Blocks) -> "Space":
        """The one that no entry has taught: chatter at least says where the middle is."""
        return cls.fit(chatter, np.arange(len(chatter)), answers=chatter[:0], chatter=chatter, blocks=blocks)

    @classmethod
    def fit(
        cls, phrasings: Floats, labels: NDArray[np.intp], *, answers: Floats, chatter: Floats, blocks: Blocks
    ) -> "Space":
        """Vectors as embedded, `blocks` says which columns are which model's."""
        at, parts = 0, []
        for width, weight in blocks:
            mine = slice(at, at + width)
            parts.append(
                Part.fit(weight, phrasings[:, mine], labels, answers=answers[:, mine], chatter=chatter[:, mine])
            )
            at += width
        return cls(tuple(parts))

    def place(self, vectors: Floats) -> Placed:
        """Questions, phrasings or customers' own."""
        return self._place(vectors, [part.centre for part in self.parts])

    def place_answers(self, vectors: Floats) -> Placed:
        return self._place(vectors, [part.answer_centre for part in self.parts])

    def place_texts(self, phrasings: Floats, answers: Floats) -> Placed:
        """Phrasings, then answers."""
        return self.place(phrasings).followed_by(self.place_answers(answers)) if len(answers) else self.place(phrasings)

    def meanings(self, vectors: Floats) -> Floats:
        """Questions as unit vectors for plain cosines, by the first part: every text has one, whatever its
        language."""
        return self.parts[0].place(self._first(vectors), self.parts[0].centre)

    def answer_meanings(self, vectors: Floats) -> Floats:
        return self.parts[0].place(self._first(vectors), self.parts[0].answer_centre)

    def _first(self, vectors: Floats) -> Floats:
        return vectors[:, : len(self.parts[0].centre)]

    def _place(self, vectors: Floats, centres: list[Floats]) -> Placed:
        placed = Placed(np.empty((len(vectors), vectors.shape[1]), np.float32),
                        np.empty((len(vectors), len(self.parts)), np.float32))  # fmt: skip
        for start in range(0, len(vectors), _AT_ONCE):
            some, left = slice(start, start + _AT_ONCE), 0
            for number, (part, centre) in enumerate(zip(self.parts, centres, strict=True)):
                mine = slice(left, left + len(part.centre))
                found = part.place(np.asarray(vectors[some, mine], dtype=np.float32), centre)
                root = np.float32(np.sqrt(part.weight))
                placed.vectors[some, mine] = root * found
                placed.parts[some, number] = root * _there(found)
                left = mine.stop
        return placed

    def to_arrays(self) -> dict[str, Floats]:
        arrays = {}
        for number, part in enumerate(self.parts):
            for name, values in vars(part).items():
                arrays[f"space {number} {name}"] = np.asarray(values, dtype=np.float32)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Floats]) -> "Space":
        """Raises KeyError where something is missing."""
        parts: list[Part] = []
        while (prefix := f"space {len(parts)} ") + "weight" in arrays:
            fields = {name: arrays[prefix + name] for name in ("centre", "answer_centre", "projection")}
            parts.append(Part(weight=float(arrays[prefix + "weight"]), **fields))
        return cls(tuple(parts))


def _there(vectors: Floats) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (vectors != 0).any(axis=1)
    return found


def _centre(phrasings: Floats, chatter: Floats) -> Floats:
    known = phrasings if len(phrasings) >= _FEWEST_FOR_A_CENTRE else np.vstack([phrasings, chatter[_there(chatter)]])
    centre: Floats = known.mean(axis=0) if len(known) else np.zeros(phrasings.shape[1], dtype=np.float32)
    return centre


def _projection(centred: Floats, labels: NDArray[np.intp]) -> Floats:
    """The inverse root of the shrunk within-label covariance."""
    if not len(centred):
        return np.eye(centred.shape[1], dtype=np.float32)
    _, numbers, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    means = np.zeros((len(sizes), centred.shape[1]), dtype=np.float32)
    np.add.at(means, numbers, centred)
    spread = centred - (means / sizes[:, None])[numbers]
    covariance = spread.T @ spread / len(centred)
    level = float(np.trace(covariance)) / len(covariance)
    if level < 1e-9:  # one phrasing a label: nothing is known about wording
        return np.eye(len(covariance), dtype=np.float32)
    values, axes = np.linalg.eigh((1 - _SHRINKAGE) * covariance / level + _SHRINKAGE * np.eye(len(covariance)))
    root: Floats = ((axes / np.sqrt(values)) @ axes.T).astype(np.float32)
    return root
