"""Questions whose right answer is known without asking anyone: what calibration learns from.

Held-out phrasings are in scope. The same phrasings with their whole label taken away are near misses, which is what
customers really ask when they ask in vain. Chatter that the project ships is far away.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.matching.catalogue import Catalogue, Integers, even_sample
from knowledge.matching.classifier import Fit
from knowledge.matching.embeddings import Floats
from knowledge.matching.index import Index
from knowledge.matching.signals import Signals
from knowledge.matching.space import Space

CHATTER = Path(__file__).with_name("chatter.csv")
IN_SCOPE_SHARE, NEAR_SHARE, FAR_SHARE = 0.78, 0.10, 0.12
"""What customers are assumed to ask."""
_MOST_QUESTIONS = 1_500
_FOLDS = 3


@dataclass(frozen=True)
class Asked:
    """Questions with what spoke for each label. `labels` are the right ones; None: nothing answers them."""

    signals: Signals
    labels: Integers | None
    share: float


@dataclass(frozen=True)
class Evidence:
    """One row a question; `importance` makes up for how many there happen to be of each sort."""

    features: Floats
    is_right: Floats
    in_scope: Floats
    importance: Floats


def shipped_chatter() -> list[str]:
    with CHATTER.open(encoding="utf-8", newline="") as file:
        return [row["question"] for row in csv.DictReader(file)]


def held_out_phrasings(catalogue: Catalogue) -> int:
    """How many can be left out with their label still there."""
    sizes = np.bincount(catalogue.phrasing_labels)
    return int(sizes[sizes > 1].sum())


def gather(
    index: Index, fit: Fit, *, phrasings: Floats, answers: Floats, chatter: tuple[list[str], Floats]
) -> Evidence:
    """The vectors are as embedded, in the catalogue's order; `chatter` is texts and their vectors."""
    catalogue = index.catalogue
    chosen = even_sample(catalogue.phrasing_labels, _MOST_QUESTIONS)
    asked: list[Asked] = []
    for fold in range(_FOLDS):
        is_other = catalogue.phrasing_labels % _FOLDS != fold
        rows = chosen[~is_other[chosen]]
        if is_other.any() and len(rows):
            others = catalogue.phrasing_labels[is_other]
            space = Space.fit(phrasings[is_other], others, answers=answers, chatter=chatter[1])
            asked += _ask_again(index.through(space), rows, phrasings)
    far = index.nearness(*chatter)
    asked.append(Asked(index.signals(far, fit.classifier.scores(index.kernel(far))), None, FAR_SHARE))
    return weigh(asked)


def _ask_again(index: Index, rows: Integers, phrasings: Floats) -> list[Asked]:
    """Phrasings `rows` without themselves, then without their labels, in a space that was learnt from other labels:
    one that had seen them would have learnt to overlook just what makes them differ."""
    catalogue = index.catalogue
    labels = catalogue.phrasing_labels[rows]
    fit = Fit(index.own_kernel(), landmarks=catalogue.landmarks, labels=catalogue.text_labels)
    nearness = index.nearness([catalogue.phrasings[row] for row in rows], phrasings[rows])
    for values in vars(nearness).values():
        values[np.arange(len(rows)), rows] = -1.0
    has_others = np.bincount(catalogue.phrasing_labels)[labels] > 1
    held_out = index.signals(nearness, fit.without_each(rows)).rows(has_others)
    apart: dict[int, Floats] = {}
    for label in np.unique(labels):
        block = np.flatnonzero(catalogue.text_labels == label)
        apart.update(zip(block.tolist(), fit.without(block), strict=True))
    near = index.signals(nearness, np.stack([apart[row] for row in rows.tolist()])).without(labels)
    return [Asked(held_out, labels[has_others], IN_SCOPE_SHARE), Asked(near, None, NEAR_SHARE)]


def weigh(asked: list[Asked]) -> Evidence:
    """All questions together, each sort with its share, worth as many as there are in scope."""
    sizes: dict[float, int] = {}
    for group in asked:
        sizes[group.share] = sizes.get(group.share, 0) + len(group.signals.classifier)
    worth = sizes[IN_SCOPE_SHARE] / IN_SCOPE_SHARE
    features, is_right, in_scope, importance = [], [], [], []
    for group in asked:
        top = group.signals.fused.argmax(axis=1)
        features.append(group.signals.features(top))
        is_right.append(np.zeros(len(top)) if group.labels is None else top == group.labels)
        in_scope.append(np.full(len(top), group.labels is not None))
        importance.append(np.full(len(top), worth * group.share / max(1, sizes[group.share])))
    columns = (np.concatenate(column).astype(np.float32) for column in (features, is_right, in_scope, importance))
    return Evidence(*columns)
