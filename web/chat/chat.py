"""WS /chat: the widget's conversation. A bad message gets a typed error; the connection lives on."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from agent import events
from agent.events import Announced, Cited, Decided, Finished, HandedOver, Said
from agent.history import Conversation, TurnRow
from agent.telling.phrases import phrase
from agent.turn import Who
from knowledge.curating.announcing import Told
from web.access import services_of
from web.chat.answer_events import answer_again, answer_out, state_of, status_again
from web.chat.feedback import ask_rating, note_callback, note_rating, note_thumb
from web.chat.frames import BadEvent, parse
from web.chat.messages import (
    AnnouncedOut,
    Announcement,
    Ask,
    CallControl,
    CallStart,
    Close,
    Delta,
    Error,
    Feedback,
    Hello,
    Holding,
    LeaveContact,
    Rate,
    Request,
    ServerEvent,
    State,
    Status,
    Typing,
    WantPerson,
    Welcome,
)
from web.chat.sent_again import StillUnderWay, known_as, told_before
from web.conversing.transcripts import lines_out
from web.services import Services
from web.telephony.arrivals import lang_of
from web.telephony.switchboard import Switchboard
from web.telephony.visit_call import VisitCall

log = structlog.get_logger()
router = APIRouter()
WAITING_EVENTS = 8
"""Messages a customer may send while one is being answered; one more is told to wait."""
SEND_TIMEOUT_S = 20
"""A reader that takes nothing for this long has gone away."""


@router.websocket("/chat")
async def chat(socket: WebSocket) -> None:
    await socket.accept()
    visit = Visit(services_of(socket), socket, socket.app.state.switchboard)
    try:
        async with asyncio.TaskGroup() as tasks:
            visit.start(tasks)
            await visit.listen()
            visit.stop()
    except* (WebSocketDisconnect, TimeoutError):
        log.info("chat_reader_gone")
    finally:
        await visit.call.leave(is_gone=True)


@dataclass
class Visit:
    """One connection of one customer."""

    services: Services
    socket: WebSocket
    switchboard: Switchboard

    def __post_init__(self) -> None:
        self.who = Who("chat", customer=self.services.visitor(secrets.token_urlsafe(24)))
        self.conversation: UUID = uuid4()
        self.events: asyncio.Queue[Request] = asyncio.Queue(WAITING_EVENTS)
        self.sending = asyncio.Lock()
        self.follower: asyncio.Task[None] | None = None
        self.call = VisitCall(self.services, self.switchboard, send=self.send)
        self.told: list[Told] = []
        """Announcements the welcome showed; the conversation's next turn carries them into the books."""

    def start(self, tasks: asyncio.TaskGroup) -> None:
        self.tasks = tasks
        self.worker = tasks.create_task(self.work(), name="chat-work")
        self.follow()

    def stop(self) -> None:
        """The customer has gone: an answer on its way is kept as interrupted."""
        self.worker.cancel()
        if self.follower is not None:
            self.follower.cancel()

    async def listen(self) -> None:
        """Reads frames until the customer goes; never waits for an answer."""
        while True:
            frame = await self.socket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            try:
                if (sound := frame.get("bytes")) is not None:
                    self.call.hear(sound)
                elif isinstance(event := parse(frame.get("text")), CallControl):
                    self.call.heed(event)
                else:
                    self.events.put_nowait(event)
            except BadEvent as bad:
                await self.send(Error(code=bad.code, message=str(bad)))
            except asyncio.QueueFull:
                await self.send(Error(code="busy", message="Please wait for the answers to what you have asked."))

    async def work(self) -> None:
        while True:
            event = await self.events.get()
            try:
                await self.handle(event)
            except BadEvent as bad:
                await self.send(Error(code=bad.code, message=str(bad)))
            except StillUnderWay:
                await self.send(Error(code="busy", message="Your message is still being answered; please wait."))
            except (WebSocketDisconnect, TimeoutError, asyncio.CancelledError):
                raise
            except Exception:
                log.exception("chat_event_failed", kind=event.type)
                await self.send(Error(code="failed", message=phrase("technical", lang=self.who.lang)))
                await self.hand_over("technical", lang=self.who.lang)

    async def handle(self, event: Request) -> None:
        match event:
            case Hello():
                await self.greet(event)
            case Ask():
                await self.ask_once(event.text, event.id)
            case WantPerson():
                await self.ask_once(phrase("want_person", lang=self.who.lang), event.id)
            case LeaveContact():
                await note_callback(self.services, self.who, event, conversation=self.conversation)
                await self.send(Status(state="agent", text=phrase("callback_noted", lang=self.who.lang)))
            case Feedback():
                await note_thumb(self.services, self.who, event, of=self.conversation)
            case Rate():
                await note_rating(self.services, self.who, event)
            case Close():
                await self.close()
            case CallStart():
                await self.call.start(self.who, told=self.told, go_on=self.go_on)
            case _:
                assert_never(event)

    async def greet(self, hello: Hello) -> None:
        visitor = hello.visitor or secrets.token_urlsafe(24)
        await self.call.leave()
        who = Who("chat", lang=lang_of(hello.lang) or "en", customer=self.services.visitor(visitor))
        self.who = self.services.assigned(who)
        found = await self._find(hello.conversation)
        self.conversation = found.id if found is not None else await self._unused(hello.conversation)
        lines = await asyncio.to_thread(self.services.conversations.read, found.id) if found is not None else []
        self.told = []
        if state_of(found) != "closed":
            self.told = await self.services.news.due(self.conversation, lang=self.who.lang, channel="chat")
        self.follow()
        await self.send(
            Welcome(
                visitor=visitor,
                conversation=self.conversation,
                company=self.services.settings.company,
                state=state_of(found),
                transcript=lines_out(lines),
                announcements=[AnnouncedOut(text=told.text, lang=told.lang) for told in self.told],
            )
        )

    async def ask_once(self, text: str, message: str | None) -> None:
        """What was answered before is told again, not asked again."""
        async with self.services.under_way.hold(known_as(message, conversation=self.conversation)):
            state = state_of(await self._find(self.conversation))
            known, told = await told_before(self.services.conversations, message, conversation=self.conversation)
            if told is None and state == "closed":
                self.conversation = known_as(message, conversation=self.conversation)
                self.told = []
                self.follow()
                known, told = await told_before(self.services.conversations, message, conversation=self.conversation)
            if told is not None:
                await self._tell_again(told)
            elif state in ("waiting", "colleague"):
                words = await self.services.heard(text, conversation=self.conversation)
                at = self.services.now()
                await asyncio.to_thread(self.services.desk.hear, self.conversation, text=words, at=at, id=known)
                self.services.hub.tell_desks(self.conversation)
            else:
                await self.ask(text, known)

    async def _tell_again(self, row: TurnRow) -> None:
        await self.send(answer_again(row))
        if status := status_again(row, state=state_of(await self._find(self.conversation))):
            await self.send(status)

    async def ask(self, text: str, known: UUID) -> None:
        await self.send(Typing(author="dime"))
        async with self.services.turn(text, conversation=self.conversation, who=self.who) as (turn, earlier):
            turn.id = known
            turn.announced, self.told = self.told, []
            self.call.note(turn)
            handed_over: str | None = None
            async for event in self.services.answer(turn, earlier=earlier):
                match event:
                    case Announced():
                        await self.send(Announcement(text=event.text, lang=event.lang))
                    case events.Holding():
                        await self.send(Holding(text=event.text))
                    case Said():
                        await self.send(Delta(turn=turn.id, text=event.text))
                    case HandedOver():
                        handed_over = event.reason
                    case Decided() | Cited() | Finished():
                        pass
                    case _:
                        assert_never(event)
        await self.send(answer_out(turn))
        if handed_over is not None:
            await self.hand_over(handed_over, lang=turn.lang)
        elif turn.reason == "goodbye":
            await self.close()
        elif turn.reason == "thanks":
            await ask_rating(self.services, turn.conversation, send=self.send)

    async def go_on(self) -> tuple[UUID, State]:
        """The conversation that goes on, and who has it; a closed one is followed by a new one."""
        state = state_of(await self._find(self.conversation))
        if state == "closed":
            self.conversation, self.told, state = uuid4(), [], "agent"
            self.follow()
        return self.conversation, state

    async def hand_over(self, reason: str, *, lang: str) -> None:
        if await self.services.hand_over(self.who, conversation=self.conversation, reason=reason):
            await self.send(Status(state="waiting", text=phrase("waiting", lang=lang)))
        else:
            await self.send(Status(state="agent", text=phrase("leave_contact", lang=lang), callback=True))

    async def close(self) -> None:
        await self.call.leave()
        await asyncio.to_thread(self.services.desk.leave, self.conversation, at=self.services.now())
        self.services.hub.tell_desks(self.conversation)
        await self.send(Status(state="closed", text=phrase("goodbye", lang=self.who.lang)))
        await ask_rating(self.services, self.conversation, send=self.send)

    def follow(self) -> None:
        """Passes on what the desk says about this conversation, and of none before it."""
        if self.follower is not None:
            self.follower.cancel()
        self.follower = self.tasks.create_task(self._pass_on(self.conversation), name="chat-follow")

    async def _pass_on(self, conversation: UUID) -> None:
        async with self.services.hub.customer(conversation) as news:
            while True:
                event = await news.get()
                await self.send(event)
                if isinstance(event, Status) and event.state == "closed":
                    await ask_rating(self.services, conversation, send=self.send)

    async def send(self, event: ServerEvent | bytes) -> None:
        async with self.sending, asyncio.timeout(SEND_TIMEOUT_S):
            if isinstance(event, bytes):
                await self.socket.send_bytes(event)
            else:
                await self.socket.send_text(event.model_dump_json())

    async def _unused(self, wished: UUID | None) -> UUID:
        """The id a browser was given before its first question, unless that conversation is somebody's."""
        if wished is None or await asyncio.to_thread(self.services.conversations.find, wished) is not None:
            return uuid4()
        return wished

    async def _find(self, conversation: UUID | None) -> Conversation | None:
        if conversation is None or self.who.customer is None:
            return None
        return await asyncio.to_thread(
            self.services.conversations.of_customer, conversation, customer=self.who.customer
        )
