"""Documents on their way into the knowledge: read one after another beside the conversations, and asked after by id."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid4

import structlog

from knowledge.library import Added
from knowledge.problem import UnreadableDocument

log = structlog.get_logger()
MOST_WAITING = 10
"""A site at its limits takes an hour, most documents seconds."""
_MOST_REMEMBERED = 200
State = Literal["waiting", "reading", "done", "failed"]


class TooManyJobs(RuntimeError):
    """The queue is full."""


@dataclass(eq=False)
class Job:
    """One document; it fills up on its way."""

    name: str
    work: Callable[["Job"], Awaitable[Added]]
    id: UUID = field(default_factory=uuid4)
    state: State = "waiting"
    pages_read: int = 0
    pages_waiting: int = 0
    result: Added | None = None
    error: str | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class ReadingJobs:
    """Kept in memory: what a restart interrupts is added again by whoever added it."""

    def __init__(self, *, most_waiting: int = MOST_WAITING) -> None:
        self._queue: asyncio.Queue[Job] = asyncio.Queue(most_waiting)
        self._known: dict[UUID, Job] = {}

    def submit(self, name: str, work: Callable[[Job], Awaitable[Added]]) -> Job:
        job = Job(name, work)
        try:
            self._queue.put_nowait(job)
        except asyncio.QueueFull:
            raise TooManyJobs(
                f"{self._queue.maxsize} documents are waiting to be read already; try again when one of them is done."
            ) from None
        self._known[job.id] = job
        for old in list(self._known)[:-_MOST_REMEMBERED]:
            del self._known[old]
        return job

    def find(self, job: UUID) -> Job | None:
        return self._known.get(job)

    async def run(self) -> None:
        """For as long as the server runs."""
        while True:
            job = await self._queue.get()
            job.state = "reading"
            try:
                job.result = await job.work(job)
                job.state = "done"
            except UnreadableDocument as error:
                job.state, job.error = "failed", str(error)
            except Exception:
                log.exception("document_unreadable", job=str(job.id))
                job.state, job.error = "failed", f"{job.name} could not be read; the server's log says why."
            job.ended.set()
