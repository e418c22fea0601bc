"""An OpenAI-compatible server that behaves as told: it streams, stalls, dies, refuses, or sends what is no answer.

It lives in the loop of whoever asks it, and tells what it was asked and whether its connections were closed again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

Reply = Callable[["Asked"], Awaitable[None]]
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@dataclass(eq=False)
class Asked:
    """One request and the line to answer it on."""

    body: dict[str, Any]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    raw: bytes = b""
    """The body as it came: a recording, for instance, is no JSON."""

    async def send(self, raw: bytes | str) -> None:
        self.writer.write(raw.encode() if isinstance(raw, str) else raw)
        await self.writer.drain()

    async def begin(self) -> None:
        await self.send(HEAD)

    async def piece(self, text: str) -> None:
        await self.delta({"content": text})

    async def delta(self, delta: dict[str, Any], *, end: str | None = None) -> None:
        await self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": end}]})

    async def event(self, event: dict[str, Any]) -> None:
        whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **event}
        await self.send(f"data: {json.dumps(whole)}\n\n")

    async def until_hung_up(self, *, within_s: float | None = None) -> None:
        """Or for so long, whichever is sooner."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while await self.reader.read(1_000):
                    pass


def says(*pieces: str, usage: dict[str, Any] | None = None, end: str = "stop") -> Reply:
    async def reply(asked: Asked) -> None:
        await asked.begin()
        for piece in pieces:
            await asked.piece(piece)
        await asked.delta({}, end=end)
        if usage:
            await asked.event({"choices": [], "usage": usage})
        await asked.send("data: [DONE]\n\n")

    return reply


def stalls(*pieces: str) -> Reply:
    """Before its first byte, or after some pieces."""

    async def reply(asked: Asked) -> None:
        if pieces:
            await asked.begin()
        for piece in pieces:
            await asked.piece(piece)
        await asked.until_hung_up()

    return reply


def dies(*pieces: str) -> Reply:
    async def reply(asked: Asked) -> None:
        await asked.begin()
        for piece in pieces:
            await asked.piece(piece)
        asked.writer.transport.abort()

    return reply


def refuses(status: int) -> Reply:
    async def reply(asked: Asked) -> None:
        body = json.dumps({"error": {"message": "no", "type": "scripted"}})
        await asked.send(
            f"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}"
        )

    return reply


def sends(*raw: bytes) -> Reply:
    """Whatever stands after the head of a stream."""

    async def reply(asked: Asked) -> None:
        await asked.begin()
        for part in raw:
            await asked.send(part)

    return reply


def calls_tool(arguments: str) -> Reply:
    async def reply(asked: Asked) -> None:
        await asked.begin()
        call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "refund", "arguments": arguments}}
        await asked.delta({"tool_calls": [call]})
        await asked.send("data: [DONE]\n\n")

    return reply


def repeats(piece: str, *, first: Iterable[str] = ()) -> Reply:
    """For ever, until nobody listens."""

    async def reply(asked: Asked) -> None:
        await asked.begin()
        for text in first:
            await asked.piece(text)
        while not asked.writer.is_closing():
            await asked.piece(piece)
            await asyncio.sleep(0)

    return reply


@dataclass(eq=False)
class BadModelServer:
    """`replies` are used up one by one; the last one stays."""

    replies: list[Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)
    open: int = 0

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.asked, self.open = list(replies), [], 0
        self._all_closed = asyncio.Event()
        self._all_closed.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self.closed()

    async def closed(self) -> None:
        """Returns once nobody holds a connection."""
        await asyncio.wait_for(self._all_closed.wait(), timeout=5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self._all_closed.clear()
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            raw = await reader.readexactly(length)
            body = json.loads(raw) if raw.startswith(b"{") else {}
            self.asked.append(body)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            await reply(Asked(body, reader, writer, raw))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # nobody listens any more
        finally:
            writer.close()
            self.open -= 1
            if not self.open:
                self._all_closed.set()
