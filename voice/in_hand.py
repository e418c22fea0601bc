"""The turn a call has in hand, how long the call waits for whom, and the clock that started with the last word said."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.budget import Budget
from agent.turn import Turn
from agent.usage import Usage
from voice.endpointing import Ended


@dataclass(frozen=True)
class Patience:
    """How long a call waits before it does something else."""

    barge_in_ms: float = 250
    """Speech in a row that stops an answer; a cough is shorter."""
    holding_ms: float = 1_400
    """From the last word said: still no sound, so a holding phrase is spoken."""
    transcriber_s: float = 6.0
    agent_s: float = 12.0
    """Between two events of an answer."""


@dataclass(eq=False)
class InHand:
    """The turn that is being worked on or spoken."""

    from_ms: float
    ended: Ended
    task: asyncio.Task[None] | None = None
    turn: Turn | None = None
    is_booked: bool = False
    """The agent has released something, so the turn is in the books."""
    is_withdrawn: bool = False
    """The caller went on speaking, and what was said is heard again as one."""
    heard: str = ""
    announced: tuple[str, ...] = ()
    began_ms: float | None = None


def budget_since(ended: Ended) -> Budget:
    """Counts from the last word said: the pause that showed the end of the turn is spent already."""
    pause_ms = ended.at_ms - ended.to_ms
    budget = Budget(clock=asyncio.get_running_loop().time)
    budget.started -= pause_ms / 1000
    budget.spend("end_of_turn", pause_ms)
    return budget


def as_speculation(usage: Iterable[Usage]) -> list[Usage]:
    return [replace(used, purpose="speculation") for used in usage]
