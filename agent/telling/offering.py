"""The clarifying question: names the entries that may be meant, and understands which of them the customer chose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.telling.lead_words import lead_word
from agent.telling.left_open import LeftOpen, Offer
from agent.understanding.replies import answers_yes, bare, choice_of
from knowledge.entry import Entry

_BOTH = re.compile(
    r"^(?:both|all|all of (?:them|these)|both of (?:them|these)|all three|两个都是|都是|都要|都想知道|全部)$"
)
_NONE = re.compile(
    r"^(?:no|nope|none|neither|none of (?:them|these|those)|neither of (?:them|these)|something else|other|not really"
    r"|都不是|不是|以上都不是|其他|其它|别的|不是这些)$"
)


@dataclass(frozen=True)
class Chosen:
    """Without offers: none of them was meant."""

    offers: tuple[Offer, ...]


def offer(entries: Sequence[tuple[Entry, float]], before: LeftOpen, *, lang: str) -> LeftOpen:
    """What is left open while the customer chooses."""
    offered = tuple(Offer(entry.id, entry.lang, entry.question, confidence) for entry, confidence in entries)
    choices = (*(each.label for each in offered), lead_word("something_else", lang=lang))
    return replace(before, asked=None, choices=choices, offered=offered)


def chosen(reply: str, before: LeftOpen) -> Chosen | None:
    """None where the reply says something else."""
    plain = bare(reply)
    if _NONE.match(plain):
        return Chosen(())
    if _BOTH.match(plain):
        return Chosen(before.offered)
    if len(before.offered) == 1 and (agrees := answers_yes(reply)) is not None:
        return Chosen(before.offered if agrees else ())
    at = choice_of(reply, before.choices)
    if at is None:
        return None
    return Chosen(before.offered[at : at + 1])
