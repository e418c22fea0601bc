"""The figures of an evaluation, as `dime evaluate` promises them: None where there is nothing to measure it on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.calibration import balanced

Numbers = NDArray[np.float64]

DEPTH = 10


@dataclass(frozen=True)
class Outcome:
    """What became of one query."""

    in_scope: bool
    place: float
    """Of the right label among those found, from 1; infinite when it is not among the first ten."""
    confidence: float
    """Of the top entry."""


@dataclass(frozen=True)
class Figures:
    n: int
    accuracy: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    auroc: float | None
    fpr_at_95: float | None
    threshold: float
    accuracy_at_threshold: float | None
    oos_recall_at_threshold: float | None
    balanced: float | None
    ms_per_query_p50: float
    ms_per_query_p95: float
    fit_seconds: float


def measure(
    outcomes: Sequence[Outcome], *, threshold: float, milliseconds: Sequence[float], fit_seconds: float
) -> Figures:
    places = np.array([outcome.place for outcome in outcomes])
    confidence, right, inside = columns(outcomes)
    answered, is_inside = confidence >= threshold, inside > 0
    has_inside, has_outside = bool(is_inside.any()), bool((~is_inside).any())
    has_both = has_inside and has_outside
    places = places[is_inside]
    return Figures(
        n=len(outcomes),
        accuracy=float(right[is_inside].mean()) if has_inside else None,
        recall_at_5=float((places <= 5).mean()) if has_inside else None,
        mrr_at_10=float(np.where(places <= DEPTH, 1 / places, 0).mean()) if has_inside else None,
        auroc=_auroc(confidence[is_inside], confidence[~is_inside]) if has_both else None,
        fpr_at_95=_fpr_at_95(confidence[is_inside], confidence[~is_inside]) if has_both else None,
        threshold=threshold,
        accuracy_at_threshold=float((answered & (right > 0))[is_inside].mean()) if has_inside else None,
        oos_recall_at_threshold=float((~answered)[~is_inside].mean()) if has_outside else None,
        balanced=balanced(confidence, is_right=right, in_scope=inside, threshold=threshold) if has_both else None,
        ms_per_query_p50=float(np.percentile(milliseconds, 50)),
        ms_per_query_p95=float(np.percentile(milliseconds, 95)),
        fit_seconds=fit_seconds,
    )


def columns(outcomes: Sequence[Outcome]) -> tuple[Numbers, Numbers, Numbers]:
    """Confidence, whether the top entry is right, and whether there is a right one; as numbers."""
    rows = [(outcome.confidence, outcome.place == 1, outcome.in_scope) for outcome in outcomes]
    confidence, right, inside = np.array(rows, dtype=np.float64).T
    return confidence, right, inside


def _auroc(inside: Numbers, outside: Numbers) -> float:
    """The chance that a question in scope has the higher confidence; ties count half."""
    order = np.sort(outside)
    below, not_above = np.searchsorted(order, inside, "left"), np.searchsorted(order, inside, "right")
    return float((below + not_above).mean() / 2 / len(outside))


def _fpr_at_95(inside: Numbers, outside: Numbers) -> float:
    """Out-of-scope questions let through at the highest threshold that keeps 95 % of those in scope."""
    kept = int(np.ceil(0.95 * len(inside)))
    return float((outside >= np.sort(inside)[::-1][kept - 1]).mean())
