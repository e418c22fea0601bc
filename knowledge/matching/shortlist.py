"""Which texts are worth an exact comparison, where all were compared roughly."""

import numpy as np

from knowledge.matching.embeddings import Floats
from knowledge.matching.signals import Integers, Signals

_LABELS = 100
"""By all that speaks for them. The twentieth is hardly ever shown."""
_LABELS_OF_ONE_SIGNAL = 20
"""Each label is also judged by how far the best other one is ahead in meaning."""
ROUGHNESS = 0.01
"""Cosines in 8 bits are nearer than this to the exact ones; most of them within 0.002."""
_MOST_TEXTS = 1_000


def shortlist(signals: Signals, row: int) -> Integers:
    """The labels that may come first, for one question, in ascending order."""
    leading = [_first(signals.fused[row], _LABELS)]
    leading += [_first(values[row], _LABELS_OF_ONE_SIGNAL) for values in (signals.meaning, signals.answer_meaning)]
    labels: Integers = np.unique(np.concatenate(leading))
    return labels


def columns_of(labels: Integers, text_labels: Integers, meaning: Floats, split: int) -> Integers:
    """The texts that may be the nearest ones of these labels, in ascending order: phrasings, which end at `split`, and
    answers, each for themselves."""
    chosen = np.zeros(int(text_labels.max(initial=-1)) + 1, dtype=np.bool_)
    chosen[labels[labels < len(chosen)]] = True
    columns = np.flatnonzero(chosen[text_labels])
    run = 2 * text_labels[columns] + (columns >= split)
    best = np.full(2 * len(chosen), -np.inf, dtype=np.float32)
    np.maximum.at(best, run, meaning[columns])
    near = columns[meaning[columns] >= best[run] - 2 * ROUGHNESS]
    if len(near) > _MOST_TEXTS:
        near = np.sort(near[_first(meaning[near], _MOST_TEXTS)])
    return near


def _first(values: Floats, some: int) -> Integers:
    known = np.where(np.isnan(values), -np.inf, values)
    best: Integers = np.argpartition(-known, some)[:some] if len(known) > some else np.arange(len(known))
    return best
