"""Questions whose right answer is known without asking anyone: what calibration learns from.

Held-out phrasings are in scope. The same phrasings with their whole label taken away are near misses, which is what
customers really ask when they ask in vain. Chatter that the project ships is far away.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.catalogue import Integers
from knowledge.classifier import Fit, even_sample
from knowledge.embeddings import Floats
from knowledge.index import Index
from knowledge.signals import Signals

CHATTER = Path(__file__).with_name("chatter.csv")
_MOST_QUESTIONS = 1_500
IN_SCOPE_SHARE, NEAR_SHARE, FAR_SHARE = 0.75, 0.15, 0.10
"""What customers are assumed to ask."""


@dataclass(frozen=True)
class Evidence:
    features: Floats
    is_right: Floats
    in_scope: Floats
    importance: Floats

    @property
    def held_out(self) -> int:
        """Phrasings that could be left out: those of labels with several."""
        return int(self.in_scope.sum())


def shipped_chatter() -> list[str]:
    with CHATTER.open(encoding="utf-8", newline="") as file:
        return [row["question"] for row in csv.DictReader(file)]


def gather(index: Index, fit: Fit, *, phrasings: Floats, chatter: tuple[list[str], Floats]) -> Evidence:
    """`phrasings` are their vectors as embedded, in the index's order; `chatter` is questions and their vectors."""
    rows = even_sample(index.catalogue.phrasing_labels, _MOST_QUESTIONS)
    labels = index.catalogue.phrasing_labels[rows]
    nearness = index.nearness([index.catalogue.phrasings[row] for row in rows], phrasings[rows])
    for values in (nearness.meaning, nearness.letters, nearness.words):
        values[np.arange(len(rows)), rows] = -1.0
    has_others = np.bincount(index.catalogue.phrasing_labels)[labels] > 1
    held_out = index.signals(nearness, fit.without_each(rows))
    near = index.signals(nearness, _without_labels(fit, index.catalogue.phrasing_labels, rows)).without(labels)
    far_nearness = index.nearness(*chatter)
    far = index.signals(far_nearness, fit.classifier.scores(index.kernel(far_nearness)))
    groups = [
        _Group(held_out.rows(has_others), labels[has_others], IN_SCOPE_SHARE),
        _Group(near, None, NEAR_SHARE if len(index.catalogue.labels) > 1 else 0.0),
        _Group(far, None, FAR_SHARE),
    ]
    return _evidence([group for group in groups if group.share and len(group.signals.classifier)])


@dataclass(frozen=True)
class _Group:
    signals: Signals
    labels: Integers | None
    """The right label of each question; None: there is none."""
    share: float


def _evidence(groups: list[_Group]) -> Evidence:
    features, is_right, in_scope, importance = [], [], [], []
    weight = sum(len(group.signals.classifier) for group in groups if group.labels is not None) / IN_SCOPE_SHARE
    for group in groups:
        top = group.signals.fused.argmax(axis=1)
        features.append(group.signals.features(top))
        is_right.append(np.zeros(len(top)) if group.labels is None else (top == group.labels).astype(float))
        in_scope.append(np.full(len(top), float(group.labels is not None)))
        importance.append(np.full(len(top), weight * group.share / len(top)))
    columns = (np.concatenate(column).astype(np.float32) for column in (features, is_right, in_scope, importance))
    return Evidence(*columns)


def _without_labels(fit: Fit, all_labels: Integers, rows: Integers) -> Floats:
    """Scores of each of `rows` had every phrasing of its label been absent."""
    scores: dict[int, Floats] = {}
    for label in np.unique(all_labels[rows]):
        block = np.flatnonzero(all_labels == label)
        scores.update(zip(block.tolist(), fit.without(block), strict=True))
    return np.stack([scores[row] for row in rows.tolist()])
