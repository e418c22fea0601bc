"""The ear of a call: cuts frames into the VAD's windows, asks endpointing, keeps the last minute to cut speech from."""

from collections import deque

import numpy as np

from voice.audio import PER_MS, Samples, Speech
from voice.echo import Echo
from voice.endpointing import Ended, Endpointing, Paused, Started
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
        self._echo = Echo()
        self._is_speaking = False

    def forget(self) -> None:
        """The call is over: its sound goes at once, not when a full collection finds who still knows whom."""
        self._windows.clear()
        self._echo = Echo()
        self._rest = self._rest[:0].copy()

    @property
    def kept_ms(self) -> float:
        return len(self._windows) * WINDOW_MS

    def played(self, samples: Samples, *, is_speaking: bool) -> None:
        """What we say ourselves, so that its echo is not taken for the caller."""
        self._is_speaking = is_speaking
        self._echo.play(samples)

    def hear(self, frame: Samples) -> list[Started | Paused | Ended]:
        self._rest = np.concatenate([self._rest, frame])
        noticed: list[Started | Paused | Ended] = []
        while len(self._rest) >= WINDOW:
            window, self._rest = self._rest[:WINDOW], self._rest[WINDOW:]
            self._windows.append(window)
            self._heard_windows += 1
            if event := self.endpointing.hear(self._speech_probability(window), WINDOW_MS):
                noticed.append(event)
        return noticed

    def _speech_probability(self, window: Samples) -> float:
        self._echo.hear(window)
        probability = self._vad.speech_probability(window)
        is_loud = probability >= self.endpointing.speaks_above
        return 0.0 if is_loud and self._is_speaking and self._echo.is_echo else probability

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
