"""What the doors' protocols have in common: messages in become events, and what is to happen becomes messages out."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from voice.audio import Samples
from voice.wire import Key

Message = bytes | str


class BadMessage(ValueError):
    """What no peer should send; the call ends with the protocol's own error."""

    def __init__(self, reason: str, *, code: int) -> None:
        """`code` is the protocol's: of closing a WebSocket (RFC 6455), or of an AudioSocket error."""
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Opened:
    """The line is up; sound follows."""

    id: UUID | None = None
    said: dict[str, str] = field(default_factory=dict)
    """What else the line tells of itself: parameters, variables."""


@dataclass(frozen=True, eq=False)
class Sound:
    samples: Samples
    number: int | None = None
    """Where the protocol counts its frames."""


@dataclass(frozen=True)
class Played:
    """All that was sent before this mark has been heard."""

    mark: str


@dataclass(frozen=True)
class HungUp:
    """The caller has; or the line says that it broke."""

    is_lost: bool = False


LineEvent = Opened | Sound | Key | Played | HungUp


class Dialect(Protocol):
    """One protocol, for one call, without any sockets."""

    keeps_silence: bool
    """Whether silence has to be sent; else the line makes its own where nothing comes."""
    has_marks: bool
    is_full: bool
    """The line has asked for nothing more for now: what is said meanwhile is lost."""
    broken: int
    """The protocol's code for what cannot be understood."""

    def hear(self, message: Message) -> list[LineEvent]:
        """Raises BadMessage."""
        ...

    def say(self, samples: Samples) -> list[Message]: ...

    def mark(self, name: str) -> list[Message]: ...

    def clear(self) -> list[Message]:
        """Empties what the line has not played yet."""
        ...

    def hang_up(self, bad: BadMessage | None) -> list[Message]:
        """Ends the call; `bad` says that the peer broke the protocol."""
        ...
