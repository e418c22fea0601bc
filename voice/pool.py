"""The threads an engine works in, shared fairly by many calls, bounded, and replaced when they hang.

A thread inside an engine cannot be cancelled: whoever gives up stops waiting, and a job nobody waits for any more is
skipped if it has not begun.
"""

import asyncio
import atexit
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from voice.fair_queue import FairQueue, QueueFull

Model = TypeVar("Model")
Result = TypeVar("Result")
Outcome = Literal["done", "failed", "full", "gave_way", "skipped", "late", "hung", "closed"]
LONGEST_QUEUE = 32
"""Of jobs of 0.3 s it is 10 s with one worker, longer than a caller waits."""
LOADING_S = 60.0
"""For reading an engine's weights, once."""


@dataclass(frozen=True)
class Told:
    """What became of a job, for whoever counts."""

    engine: str
    outcome: Outcome
    waited_s: float = 0.0
    ran_s: float = 0.0


@dataclass(eq=False)
class _Job(Generic[Model]):
    work: Callable[[Model], Any]
    put_at: float
    future: Future[Any] = field(default_factory=Future)


@dataclass(eq=False)
class _Worker(Generic[Model]):
    job: _Job[Model] | None = None
    since: float = 0.0
    is_loading: bool = False
    is_abandoned: bool = False
    thread: threading.Thread | None = None


