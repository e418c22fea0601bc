"""The ear of a call: cuts frames into the VAD's windows, asks endpointing, and keeps the last minute to cut speech from."""

from collections import deque

import numpy as np

from voice.audio import PER_MS, Samples, Speech
from voice.endpointing import Ended, Endpointing, Started
from voice.vad import WINDOW, WINDOW_MS, Vad

KEPT_MS = 60_000
"""Long enough for the longest utterance and one it is merged with; 4 MB a call."""


class Hearing:
    def __init__(self, *, vad: Vad, endpointing: Endpointing | None = None) -> None:
        self._vad = vad
        self.endpointing = endpointing or Endpointing()
        self._windows: deque[Samples] = deque(maxlen=KEPT_MS // WINDOW_MS)
        self._heard_windows = 0
        self._rest = np.zeros(0, dtype=np.float32)

    def hear(self, frame: Samples) -> list[Started | Ended]:
        self._rest = np.concatenate([self._rest, frame])
        noticed: list[Started | Ended] = []
        while len(self._rest) >= WINDOW:
            window, self._rest = self._rest[:WINDOW], self._rest[WINDOW:]
            self._windows.append(window)
            self._heard_windows += 1
            if event := self.endpointing.hear(self._vad.speech_probability(window), WINDOW_MS):
                noticed.append(event)
        return noticed

    def speech(self, *, from_ms: float, to_ms: float) -> Speech:
        """What was said between two moments, as far as it is still kept."""
        oldest = self._heard_windows - len(self._windows)
        first = max(oldest, int(from_ms // WINDOW_MS))
        last = min(self._heard_windows, -int(-to_ms // WINDOW_MS))
        windows = [self._windows[index - oldest] for index in range(first, last)]
        samples = np.concatenate(windows) if windows else np.zeros(0, dtype=np.float32)
        begin = max(0, round((from_ms - first * WINDOW_MS) * PER_MS))
        length = round((to_ms - max(from_ms, first * WINDOW_MS)) * PER_MS)
        return Speech(samples[begin : begin + max(0, length)], max(from_ms, first * WINDOW_MS))
