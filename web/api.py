"""REST under /api/v1: ask, read conversations, search the knowledge, fetch the report. Described at /docs."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from agent.acting.audit import ActionRow
from agent.events import Announced, HandedOver
from agent.history import Conversation
from agent.telling.guidance import told
from agent.turn import Turn, Who
from web.access import Colleague, Wired
from web.messages import MAX_TEXT, LineOut, SourceOut
from web.services import Services
from web.transcripts import lines_out

router = APIRouter(prefix="/api/v1", dependencies=[Colleague])


class Question(BaseModel):
    question: str = Field(min_length=1, max_length=MAX_TEXT)
    lang: str = Field(default="en", max_length=16)
    conversation: UUID | None = None


class Cost(BaseModel):
    amount: str
    """Decimal, to the last digit."""
    currency: str


class Answered(BaseModel):
    """The contract's answer; the same object `dime ask --json` prints."""

    question: str
    answer: str
    """What the customer is to read; a conversation's first answer begins with the announcements of the day."""
    announcements: list[str]
    """The announcements in it, word for word."""
    lang: str
    action: str
    source: SourceOut | None
    choices: list[str]
    """Replies that the answer offers: the values it hangs on, or a guide's branches. Ask again with one of them and the
    same `conversation`."""
    confidence: float
    milliseconds: float
    cost: Cost | None
    conversation: UUID
    turn: UUID
    reason: str
    candidates: list[dict[str, Any]]


class ConversationOut(BaseModel):
    id: UUID
    state: str
    lang: str | None
    channel: str | None
    demo: bool
    colleague: str | None
    handoff_reason: str | None
    opened_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    actions: str
    """What tools did, a line for each with its result and masked arguments; the newest last."""
    trodden: str
    """The way through a guide, a line for each step and its answer; empty where there was none."""
    transcript: list[LineOut]


@router.post("/ask")
async def ask(services: Wired, question: Question) -> Answered:
    """One question, one answer, kept in the books like any other."""
    who = Who("chat", lang=question.lang[:2].lower())
    return await answer_once(services, question.question, who=who, conversation=question.conversation or uuid4())


@router.get("/conversations/{conversation}")
async def read_conversation(services: Wired, conversation: UUID) -> ConversationOut:
    row = await asyncio.to_thread(services.conversations.find, conversation)
    if row is None:
        raise HTTPException(404, "there is no such conversation")
    return await asyncio.to_thread(_conversation_out, services, row)


async def answer_once(services: Services, question: str, *, who: Who, conversation: UUID) -> Answered:
    async with services.turn(question, conversation=conversation, who=who) as (turn, earlier):
        announced = []
        async for event in services.answer(turn, earlier=earlier):
            if isinstance(event, HandedOver):
                await services.hand_over(who, conversation=conversation, reason=event.reason)
            elif isinstance(event, Announced):
                announced.append(event.text)
    return await asyncio.to_thread(_answered, services, turn, announced)


def _answered(services: Services, turn: Turn, announced: list[str]) -> Answered:
    cost = services.books.cost_of(turn.id)
    return Answered(
        question=turn.question,
        answer="\n\n".join([*announced, turn.answer]),
        announcements=announced,
        lang=turn.lang,
        action=turn.action or "unknown",
        source=SourceOut(**vars(turn.source)) if turn.source else None,
        choices=list(turn.left_open.choices),
        confidence=round(turn.confidence or 0.0, 4),
        milliseconds=round(turn.budget.elapsed_ms, 1),
        cost=None if cost is None else Cost(amount=format(cost, "f"), currency=services.settings.currency),
        conversation=turn.conversation,
        turn=turn.id,
        reason=turn.reason or "",
        candidates=[vars(candidate) for candidate in turn.candidates],
    )


def _conversation_out(services: Services, row: Conversation) -> ConversationOut:
    handling = services.conversations.handling(row.id)
    walk = services.conversations.left_open(row.id).walk
    return ConversationOut(
        id=row.id,
        state=row.state,
        lang=row.lang,
        channel=row.channel,
        demo=row.demo,
        colleague=handling.colleague if handling else None,
        handoff_reason=row.handoff_reason,
        opened_at=row.at,
        taken_at=handling.taken_at if handling else None,
        closed_at=row.closed_at,
        outcome=row.outcome,
        actions=_acted(services.audit.listed(conversation=row.id)),
        trodden=told(walk) if walk else "",
        transcript=lines_out(services.conversations.read(row.id)),
    )


def _acted(rows: list[ActionRow]) -> str:
    named = [(row, " ".join(f"{name}={value}" for name, value in row.arguments.items())) for row in reversed(rows)]
    return "\n".join(f"{row.tool}: {row.result} ({said})" for row, said in named)
