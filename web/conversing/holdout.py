"""The experiment at the door: customers whom the draw put into the holdout meet a person first, where one is there.

Where nobody is, the agent takes them like anybody else: they are analysed as
they were assigned, not as they were served.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from agent.earlier import Earlier, set_out
from agent.events import AgentEvent, Decided, Finished, HandedOver, Said
from agent.telling.phrases import phrase
from agent.turn import Turn, Who
from roi.experiment.assignment import REASON
from roi.experiment.holdout import arm

UNANSWERED = ("not_heard", "empty")
"""Reasons of turns in which the agent has not taken the contact yet."""


def assigned(who: Who, *, share: float, seed: str) -> Who:
    """With their arm. Whoever has no key would be drawn anew each time: they take no part, and have none."""
    if share <= 0 or who.customer is None:
        return who
    return replace(who, arm=arm(who.customer, seed=seed, share=share))


def meets_a_person_first(who: Who, *, earlier: Sequence[Earlier], is_staffed: bool) -> bool:
    is_first = all(past.reason in UNANSWERED for past in earlier)
    return who.arm == "holdout" and is_first and is_staffed


async def handed_over(turn: Turn, *, earlier: Sequence[Earlier]) -> AsyncGenerator[AgentEvent, None]:
    """In place of the agent's own events."""
    set_out(turn, earlier)
    turn.action, turn.reason, turn.confidence = "handoff", REASON, 1.0
    turn.answer = phrase("handing_over", lang=turn.lang)
    yield Decided("handoff", 1.0)
    yield Said(turn.answer)
    yield HandedOver(REASON)
    yield Finished()
