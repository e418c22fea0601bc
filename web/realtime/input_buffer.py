"""What a client has sent and nobody has committed yet, on the timeline of all it ever sent."""

from collections import deque

import numpy as np

from voice.audio import PER_MS, Samples
from web.realtime.problem import Problem

MOST_MS = 600_000
"""38 MB; more has to be committed or cleared first."""
SHORTEST_MS = 100
"""Less is no utterance."""


class InputBuffer:
    def __init__(self) -> None:
        self._pieces: deque[Samples] = deque()
        self._begins = 0
        self._ends = 0

    @property
    def now_ms(self) -> float:
        """Of all that was ever written."""
        return self._ends / PER_MS

    @property
    def duration_ms(self) -> float:
        return (self._ends - self._begins) / PER_MS

    def room_for(self, duration_ms: float) -> None:
        """Raises Problem where it would hold too much."""
        if self.duration_ms + duration_ms > MOST_MS:
            message = f"The input audio buffer holds at most {MOST_MS // 60_000} minutes: commit or clear it."
            raise Problem(message, code="input_audio_buffer_full", param="audio")

    def must_hold_an_utterance(self) -> None:
        """Raises Problem."""
        if self.duration_ms < SHORTEST_MS:
            message = f"The input audio buffer holds {self.duration_ms:.0f} ms; at least {SHORTEST_MS} are needed."
            raise Problem(message, code="input_audio_buffer_commit_empty")

    def add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._ends += len(samples)

    def take(self, *, from_ms: float | None = None, to_ms: float | None = None) -> Samples:
        """The sound between two moments, as far as it is here; what came before is gone with it."""
        begin = self._begins if from_ms is None else max(self._begins, round(from_ms * PER_MS))
        end = self._ends if to_ms is None else min(self._ends, round(to_ms * PER_MS))
        whole = np.concatenate([*self._pieces, np.zeros(0, dtype=np.float32)])
        taken, rest = whole[begin - self._begins : end - self._begins], whole[end - self._begins :]
        self._pieces = deque([rest.copy()])
        self._begins = self._ends - len(rest)
        return taken.copy()

    def forget_before(self, ms: float) -> None:
        """Whole pieces only."""
        while self._pieces and (self._begins + len(self._pieces[0])) / PER_MS <= ms:
            self._begins += len(self._pieces.popleft())

    def clear(self) -> None:
        self._pieces.clear()
        self._begins = self._ends
