"""Asking back which entry was meant, and what is suggested beside the offer of a person; for the eye or the ear."""

from collections.abc import Sequence

from agent.asking import suggested
from agent.costs import Costs
from agent.earlier import Earlier
from agent.telling.aloud import said_aloud
from agent.telling.entry_telling import Told, put_aside
from agent.telling.lead_words import LeadWord, lead_word
from agent.telling.left_open import Offer
from agent.telling.offering import offer, offers
from agent.telling.phrases import phrase
from agent.turn import Turn
from knowledge.answers.sides import for_eye
from knowledge.matching.retriever import Match


def ask_back(turn: Turn, matches: Sequence[Match], *, named: int, costs: Costs) -> Told:
    """About the first `named`; the others are for who means none of them."""
    asked_about = [(match.entry, match.confidence) for match in matches[:named]]
    meant = sum(confidence for _, confidence in asked_about)
    left = max(1e-9, 1 - meant)
    further = beside(matches[named:], costs=costs, of=left)
    opened = offer(asked_about, put_aside(turn.left_open), lang=turn.lang, further=further)
    several: LeadWord = "do_you_mean" if meant >= left else "do_you_mean_any"
    words = lead_word(several if named > 1 else "do_you_mean_this", lang=turn.lang)
    return Told("clarify", "close", opened, words)


def was_asked_in_vain(earlier: Sequence[Earlier]) -> bool:
    """Twice in a row nothing was chosen: a third list would help no more than a person."""
    return [past.reason for past in earlier[-2:]] == ["close", "close"]


def beside(matches: Sequence[Match], *, costs: Costs, of: float = 1.0) -> tuple[Offer, ...]:
    """Entries worth naming beside the offer of a person; `of` is the probability that is left."""
    named = suggested([match.confidence / of for match in matches], costs=costs)
    return offers([(match.entry, match.confidence) for match in matches[:named]])


def unknown_words(suggested: Sequence[Offer], *, lang: str) -> str:
    words = phrase("unknown", lang=lang)
    return f"{words}\n\n{lead_word('or_one_of_these', lang=lang)}" if suggested else words


def worded(turn: Turn, told: Told) -> str:
    """Shown as Markdown, or said as sentences."""
    if turn.who.channel == "chat":
        return for_eye(told.text)
    return said_aloud(told.text, choices=told.left_open.choices, lang=turn.lang)
