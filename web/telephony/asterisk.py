"""Asterisk's door for chan_websocket: it calls us, from this machine or with the admin token."""

from uuid import uuid4

from fastapi import APIRouter, WebSocket

from voice.wires.asterisk import AsteriskDialect
from voice.wires.dialect import Opened
from web.access import may_enter
from web.telephony.arrivals import Arrival, lang_of, number_of, uuid_of
from web.telephony.sockets import NO_ENTRY, hold_socket

router = APIRouter(include_in_schema=False)
SUBPROTOCOL = "media"
"""What Asterisk's client asks for in its own examples."""


@router.websocket("/asterisk")
async def asterisk(socket: WebSocket) -> None:
    """Address parameters announce the call: `call` (its UUID), `caller`, `dialled`, `lang`."""
    if not may_enter(socket):
        await socket.close(NO_ENTRY)
        return
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)

    def arrival_of(opened: Opened) -> Arrival:
        told = {**opened.said, **socket.query_params}
        return Arrival(
            "asterisk",
            id=uuid_of(told.get("call")) or uuid_of(told.get("connection_id")) or uuid4(),
            caller=number_of(told.get("caller")),
            dialled=number_of(told.get("dialled")),
            lang=lang_of(told.get("lang")),
        )

    await hold_socket(socket, AsteriskDialect(), door="asterisk", arrival_of=arrival_of)
