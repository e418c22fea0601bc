"""An index with the space and the classifier its questions are seen through: what speaks for each label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.matching.catalogue import Catalogue, Integers
from knowledge.matching.classifier import Classifier
from knowledge.matching.embeddings import Floats
from knowledge.matching.index import Index, Nearness
from knowledge.matching.signals import GONE, Signals
from knowledge.matching.space import Space

_MOST_LABELS = 2_000
"""With more, a classifier costs minutes and has a phrasing or two a label to learn from: nearness alone decides."""


@dataclass(frozen=True)
class Texts:
    """Vectors as embedded, in the catalogue's order, and those of generic chatter."""

    phrasings: Floats
    answers: Floats
    chatter: Floats
    blocks: tuple[tuple[int, float], ...]
    space: Space | None = None
    """The one to compare them in, where they are not to teach one."""


@dataclass(frozen=True)
class Matcher:
    index: Index
    space: Space
    classifier: Classifier | None

    @classmethod
    def fit(cls, catalogue: Catalogue, texts: Texts) -> "Matcher":
        """Taught by all the texts."""
        space = _space(catalogue, texts, np.arange(len(catalogue.text_labels)))
        index = Index(catalogue, space.place_texts(texts.phrasings, texts.answers))
        return cls(index, space, _classifier(index, np.arange(len(catalogue.text_labels))))

    def taught_by(self, rows: Integers, texts: Texts) -> "Matcher":
        """The same texts to compare with, had only these taught."""
        space = _space(self.index.catalogue, texts, rows)
        index = self.index.through(space.place_texts(texts.phrasings, texts.answers))
        return Matcher(index, space, _classifier(index, rows))

    def nearness(self, questions: Sequence[str], vectors: Floats) -> Nearness:
        """Vectors as embedded."""
        return self.index.nearness(questions, self.space.place(vectors))

    def signals(self, nearness: Nearness, *, hidden: Integers | None = None) -> Signals:
        """Questions by labels, as if the texts in the columns `hidden` were not there."""
        scores = self.classifier.scores(self.index.kernel(nearness)) if self.classifier else None
        if hidden is not None:
            for values in vars(nearness).values():
                values[:, hidden] = GONE
        return self.index.signals(nearness, scores)


def _space(catalogue: Catalogue, texts: Texts, rows: Integers) -> Space:
    if texts.space:
        return texts.space
    split = len(catalogue.phrasings)
    asked, answered = rows[rows < split], rows[rows >= split] - split
    return Space.fit(
        texts.phrasings[asked],
        catalogue.phrasing_labels[asked],
        answers=texts.answers[answered],
        chatter=texts.chatter,
        blocks=texts.blocks,
    )


def _classifier(index: Index, rows: Integers) -> Classifier | None:
    catalogue = index.catalogue
    if len(catalogue.labels) > _MOST_LABELS:
        return None
    return Classifier.fit(
        index.own_kernel(),
        landmarks=catalogue.landmarks,
        rows=np.intersect1d(rows, catalogue.lessons),
        labels=catalogue.text_labels,
        count=len(catalogue.labels),
    )
