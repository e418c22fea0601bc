"""A previous turn of the same conversation, and what a new turn takes over from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.telling.left_open import LeftOpen
from agent.telling.script import is_traditional
from agent.turn import Turn
from agent.understanding.language import language_of


@dataclass(frozen=True)
class Earlier:
    """A previous turn of the same conversation, as far as the agent looks back."""

    question: str
    answer: str
    reason: str | None
    lang: str
    left_open: LeftOpen = field(default_factory=LeftOpen)
    action: str | None = None
    source: str | None = None
    mood: str | None = None


def set_out(turn: Turn, earlier: Sequence[Earlier]) -> None:
    """Language, script and what was left open, as a turn begins."""
    previous = earlier[-1].lang if earlier else turn.who.lang
    turn.lang = language_of(turn.understood, previous=previous)
    turn.is_traditional = turn.lang == "zh" and is_traditional(_last_in_chinese(turn, earlier))
    turn.left_open = earlier[-1].left_open if earlier else turn.left_open


def _last_in_chinese(turn: Turn, earlier: Sequence[Earlier]) -> str:
    """A message without characters is answered in the script of the one before."""
    said = [turn.question, *(past.question for past in reversed(earlier))]
    return next((text for text in said if language_of(text, previous="") == "zh"), "")
