"""What a call needs of the line it is on, and what it tells the line besides sound."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from agent.turn import Turn
from voice.audio import Samples
from voice.transcriber import Transcript


@dataclass(frozen=True)
class Heard:
    """The caller has said something; the turn has just begun."""

    transcript: Transcript
    turn: Turn


@dataclass(frozen=True)
class NothingHeard:
    """There was sound like speech, but no words in it."""

    from_ms: float
    to_ms: float


@dataclass(frozen=True)
class TurnDone:
    """Answered, interrupted or failed, and in the books. Stages are in `turn.budget.spent_ms`."""

    turn: Turn
    asked_from_ms: float
    asked_to_ms: float
    """Last speech sample of the question, in audio time."""
    answered_at_ms: float | None
    """First audible sample of the answer at the ear; None if none came."""

    @property
    def mouth_to_ear_ms(self) -> float | None:
        return None if self.answered_at_ms is None else self.answered_at_ms - self.asked_to_ms


CallEvent = Heard | NothingHeard | TurnDone


class Wire(Protocol):
    def frames(self) -> AsyncIterator[Samples]:
        """The caller's sound, 16 kHz, in pieces of any length as time passes; ends when the line does."""
        ...

    async def play(self, samples: Samples) -> None:
        """As much as was just received, to be heard from now on; ConnectionError when the line is gone."""
        ...

    async def tell(self, event: CallEvent) -> None: ...
