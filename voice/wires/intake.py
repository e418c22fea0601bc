"""A caller's sound in time, whatever the network made of it: in order, once, and as long as the time that has passed.

Both machines are pure: numbers and moments are handed in. A call's time is the sound it gets, so what is given out here
never runs more than two frames ahead of the clock, and never stands still.
"""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from voice.audio import PER_MS, Samples, silence
from voice.wires.pace import FRAME_MS

AHEAD_MS = 2 * FRAME_MS
"""What is played goes out as sound comes in: further ahead, a barge-in would come late."""
PATIENCE_MS = 60
"""Nothing for so long: silence stands in, so that playing goes on."""
WAITING = 50
"""Frames, one second; the oldest beyond it is dropped."""
BEHIND = 5
"""Frames: with so many waiting after a gap, the caller's own pauses are shortened until the delay is gone."""
QUIET = 0.003
"""Mean level of a frame without speech, about -50 dBFS."""
HELD = 3
"""Frames that are held back for one before them, 60 ms."""
FAR = 50
"""A number that is further off than a second begins a new count."""

T = TypeVar("T")


@dataclass
class Losses:
    """Frames of 20 ms."""

    late: int = 0
    """Silence stood in for them."""
    dropped: int = 0
    """Came twice, too late or too many, or were pauses that were shortened."""


class Ordering(Generic[T]):
    """Puts what is numbered into its order; what has no number passes."""

    def __init__(self, losses: Losses | None = None) -> None:
        self.losses = losses or Losses()
        self._held: dict[int, T] = {}
        self._next: int | None = None

    def put(self, number: int | None, piece: T) -> list[T]:
        """What can be given on now."""
        if number is None:
            return [piece]
        given: list[T] = []
        if self._next is None or abs(number - self._next) > FAR:
            given += [self._held.pop(held) for held in sorted(self._held)]
            self._next = number
        if number < self._next or number in self._held:
            self.losses.dropped += 1
            return given
        self._held[number] = piece
        while self._held and (self._next in self._held or len(self._held) > HELD):
            first = min(self._held)
            given.append(self._held.pop(first))
            self._next = first + 1
        return given


class Intake:
    """Sound put in as it comes, taken out in frames of 20 ms as they are due."""

    def __init__(self, *, now_ms: float, losses: Losses | None = None) -> None:
        self.losses = losses or Losses()
        self._began_ms = now_ms
        self._given_ms = 0.0
        self._waiting: deque[Samples] = deque()
        self._rest = silence(0)
        self._catches_up = False

    def begin(self, *, now_ms: float) -> None:
        """Time begins, or begins anew, with what is waiting."""
        self._began_ms, self._given_ms = now_ms, 0.0

    def put(self, samples: Samples) -> None:
        sound = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        size = FRAME_MS * PER_MS
        whole = len(sound) // size * size
        self._rest = sound[whole:]
        for begin in range(0, whole, size):
            if len(self._waiting) == WAITING:
                self._waiting.popleft()
                self.losses.dropped += 1
            self._waiting.append(sound[begin : begin + size])

    def take(self, *, now_ms: float) -> Samples | None:
        """The next frame, if one is due."""
        ahead_ms = self._ahead_ms(now_ms)
        if self._waiting:
            return self._first() if ahead_ms + FRAME_MS <= AHEAD_MS else None
        if ahead_ms > -PATIENCE_MS:
            return None
        self.losses.late += 1
        self._given_ms += FRAME_MS
        return silence(FRAME_MS)

    def due_in_ms(self, *, now_ms: float) -> float:
        """When there is something to take, should nothing come until then."""
        ahead_ms = self._ahead_ms(now_ms)
        return max(0.0, ahead_ms + FRAME_MS - AHEAD_MS if self._waiting else ahead_ms + PATIENCE_MS)

    def _first(self) -> Samples:
        self._catches_up = len(self._waiting) > (1 if self._catches_up else BEHIND)
        frame = self._waiting.popleft()
        while self._catches_up and len(self._waiting) and float(np.abs(frame).mean()) < QUIET:
            self.losses.dropped += 1
            frame = self._waiting.popleft()
        self._given_ms += FRAME_MS
        return frame

    def _ahead_ms(self, now_ms: float) -> float:
        return self._given_ms - (now_ms - self._began_ms)
