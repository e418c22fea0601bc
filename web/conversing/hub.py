"""Carries news inside the process: from the desk to a customer's sockets, and from customers to the desks."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

from web.chat.messages import ServerEvent

T = TypeVar("T")

QUEUE_SIZE = 64
"""Events a slow reader may lag behind, some minutes of a human conversation; then the oldest is dropped and the
page catches up by reading the transcript."""


class Hub:
    def __init__(self) -> None:
        self._customers: dict[UUID, set[asyncio.Queue[ServerEvent]]] = defaultdict(set)
        self._desks: dict[asyncio.Queue[UUID], str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def customer(self, conversation: UUID) -> AsyncIterator["asyncio.Queue[ServerEvent]"]:
        queue: asyncio.Queue[ServerEvent] = asyncio.Queue(QUEUE_SIZE)
        self._customers[conversation].add(queue)
        try:
            yield queue
        finally:
            self._customers[conversation].discard(queue)
            if not self._customers[conversation]:
                del self._customers[conversation]

    @asynccontextmanager
    async def desk(self, colleague: str) -> AsyncIterator["asyncio.Queue[UUID]"]:
        queue: asyncio.Queue[UUID] = asyncio.Queue(QUEUE_SIZE)
        self._loop = asyncio.get_running_loop()
        self._desks[queue] = colleague
        try:
            yield queue
        finally:
            del self._desks[queue]

    @property
    def colleagues(self) -> set[str]:
        """Who is at the desk now."""
        return set(self._desks.values())

    def tell_customer(self, conversation: UUID, event: ServerEvent) -> None:
        for queue in self._customers.get(conversation, ()):
            _put(queue, event)

    def tell_desks_from_thread(self, conversation: UUID) -> None:
        if self._desks and self._loop:
            self._loop.call_soon_threadsafe(self.tell_desks, conversation)

    def tell_desks(self, conversation: UUID) -> None:
        for queue in self._desks:
            _put(queue, conversation)


def _put(queue: "asyncio.Queue[T]", news: T) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(news)
