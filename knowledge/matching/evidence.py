"""Questions whose right answer is known without asking anyone: what calibration learns from.

Held-out phrasings are in scope. The same phrasings with their whole label taken away are near misses, which is what
customers really ask when they ask in vain. Chatter that the project ships is far away.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.catalogue import Catalogue, Integers, even_sample
from knowledge.matching.embeddings import Floats
from knowledge.matching.matcher import Matcher, Texts
from knowledge.matching.signals import Signals

CHATTER = Path(__file__).with_name("chatter.csv")
IN_SCOPE_SHARE, NEAR_SHARE, FAR_SHARE = 0.78, 0.10, 0.12
"""What customers are assumed to ask."""
_MOST_QUESTIONS, _FEWEST_QUESTIONS = 1_500, 200
_LARGEST_TABLE = 20_000_000
"""Questions times texts: large knowledge is asked less often."""
_AT_ONCE = 128
_FOLDS, _FOLDS_OF_MANY = 4, 2
"""Into how many parts the knowledge is cut, and how many of them are left out where one fit takes seconds."""
_FEW_TEXTS = 5_000


@dataclass(frozen=True)
class Asked:
    """Questions of one sort with the features of what came first."""

    features: Floats
    is_right: NDArray[Any]
    in_scope: bool
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
    """How many can be left out with another way of asking still there."""
    sizes = np.bincount(catalogue.phrasing_labels[np.unique(catalogue.first_of_equals)])
    return int(sizes[sizes > 1].sum())


def gather(matcher: Matcher, texts: Texts, *, chatter: list[str]) -> Evidence:
    """Each fold leaves out some phrasings of most labels and all texts of the others, so that one fit yields both kinds
    of questions, asked in a space that has not seen them: one that had would overlook just what makes them differ."""
    catalogue = matcher.index.catalogue
    count = len(catalogue.text_labels)
    chosen = np.zeros(count, dtype=np.bool_)
    chosen[_asked_of(catalogue)] = True
    asked: list[Asked] = []
    for fold in range(_FOLDS if count <= _FEW_TEXTS else _FOLDS_OF_MANY):
        is_away = catalogue.text_labels % _FOLDS == fold
        is_held_out = _held_out(catalogue, fold) & ~is_away
        left = ~(is_away | is_held_out)
        if not left[: len(catalogue.phrasings)].any():
            continue
        other = matcher.taught_by(np.flatnonzero(left), texts)
        for is_asked, share in ((is_held_out, IN_SCOPE_SHARE), (is_away, NEAR_SHARE)):
            asked += _ask(other, np.flatnonzero(is_asked & chosen), texts, left=left, share=share)
    far = matcher.signals(matcher.nearness(chatter, texts.chatter))
    return weigh([*asked, _asked(far, None, FAR_SHARE)])


def _asked_of(catalogue: Catalogue) -> Integers:
    """An even sample of the phrasings, of those that are no landmarks where there are enough: a landmark has a
    direction of its own in the classifier's space, which a customer's question has not."""
    every = np.unique(catalogue.first_of_equals)
    most = max(_FEWEST_QUESTIONS, min(_MOST_QUESTIONS, _LARGEST_TABLE // len(catalogue.text_labels)))
    others = np.setdiff1d(every, catalogue.landmarks)
    rows = others if len(others) >= most else every
    chosen: Integers = rows[even_sample(catalogue.phrasing_labels[rows], most)]
    return chosen


def _ask(matcher: Matcher, rows: Integers, texts: Texts, *, left: NDArray[np.bool_], share: float) -> Iterator[Asked]:
    """The phrasings in `rows`, some at a time, with only the texts that are `left` to answer from."""
    catalogue = matcher.index.catalogue
    gone = np.setdiff1d(np.arange(len(catalogue.labels)), catalogue.text_labels[left])
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        nearness = matcher.nearness([catalogue.phrasings[row] for row in some], texts.phrasings[some])
        signals = matcher.signals(nearness, hidden=np.flatnonzero(~left)).without(gone)
        yield _asked(signals, catalogue.text_labels[some] if share == IN_SCOPE_SHARE else None, share)


def _held_out(catalogue: Catalogue, fold: int) -> NDArray[np.bool_]:
    """By text: phrasings of this fold, with those equal to them, whose label has another one; never an answer."""
    wordings, number = np.unique(catalogue.first_of_equals, return_inverse=True)
    labels = catalogue.phrasing_labels[wordings]
    rank = np.arange(len(labels)) - np.searchsorted(labels, labels)
    sizes = np.bincount(labels)[labels]
    held_out = np.zeros(len(catalogue.text_labels), dtype=np.bool_)
    held_out[: len(number)] = ((rank % _FOLDS == fold) & (sizes > 1))[number]
    return held_out


def _asked(signals: Signals, labels: Integers | None, share: float) -> Asked:
    top = signals.fused.argmax(axis=1)
    is_right = np.zeros(len(top)) if labels is None else top == labels
    return Asked(signals.features(np.arange(len(top)), top), is_right, labels is not None, share)


def weigh(asked: list[Asked]) -> Evidence:
    """All questions together, each sort with its share, worth as many as there are in scope."""
    sizes: dict[float, int] = {}
    for group in asked:
        sizes[group.share] = sizes.get(group.share, 0) + len(group.features)
    worth = sizes.get(IN_SCOPE_SHARE, 0) / IN_SCOPE_SHARE
    importance = [np.full(len(group.features), worth * group.share / max(1, sizes[group.share])) for group in asked]
    in_scope = [np.full(len(group.features), group.in_scope) for group in asked]
    columns = ([group.features for group in asked], [group.is_right for group in asked], in_scope, importance)
    return Evidence(*(np.concatenate(column).astype(np.float32) for column in columns))
