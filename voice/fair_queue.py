"""Who is next at an engine that many calls share: calls take turns, and what is certain goes before what is guessed.

Pure: no thread, no clock.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Job = TypeVar("Job")


class QueueFull(RuntimeError):
    """Whoever came now would wait longer than anybody listens."""


class FairQueue(Generic[Job]):
    """Round robin over calls, first come first served within one; speculation only when no answer waits."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._answers: OrderedDict[Hashable, deque[Job]] = OrderedDict()
        self._speculations: OrderedDict[Hashable, deque[Job]] = OrderedDict()

    def __len__(self) -> int:
        return self.answers + sum(map(len, self._speculations.values()))

    @property
    def answers(self) -> int:
        return sum(map(len, self._answers.values()))

    def put(self, job: Job, *, call: Hashable, is_speculative: bool = False) -> list[Job]:
        """Returns the speculations that give way to it; raises QueueFull."""
        if is_speculative:
            if self.answers or len(self) >= self._longest:
                raise QueueFull
            self._speculations.setdefault(call, deque()).append(job)
            return []
        if self.answers >= self._longest:
            raise QueueFull
        self._answers.setdefault(call, deque()).append(job)
        given_way = [waiting for jobs in self._speculations.values() for waiting in jobs]
        self._speculations.clear()
        return given_way

    def confirm(self, call: Hashable) -> None:
        """What this call has speculated on is wanted now."""
        if jobs := self._speculations.pop(call, None):
            self._answers.setdefault(call, deque()).extend(jobs)

    def withdraw(self, call: Hashable) -> list[Job]:
        """What this call has speculated on is not wanted any more."""
        return [*self._speculations.pop(call, ())]

    def take(self) -> Job | None:
        """The next job; its call goes to the end of the round."""
        line = self._answers or self._speculations
        if not line:
            return None
        call, jobs = line.popitem(last=False)
        job = jobs.popleft()
        if jobs:
            line[call] = jobs
        return job

    def sweep(self, is_idle: Callable[[Job], bool]) -> list[Job]:
        """Takes out the jobs nobody waits for, wherever they stand."""
        swept: list[Job] = []
        for line in (self._answers, self._speculations):
            for call, jobs in [*line.items()]:
                swept += filter(is_idle, jobs)
                if kept := deque(job for job in jobs if not is_idle(job)):
                    line[call] = kept
                else:
                    del line[call]
        return swept
