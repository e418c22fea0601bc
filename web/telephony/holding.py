"""Holds a live line's call from its first message to its hang-up, whatever socket it comes by."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from voice.wires.dialect import BadMessage, Message, Opened
from voice.wires.line import STALLED_S, Line
from web.telephony.arrivals import Arrival
from web.telephony.switchboard import Switchboard

log = structlog.get_logger()
LAST_WORDS_S = 2.0
Send = Callable[[Message], Awaitable[None]]
ArrivalOf = Callable[[Opened], Arrival]
"""Raises BadMessage for whoever may not call."""


async def hold_line(
    line: Line,
    *,
    door: str,
    switchboard: Switchboard,
    arrival_of: ArrivalOf,
    received: AsyncIterator[Message],
    send: Send,
    is_known: bool = True,
) -> BadMessage | None:
    """Returns once the call is in the books and all was sent: what the peer did wrong, or None. Of one who is not
    known, and is no call either, nothing is written down."""
    reading = asyncio.create_task(_read(line, received), name=f"{door}-in")
    writing = asyncio.create_task(_write(line, send), name=f"{door}-out")
    try:
        await _hold(line, door=door, switchboard=switchboard, arrival_of=arrival_of, is_known=is_known)
    finally:
        line.hang_up()
        await asyncio.wait([writing], timeout=LAST_WORDS_S)
        for task in (reading, writing):
            task.cancel()
        await asyncio.wait([reading, writing])
    if line.bad:
        log.warning("line_broke_protocol", door=door, why=str(line.bad))
    return line.bad


async def _hold(line: Line, *, door: str, switchboard: Switchboard, arrival_of: ArrivalOf, is_known: bool) -> None:
    try:
        arrival = arrival_of(await line.opened())
    except ConnectionError:
        if line.has_received and is_known:
            await switchboard.note_broken(Arrival(door))
        return
    except BadMessage as refused:
        line.bad = refused
        return
    await switchboard.answer(arrival, line)
    await line.settle()


async def _read(line: Line, received: AsyncIterator[Message]) -> None:
    try:
        async for message in received:
            line.receive(message)
            await asyncio.sleep(0)
    except OSError:
        line.lose()
    except Exception:
        log.exception("line_not_read")
        line.lose()
    line.gone()


async def _write(line: Line, send: Send) -> None:
    try:
        async for message in line.messages():
            async with asyncio.timeout(STALLED_S):
                await send(message)
    except (OSError, TimeoutError, RuntimeError) as error:  # RuntimeError: Starlette's word for a closed socket
        log.info("line_not_sent", why=type(error).__name__)
        line.lose()
    except Exception:
        log.exception("line_not_sent")
        line.lose()
