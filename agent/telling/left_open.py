"""What a turn leaves open: conditions the customer has named, one just asked for, a guide or a form on its way.

It is kept with the turn, so that a conversation goes on after a reload or a restart.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from agent.people.call_back import CallBack
from knowledge.matching.folding import fold

MOST_TRODDEN = 40
"""A guide that goes round in circles is not remembered for ever."""


@dataclass(frozen=True)
class Asked:
    """The condition an answer hangs on; once answered, it may still be corrected."""

    entry: str
    lang: str
    condition: str
    confidence: float | None = None
    is_answered: bool = False
    misses: int = 0
    """Replies in a row that were not understood."""


@dataclass(frozen=True)
class Trodden:
    """A step behind the customer: what it asked and what was answered."""

    step: int
    asked: str
    said: str


@dataclass(frozen=True)
class Walk:
    """Where in a guide the customer is."""

    entry: str
    lang: str
    step: int
    trail: tuple[Trodden, ...] = ()
    confidence: float | None = None
    is_paused: bool = False
    """Something else came in between; "continue" takes it up again."""
    misses: int = 0

    def to(self, step: int, *, asked: str, said: str) -> "Walk":
        trail = (*self.trail, Trodden(self.step, asked, said))[-MOST_TRODDEN:]
        return replace(self, step=step, trail=trail, is_paused=False, misses=0)


@dataclass(frozen=True)
class Topic:
    """What the last question was about, for the one that leans on it."""

    question: str
    """As it stands alone."""
    told: str = ""
    """The question of the entry that answered it."""
    entry: str = ""
    beside: tuple[str, ...] = ()
    """The further questions of the same message that were answered."""
    leant: bool = False
    """It is two questions side by side, of which the entry's own says more to the next one."""


@dataclass(frozen=True)
class Offer:
    """An entry that a clarifying question named."""

    entry: str
    lang: str
    label: str
    confidence: float


@dataclass(frozen=True)
class Form:
    """How far the questions before a tool can run have come."""

    errand: str
    lang: str
    given: dict[str, str] = field(default_factory=dict)
    """Slot and value, normalised."""
    stage: Literal["asking", "confirming", "done"] = "asking"
    """done: the tool has run; a correction runs it again."""
    asked: str | None = None
    """The slot that was asked for."""
    doubted: str | None = None
    """A slot whose value the tool found nothing by: it is asked for again, the others are kept."""
    misses: int = 0
    """Replies in a row that were not understood."""
    is_paused: bool = False
    """Something else came in between; "continue" takes it up again."""
    confidence: float | None = None

    def paused(self) -> "Form | None":
        """None once it is done: there is nothing to go on with."""
        return None if self.stage == "done" else replace(self, is_paused=True, misses=0)


@dataclass(frozen=True)
class LeftOpen:
    known: dict[str, str] = field(default_factory=dict)
    """Condition and value, as named in this conversation."""
    asked: Asked | None = None
    walk: Walk | None = None
    form: Form | None = None
    choices: tuple[str, ...] = ()
    """What the customer may press or say."""
    offered: tuple[Offer, ...] = ()
    """The entries that our clarifying question named; the choices are theirs, and that it is none of them."""
    further: tuple[Offer, ...] = ()
    """Entries to suggest once none of those offered was meant."""
    suggested: tuple[Offer, ...] = ()
    """Entries named beside the offer of a person; the choices are theirs."""
    topic: Topic | None = None
    call_back: CallBack | None = None
    """A call-back that is being arranged by phone, or in writing where the door has no form."""

    def offers(self, choice: str) -> bool:
        """Whichever script its choices are shown in."""
        return fold(choice) in map(fold, self.choices)

    @property
    def awaits_a_reply(self) -> bool:
        """We asked last: what comes leans on our question, not on the customer's."""
        is_asked = self.asked is not None and not self.asked.is_answered
        is_filling = self.form is not None and not self.form.is_paused and self.form.stage != "done"
        return is_asked or is_filling or (self.walk is not None and not self.walk.is_paused)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_ADAPTER = TypeAdapter(LeftOpen)


def left_open_of(stored: Any) -> LeftOpen:
    """What another version wrote and this one cannot read leaves nothing open."""
    try:
        return _ADAPTER.validate_python(stored)
    except ValidationError:
        return LeftOpen()
