"""As loud whoever speaks, as an ear judges it (ITU-R BS.1770-4), and never clipped, between samples either."""

from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from voice.audio import PER_MS, RATE_HZ, SILENCE_DBFS, Samples

TARGET_LUFS = -21.0
"""Speech peaks some 15 to 18 dB above its loudness: this leaves room for all of it."""
PEAK_DBFS = -1.5
_BLOCK = RATE_HZ * 2 // 5
_HOP = RATE_HZ // 10
_SHELF = ((1.53512485958697, -2.69169619940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_RUMBLE = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The standard's two filters, at 48 kHz."""


def loudness_lufs(samples: Samples) -> float:
    """Of the 400 ms blocks that are not 10 dB below the rest, or of the whole where it is shorter; silence is -120."""
    if not len(samples):
        return SILENCE_DBFS
    spectrum = np.fft.rfft(samples.astype(np.float64))
    weighted = np.fft.irfft(spectrum * _weights(len(spectrum)), len(samples))
    starts = range(0, max(1, len(weighted) - _BLOCK + 1), _HOP)
    powers = np.array([np.mean(np.square(weighted[at : at + _BLOCK])) for at in starts])
    heard = powers[powers > 10 ** ((-70 + 0.691) / 10)]
    if not len(heard):
        return SILENCE_DBFS
    heard = heard[heard >= np.mean(heard) / 10]
    return float(-0.691 + 10 * np.log10(np.mean(heard)))


def levelled(samples: Samples) -> Samples:
    if loudness_lufs(samples) <= SILENCE_DBFS:
        return samples
    loud = samples
    for _ in range(2):  # what is turned down at a peak was part of the loudness
        loud = _limited(loud * 10 ** ((TARGET_LUFS - loudness_lufs(loud)) / 20))
    return (loud * min(1.0, 10 ** (PEAK_DBFS / 20) / true_peak(loud))).astype(np.float32)


def _limited(samples: Samples) -> Samples:
    """Turns down around a peak, smoothly, so that one plosive does not make a whole sentence soft."""
    ceiling = 10 ** ((PEAK_DBFS - 0.5) / 20)
    room = np.minimum(1.0, ceiling / np.maximum(np.abs(samples), 1e-9))
    if room.min(initial=1.0) >= 1.0:
        return samples
    reach = 10 * PER_MS
    turned_down: Samples = samples * uniform_filter1d(minimum_filter1d(room, 2 * reach + 1), reach)
    return turned_down.astype(np.float32)


def true_peak(samples: Samples) -> float:
    """The largest value, also between the samples: four times as many are looked at."""
    between = soxr.resample(samples, RATE_HZ, 4 * RATE_HZ)
    return max(1e-9, float(np.max(np.abs(samples), initial=0.0)), float(np.max(np.abs(between), initial=0.0)))


@lru_cache(maxsize=64)
def _weights(count: int) -> NDArray[np.float64]:
    """How strongly the ear takes each frequency up to half our rate."""
    turns = np.exp(-1j * np.linspace(0, np.pi * RATE_HZ / 48_000, count))
    gain = np.ones(count)
    for above, below in (_SHELF, _RUMBLE):
        gain = gain * np.abs(np.polyval(above[::-1], turns) / np.polyval(below[::-1], turns))
    return gain
