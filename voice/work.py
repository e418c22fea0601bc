"""What a call has in hand, for whoever paces it: a recording may run fast only while nobody is at work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Work:
    def __init__(self) -> None:
        self._hands = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.is_open = False
        """The caller is being heard, or a turn is or may yet be answered: not the moment to end the call."""

    @property
    def is_busy(self) -> bool:
        return self._hands > 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._add(1)
        try:
            yield
        finally:
            self._add(-1)

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Inside at_work: only waiting for the ear, not for an engine."""
        self._add(-1)
        try:
            yield
        finally:
            self._add(1)

    async def idle(self, *, timeout_s: float) -> bool:
        """True when nobody is at work, False when the time is over first."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    def _add(self, hands: int) -> None:
        self._hands += hands
        if self._hands:
            self._idle.clear()
        else:
            self._idle.set()
