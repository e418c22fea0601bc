"""The desk's REST calls and its live socket; being connected to the socket is being at the desk."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, HTTPException, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field

from agent.telling.phrases import phrase
from web.access import Colleague, Wired, may_enter, services_of
from web.chat.messages import ColleagueSaid, Status, Words
from web.desk.desk import CallbackOutcome, NotAtDesk, Outcome, TakenByAnother
from web.services import Services

router = APIRouter(prefix="/api/v1/desk", dependencies=[Colleague])
live_router = APIRouter(prefix="/api/v1/desk")
"""Apart, since a socket is refused by closing it, not by a status."""


class WaitingOut(BaseModel):
    id: UUID
    state: str
    waiting_since: datetime
    taken_at: datetime | None
    colleague: str | None
    reason: str
    category: str
    mood: str | None
    lang: str | None
    channel: str | None
    demo: bool
    matter: str
    """What the customer came for."""
    last: str


class CallbackOut(BaseModel):
    id: UUID
    conversation: UUID
    contact: str
    note: str
    wish: str
    """When, in the customer's words; empty is any time."""
    requested_at: datetime


class ByColleague(BaseModel):
    colleague: Words = Field(min_length=1, max_length=80)


class Reply(ByColleague):
    text: Words = Field(min_length=1, max_length=4_000)


class Closing(ByColleague):
    outcome: Outcome


class CallbackClosing(BaseModel):
    outcome: CallbackOutcome | None = None


class Handled(BaseModel):
    handling_seconds: float


@router.get("/conversations")
async def listed(services: Wired) -> list[WaitingOut]:
    return [WaitingOut(**vars(waiting)) for waiting in await asyncio.to_thread(services.desk.listed)]


@router.post("/conversations/{conversation}/take", status_code=204)
async def take(services: Wired, conversation: UUID, by: ByColleague) -> None:
    with _at_desk():
        await asyncio.to_thread(services.desk.take, conversation, colleague=by.colleague, at=services.now())
    lang = await _lang_of(services, conversation)
    services.hub.tell_customer(
        conversation, Status(state="colleague", text=f"{phrase('colleague_joined', lang=lang)} ({by.colleague})")
    )
    services.hub.tell_desks(conversation)


@router.post("/conversations/{conversation}/reply", status_code=204)
async def reply(services: Wired, conversation: UUID, said: Reply) -> None:
    at = services.now()
    with _at_desk():
        await asyncio.to_thread(services.desk.reply, conversation, colleague=said.colleague, text=said.text, at=at)
    services.hub.tell_customer(conversation, ColleagueSaid(name=said.colleague, text=said.text, at=at))
    services.hub.tell_desks(conversation)


@router.post("/conversations/{conversation}/close")
async def close(services: Wired, conversation: UUID, closing: Closing, afterwards: BackgroundTasks) -> Handled:
    with _at_desk():
        seconds = await asyncio.to_thread(
            services.desk.close,
            conversation,
            colleague=closing.colleague,
            outcome=closing.outcome,
            at=services.now(),
        )
    lang = await _lang_of(services, conversation)
    services.hub.tell_customer(conversation, Status(state="closed", text=phrase("colleague_left", lang=lang)))
    services.hub.tell_desks(conversation)
    if closing.outcome == "solved":
        afterwards.add_task(services.curation.learn_from_desk, conversation)
    return Handled(handling_seconds=seconds)


@router.get("/callbacks")
async def callbacks(services: Wired) -> list[CallbackOut]:
    return [
        CallbackOut(
            id=row.id,
            conversation=row.conversation_id,
            contact=row.contact,
            note=row.note,
            wish=row.wish,
            requested_at=row.requested_at,
        )
        for row in await asyncio.to_thread(services.desk.callbacks)
    ]


@router.post("/callbacks/{callback}/done", status_code=204)
async def callback_done(services: Wired, callback: UUID, closing: CallbackClosing | None = None) -> None:
    outcome = closing.outcome if closing else None
    if not await asyncio.to_thread(services.desk.callback_done, callback, at=services.now(), outcome=outcome):
        raise HTTPException(404, "there is no such call-back")
    services.hub.tell_desks(callback)


@live_router.websocket("/live")
async def live(socket: WebSocket, colleague: str) -> None:
    """Tells the page which conversation changed; it reads the rest by REST."""
    await socket.accept()
    if not may_enter(socket):
        await socket.close(4401, "sign in first")
        return
    try:
        async with services_of(socket).hub.desk(colleague[:80]) as news, asyncio.TaskGroup() as tasks:
            pushing = tasks.create_task(_push(socket, news), name="desk-push")
            await _until_gone(socket)
            pushing.cancel()
    except* (WebSocketDisconnect, TimeoutError, RuntimeError):
        pass


async def _push(socket: WebSocket, news: "asyncio.Queue[UUID]") -> None:
    while True:
        conversation = await news.get()
        async with asyncio.timeout(20):
            await socket.send_json({"v": 1, "type": "changed", "conversation": str(conversation)})


async def _until_gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


@contextmanager
def _at_desk() -> Iterator[None]:
    try:
        yield
    except (TakenByAnother, NotAtDesk) as error:
        raise HTTPException(409, str(error)) from error


async def _lang_of(services: Services, conversation: UUID) -> str:
    row = await asyncio.to_thread(services.conversations.find, conversation)
    return (row.lang if row else None) or "en"
