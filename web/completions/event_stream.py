"""Server-sent events to a reader that may be slow, or gone: nothing is made for nobody."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

log = structlog.get_logger()
SEND_TIMEOUT_S = 20
"""A reader that takes nothing for this long has gone away."""
Result = TypeVar("Result")


class ReaderGone(Exception):
    """Nobody is there to read what was being made."""


class EventStream(Response):
    """Waits for its reader piece by piece: what is not taken holds up the making, and is at last given up."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[str, None], *, on_end: Callable[[], None]) -> None:
        self.status_code = 200
        self.background = None
        self.body = b""
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events = events
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        try:
            await unless_gone(receive, self._stream(send))
        except (ReaderGone, TimeoutError, OSError):
            log.info("stream_reader_gone")
        finally:
            self._on_end()

    async def _stream(self, send: Send) -> None:
        async with aclosing(self._events) as events:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for event in events:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` gives; it is cancelled, and has ended, when the reader goes. Raises ReaderGone."""
    working = asyncio.create_task(work, name="answer-reader")
    leaving = asyncio.create_task(_until_gone(receive), name="watch-reader")
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ReaderGone
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
