"""Shares the process's CPU time among the turns that are being worked on, so that the sum is what was really burnt."""

import os
from collections.abc import Callable
from uuid import UUID


def process_cpu_seconds() -> float:
    """User and system time of this process and of the child processes it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class CpuShares:
    """Between two events the CPU time is split evenly among the open turns; with none open it belongs to nobody."""

    def __init__(self, clock: Callable[[], float] = process_cpu_seconds) -> None:
        self._clock = clock
        self._settled_at = clock()
        self._seconds: dict[UUID, float] = {}

    def open(self, turn: UUID) -> None:
        self._settle()
        self._seconds.setdefault(turn, 0.0)

    def take(self, turn: UUID) -> float:
        """Seconds since the turn was opened or last taken; zero for a turn that is not open."""
        self._settle()
        seconds = self._seconds.get(turn, 0.0)
        if turn in self._seconds:
            self._seconds[turn] = 0.0
        return seconds

    def close(self, turn: UUID) -> None:
        self._settle()
        self._seconds.pop(turn, None)

    def _settle(self) -> None:
        now = self._clock()
        burnt, self._settled_at = now - self._settled_at, now
        for turn in self._seconds:
            self._seconds[turn] += burnt / len(self._seconds)
