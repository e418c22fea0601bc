"""A turn as the widget's `answer`: just made, or told again from the books."""

from typing import get_args

from agent.history import Conversation, TurnRow
from agent.telling.left_open import left_open_of
from agent.telling.phrases import phrase
from agent.turn import Action, Turn
from web.chat.messages import Answer, SourceOut, State, Status


def answer_out(turn: Turn) -> Answer:
    """As far as it has come."""
    return Answer(
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
        heard=turn.heard_answer,
    )


def answer_again(row: TurnRow) -> Answer:
    action: Action = next((action for action in get_args(Action) if action == row.action), "unknown")
    return Answer(
        conversation=row.conversation_id,
        turn=row.id,
        text=row.answer,
        lang=row.lang or "en",
        action=action,
        reason=row.reason or "",
        source=SourceOut(**row.source) if row.source else None,
        choices=list(left_open_of(row.left_open).choices),
        confidence=row.confidence or 0.0,
        milliseconds=row.milliseconds or 0.0,
        heard=row.heard_answer,
    )


def status_again(row: TurnRow, *, state: State) -> Status | None:
    """What followed that answer, as things stand now."""
    lang = row.lang or "en"
    if state == "closed":
        return Status(state=state, text=phrase("goodbye", lang=lang))
    if state != "agent":
        return Status(state=state, text=phrase("with_colleague" if state == "colleague" else "waiting", lang=lang))
    if row.action == "handoff":
        return Status(state=state, text=phrase("leave_contact", lang=lang), callback=True)
    return None


def state_of(row: Conversation | None) -> State:
    """Who has the conversation; one that is not there yet is the agent's."""
    return next((state for state in get_args(State) if row is not None and state == row.state), "agent")
