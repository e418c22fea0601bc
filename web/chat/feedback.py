"""What a customer leaves beside questions: a number to call, a thumb for an answer, a rating of a contact that is over.

Only one's own may be judged.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from agent.turn import Who
from agent.understanding.cleaning import printable
from web.chat.frames import BadEvent
from web.chat.messages import AskRating, Feedback, LeaveContact, Rate
from web.services import Services

log = structlog.get_logger()


async def note_callback(services: Services, who: Who, event: LeaveContact, *, conversation: UUID) -> None:
    await asyncio.to_thread(
        services.desk.note_callback,
        who,
        conversation=conversation,
        contact=printable(event.contact),
        note=await services.heard(event.note, conversation=conversation),
        wish=printable(event.wish),
        at=services.now(),
    )
    services.hub.tell_desks(conversation)


async def note_thumb(services: Services, who: Who, event: Feedback, *, of: UUID) -> None:
    mine = await asyncio.to_thread(services.conversations.of_customer, of, customer=who.customer or "")
    if mine is None:
        raise BadEvent("not_yours", "there is no conversation to rate")
    await asyncio.to_thread(services.conversations.thumb, of, turn=event.turn, helpful=event.helpful)


async def note_rating(services: Services, who: Who, event: Rate) -> None:
    is_kept = await asyncio.to_thread(
        services.ratings.rate,
        event.conversation,
        score=event.score,
        at=services.now(),
        customer=who.customer or "",
    )
    if not is_kept:
        raise BadEvent("not_yours", "there is no conversation to rate")


async def ask_rating(services: Services, conversation: UUID, *, send: Callable[[AskRating], Awaitable[None]]) -> None:
    """Once, at what looks like the end: most customers thank and go, and few say goodbye."""
    try:
        asks = await asyncio.to_thread(services.ratings.ask, conversation, at=services.now())
    except SQLAlchemyError:
        log.exception("rating_not_asked")
        return
    if asks:
        await send(AskRating(conversation=conversation))
