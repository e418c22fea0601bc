"""What is known of a call before its first word, announced by REST or by the line itself."""

import re
import time
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from agent.understanding.language import ANSWERED
from web.conversing.talk import Talk

KEPT = 1_000
"""Announcements waiting for their call; the oldest beyond is forgotten."""
WAITS_S = 600.0
SWITCHES = ("twilio", "audiosocket", "asterisk")
"""Doors behind which somebody can dial."""
_SEPARATORS = re.compile(r"[\s().-]")
_NUMBER = re.compile(r"\+?[\d*#]{2,20}")


@dataclass(frozen=True)
class Arrival:
    """A call that comes in."""

    door: str
    """twilio, audiosocket, asterisk, realtime, widget."""
    id: UUID = field(default_factory=uuid4)
    """The line's own, where it has one."""
    caller: str | None = None
    """Number, where the line tells it."""
    dialled: str | None = None
    lang: str | None = None
    customer: str | None = None
    """Pseudonymous key, where the door knows who calls without a number."""
    talk: Talk | None = None
    """What the call goes on with, where there is a conversation already."""

    @property
    def can_be_passed_on(self) -> bool:
        """A switch dials a colleague when it is told to; behind a page or a client there is none."""
        return self.door in SWITCHES


def number_of(told: str | None) -> str | None:
    """A telephone number without its separators; None for "anonymous" and the like."""
    plain = _SEPARATORS.sub("", told or "")
    return plain if _NUMBER.fullmatch(plain) else None


def lang_of(told: str | None) -> str | None:
    """A language that is answered, from `zh`, `zh-CN`, `EN`; None for any other."""
    lang = (told or "")[:2].lower()
    return lang if lang in ANSWERED else None


def uuid_of(told: str | None) -> UUID | None:
    try:
        return UUID(told or "")
    except ValueError:
        return None


class Announced:
    """Numbers stay in memory only, and not for long."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, tuple[float, Arrival]] = {}

    def __contains__(self, call: UUID) -> bool:
        self._forget_old()
        return call in self._waiting

    def announce(self, arrival: Arrival) -> None:
        """What is announced last holds."""
        self._waiting.pop(arrival.id, None)
        self._waiting[arrival.id] = (time.monotonic(), arrival)
        self._forget_old()

    def _forget_old(self) -> None:
        now = time.monotonic()
        for call, (at, _) in list(self._waiting.items()):
            if now - at > WAITS_S or len(self._waiting) > KEPT:
                del self._waiting[call]

    def complete(self, arrival: Arrival) -> Arrival:
        """With what was announced of it; what the line tells itself goes before."""
        self._forget_old()
        _, known = self._waiting.pop(arrival.id, (0.0, arrival))
        return replace(
            arrival,
            caller=arrival.caller or known.caller,
            dialled=arrival.dialled or known.dialled,
            lang=arrival.lang or known.lang,
        )
