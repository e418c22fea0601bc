"""What an ear would say of a call's sound, in numbers: how loud it is, its gaps and its clicks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from voice.audio import PER_MS, RATE_HZ, Samples, level_dbfs

SOUNDING = 0.01
"""-40 dBFS: what a caller hears."""
_FRAME = 10 * PER_MS


@dataclass(frozen=True)
class Sounding:
    """A stretch of sound with no pause in it longer than was asked for, in seconds."""

    begins_s: float
    ends_s: float


def soundings(samples: Samples, *, pause_ms: float) -> list[Sounding]:
    loud = np.flatnonzero(np.abs(samples) > SOUNDING)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > pause_ms * PER_MS)
    begins, ends = [loud[0], *loud[breaks + 1]], [*loud[breaks], loud[-1]]
    return [Sounding(int(a) / RATE_HZ, int(b) / RATE_HZ) for a, b in zip(begins, ends, strict=True)]


def between(samples: Samples, begins_s: float, ends_s: float) -> Samples:
    return samples[max(0, round(begins_s * RATE_HZ)) : max(0, round(ends_s * RATE_HZ))]


def speech_dbfs(samples: Samples) -> float:
    """Of the frames in which something sounds."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    loud = frames[np.max(np.abs(frames), axis=1, initial=0.0) > SOUNDING]
    return level_dbfs(loud.reshape(-1))


def pauses_ms(samples: Samples, *, longest: int = 3) -> list[tuple[float, float]]:
    """The longest pauses inside: how many ms, and after how many seconds."""
    runs = soundings(samples, pause_ms=100)
    gaps = [((after.begins_s - before.ends_s) * 1000, before.ends_s) for before, after in pairwise(runs)]
    return sorted(gaps, reverse=True)[:longest]


def edge_step(samples: Samples) -> tuple[float, float]:
    """The largest step from one sample to the next within 5 ms of where silence of 20 ms begins or ends, and where in
    seconds: a click at a joint of clauses. Full scale is 1."""
    still = np.abs(samples) < 0.0005
    edges = [at for at in np.flatnonzero(np.diff(still.astype(np.int8))) + 1
             if still[max(0, at - 20 * PER_MS) : at].all() or still[at : at + 20 * PER_MS].all()]  # fmt: skip
    return _largest_step(samples, edges)


def largest_step(samples: Samples) -> tuple[float, float]:
    """Anywhere: sibilants reach some 0.3, a broken joint more."""
    return _largest_step(samples, [], everywhere=True)


def clipped(samples: Samples) -> int:
    return int(np.count_nonzero(np.abs(samples) >= 0.999))


def _largest_step(samples: Samples, edges: Sequence[int], *, everywhere: bool = False) -> tuple[float, float]:
    steps = np.abs(np.diff(samples))
    if not everywhere:
        near = np.zeros(len(steps), bool)
        for at in edges:
            near[max(0, at - 5 * PER_MS) : at + 5 * PER_MS] = True
        steps = steps * near
    if not len(steps):
        return 0.0, 0.0
    at = int(np.argmax(steps))
    return float(steps[at]), at / RATE_HZ
