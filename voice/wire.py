"""What a call needs of the line it is on, and what it tells the line besides sound."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from agent.turn import Turn
from voice.audio import Samples
from voice.transcriber import Transcript

Ending = Literal["hangup", "lost", "goodbye", "silence", "too_long", "transfer", "busy"]
"""The caller hung up, or the line broke; we did: after a goodbye, into silence, at the longest, to pass the call on, or
since all lines were taken."""


@dataclass(frozen=True)
class Key:
    """A key of the telephone (DTMF): 0 to 9, *, #, A to D."""

    digit: str


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
    is_withdrawn: bool = False
    """The caller went on before the answer began: a later turn holds all that was said."""

    @property
    def mouth_to_ear_ms(self) -> float | None:
        return None if self.answered_at_ms is None else self.answered_at_ms - self.asked_to_ms


@dataclass(frozen=True)
class Recorded:
    """The call is being recorded from now on, or no more."""

    is_on: bool


CallEvent = Heard | NothingHeard | TurnDone | Recorded


class Wire(Protocol):
    def frames(self) -> AsyncIterator[Samples | Key]:
        """The caller's sound, 16 kHz, in pieces of any length as time passes; ends when the line does."""
        ...

    async def play(self, samples: Samples) -> None:
        """As much as was just received, to be heard from now on; ConnectionError when the line is gone."""
        ...

    def flush(self) -> None:
        """Throws away what was played but has not reached the ear yet, where the line keeps any."""
        ...

    @property
    def unheard_ms(self) -> float:
        """Of what was played, how much the line says has not reached the ear yet; 0 where it does not say."""
        ...

    @property
    def begins_at_once(self) -> bool:
        """Nothing is on the way to the ear while we are silent, so that a first frame may come before its time."""
        ...

    async def tell(self, event: CallEvent) -> None: ...
