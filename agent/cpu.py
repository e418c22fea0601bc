"""Shares the process's CPU time among the conversations being worked on, so that the sum is what was really burnt."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from uuid import UUID


def process_cpu_seconds() -> float:
    """User and system time of this process and of the child processes it has waited for."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


class CpuShares:
    """Between two events the time is split evenly among the open conversations; with none open it is nobody's. One that
    was opened twice, by a call and by what is typed meanwhile, is open until it is closed twice.

    May be used from any thread: the books are written in one of their own.
    """

    def __init__(self, clock: Callable[[], float] = process_cpu_seconds) -> None:
        self._clock = clock
        self._settled_at = clock()
        self._seconds: dict[UUID, float] = {}
        self._opens: Counter[UUID] = Counter()
        self._lock = threading.Lock()

    def open(self, key: UUID) -> None:
        with self._lock:
            self._settle()
            self._seconds.setdefault(key, 0.0)
            self._opens[key] += 1

    def take(self, key: UUID) -> float:
        """Seconds since it was opened or last taken; zero for one that is not open."""
        with self._lock:
            self._settle()
            seconds = self._seconds.get(key, 0.0)
            if key in self._seconds:
                self._seconds[key] = 0.0
            return seconds

    def close(self, key: UUID) -> None:
        with self._lock:
            self._settle()
            self._opens[key] -= 1
            if self._opens[key] <= 0:
                del self._opens[key]
                self._seconds.pop(key, None)

    def _settle(self) -> None:
        now = self._clock()
        burnt, self._settled_at = now - self._settled_at, now
        for key in self._seconds:
            self._seconds[key] += burnt / len(self._seconds)
