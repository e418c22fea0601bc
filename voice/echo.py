"""Is what we hear ourselves? Our own answer comes back from the caller's loudspeaker, later, quieter and filtered.

Normalised cross-correlation of the last moments heard with what was played shortly before, by FFT (0.3 ms).
"""

from collections import deque

import numpy as np

from voice.audio import PER_MS, Samples, level_dbfs

HEARD_MS = 128
LATEST_MS = 640
"""An echo comes back within half a second."""
LIKE = 0.55
"""Two different voices, or a voice over noise, stay below 0.3."""
QUIET_DBFS = -50.0


class Echo:
    """Keeps the last moments of both sides."""

    def __init__(self) -> None:
        self._played, self._heard = _Last(HEARD_MS + LATEST_MS), _Last(HEARD_MS)

    def play(self, samples: Samples) -> None:
        self._played.add(samples)

    def hear(self, window: Samples) -> None:
        self._heard.add(window)

    @property
    def is_echo(self) -> bool:
        """Of what was heard last."""
        heard, played = self._heard.samples, self._played.samples
        if len(heard) < HEARD_MS * PER_MS or level_dbfs(played) < QUIET_DBFS:
            return False
        return likeness(heard, played) >= LIKE


def likeness(heard: Samples, played: Samples) -> float:
    """The highest normalised correlation at any delay, 0 to 1."""
    if len(played) < len(heard):
        return 0.0
    size = 1 << (len(played) + len(heard) - 1).bit_length()
    spectrum = np.fft.rfft(played, size) * np.conj(np.fft.rfft(heard, size))
    products = np.fft.irfft(spectrum, size)[: len(played) - len(heard) + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(played, dtype=np.float64))])
    norms = np.sqrt(np.maximum(energy[len(heard) :] - energy[: -len(heard)], 1e-9) * max(float(heard @ heard), 1e-9))
    return float(np.max(np.abs(products) / norms, initial=0.0))


class _Last:
    """The last so many milliseconds of a stream."""

    def __init__(self, kept_ms: int) -> None:
        self._most = kept_ms * PER_MS
        self._pieces: deque[Samples] = deque()
        self._length = 0

    def add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._length += len(samples)
        while self._length - len(self._pieces[0]) >= self._most:
            self._length -= len(self._pieces.popleft())

    @property
    def samples(self) -> Samples:
        return np.concatenate(self._pieces)[-self._most :] if self._pieces else np.zeros(0, dtype=np.float32)
