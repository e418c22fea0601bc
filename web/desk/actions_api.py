"""REST for colleagues: what tools did for customers, with masked arguments."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from agent.acting.audit import ActionRow
from web.access import Colleague, Wired

router = APIRouter(prefix="/api/v1", dependencies=[Colleague])


class ActionOut(BaseModel):
    id: UUID
    conversation: UUID
    turn: UUID
    tool: str
    arguments: dict[str, str]
    """Masked."""
    result: str
    """The outcome that the tool named, how it failed, or `running`."""
    changes: bool
    idempotency_key: str | None
    milliseconds: float | None
    at: datetime
    lang: str | None
    channel: str | None
    demo: bool


@router.get("/actions")
async def listed(
    services: Wired, conversation: UUID | None = None, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> list[ActionOut]:
    """The newest first."""
    rows = await asyncio.to_thread(services.audit.listed, conversation=conversation, limit=limit)
    return [_action_out(row) for row in rows]


def _action_out(row: ActionRow) -> ActionOut:
    return ActionOut(
        id=row.id,
        conversation=row.conversation_id,
        turn=row.turn_id,
        tool=row.tool,
        arguments=row.arguments,
        result=row.result,
        changes=row.changes,
        idempotency_key=row.idempotency_key,
        milliseconds=row.milliseconds,
        at=row.at,
        lang=row.lang,
        channel=row.channel,
        demo=row.demo,
    )
