"""The turn a call has in hand, how long the call waits for whom, and the clock that started with the last word said."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.budget import Budget
from agent.turn import Turn
from agent.usage import Usage
from voice.endpointing import Ended
from voice.transcriber import Transcript


@dataclass(frozen=True)
class Patience:
    """How long a call waits before it does something else."""

    holding_ms: float = 1_300
    """From the last word said: still no sound, so a holding phrase is spoken."""
    answer_ms: float = 300
    """But an answer that was only just begun is given so long: most are ready at once, and would wait behind it."""
    transcriber_s: float = 4.0
    agent_s: float = 8.0
    """Between two events of an answer."""


@dataclass(eq=False)
class Guess:
    """What the caller has said so far, transcribed while we wait whether more comes."""

    from_ms: float
    to_ms: float
    engine: asyncio.Future[Transcript]
    is_wanted: bool = False
    """The caller has finished; until then it is speculation."""
    is_dismissed: bool = False
    """Said over our answer, and not meant for us."""

    @property
    def has_failed(self) -> bool:
        return self.engine.done() and (self.engine.cancelled() or self.engine.exception() is not None)

    def is_all(self, *, from_ms: float, to_ms: float) -> bool:
        return (self.from_ms, self.to_ms) == (from_ms, to_ms)


@dataclass(eq=False)
class InHand:
    """The turn that is being worked on or spoken, or may be once it is known whether it was meant for us."""

    from_ms: float
    ended: Ended
    guess: Guess | None = None
    typed: str = ""
    """On the telephone's keys, instead of words."""
    task: asyncio.Task[None] | None = None
    turn: Turn | None = None
    is_booked: bool = False
    """The agent was asked, so the turn may be in the books: whoever stops it writes down how it ended."""
    is_withdrawn: bool = False
    """The caller went on speaking, and what was said is heard again as one."""
    heard: str = ""
    announced: tuple[str, ...] = ()
    began_ms: float | None = None

    @property
    def asks(self) -> bool:
        """The answer asks something, so that "yes" is a reply to it."""
        return self.turn is not None and ("?" in self.turn.answer or "？" in self.turn.answer)


def budget_since(ended: Ended) -> Budget:
    """Counts from the last word said: the pause that showed the end of the turn is spent already."""
    pause_ms = ended.at_ms - ended.to_ms
    budget = Budget(clock=asyncio.get_running_loop().time)
    budget.started -= pause_ms / 1000
    budget.spend("end_of_turn", pause_ms)
    return budget


def as_speculation(usage: Iterable[Usage]) -> list[Usage]:
    return [replace(used, purpose="speculation") for used in usage]
