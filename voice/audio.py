"""Sound inside Dime is mono float32 at 16 kHz, whatever comes in or goes out; the wires convert at the edge."""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

RATE_HZ = 16_000
PER_MS = RATE_HZ // 1000
SILENCE_DBFS = -120.0

Samples = NDArray[np.float32]
"""Mono, 16 kHz, -1 to 1."""


class UnreadableRecording(ValueError):
    """Not a recording one can listen to; the message is one sentence for whoever named the file."""


@dataclass(frozen=True, eq=False)
class Speech:
    """A stretch of sound and where it lies in the call's audio time."""

    samples: Samples
    from_ms: float = 0.0

    @property
    def duration_ms(self) -> float:
        return len(self.samples) / PER_MS


def resampled(samples: Samples, *, from_hz: int, to_hz: int = RATE_HZ) -> Samples:
    """A whole piece at once."""
    if from_hz == to_hz:
        return samples
    return np.asarray(soxr.resample(samples, from_hz, to_hz), dtype=np.float32)


def silence(duration_ms: float) -> Samples:
    return np.zeros(round(duration_ms * PER_MS), dtype=np.float32)


def level_dbfs(samples: Samples) -> float:
    """Root mean square against full scale; silence is -120."""
    if not len(samples):
        return SILENCE_DBFS
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return max(SILENCE_DBFS, 20 * float(np.log10(max(rms, 1e-9))))


def first_audible(samples: Samples, *, threshold: float = 0.01) -> int | None:
    """Index of the first sample a caller could hear (-40 dBFS), or None."""
    loud = np.flatnonzero(np.abs(samples) > threshold)
    return int(loud[0]) if len(loud) else None


def trimmed(samples: Samples, *, lead_ms: int = 10, tail_ms: int = 150) -> Samples:
    """Without an engine's silence at the front, which the caller would wait through, and with a short breath behind."""
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if not len(loud):
        return samples[:0]
    begin = max(0, int(loud[0]) - lead_ms * PER_MS)
    body = samples[begin : int(loud[-1]) + 1 + tail_ms * PER_MS]
    missing = int(loud[-1]) + 1 + tail_ms * PER_MS - len(samples)
    return np.concatenate([body, np.zeros(max(0, missing), dtype=np.float32)])


def faded(samples: Samples, *, fade_ms: int = 4, begin: bool = True, end: bool = True) -> Samples:
    """Ramps at the edges, so that joints do not click."""
    out = samples.copy()
    length = min(fade_ms * PER_MS, len(out) // (1 + (begin and end)))
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    if begin and length:
        out[:length] *= ramp
    if end and length:
        out[-length:] *= ramp[::-1]
    return out
