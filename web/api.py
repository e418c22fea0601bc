"""REST under /api/v1: ask, read conversations, search the knowledge, fetch the report. Described at /docs."""

import asyncio
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from agent.acting.audit import ActionRow
from agent.events import Announced, HandedOver
from agent.history import Conversation
from agent.telling.guidance import told
from agent.turn import Turn, Who
from web.access import Colleague, Wired
from web.calling.recordings_api import RecordingOut, recordings_out
from web.chat.at_desk import heard_at_desk, in_words, left_behind, said_last, said_meanwhile
from web.chat.messages import MAX_TEXT, LineOut, SourceOut, State, Words
from web.conversing.transcripts import lines_out
from web.desk.handovers import SummaryOut, summary_of
from web.services import Services

router = APIRouter(prefix="/api/v1", dependencies=[Colleague])


class Question(BaseModel):
    question: Words = Field(min_length=1, max_length=MAX_TEXT)
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
    colleague: list[str] = []
    """What a colleague had said last before closing the conversation: the answer begins with it, once."""
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
    turn: UUID | None
    """None while a person has the conversation: what they say is no turn of ours."""
    reason: str
    mood: str | None
    """The customer's, from the words: pleased, calm, worried, upset or angry."""
    candidates: list[dict[str, Any]]
    silent_models: list[str] = []
    """Models that gave no answer to this turn, each with why."""
    withheld: list[dict[str, Any]] = []
    """What a model said and no customer heard: the claim's kind and words, the clause, and the rule it broke."""
    state: State = "agent"
    """Who has the conversation now. While it is `waiting` or with a `colleague`, ask again to bring their replies."""
    callback: bool = False
    """Nobody is at the desk: a phone number or an e-mail address in the next question is noted as a call-back."""


class ConversationOut(BaseModel):
    id: UUID
    state: str
    lang: str | None
    channel: str | None
    demo: bool
    colleague: str | None
    handoff_reason: str | None
    handoff_category: str | None
    """request, low_confidence, repeated_misses, anger, policy, tool_failure or experiment."""
    opened_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    actions: str
    """What tools did, a line for each with its result and masked arguments; the newest last."""
    trodden: str
    """The way through a guide, a line for each step and its answer; empty where there was none."""
    summary: SummaryOut | None
    """For the colleague who takes over, in the language asked for; None until somebody was to."""
    recordings: list[RecordingOut]
    transcript: list[LineOut]


@router.post("/ask")
async def ask(services: Wired, question: Question) -> Answered:
    """One question, one answer, kept in the books like any other. While a person has the conversation, the question
    goes to the desk, and the answer is what was said there since the question before."""
    lang = question.lang[:2].lower()
    conversation = question.conversation or uuid4()
    said: list[str] = []
    if question.conversation is not None:
        row = await asyncio.to_thread(services.conversations.find, conversation)
        if row is not None and row.state in ("waiting", "colleague"):
            return await _from_desk(services, question.question, row)
        said = said_last(await left_behind(services, conversation))
    answered = await answer_once(
        services, question.question, who=Who("chat", lang=lang), conversation=conversation, call_back_in_words=True
    )
    return answered.model_copy(update={"colleague": said, "answer": "\n\n".join([*said, answered.answer])})


@router.get("/conversations/{conversation}")
async def read_conversation(services: Wired, conversation: UUID, lang: Literal["en", "zh"] = "en") -> ConversationOut:
    """`lang` is the reader's, for the summary."""
    row = await asyncio.to_thread(services.conversations.find, conversation)
    if row is None:
        raise HTTPException(404, "there is no such conversation")
    return await asyncio.to_thread(_conversation_out, services, row, lang)


async def answer_once(
    services: Services, question: str, *, who: Who, conversation: UUID, call_back_in_words: bool = False
) -> Answered:
    is_queued = False
    async with services.turn(question, conversation=conversation, who=who) as (turn, earlier):
        turn.call_back_in_words = call_back_in_words
        announced = []
        async for event in services.answer(turn, earlier=earlier):
            if isinstance(event, HandedOver):
                is_queued = await services.hand_over(who, conversation=conversation, reason=event.reason)
            elif isinstance(event, Announced):
                announced.append(event.text)
    return await asyncio.to_thread(_answered, services, turn, announced, "waiting" if is_queued else "agent")


async def _from_desk(services: Services, question: str, row: Conversation) -> Answered:
    lines = await heard_at_desk(services, question, conversation=row.id)
    lang = row.lang or "en"
    return Answered(
        question=next(line.text for line in reversed(lines) if line.author == "customer"),
        answer=in_words(said_meanwhile(lines), state=row.state, lang=lang),
        announcements=[],
        lang=lang,
        action="handoff",
        source=None,
        choices=[],
        confidence=1.0,
        milliseconds=0.0,
        cost=None,
        conversation=row.id,
        turn=None,
        reason="with_colleague",
        mood=None,
        candidates=[],
        state="waiting" if row.state == "waiting" else "colleague",
    )


def _answered(services: Services, turn: Turn, announced: list[str], state: State) -> Answered:
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
        mood=turn.mood,
        candidates=[vars(candidate) for candidate in turn.candidates],
        silent_models=list(turn.silent_models),
        withheld=[vars(kept) for kept in turn.withheld],
        state=state,
        callback=turn.left_open.call_back is not None,
    )


def _conversation_out(services: Services, row: Conversation, lang: Literal["en", "zh"]) -> ConversationOut:
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
        handoff_category=row.handoff_category,
        opened_at=row.at,
        taken_at=handling.taken_at if handling else None,
        closed_at=row.closed_at,
        outcome=row.outcome,
        actions=_acted(services.audit.listed(conversation=row.id)),
        trodden=told(walk) if walk else "",
        summary=summary_of(services.engine, row.id, lang=lang) if row.handoff_reason else None,
        recordings=recordings_out(services.recordings.listed(row.id)),
        transcript=lines_out(services.conversations.read(row.id), with_mood=True),
    )


def _acted(rows: list[ActionRow]) -> str:
    named = [(row, " ".join(f"{name}={value}" for name, value in row.arguments.items())) for row in reversed(rows)]
    return "\n".join(f"{row.tool}: {row.result} ({said})" for row, said in named)
