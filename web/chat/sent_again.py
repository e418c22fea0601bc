"""A message that a client sends again, since it lost the line before the answer: it is answered once.

Its id in the books follows from the conversation and the client's own id, so that the books themselves say what is
answered already, also after a restart.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4, uuid5

from agent.history import TurnRow
from web.conversing.conversations import Conversations

PATIENCE_S = 15
"""With the answer to the same message on another connection."""


def known_as(message: str | None, *, conversation: UUID) -> UUID:
    """The turn's id; without an id of the client's every message is a new one."""
    return uuid5(conversation, message) if message else uuid4()


async def told_before(
    conversations: Conversations, message: str | None, *, conversation: UUID
) -> tuple[UUID, TurnRow | None]:
    """The turn's id, and the turn where it is answered; one that was cut off is answered anew, as another turn."""
    known = known_as(message, conversation=conversation)
    while True:
        row = await asyncio.to_thread(conversations.turn, known) if message else None
        if row is None or (row.finished and not row.interrupted):
            return known, row
        known = known_as("again", conversation=known)


class StillUnderWay(Exception):
    """The same message is being answered on another connection; it may be sent again."""


class OneAtATime:
    """Holds a message back while the same one is being answered; raises StillUnderWay when that takes too long."""

    def __init__(self) -> None:
        self._held: dict[UUID, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, message: UUID) -> AsyncIterator[None]:
        lock, waiting = self._held.get(message, (asyncio.Lock(), 0))
        self._held[message] = (lock, waiting + 1)
        try:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await lock.acquire()
            except TimeoutError as error:
                raise StillUnderWay from error
            try:
                yield
            finally:
                lock.release()
        finally:
            lock, waiting = self._held.pop(message)
            if waiting > 1:
                self._held[message] = (lock, waiting - 1)
