"""The turn: one question and its answer, the record that travels the whole way and is kept even when cut short."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from agent.budget import Budget
from agent.grounding.withheld import Withheld
from agent.people.mood import Manner, Mood
from agent.telling.left_open import LeftOpen
from agent.understanding.cleaning import undisguised
from agent.usage import Usage
from knowledge.curating.announcing import Told

Channel = Literal["chat", "phone"]
Lang = Literal["en", "zh"]
Action = Literal["answer", "model", "clarify", "handoff", "unknown"]
Cap = Literal["day", "conversation"]


@dataclass(frozen=True)
class Who:
    """The identities that every record of a conversation carries."""

    channel: Channel
    lang: str = "en"
    company: str = "default"
    customer: str | None = None
    """Pseudonymous key; None is unlinked."""
    arm: str | None = None
    eligible: bool = True
    demo: bool = False
    can_be_passed_on: bool = False
    """Whoever brought the call can dial a colleague's number; a page cannot."""


@dataclass(frozen=True)
class Source:
    """The entry an answer came from."""

    id: str
    question: str
    url: str | None = None


@dataclass(frozen=True)
class Candidate:
    """One action the router weighed. Money in the company's currency, as a float: it steers, it is not booked."""

    action: Action
    p: float
    """Calibrated probability of being right."""
    own_cost: float
    expected_cost: float
    by: str | None = None
    """The model that would compose, the tool that would run."""


@dataclass
class Turn:
    """Fills up on its way; one task holds it at a time."""

    question: str
    conversation: UUID
    who: Who
    at: datetime
    id: UUID = field(default_factory=uuid4)
    number: int = 1
    budget: Budget = field(default_factory=Budget)
    lang: str = "en"
    """Language of this turn's answer."""
    is_traditional: bool = False
    """Chinese in traditional characters."""
    answer: str = ""
    action: Action | None = None
    reason: str | None = None
    """Why this action, as a code: confident, below_threshold, asked_for_person, other_language, too_long..."""
    source: Source | None = None
    nearest: str | None = None
    """The entry that came nearest, answered or not: where an editor starts to mend a gap."""
    confidence: float | None = None
    candidates: list[Candidate] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    booked: int = 0
    """How many of the usages are in the books already: each is written once, however often the turn is kept."""
    is_gap: bool = False
    """It is noted already as a question that the knowledge did not answer."""
    interrupted: bool = False
    left_open: LeftOpen = field(default_factory=LeftOpen)
    """What the next turn may go on with."""
    heard_answer: str | None = None
    """What the customer heard of the answer where that is known; None is all of it."""
    mood: Mood | None = None
    """The customer's; None where nobody looked."""
    manner: Manner | None = None
    """How a caller spoke; only the mood that follows from it is kept."""
    caller: str | None = None
    """The number a call comes from, where the line tells it; it goes into a call-back and nowhere else."""
    announced: list[Told] = field(default_factory=list)
    """What the customer was told before this answer; it belongs to the conversation, not to the answer."""
    withheld: list[Withheld] = field(default_factory=list)
    """What a model said for this turn and the guard kept back."""
    refused_by: Cap | None = None
    """The cap that kept a model from being asked; however often the turn weighed it, that is one refusal."""
    call_back_in_words: bool = False
    """The door has no form for a call-back: one is offered and taken in the conversation."""
    silent_models: list[str] = field(default_factory=list)
    """The models that gave no answer to this turn, each with why."""

    @property
    def understood(self) -> str:
        """The question in the spelling that language, courtesy and search go by."""
        return undisguised(self.question)
