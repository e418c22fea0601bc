"""The summary of a conversation for the colleague who takes over, read from its rows whenever it is looked at."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Engine
from sqlmodel import Session

from agent.history import Conversation, TurnRow, turns_of
from agent.people.handing_over import Category, category_of
from agent.people.mood import Mood
from agent.people.summary import Lang, Summary, Told, lines, summarise, text_of
from agent.telling.left_open import left_open_of


class SummaryLine(BaseModel):
    label: str
    text: str


class SummaryOut(BaseModel):
    category: Category | None
    mood: Mood | None
    """The gravest of the conversation."""
    lines: list[SummaryLine]


class Transfer(BaseModel):
    """What goes with a call to the colleague's telephone or screen."""

    conversation: UUID
    category: Category
    reason: str
    mood: Mood | None
    lang: str
    summary: str


def summary_of(engine: Engine, conversation: UUID, *, lang: Lang) -> SummaryOut | None:
    """Blocks. In the reader's language; None where the conversation does not exist."""
    with Session(engine) as session:
        row = session.get(Conversation, conversation)
        if row is None:
            return None
        made = _made(row, turns_of(session, conversation))
    told = [SummaryLine(label=label, text=text) for label, text in lines(made, lang=lang)]
    return SummaryOut(category=made.category, mood=made.mood, lines=told)


def transfer_of(engine: Engine, conversation: UUID, *, reason: str) -> Transfer | None:
    """Blocks. In the customer's language, as the colleague will speak it."""
    with Session(engine) as session:
        row = session.get(Conversation, conversation)
        if row is None:
            return None
        made = _made(row, turns_of(session, conversation))
    spoken: Lang = "zh" if made.lang == "zh" else "en"
    return Transfer(
        conversation=conversation,
        category=category_of(reason),
        reason=reason,
        mood=made.mood,
        lang=made.lang,
        summary=text_of(made, lang=spoken),
    )


def _made(row: Conversation, turns: list[TurnRow]) -> Summary:
    return summarise(
        [told_of(turn) for turn in turns],
        category=category_of(row.handoff_reason) if row.handoff_reason else None,
        lang=row.lang or "en",
        channel=row.channel or "chat",
        filled=_filled(turns),
    )


def told_of(row: TurnRow) -> Told:
    source = row.source["question"] if row.source else None
    return Told(row.question, row.action, row.reason, source=source, mood=row.mood)


def _filled(turns: list[TurnRow]) -> Mapping[str, str]:
    """Conditions the customer has named, what a form holds so far, and a call-back under way."""
    left_open = left_open_of(turns[-1].left_open) if turns else None
    if left_open is None:
        return {}
    call_back = left_open.call_back
    arranged = {"phone": call_back.number, "time": call_back.wish} if call_back else {}
    return {**left_open.known, **{name: value for name, value in arranged.items() if value}}
