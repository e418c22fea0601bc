"""The call of a visit: the chat's conversation goes on by voice, over the same socket, and comes back to writing."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from fastapi import WebSocketDisconnect

from agent.telling.phrases import phrase
from agent.turn import Turn, Who
from knowledge.curating.announcing import Told
from web.chat.answer_events import answer_out
from web.chat.frames import BadEvent
from web.chat.messages import (
    MAX_SOUND_BYTES,
    Announcement,
    CallControl,
    CallEnd,
    CallEnded,
    Error,
    NoRecording,
    Played,
    PressKey,
    ServerEvent,
    State,
    Status,
)
from web.conversing.talk import Talk
from web.services import Services
from web.telephony.arrivals import Arrival
from web.telephony.engine_room import EnginesMissing
from web.telephony.switchboard import LinesTaken, Switchboard
from web.telephony.widget import Overrun, WidgetLine

log = structlog.get_logger()
LEAVING_S = 10
"""An engine at work cannot be stopped; what it does after that is lost."""


class VisitCall:
    """At most one at a time."""

    def __init__(
        self,
        services: Services,
        switchboard: Switchboard,
        *,
        send: Callable[[ServerEvent | bytes], Awaitable[None]],
    ) -> None:
        self._services = services
        self._switchboard = switchboard
        self._send = send
        self._task: asyncio.Task[None] | None = None
        self._line: WidgetLine | None = None
        self._talk = Talk()
        self._is_handed_over = False
        self._unbooked: list[Told] = []
        self._shown: set[str] = set()
        self._is_gone = False

    async def start(self, who: Who, *, told: list[Told], go_on: Callable[[], Awaitable[tuple[UUID, State]]]) -> None:
        """`told` are the announcements that the page shows and no turn has in the books; those the call says are struck
        off. `go_on` gives the conversation and who has it. Raises BadEvent."""
        if self._task is not None and not self._task.done():
            raise BadEvent("in_call", "there is a call already")
        conversation, state = await go_on()
        if state != "agent":
            raise BadEvent("with_colleague", "a colleague has this conversation; please write")
        self._unbooked, self._shown, self._is_handed_over = told, {one.text for one in told}, False
        self._task = asyncio.create_task(self._hold(who, conversation), name="visit-call")

    def hear(self, sound: bytes) -> None:
        if len(sound) > MAX_SOUND_BYTES:
            raise BadEvent("too_long", f"a frame of sound may have {MAX_SOUND_BYTES} bytes, this one has {len(sound)}")
        if len(sound) % 2:
            raise BadEvent("malformed", f"16-bit sound has an even number of bytes, not {len(sound)}")
        try:
            self._on_line().hear(sound)
        except Overrun:
            raise BadEvent("busy", "this sound comes faster than it can have been spoken") from None

    def heed(self, event: CallControl) -> None:
        line = self._on_line()
        match event:
            case CallEnd():
                line.hang_up()
            case Played():
                line.played(event.ms)
            case PressKey():
                line.press(event.digit)
            case NoRecording():
                self._services.recordings.refuse(self._talk.conversation)

    def note(self, turn: Turn) -> None:
        """What is typed during a call belongs to what was said."""
        if self._line is not None:
            turn.number = self._talk.number()
            self._talk.add(turn)

    async def leave(self, *, is_gone: bool = False) -> None:
        """Hangs up, and waits until the call is in the books. Nothing is sent any more to a page that is gone."""
        self._is_gone = is_gone
        if self._task is None or self._task.done():
            return
        if self._line is not None:
            self._line.hang_up(is_gone=is_gone)
        else:
            self._task.cancel()
        await asyncio.wait([self._task], timeout=LEAVING_S)

    def _on_line(self) -> WidgetLine:
        if self._line is None:
            raise BadEvent("no_call", "there is no call; it begins with call_start")
        return self._line

    async def _hold(self, who: Who, conversation: UUID) -> None:
        try:
            ended: ServerEvent = await self._held(who, conversation)
        except BadEvent as bad:
            ended = Error(code=bad.code, message=str(bad))
        except Exception:
            log.exception("visit_call_failed")
            ended = CallEnded(reason="failed")
        finally:
            self._line = None
        if self._is_gone:
            return
        try:
            await self._send(ended)
        except (WebSocketDisconnect, RuntimeError, OSError):
            log.info("chat_reader_gone")

    async def _held(self, who: Who, conversation: UUID) -> CallEnded:
        services = self._services
        try:
            row = await asyncio.to_thread(services.conversations.find, conversation)
            count, before = await asyncio.to_thread(services.conversations.earlier, conversation)
            self._talk = Talk(conversation, before, count, goes_on=True)
            lang = row.lang if row is not None and row.lang else who.lang
            arrival = Arrival("widget", lang=lang, customer=who.customer, talk=self._talk)
            line = WidgetLine(conversation, send=self._send, on_sound=self._show, on_done=self._done)
            self._line = line
            passing = asyncio.create_task(line.pass_on(), name="visit-call-out")
            try:
                ending = await self._switchboard.hold(arrival, line)
            finally:
                line.put(None)
                await passing
        except EnginesMissing as missing:
            log.error("no_voice", missing=str(missing))
            raise BadEvent("no_voice", "calls cannot be taken here at the moment; please write") from missing
        except LinesTaken:
            raise BadEvent("lines_taken", "all lines are taken; please try again in a moment, or write") from None
        return CallEnded(reason="transfer" if self._is_handed_over else ending)

    async def _done(self, turn: Turn) -> None:
        self._show(turn)
        said = {told.text for told in turn.announced}
        self._unbooked[:] = [told for told in self._unbooked if told.text not in said]
        if turn.action == "handoff":
            await self._hand_over(turn)

    def _show(self, turn: Turn) -> None:
        line = self._on_line()
        for told in turn.announced:
            if told.text not in self._shown:
                self._shown.add(told.text)
                line.put(Announcement(text=told.text, lang=told.lang))
        line.put(answer_out(turn))

    async def _hand_over(self, turn: Turn) -> None:
        """A colleague writes; where nobody is there, a contact may be left in writing too."""
        row = await asyncio.to_thread(self._services.conversations.find, turn.conversation)
        line = self._on_line()
        if row is not None and row.state == "waiting":
            line.put(Status(state="waiting", text=phrase("waiting", lang=turn.lang)))
            self._is_handed_over = True
            line.hang_up()
        else:
            line.put(Status(state="agent", text=phrase("leave_contact", lang=turn.lang), callback=True))
