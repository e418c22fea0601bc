"""Asterisk's door for AudioSocket: a TCP server beside the web's, on the same loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import structlog

from voice.wires.audiosocket import AudioSocketDialect
from voice.wires.dialect import Message, Opened
from voice.wires.line import STALLED_S, Line
from web.telephony.arrivals import Arrival
from web.telephony.holding import Send, hold_line
from web.telephony.switchboard import Switchboard

log = structlog.get_logger()
PIECE = 4_096
"""Bytes read at once; the kernel holds back whoever sends faster than that is taken."""
PARTING_S = 1.0
"""A peer that goes on sending after our end is left."""
UNSENT_BYTES = 16_000
"""One second of sound at 8 kHz waiting in the kernel and in the loop: a reader further behind has stalled."""


class AudioSocketDoor:
    def __init__(self, switchboard: Switchboard, *, host: str, port: int) -> None:
        self.port = port
        """The one it listens on, once it does; 0 is off."""
        self.trouble: str | None = None
        self._host = host
        self._switchboard = switchboard
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> str:
        return self.trouble or (f"{self._host}:{self.port}" if self._server else "off")

    async def open(self, *, any_port: bool = False) -> None:
        """A port that is taken is a warning, not an end. `any_port` is for tests."""
        if not self.port and not any_port:
            return
        try:
            self._server = await asyncio.start_server(self._answer, self._host, self.port)
        except OSError as error:
            self.trouble = f"{self._host}:{self.port} cannot be listened on ({error.strerror or error})"
            log.warning("audiosocket_off", why=self.trouble, mend="set DIME_AUDIOSOCKET_PORT, or 0 to turn it off")
            return
        self.port = self._server.sockets[0].getsockname()[1]
        log.info("audiosocket_open", host=self._host, port=self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        try:
            _be_prompt(writer)
            await hold_line(
                Line(AudioSocketDialect()),
                door="audiosocket",
                switchboard=self._switchboard,
                arrival_of=_arrival_of,
                received=_received(reader),
                send=_sender(writer),
            )
        except Exception:
            log.exception("call_failed", door="audiosocket")
        finally:
            self._calls.discard(task)
            await _part(reader, writer)


def _arrival_of(opened: Opened) -> Arrival:
    assert opened.id is not None
    return Arrival("audiosocket", id=opened.id)


async def _received(reader: asyncio.StreamReader) -> AsyncIterator[Message]:
    while piece := await reader.read(PIECE):
        yield piece


async def _part(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ours is ended before the line is closed: closing on sound that still comes in would reset it, and the peer lose
    our last words and the hang-up with them."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PARTING_S):
            writer.write_eof()
            while await reader.read(PIECE):
                pass
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PARTING_S):
            await writer.wait_closed()


def _sender(writer: asyncio.StreamWriter) -> Send:
    async def send(message: Message) -> None:
        assert isinstance(message, bytes)
        writer.write(message)
        await writer.drain()

    return send


def _be_prompt(writer: asyncio.StreamWriter) -> None:
    """Frames go out at once, and a peer that reads nothing or is not there any more is noticed."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(STALLED_S * 1000))
    writer.transport.set_write_buffer_limits(high=UNSENT_BYTES)
