"""Events on their way to a client, in order: whoever makes them waits for room, and who reads nothing is given up."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

SEND_TIMEOUT_S = 20
"""A reader that takes nothing for this long has gone away."""
AHEAD = 256 * 1024
"""Characters that speech may be ahead by: four seconds of it, so that a barge-in is told soon."""
MOST = 4 * 1024 * 1024
"""Characters beyond which nothing further is taken from the client."""


class Outbox:
    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._waiting: deque[str] = deque()
        self._size = 0
        self._arrived = asyncio.Event()
        self._left = asyncio.Event()

    def put(self, text: str) -> None:
        """At once and in order; bounded by those who wait for room before they make more."""
        self._waiting.append(text)
        self._size += len(text)
        self._arrived.set()

    async def room(self, below: int = AHEAD) -> None:
        while self._size > below:
            self._left.clear()
            await self._left.wait()

    async def run(self) -> None:
        """Raises TimeoutError when the client reads nothing."""
        while True:
            while self._waiting:
                text = self._waiting.popleft()
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._send(text)
                self._size -= len(text)
                self._left.set()
            self._arrived.clear()
            await self._arrived.wait()
