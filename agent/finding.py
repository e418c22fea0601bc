"""Finds what a message is about in the knowledge: as it stands, as it leans on the question before, and its parts.

A question that leans is put to the knowledge in each form it may mean; the form that the knowledge is surest of counts.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from agent.telling.left_open import Topic
from agent.understanding.followups import FollowUp, follow_up, standing_alone
from agent.understanding.parts import parts, without_courtesy
from agent.understanding.subject import subject
from agent.understanding.words import content_words, prepare
from knowledge.entry import Entry
from knowledge.matching.embeddings import Floats
from knowledge.matching.retriever import Match

MOST_ANSWERED = 3
_LIMIT = 5
_AGAIN = {"swap": 0.7, "correction": 0.5, "pronoun": 0.6, "silent": 0.5}
"""Who leans on a question was told its entry already: that it is meant once more counts for less than another one."""
_UNSAID = 0.5
"""The same for an entry that does not know the thing put in: of Hawaii's, asked about Canada."""


class Searcher(Protocol):
    """What the agent needs of the knowledge; synchronous, since it runs in a thread."""

    def find(self, questions: Sequence[str], *, lang: str | None = None, limit: int = 1) -> list[list[Match]]: ...

    def meanings(self, questions: Sequence[str]) -> Floats: ...

    def entry(self, id: str, lang: str) -> Entry | None: ...  # noqa: A002


@dataclass(frozen=True)
class Found:
    meant: str
    """The question as it stands alone."""
    ranked: tuple[Match, ...] = ()
    """The likeliest first; tools and entries without an answer are among them."""
    also: tuple[Match, ...] = ()
    """Answers to the further questions of the same message."""

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Those with an answer."""
        return tuple(match for match in self.ranked if match.entry.answer)

    @property
    def confidences(self) -> list[float]:
        return [match.confidence for match in self.matches]

    @property
    def likelihood(self) -> float:
        return self.ranked[0].confidence if self.ranked else 0.0


def find(
    message: str, *, topic: Topic | None, searcher: Searcher, lang: str, is_sure: Callable[[float], bool]
) -> Found:
    """`topic` is what the question before was about. Blocks."""
    if lang == "zh" and topic is None:
        prepare()
    leaning = follow_up(message) if topic else None
    pieces = parts(message)
    readings = [message, *(pieces if len(pieces) > 1 or pieces != [message.strip()] else [])]
    leant = _meant(leaning, topic, searcher) if leaning and topic else []
    asked = [subject(reading) for reading in (*readings, *leant)]
    results = searcher.find(asked, lang=lang, limit=_LIMIT)
    found = [Found(without_courtesy(reading), tuple(matches)) for reading, matches in zip(asked, results, strict=True)]
    alone, leaning_on = found[: len(readings)], found[len(readings) :]
    several = _several(alone[1:], is_sure=is_sure) if len(pieces) > 1 else []
    if len(several) > 1:
        return Found(alone[0].meant, several[0].ranked, tuple(other.ranked[0] for other in several[1:]))
    if (leaning is None or leaning.leaning == "silent") and is_sure(alone[0].likelihood):
        return alone[0]
    if topic and leaning:
        found = [*alone, *(_another(one, topic, leaning, alone=alone[0]) for one in leaning_on)]
        best = max(found, key=lambda one: one.likelihood)
        return best if is_sure(best.likelihood) else _together(best, found)
    return max(alone, key=lambda one: one.likelihood)


def _meant(leaning: FollowUp, topic: Topic, searcher: Searcher) -> list[str]:
    """In the place of the nearest word of the question, as it was asked and as the entry puts it."""
    asked = list(dict.fromkeys(filter(None, (topic.question, topic.told))))
    words = [content_words(question) if leaning.leaning in ("swap", "correction") else [] for question in asked]
    placed = searcher.meanings([leaning.said, *(word for of_one in words for word in of_one)])
    readings, start = list[str](), 1
    for question, of_one in zip(asked, words, strict=True):
        near = placed[start : start + len(of_one)] @ placed[0]
        start += len(of_one)
        replaced = [of_one[int(near.argmax())]] if of_one else []
        readings += standing_alone(leaning, question, replaced=replaced)
    return readings


def _another(found: Found, topic: Topic, leaning: FollowUp, *, alone: Found) -> Found:
    """The entry told before counts for less, and another one for as much as both readings together speak for it: the
    question beside the one before, which draws the old entry near, and the question alone, which may say little."""
    if not found.ranked or found.ranked[0].entry.id != topic.entry:
        return found
    first, *others = found.ranked
    counts = _AGAIN[leaning.leaning]
    if leaning.leaning in ("swap", "correction") and not _knows(first.entry, leaning.said):
        counts *= _UNSAID
    left = max(1 - first.confidence, 1e-6)
    by_itself = {match.entry.id: match.confidence for match in alone.ranked}
    weighed = [
        replace(other, confidence=math.sqrt(other.confidence / left * by_itself.get(other.entry.id, 0.0)))
        for other in others
    ]
    again = replace(first, confidence=counts * first.confidence)
    return replace(found, ranked=tuple(sorted((again, *weighed), key=lambda match: -match.confidence)))


def _together(best: Found, readings: Sequence[Found]) -> Found:
    """Where no reading is sure: what any of them finds, so that a clarifying question names what may be meant."""
    likeliest: dict[tuple[str, str], Match] = {}
    for match in (match for reading in readings for match in reading.ranked):
        key = (match.entry.id, match.entry.lang)
        if key not in likeliest or likeliest[key].confidence < match.confidence:
            likeliest[key] = match
    ranked = sorted(likeliest.values(), key=lambda match: -match.confidence)[:_LIMIT]
    scale = min(1.0, 1 / sum(match.confidence for match in ranked)) if ranked else 1.0
    return replace(best, ranked=tuple(replace(match, confidence=match.confidence * scale) for match in ranked))


def _knows(entry: Entry, thing: str) -> bool:
    """Whether its text has one of the words."""
    text = " ".join((*entry.phrasings, entry.answer)).casefold()
    words = [word.casefold() for word in content_words(thing)]
    return not words or any(word.removesuffix("s") in text for word in words)


def _several(found: Sequence[Found], *, is_sure: Callable[[float], bool]) -> list[Found]:
    """Of the parts of a message those that are surely answered, each by another entry."""
    sure = {one.ranked[0].entry.id: one for one in found if one.ranked and is_sure(one.likelihood)}
    if not all(one.ranked[0].entry.answer for one in sure.values()):
        return []
    return list(sure.values())[:MOST_ANSWERED]
