"""What the agent says while it works on a turn: a closed union, matched to its end with assert_never."""

from dataclasses import dataclass

from agent.turn import Action, Source


@dataclass(frozen=True)
class Decided:
    """The action is chosen; nothing has been said yet."""

    action: Action
    confidence: float


@dataclass(frozen=True)
class Said:
    """A piece of the answer that may be released: a clause or more, with its own spacing, never less than a word."""

    text: str


@dataclass(frozen=True)
class Holding:
    """Asks for patience while the work goes on; words come after it, and it is no part of them. By chat only: a call
    has its own."""

    text: str


@dataclass(frozen=True)
class Announced:
    """An editor's announcement, said before the answer and no part of it."""

    text: str
    lang: str


@dataclass(frozen=True)
class Cited:
    source: Source


@dataclass(frozen=True)
class HandedOver:
    """A person should take over; the conversation waits at the desk."""

    reason: str


@dataclass(frozen=True)
class Finished:
    """The turn is complete. Always the last event of a turn that was not cancelled."""


AgentEvent = Decided | Announced | Holding | Said | Cited | HandedOver | Finished
