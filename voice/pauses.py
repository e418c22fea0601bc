"""How this caller pauses inside what they say: who thinks in mid-sentence is given more time, others are not. Pure."""

from collections import deque
from dataclasses import dataclass, field

NOTICED_MS = 200
"""A shorter gap lies between any two words."""
REMEMBERED = 8
LONGEST_MS = 1_800


@dataclass
class Pauses:
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _was_cut_off: bool = False

    def resumed_after(self, pause_ms: float) -> None:
        """The caller went on after so long a silence."""
        if pause_ms >= NOTICED_MS:
            self._recent.append(pause_ms)

    def cut_off(self, pause_ms: float) -> None:
        """The caller went on although we held them to have finished."""
        self.resumed_after(pause_ms)
        self._was_cut_off = True

    @property
    def longest_ms(self) -> float:
        return max(self._recent, default=0.0)

    def stretched(self, wait_ms: float, *, is_sure: bool) -> float:
        """A wait that is no shorter than this caller's own pauses; where we are sure, only once we were wrong."""
        if is_sure and not self._was_cut_off:
            return wait_ms
        return max(wait_ms, min(1.2 * self.longest_ms, LONGEST_MS))
