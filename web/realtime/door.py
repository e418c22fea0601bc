"""WS /v1/realtime: for whatever speaks OpenAI's Realtime protocol; access as for the other OpenAI doors."""

import asyncio
from collections.abc import AsyncIterator
from typing import get_args

import structlog
from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect

from voice.engines import Engines
from web.access import may_enter, services_of
from web.completions.api import require_key
from web.completions.messages import Refused
from web.conversing.customers import customer_key
from web.realtime.client_events import TYPES as CLIENT_TYPES
from web.realtime.dialogue import Dialogue
from web.realtime.outbox import Outbox
from web.realtime.problem import Problem
from web.realtime.server_events import ServerEvent, error_of, written
from web.realtime.visit import LONGEST_S, Visit, new_id
from web.telephony.arrivals import Arrival
from web.telephony.engine_room import EnginesMissing
from web.telephony.sockets import switchboard_of
from web.telephony.switchboard import LinesTaken, Switchboard

log = structlog.get_logger()
router = APIRouter()
SUBPROTOCOL = "realtime"
CUSTOMER_HEADER = "openai-safety-identifier"
LEAVING_S = 5
"""For the last words to a client that may not read."""


@router.get("/v1/realtime", dependencies=[Depends(require_key)], tags=["OpenAI"])
async def list_events() -> dict[str, list[str]]:
    """As a WebSocket (`/v1/realtime?model=dime`) OpenAI's Realtime protocol, by its GA names: the events a client may
    send, and those it gets."""
    return {"client": CLIENT_TYPES, "server": [event.type for event in get_args(ServerEvent)]}


@router.websocket("/v1/realtime")
async def realtime(socket: WebSocket) -> None:
    try:
        switchboard = _admitting(socket)
        with switchboard.admitted(Arrival("realtime")):
            engines = await switchboard.engines()
            await socket.accept(SUBPROTOCOL if SUBPROTOCOL in socket.scope["subprotocols"] else None)
            await _hold(socket, engines)
    except EnginesMissing:
        deaf = Refused(503, "There are no speech engines here.", kind="server_error", code="no_voice", retry_after_s=5)
        await socket.send_denial_response(deaf.response)
    except Refused as refused:
        await socket.send_denial_response(refused.response)
    except LinesTaken:
        busy = Refused(429, "All lines are taken.", kind="rate_limit_error", code="busy", retry_after_s=5)
        await socket.send_denial_response(busy.response)


def _admitting(socket: WebSocket) -> Switchboard:
    """Raises Refused."""
    if not may_enter(socket):
        message = "Incorrect API key: send DIME_ADMIN_TOKEN as the key. Without one, only this machine may ask."
        raise Refused(401, message, kind="authentication_error", code="invalid_api_key")
    if not services_of(socket).index.is_ready:
        raise Refused(503, "The knowledge is still being read.", kind="server_error", code="not_ready", retry_after_s=2)
    return switchboard_of(socket)


async def _hold(socket: WebSocket, engines: Engines) -> None:
    services = services_of(socket)
    named = socket.headers.get(CUSTOMER_HEADER)
    customer = customer_key(services.secret, "signed_id", named) if named else None
    try:
        async with Dialogue(services, customer=customer) as dialogue, asyncio.timeout(LONGEST_S) as whole:
            await Visit(dialogue, engines, Outbox(socket.send_text)).run(_frames(socket))
    except* TimeoutError:  # which is an OSError, too
        log.info("realtime_closed", expired=whole.expired())
        await _take_leave(socket, is_expired=whole.expired())
    except* (WebSocketDisconnect, OSError):
        log.info("realtime_client_gone")


async def _frames(socket: WebSocket) -> AsyncIterator[str | None]:
    """None for a binary one."""
    while (frame := await socket.receive())["type"] != "websocket.disconnect":
        yield frame.get("text")


async def _take_leave(socket: WebSocket, *, is_expired: bool) -> None:
    message = f"A session lasts {LONGEST_S // 60} minutes." if is_expired else "Nothing was read for too long."
    problem = Problem(message, code="session_expired" if is_expired else "slow_reader", kind="server_error")
    try:
        async with asyncio.timeout(LEAVING_S):
            await socket.send_text(written(error_of(problem), event_id=new_id("event")))
            await socket.close(1001 if is_expired else 1008)
    except (TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
        log.info("realtime_client_gone")
