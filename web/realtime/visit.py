"""One connection: takes the client's events in order, sends what the session makes of them, and does what it orders."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, assert_never

import structlog

from voice.engines import Engines
from web.realtime.answering import Answering
from web.realtime.client_events import Append, ClientEvent, RetrieveItem, parse
from web.realtime.dialogue import Dialogue
from web.realtime.ears import Ears
from web.realtime.orders import Answer, Order, Out, Rebook, Stop, Transcribe
from web.realtime.outbox import MOST, Outbox
from web.realtime.problem import Problem
from web.realtime.response import Response
from web.realtime.server_events import ItemRetrieved, error_of, written
from web.realtime.session import Session
from web.realtime.speaking import Speaker
from web.realtime.turn_detection import ear

log = structlog.get_logger()
LONGEST_S = 3_600
"""Of a session, as with the original."""
WINDING_UP_S = 20
"""For keeping the last turn once the client has gone."""
_LONG_FRAME = 64 * 1024
"""Characters from which a frame, and the sound in it, is read in a thread."""
_WAITING_KEEPS = 16


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(11)}"


async def _here(work: Callable[..., Any], *arguments: Any) -> Any:
    return work(*arguments)


class Visit:
    def __init__(self, dialogue: Dialogue, engines: Engines, outbox: Outbox) -> None:
        expires_at = int(time.time()) + LONGEST_S
        self._outbox, self._dialogue = outbox, dialogue
        self._session = Session(new_id=new_id, ear=lambda wish: ear(engines, wish), expires_at=expires_at)
        self._ears = Ears(self._session, transcriber=engines.transcriber, emit=self._emit)
        self._answering = Answering(
            self._session,
            dialogue=dialogue,
            ears=self._ears,
            speaker=Speaker(voice=engines.voice, emit=self._emit, room=outbox.room),
            emit=self._emit,
        )
        self._current: tuple[Response, asyncio.Task[None]] | None = None
        self._keeps: asyncio.Queue[tuple[Stop | Rebook, asyncio.Task[None] | None]] = asyncio.Queue(_WAITING_KEEPS)

    async def run(self, frames: AsyncIterator[str | None]) -> None:
        """Until the client goes; every turn is in the books by then. TimeoutError when it reads nothing."""
        keeper = asyncio.create_task(self._keep(), name="realtime-keep")
        try:
            async with asyncio.TaskGroup() as self._tasks:
                helpers = [
                    self._tasks.create_task(self._outbox.run(), name="realtime-send"),
                    self._tasks.create_task(self._ears.run(), name="realtime-hear"),
                ]
                await self._do(self._session.open())
                async for frame in frames:
                    await self._outbox.room(MOST)
                    await self._take(frame)
                for helper in helpers:
                    helper.cancel()
                if self._current:
                    self._current[1].cancel()
        finally:
            await asyncio.shield(self._wind_up(keeper))

    async def _wind_up(self, keeper: asyncio.Task[None]) -> None:
        """A turn that was being answered is kept with what was sent of it."""
        try:
            async with asyncio.timeout(WINDING_UP_S):
                if self._current and self._session.response is self._current[0]:
                    await self._keeps.put((Stop(self._current[0], is_barge_in=False), self._current[1]))
                await self._keeps.join()
        except TimeoutError:
            log.error("realtime_turn_not_kept")
        keeper.cancel()
        self._dialogue.book_beside(self._answering.left_over)

    async def _take(self, frame: str | None) -> None:
        event: ClientEvent | None = None
        try:
            done = asyncio.to_thread if frame and len(frame) > _LONG_FRAME else _here
            event = await done(parse, frame)
            if isinstance(event, Append):
                for samples in await done(self._session.intake, event):
                    await self._do(self._session.hear(samples))
                    await asyncio.sleep(0)
            elif isinstance(event, RetrieveItem):
                for text in await asyncio.to_thread(self._retrieved, event):
                    self._outbox.put(text)
            else:
                items = await done(self._session.prepare, event)
                await self._do(self._session.take(event, items))
        except Problem as problem:
            problem.event_id = event.event_id if event else problem.event_id
            self._outbox.put(written(error_of(problem), event_id=new_id("event")))

    def _retrieved(self, event: RetrieveItem) -> list[str]:
        """Changes nothing, and may hold minutes of sound."""
        outs = [out for out in self._session.take(event) if isinstance(out, ItemRetrieved)]
        return [written(out, event_id=new_id("event")) for out in outs]

    async def _do(self, outs: Sequence[Out]) -> None:
        """Sends, and waits where turns are still being kept."""
        stopped = self._current
        for order in self._emit(outs):
            is_its = stopped is not None and isinstance(order, Stop) and order.response is stopped[0]
            await self._keeps.put((order, stopped[1] if stopped and is_its else None))

    def _emit(self, outs: Sequence[Out]) -> list[Stop | Rebook]:
        """In order and at once; what has to be kept is left to the caller."""
        keeps: list[Stop | Rebook] = []
        for out in outs:
            if isinstance(out, Transcribe | Answer | Stop | Rebook):
                keeps += self._obey(out)
            else:
                self._outbox.put(written(out, event_id=new_id("event")))
        return keeps

    def _obey(self, order: Order) -> list[Stop | Rebook]:
        match order:
            case Transcribe():
                self._ears.listen_to(order.message)
                return []
            case Answer():
                answering = self._answering.answer(order.response)
                self._current = (order.response, self._tasks.create_task(answering, name="realtime-answer"))
                return []
            case Stop():
                if self._current and self._current[0] is order.response:
                    self._current[1].cancel()
                return [order]
            case Rebook():
                return [order]
            case _:
                assert_never(order)

    async def _keep(self) -> None:
        """Turns that were cut short, one after the other."""
        while True:
            order, task = await self._keeps.get()
            try:
                if isinstance(order, Stop):
                    if task:
                        await asyncio.wait([task])
                    await self._answering.leave_off(order.response, is_barge_in=order.is_barge_in)
                else:
                    await self._answering.rebook(order.message)
            except Exception:
                log.exception("realtime_turn_not_kept")
            finally:
                self._keeps.task_done()
