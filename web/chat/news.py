"""The announcements that a conversation has not had yet."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from agent.turn import Channel
from knowledge.curating.announcements import Announcements
from knowledge.curating.announcing import Told, due
from web.conversing.conversations import Conversations

log = structlog.get_logger()


@dataclass(frozen=True)
class News:
    announcements: Announcements
    conversations: Conversations
    now: Callable[[], datetime]

    async def due(self, conversation: UUID, *, lang: str, channel: Channel, told: Sequence[Told] = ()) -> list[Told]:
        """`told` are those not in the books yet."""
        try:
            return await asyncio.to_thread(self._due, conversation, lang=lang, channel=channel, told=told)
        except SQLAlchemyError:
            log.exception("announcements_unreadable")  # the answer goes out without them
            return []

    def _due(self, conversation: UUID, *, lang: str, channel: Channel, told: Sequence[Told]) -> list[Told]:
        now = self.now()
        if not (valid := self.announcements.valid(now)):
            return []
        told = [*told, *self.conversations.told(conversation)]
        return due(valid, told, lang=lang, is_spoken=channel == "phone", now=now)
