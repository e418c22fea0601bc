"""WS /chat: the widget's conversation. A bad message gets a typed error; the connection lives on."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import assert_never, get_args
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from agent import events
from agent.events import Announced, Cited, Decided, Finished, HandedOver, Said
from agent.history import Conversation
from agent.telling.phrases import phrase
from agent.turn import Who
from agent.understanding.cleaning import printable
from agent.understanding.language import ANSWERED
from knowledge.curating.announcing import Told
from web.access import services_of
from web.frames import BadEvent, parse
from web.messages import (
    AnnouncedOut,
    Announcement,
    Answer,
    Ask,
    ClientEvent,
    Close,
    Delta,
    Error,
    Feedback,
    Hello,
    Holding,
    LeaveContact,
    ServerEvent,
    SourceOut,
    State,
    Status,
    Typing,
    WantPerson,
    Welcome,
)
from web.services import Services
from web.transcripts import lines_out

log = structlog.get_logger()
router = APIRouter()
WAITING_EVENTS = 8
"""Messages a customer may send while one is being answered; one more is told to wait."""
SEND_TIMEOUT_S = 20
"""A reader that takes nothing for this long has gone away."""


@router.websocket("/chat")
async def chat(socket: WebSocket) -> None:
    await socket.accept()
    visit = Visit(services_of(socket), socket)
    try:
        async with asyncio.TaskGroup() as tasks:
            visit.start(tasks)
            await visit.listen()
            visit.stop()
    except* (WebSocketDisconnect, TimeoutError):
        log.info("chat_reader_gone")


@dataclass
class Visit:
    """One connection of one customer."""

    services: Services
    socket: WebSocket

    def __post_init__(self) -> None:
        self.who = Who("chat", customer=self.services.visitor(secrets.token_urlsafe(24)))
        self.conversation: UUID = uuid4()
        self.events: asyncio.Queue[ClientEvent] = asyncio.Queue(WAITING_EVENTS)
        self.sending = asyncio.Lock()
        self.follower: asyncio.Task[None] | None = None
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
                self.events.put_nowait(parse(frame.get("text"), frame.get("bytes")))
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
            except (WebSocketDisconnect, TimeoutError, asyncio.CancelledError):
                raise
            except Exception:
                log.exception("chat_event_failed", kind=event.type)
                await self.send(Error(code="failed", message=phrase("technical", lang=self.who.lang)))
                await self.hand_over("technical", lang=self.who.lang)

    async def handle(self, event: ClientEvent) -> None:
        match event:
            case Hello():
                await self.greet(event)
            case Ask():
                await self.ask(event.text)
            case WantPerson():
                await self.ask(phrase("want_person", lang=self.who.lang))
            case LeaveContact():
                await self.note_callback(event)
            case Feedback():
                await self.note_thumb(event)
            case Close():
                await self.close()
            case _:
                assert_never(event)

    async def greet(self, hello: Hello) -> None:
        visitor = hello.visitor or secrets.token_urlsafe(24)
        lang = (hello.lang or "en")[:2].lower()
        self.who = Who("chat", lang=lang if lang in ANSWERED else "en", customer=self.services.visitor(visitor))
        found = await self._find(hello.conversation)
        self.conversation = found.id if found is not None else await self._unused(hello.conversation)
        lines = await asyncio.to_thread(self.services.conversations.read, found.id) if found is not None else []
        self.told = []
        if _state(found) != "closed":
            self.told = await self.services.due(self.conversation, lang=self.who.lang, channel="chat")
        self.follow()
        await self.send(
            Welcome(
                visitor=visitor,
                conversation=self.conversation,
                company=self.services.settings.company,
                state=_state(found),
                transcript=lines_out(lines),
                announcements=[AnnouncedOut(text=told.text, lang=told.lang) for told in self.told],
            )
        )

    async def ask(self, text: str) -> None:
        row = await self._find(self.conversation)
        state = _state(row)
        if state == "closed":
            self.conversation = uuid4()
            self.told = []
            self.follow()
        elif state in ("waiting", "colleague"):
            words = await self.services.heard(text, conversation=self.conversation)
            await asyncio.to_thread(self.services.desk.hear, self.conversation, text=words, at=self.services.now())
            self.services.hub.tell_desks(self.conversation)
            return
        await self.send(Typing(author="dime"))
        async with self.services.turn(text, conversation=self.conversation, who=self.who) as (turn, earlier):
            turn.announced, self.told = self.told, []
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
        await self.send(
            Answer(
                conversation=turn.conversation,
                turn=turn.id,
                text=turn.answer,
                lang=turn.lang,
                action=turn.action or "unknown",
                reason=turn.reason or "",
                source=SourceOut(**vars(turn.source)) if turn.source else None,
                choices=list(turn.left_open.choices),
                confidence=turn.confidence or 0.0,
                milliseconds=round(turn.budget.elapsed_ms, 1),
            )
        )
        if handed_over is not None:
            await self.hand_over(handed_over, lang=turn.lang)
        elif turn.reason == "goodbye":
            await self.close()

    async def hand_over(self, reason: str, *, lang: str) -> None:
        if await self.services.hand_over(self.who, conversation=self.conversation, reason=reason):
            await self.send(Status(state="waiting", text=phrase("waiting", lang=lang)))
        else:
            await self.send(Status(state="agent", text=phrase("leave_contact", lang=lang), callback=True))

    async def note_callback(self, event: LeaveContact) -> None:
        await asyncio.to_thread(
            self.services.desk.note_callback,
            self.who,
            conversation=self.conversation,
            contact=printable(event.contact),
            note=await self.services.heard(event.note, conversation=self.conversation),
            wish=event.wish,
            at=self.services.now(),
        )
        self.services.hub.tell_desks(self.conversation)
        await self.send(Status(state="agent", text=phrase("callback_noted", lang=self.who.lang)))

    async def note_thumb(self, event: Feedback) -> None:
        if await self._find(self.conversation) is None:
            raise BadEvent("not_yours", "there is no conversation to rate")
        await asyncio.to_thread(
            self.services.conversations.thumb, self.conversation, turn=event.turn, helpful=event.helpful
        )

    async def close(self) -> None:
        await asyncio.to_thread(self.services.desk.leave, self.conversation, at=self.services.now())
        self.services.hub.tell_desks(self.conversation)
        await self.send(Status(state="closed", text=phrase("goodbye", lang=self.who.lang)))

    def follow(self) -> None:
        """Passes on what the desk says about this conversation, and of none before it."""
        if self.follower is not None:
            self.follower.cancel()
        self.follower = self.tasks.create_task(self._pass_on(self.conversation), name="chat-follow")

    async def _pass_on(self, conversation: UUID) -> None:
        async with self.services.hub.customer(conversation) as news:
            while True:
                await self.send(await news.get())

    async def send(self, event: ServerEvent) -> None:
        async with self.sending, asyncio.timeout(SEND_TIMEOUT_S):
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


def _state(row: Conversation | None) -> State:
    return next((state for state in get_args(State) if row is not None and state == row.state), "agent")
