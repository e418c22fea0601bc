"""A circuit breaker: a model that keeps failing is left alone for a while, then one turn tries it again.

Pure but for the clock it is handed. The three states and their names are Michael Nygard's (Release It!, 2007).
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

State = Literal["closed", "open", "half_open"]


@dataclass
class Breaker:
    """Open when failures outnumber successes by `failures` within `window_s`; each vain probe doubles the cool-down."""

    clock: Callable[[], float] = time.monotonic
    failures: int = 3
    window_s: float = 60.0
    cool_down_s: float = 15.0
    longest_cool_down_s: float = 240.0

    _failed: deque[float] = field(default_factory=deque)
    _opened_s: float | None = None
    _cooling_s: float = 0.0
    _probe_s: float | None = None

    @property
    def state(self) -> State:
        if self._opened_s is None:
            return "closed"
        return "open" if self.clock() < self._opened_s + self._cooling_s else "half_open"

    @property
    def may_call(self) -> bool:
        """Half-open, one probe is out at a time; one that never reports back is forgotten after a cool-down."""
        if self.state == "half_open":
            return self._probe_s is None or self.clock() >= self._probe_s + self._cooling_s
        return self.state == "closed"

    def begin(self) -> None:
        """A call goes out; `may_call` was true."""
        if self.state == "half_open":
            self._probe_s = self.clock()

    def succeed(self) -> None:
        """Closes; while closed, makes good for one failure, so that a busy server is not judged by a few mishaps."""
        match self.state:
            case "closed":
                if self._failed:
                    self._failed.popleft()
            case "half_open":
                self._close()
            case "open":
                pass  # a call from before; the probe decides

    def fail(self) -> None:
        now = self.clock()
        match self.state:
            case "closed":
                self._failed.append(now)
                while self._failed[0] <= now - self.window_s:
                    self._failed.popleft()
                if len(self._failed) >= self.failures:
                    self._open(now, self.cool_down_s)
            case "half_open":
                self._open(now, min(2 * self._cooling_s, self.longest_cool_down_s))
            case "open":
                pass

    def abandon(self) -> None:
        """A call that was given up for reasons of our own tells nothing; the next may probe."""
        self._probe_s = None

    def _open(self, now: float, cooling_s: float) -> None:
        self._opened_s, self._cooling_s, self._probe_s = now, cooling_s, None
        self._failed.clear()

    def _close(self) -> None:
        self._opened_s = self._probe_s = None
        self._cooling_s = 0.0