class Pool(Generic[Model]):
    """`load` makes the model, in a worker's thread; the workers share it. What cannot be done raises `failure`."""

    def __init__(
        self,
        name: str,
        load: Callable[[], Model],
        *,
        failure: type[Exception],
        workers: int = 1,
        longest_queue: int = LONGEST_QUEUE,
        hung_after_s: float = 20.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.told: Callable[[Told], None] = lambda _: None
        self._load = load
        self._failure = failure
        self._most = workers
        self.hung_after_s = hung_after_s
        self._clock = clock
        self._queue: FairQueue[_Job[Model]] = FairQueue(longest_queue)
        self._workers: list[_Worker[Model]] = []
        self._changed = threading.Condition()
        self._loading = threading.Lock()
        self._model: Model | None = None
        self._is_closed = False

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def run(
        self,
        work: Callable[[Model], Result],
        *,
        call: Hashable = None,
        is_speculative: bool = False,
        within_s: float | None = None,
    ) -> Result:
        """Jobs of the same `call` wait for each other, those of different calls take turns."""
        job = _Job(work, self._clock())
        self._put(job, call=call, is_speculative=is_speculative)
        result: asyncio.Future[Result] = asyncio.wrap_future(job.future)
        ends_at = None if within_s is None else self._clock() + within_s
        try:
            while not result.done():
                left = self.hung_after_s / 2
                if ends_at is not None:
                    left = min(left, ends_at - self._clock())
                    if left <= 0:
                        self._tell("late", waited_s=within_s or 0.0)
                        raise self._failure(f"{self.name} took longer than {within_s:.1f} s")
                await asyncio.wait({result}, timeout=left)
                self._mend()
            return result.result()
        finally:
            result.cancel()

    def confirm(self, call: Hashable) -> None:
        """What `call` has speculated on and still waits for is an answer from now on."""
        with self._changed:
            self._queue.confirm(call)

    def withdraw(self, call: Hashable) -> None:
        """What `call` has speculated on and still waits for is not wanted any more."""
        with self._changed:
            dropped = self._queue.withdraw(call)
        self._refuse(dropped, "skipped", "was told that nobody waits")

    def close(self) -> None:
        """What waits is refused, what runs is finished in vain."""
        with self._changed:
            self._is_closed = True
            dropped = self._queue.sweep(lambda _: True)
            self._changed.notify_all()
        self._refuse(dropped, "closed", "is closed")

    def _put(self, job: _Job[Model], *, call: Hashable, is_speculative: bool) -> None:
        self._mend()
        with self._changed:
            if self._is_closed:
                raise self._failure(f"{self.name} is closed")
            for idle in self._queue.sweep(lambda waiting: waiting.future.cancelled()):
                self._tell("skipped", waited_s=self._clock() - idle.put_at)
            try:
                given_way = self._queue.put(job, call=call, is_speculative=is_speculative)
            except QueueFull as error:
                self._tell("gave_way" if is_speculative else "full")
                raise self._failure(f"{self.name} has too much to do") from error
            if len(self._workers) < self._most:
                self._hire()
            self._changed.notify()
        self._refuse(given_way, "gave_way", "has answers to give first")

    def _hire(self) -> None:
        if not self._workers:
            atexit.register(self._leave)
        worker: _Worker[Model] = _Worker()
        self._workers.append(worker)
        worker.thread = threading.Thread(target=self._serve, args=(worker,), name=self.name, daemon=True)
        worker.thread.start()

    def _mend(self) -> None:
        """A worker that has been at one job for too long is given up, with its model; another takes its place."""
        now, given_up = self._clock(), []
        with self._changed:
            for worker in [*self._workers]:
                limit = max(self.hung_after_s, LOADING_S) if worker.is_loading else self.hung_after_s
                if worker.job is not None and now - worker.since > limit:
                    worker.is_abandoned = True
                    self._workers.remove(worker)
                    self._model, self._loading = None, threading.Lock()
                    given_up.append(worker.job)
                    if not self._is_closed:
                        self._hire()
        self._refuse(given_up, "hung", "hangs and was replaced")

    def _refuse(self, jobs: list[_Job[Model]], outcome: Outcome, why: str) -> None:
        for job in jobs:
            self._tell(outcome, waited_s=self._clock() - job.put_at)
            with suppress(InvalidStateError):  # nobody waits for it any more
                job.future.set_exception(self._failure(f"{self.name} {why}"))

    def _tell(self, outcome: Outcome, *, waited_s: float = 0.0, ran_s: float = 0.0) -> None:
        self.told(Told(self.name, outcome, waited_s, ran_s))

    def _serve(self, worker: _Worker[Model]) -> None:
        while (job := self._next(worker)) is not None:
            if job.future.set_running_or_notify_cancel():
                self._do(job, worker)
            else:
                self._tell("skipped", waited_s=worker.since - job.put_at)
            with self._changed:
                worker.job = None
            del job
        self._let_go(worker)

    def _let_go(self, worker: _Worker[Model]) -> None:
        """The last to leave a closed pool takes the weights along: they may be half a gigabyte."""
        with self._changed:
            is_last = self._is_closed and self._workers == [worker]
            if is_last:
                self._model = None
            if worker in self._workers:
                self._workers.remove(worker)
        if is_last:
            atexit.unregister(self._leave)

    def _next(self, worker: _Worker[Model]) -> _Job[Model] | None:
        with self._changed:
            while not (self._is_closed or worker.is_abandoned):
                if (job := self._queue.take()) is not None:
                    worker.job, worker.since, worker.is_loading = job, self._clock(), self._model is None
                    return job
                self._changed.wait()
        return None

    def _do(self, job: _Job[Model], worker: _Worker[Model]) -> None:
        result, error = None, None
        began = self._clock()
        try:
            model = self._loaded()
            worker.is_loading, worker.since = False, self._clock()
            result = job.work(model)
        except Exception as failed:  # noqa: BLE001 - told to whoever waits
            error = failed
        if worker.is_abandoned:
            return
        self._tell("failed" if error else "done", waited_s=began - job.put_at, ran_s=self._clock() - began)
        with suppress(InvalidStateError):  # given up this very moment
            if error:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)

    def _loaded(self) -> Model:
        loading = self._loading
        with loading:
            if self._model is None or self._loading is not loading:
                model = self._load()
                if self._loading is not loading:
                    return model  # given up meanwhile: another worker loads its own
                self._model = model
            return self._model

    def _leave(self) -> None:
        """A process that ends while an engine's thread is at work crashes in it; one that hangs is not waited for."""
        self.close()
        for worker in [*self._workers]:
            if worker.thread is not None:
                worker.thread.join(timeout=self.hung_after_s)
