"""Admits calls to this process, holds them and knows how each ended; the doors bring lines."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from uuid import UUID, uuid4

import structlog

from agent.turn import Who
from voice.audio import Samples
from voice.engines import Engines
from voice.wire import CallEvent, Ending, Key, TurnDone, Wire
from voice.wires.line import Line
from web.calling.calls import PhoneCall, taught
from web.operating.metrics import CALLS_ENDED, CALLS_LIVE, CALLS_REFUSED, FRAMES_LOST
from web.services import Services
from web.telephony.arrivals import Announced, Arrival
from web.telephony.call_book import CallBook, Tally
from web.telephony.engine_room import EngineRoom, EnginesMissing
from web.telephony.lines_taken import say_lines_taken
from web.telephony.minutes import minutes

log = structlog.get_logger()
TURNED_AWAY = 10
"""Callers who may hear at once that all lines are taken; further ones are hung up on."""


class LinesTaken(RuntimeError):
    """As many calls as this process can serve are going on."""


class Switchboard:
    def __init__(
        self,
        services: Services,
        engines: Engines | None = None,
        *,
        most: int | None = None,
        open_engines: Callable[[], Engines] | None = None,
    ) -> None:
        """Engines are given, or opened behind everything else by `room.run`; without `most` the setting counts."""
        self.room = EngineRoom(open_engines, engines=engines)
        self.announced = Announced()
        self.book = CallBook(services.engine)
        self.most = services.settings.calls_most if most is None else most
        self.began_at = services.now()
        self._services = services
        self._turned_away = 0

    @property
    def live(self) -> int:
        return self._services.live_calls

    async def engines(self) -> Engines:
        """What hears and speaks in a call, the company's names taught. Raises EnginesMissing."""
        return await taught(self._services, await self.room.engines())

    async def answer(self, arrival: Arrival, line: Wire) -> str:
        """The whole call by telephone, or the words that all lines are taken. Returns how it ended."""
        arrival = self.announced.complete(arrival)
        try:
            return await self.hold(arrival, line)
        except (LinesTaken, EnginesMissing) as refused:
            log.warning("call_refused", door=arrival.door, why=type(refused).__name__)
            CALLS_REFUSED.labels(arrival.door).inc()
        return await self._turn_away(arrival, line)

    async def hold(self, arrival: Arrival, line: Wire) -> Ending:
        """The whole call. Raises LinesTaken, or EnginesMissing, before a sound of it is heard."""
        with self.admitted(arrival):
            engines = await self.engines()
            consent = self._services.recordings.consent()
            phone = PhoneCall(
                self._services,
                engines,
                who=self._who(arrival),
                lang=arrival.lang,
                caller=arrival.caller,
                talk=arrival.talk,
                aside=lambda turn: consent.reply_to(turn.question, lang=turn.lang) if consent else None,
                is_live=True,
            )
            tallied = _Tallied(line, _tally_of(line))
            recorded = self._services.recordings.on(
                tallied, consent, conversation=phone.conversation, voice=engines.voice, lang=arrival.lang
            )
            return await self._held(arrival, phone, tallied, recorded)

    @contextmanager
    def admitted(self, arrival: Arrival) -> Iterator[None]:
        """A place among the calls while it lasts. Raises LinesTaken."""
        if self.live >= self.most:
            raise LinesTaken
        self._services.live_calls += 1
        CALLS_LIVE.labels(arrival.door).inc()
        try:
            yield
        finally:
            self._services.live_calls -= 1
            CALLS_LIVE.labels(arrival.door).dec()

    async def note_broken(self, arrival: Arrival) -> None:
        """A line that broke its protocol before there was a call: it has its row in the books all the same."""
        row = await self._begin(arrival, conversation=uuid4())
        await self._end(row, arrival, None, ending="error", tally=Tally(), duration_s=0.0)

    async def _held(
        self, arrival: Arrival, phone: PhoneCall, line: "_Tallied", recorded: AbstractAsyncContextManager[Wire]
    ) -> Ending:
        row = await self._begin(arrival, conversation=phone.conversation)
        clock = asyncio.get_running_loop().time
        began = clock()
        ending: Ending = "lost"
        try:
            async with phone, recorded as held:
                ending = await phone.call.run(held)
            return ending
        finally:
            await asyncio.shield(
                self._end(
                    row,
                    arrival,
                    phone.conversation if line.tally.turns else None,
                    ending="error" if line.is_broken else ending,
                    tally=line.tally,
                    duration_s=clock() - began,
                    transferred_to=phone.transferred_to if ending == "transfer" else None,
                )
            )

    async def _turn_away(self, arrival: Arrival, line: Wire) -> Ending:
        row = await self._begin(arrival, conversation=uuid4())
        clock = asyncio.get_running_loop().time
        began = clock()
        tally = _tally_of(line)
        self._turned_away += 1
        try:
            if self._turned_away <= TURNED_AWAY and (engines := self.room.opened):
                await say_lines_taken(line, engines.voice, lang=arrival.lang)
        except ConnectionError:
            log.info("call_not_told")
        finally:
            self._turned_away -= 1
            await asyncio.shield(self._end(row, arrival, None, ending="busy", tally=tally, duration_s=clock() - began))
        return "busy"

    def _who(self, arrival: Arrival) -> Who:
        customer = self._services.caller(arrival.caller) if arrival.caller else arrival.customer
        lang = arrival.lang or "en"
        who = Who("phone", lang=lang, customer=customer, can_be_passed_on=arrival.can_be_passed_on)
        return self._services.assigned(who)

    async def _begin(self, arrival: Arrival, *, conversation: UUID) -> UUID:
        at = self._services.now()
        return await asyncio.to_thread(self.book.begin, arrival, self._who(arrival), conversation=conversation, at=at)

    async def _end(
        self,
        row: UUID,
        arrival: Arrival,
        conversation: UUID | None,
        *,
        ending: str,
        tally: Tally,
        duration_s: float,
        transferred_to: str | None = None,
    ) -> None:
        """`conversation`: whose cost its minutes are; None for a call in which nobody said anything."""
        CALLS_ENDED.labels(arrival.door, ending).inc()
        FRAMES_LOST.labels(arrival.door, "late").inc(tally.losses.late)
        FRAMES_LOST.labels(arrival.door, "dropped").inc(tally.losses.dropped)
        at = self._services.now()
        await asyncio.to_thread(
            self.book.end, row, ending=ending, tally=tally, at=at, duration_s=duration_s, transferred_to=transferred_to
        )
        if used := minutes(arrival.door, duration_s, at=at):
            await self._services.books.keep_usage(used, self._who(arrival), conversation=conversation)


def _tally_of(line: Wire) -> Tally:
    return Tally(line.losses) if isinstance(line, Line) else Tally()


class _Tallied:
    """A line whose turns are counted as they are told."""

    def __init__(self, line: Wire, tally: Tally) -> None:
        self.tally = tally
        self._line = line

    @property
    def is_broken(self) -> bool:
        return isinstance(self._line, Line) and self._line.bad is not None

    def frames(self) -> AsyncIterator[Samples | Key]:
        return self._line.frames()

    async def play(self, samples: Samples) -> None:
        await self._line.play(samples)

    def flush(self) -> None:
        self._line.flush()

    @property
    def unheard_ms(self) -> float:
        return self._line.unheard_ms

    @property
    def begins_at_once(self) -> bool:
        return self._line.begins_at_once

    async def tell(self, event: CallEvent) -> None:
        if isinstance(event, TurnDone):
            self.tally.note(event)
        await self._line.tell(event)
