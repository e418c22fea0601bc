"""Calls that come by WebSocket: frames in, frames out, and a close code that says what was wrong."""

from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from starlette.requests import HTTPConnection

from voice.wires.dialect import BadMessage, Dialect, Message
from voice.wires.line import Line
from web.telephony.holding import ArrivalOf, hold_line
from web.telephony.switchboard import Switchboard

NO_ENTRY = 1008
"""Close code: against the policy."""
REASON = 123
"""Bytes of a close reason that a control frame holds (RFC 6455)."""


def switchboard_of(connection: HTTPConnection) -> Switchboard:
    switchboard: Switchboard = connection.app.state.switchboard
    return switchboard


def reason_of(bad: BadMessage) -> str:
    """Bytes are counted, and no character is cut in two."""
    return str(bad).encode(errors="replace")[:REASON].decode(errors="ignore")


async def hold_socket(
    socket: WebSocket, dialect: Dialect, *, door: str, arrival_of: ArrivalOf, is_known: bool = True
) -> None:
    """The whole call on an accepted socket, closed at the end."""

    async def send(message: Message) -> None:
        try:
            await (socket.send_text(message) if isinstance(message, str) else socket.send_bytes(message))
        except WebSocketDisconnect as gone:
            raise ConnectionError("the peer has gone") from gone

    bad: BadMessage | None = None
    try:
        bad = await hold_line(
            Line(dialect),
            door=door,
            switchboard=switchboard_of(socket),
            arrival_of=arrival_of,
            received=_received(socket),
            send=send,
            is_known=is_known,
        )
    finally:
        with suppress(RuntimeError, OSError):  # the peer was quicker
            await socket.close(bad.code if bad else 1000, reason_of(bad) if bad else None)


async def _received(socket: WebSocket) -> AsyncIterator[Message]:
    while True:
        frame = await socket.receive()
        if frame["type"] == "websocket.disconnect":
            return
        text = frame.get("text")
        yield text if text is not None else frame.get("bytes") or b""
