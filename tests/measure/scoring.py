"""Figures of a ranking, and of a confidence, that `dime evaluate` does not tell."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.evaluating.figures import Outcome, columns
from tests.measure.contenders import DEPTH, Ranking
from tests.measure.sets.trial import Asked, Figure

_BINS = 10


def score(rankings: Sequence[Ranking], asked: Sequence[Asked], figure: Figure) -> float:
    """The mean over the questions that have an answer."""
    of = {"first": _is_first, "share at 10": _share}[figure]
    return float(np.mean([of(ranking, question.right) for ranking, question in _answerable(rankings, asked)]))


def outcomes(rankings: Sequence[Ranking], confidence: Sequence[float], asked: Sequence[Asked]) -> list[Outcome]:
    """As `dime evaluate` counts them; of several right labels the first found counts."""
    found = []
    for ranking, sure, question in zip(rankings, confidence, asked, strict=True):
        places = (place for place, label in enumerate(ranking, start=1) if label in question.right)
        found.append(Outcome(bool(question.right), float(next(places, np.inf)), sure))
    return found


def calibration_error(found: Sequence[Outcome]) -> float:
    """Expected calibration error (Naeini et al. 2015) over ten bins of equal width, in and out of scope together: the
    gap between how sure and how often right, by how many questions it holds for. Nothing is right out of scope."""
    confidence, right, _ = columns(found)
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(found))


def most_right(found: Sequence[Outcome]) -> float:
    """The threshold with the most right over all classes, refusing being right out of scope (Larson et al. 2019)."""
    confidence, right, inside = columns(found)
    tried: NDArray[np.float64] = np.unique(np.append(confidence, [0.0, np.nextafter(1, 2)]))
    counts = [(right * (confidence >= at)).sum() + ((1 - inside) * (confidence < at)).sum() for at in tried]
    return float(tried[int(np.argmax(counts))])


def keeping(found: Sequence[Outcome], share: float) -> float:
    """The highest threshold at which so large a share of the questions in scope is still answered, and rightly."""
    confidence, right, inside = columns(found)
    tried: NDArray[np.float64] = np.unique(np.append(confidence, 0.0))
    kept = [float((right * (confidence >= at)).sum() / max(1.0, inside.sum())) for at in tried]
    return float(max((at for at, each in zip(tried, kept, strict=True) if each >= share), default=0.0))


def _answerable(rankings: Sequence[Ranking], asked: Sequence[Asked]) -> list[tuple[Ranking, Asked]]:
    return [pair for pair in zip(rankings, asked, strict=True) if pair[1].right]


def _is_first(ranking: Ranking, right: frozenset[str]) -> float:
    return float(ranking[:1] != [] and ranking[0] in right)


def _share(ranking: Ranking, right: frozenset[str]) -> float:
    return len(right.intersection(ranking[:DEPTH])) / len(right)
