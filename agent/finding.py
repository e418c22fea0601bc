"""Finds what a message is about in the knowledge: as it stands, as it leans on the question before, and its parts.

A question that leans is put to the knowledge in each form it may mean; the form that the knowledge is surest of counts.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from agent.telling.left_open import Topic
from agent.understanding.courtesy import Polite
from agent.understanding.followups import FollowUp, follow_up, leans, standing_alone
from agent.understanding.parts import asking, parts, without_courtesy
from agent.understanding.pleasantries import pleasantry
from agent.understanding.replies import asks_something, ordinal_in
from agent.understanding.small_talk import small_talk
from agent.understanding.subject import subject
from agent.understanding.words import content_words, prepare
from knowledge.entry import Entry
from knowledge.facts.words import is_among, matter, mentioned
from knowledge.matching.embeddings import Floats
from knowledge.matching.retriever import Match

MOST_ANSWERED = 3
_LIMIT = 12
"""Five to ask about and five to suggest, with tools among them."""
_COMES_BACK = re.compile(
    r"\b(?:back to|again|earlier|before that|you said|the first (?:one|question)|as i (?:said|asked))\b"
    r"|回到|刚才|之前|再问|再说|重新问|前面",
    re.IGNORECASE,
)
_FEWEST_SAID = 2
_AGAIN = {"swap": 0.7, "correction": 0.5, "pronoun": 0.6, "silent": 0.5}
"""Who leans on a question was told its entry already: that it is meant once more counts for less than another one."""
_UNSAID = 0.5
"""The same for an entry that does not know the thing put in: of Hawaii's, asked about Canada..."""
_UNHEARD = 0.7
"""... or no word of what is asked: of the exchange of a mattress, asked about its warranty."""
_BARE = 0.8
"""A thing alone ("the mattress?") says little by itself."""
_LEANT = 0.6
"""Likelihoods are fitted on whole questions; put together from two, one is right less often, and rather asked about."""
_KNOWN, _UNKNOWN = 0.25, 0.05
"""What speaks for another entry at least then, whether it knows what is asked or not."""


class Searcher(Protocol):
    """What the agent needs of the knowledge; synchronous, since it runs in a thread."""

    def find(self, questions: Sequence[str], *, lang: str | None = None, limit: int = 1) -> list[list[Match]]: ...

    def nearest(self, thing: str, words: Sequence[str]) -> int:
        """Which of the words means most nearly what the thing does."""
        ...

    def closeness(self, question: str, phrases: tuple[str, ...]) -> Floats:
        """Cosines of what they mean."""
        ...

    def entry(self, id: str, lang: str) -> Entry | None: ...  # noqa: A002

    def names(self, words: str) -> bool:
        """Whether one of them is a word of this company's."""
        ...


_OWN_WORDS = 2
"""So many words that say something make a part of a message a question of its own."""


@dataclass(frozen=True)
class Found:
    meant: str
    """The question as it stands alone."""
    ranked: tuple[Match, ...] = ()
    """The likeliest first; tools and entries without an answer are among them."""
    also: tuple[Match, ...] = ()
    """Answers to the further questions of the same message."""
    leant: bool = False
    """The question is that before and this one, side by side."""
    unsure: str = ""
    """A further question of the same message that has no sure answer."""
    polite: Polite | None = None
    """Small talk or a courtesy, and about nothing that is known here."""

    @property
    def topic(self) -> Topic:
        """What the next question may lean on."""
        return Topic(self.meant, entry=self.ranked[0].entry.id if self.is_errand else "", leant=self.leant)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Those with an answer."""
        return tuple(match for match in self.ranked if match.entry.answer)

    @property
    def confidences(self) -> list[float]:
        return [match.confidence for match in self.matches]

    def courtesy(self, *, is_reply: bool) -> Polite | None:
        """A question of ours is answered in few words, too: what replies to it can only be known for small talk."""
        return self.polite if self.polite == "small_talk" or not is_reply else None

    @property
    def is_errand(self) -> bool:
        return bool(self.ranked) and self.ranked[0].entry.kind == "tool"

    @property
    def likelihood(self) -> float:
        return self.ranked[0].confidence if self.ranked else 0.0


def find(
    message: str,
    *,
    topic: Topic | None,
    searcher: Searcher,
    lang: str,
    is_sure: Callable[[float], bool],
    before: Sequence[Topic] = (),
) -> Found:
    """`topic` is what the question before was about, `before` those earlier, for who comes back to one. Blocks."""
    if (named := small_talk(message)) is not None and not searcher.names(named):
        (ranked,) = searcher.find([message], lang=lang, limit=_LIMIT)
        if not (ranked and is_sure(ranked[0].confidence)):
            return Found(message, polite="small_talk")
    if lang == "zh" and topic is None:
        prepare()
    leaning = follow_up(message) if topic else None
    pieces = asking(parts(message))
    readings = [message, *(pieces if len(pieces) > 1 or pieces != [message.strip()] else [])]
    leant = _meant(leaning, topic, searcher) if leaning and topic else []
    again = (
        [f"{question} {without_courtesy(message)}" for question in _returned_to(message, topic, before)]
        if topic
        else []
    )
    asked = [subject(reading) for reading in (*readings, *leant, *again)]
    results = searcher.find(asked, lang=lang, limit=_LIMIT)
    found = [Found(without_courtesy(reading), tuple(matches)) for reading, matches in zip(asked, results, strict=True)]
    besides = [f"{question} {leaning.said}" for question in (topic.question, topic.told)] if leaning and topic else []
    found = [
        replace(one, leant=reading in besides) for one, reading in zip(found, (*readings, *leant, *again), strict=True)
    ]
    alone, leaning_on = found[: len(readings)], found[len(readings) :]
    if len(pieces) <= 1 and not is_sure(alone[0].likelihood) and (polite := _politely(message, alone[0], searcher)):
        return replace(alone[0], polite=polite)
    several = _several(alone[1:], is_sure=is_sure) if len(pieces) > 1 else []
    if len(several) > 1:
        first, *others = several
        meant = first.meant if first.is_errand else alone[0].meant
        return Found(meant, first.ranked, tuple(one.ranked[0] for one in others))
    if several and several[0].is_errand:
        return replace(several[0], unsure=_unsure(pieces, alone[1:], is_sure=is_sure))
    if (leaning is None or leaning.leaning == "silent") and is_sure(alone[0].likelihood):
        rivals = _rivals(alone[0], leaning_on, topic)
        unsure = _left_out(pieces, alone[1:], told=alone[0], is_sure=is_sure) if several else ""
        return _together(alone[0], [alone[0], *rivals]) if rivals else replace(alone[0], unsure=unsure)
    if topic and leaning:
        if _is_bare(leaning):
            alone = [_weakened(one, _BARE) for one in alone]
        if returned := [one for one in leaning_on[len(leant) :] if is_sure(one.likelihood)]:
            return replace(max(returned, key=lambda one: one.likelihood), leant=True)
        leaning_on = leaning_on[: len(leant)]
        found = [*alone, *(_another(one, topic, leaning, alone=alone[0]) for one in leaning_on)]
        best = max(found, key=lambda one: one.likelihood)
        return best if is_sure(_LEANT * best.likelihood) else _together(best, found)
    best = max(alone, key=lambda one: one.likelihood)
    whole = alone[0].ranked[:1]
    is_agreed = not whole or whole[0].entry.id == best.ranked[0].entry.id
    return best if is_agreed and is_sure(best.likelihood) else _together(best, alone)


def _politely(message: str, found: Found, searcher: Searcher) -> Polite | None:
    nearest = max((match.signals.get("meaning", 0.0) for match in found.ranked), default=0.0)
    return pleasantry(message, nearest_entry=nearest, closest=searcher.closeness)


def _meant(leaning: FollowUp, topic: Topic, searcher: Searcher) -> list[str]:
    """In the place of the nearest word of the question, as it was asked and as the entry puts it."""
    asked = list(dict.fromkeys(filter(None, (topic.question, topic.told))))
    readings = list[str]()
    for question in asked:
        words = content_words(question) if leaning.leaning in ("swap", "correction") else []
        replaced = [words[searcher.nearest(leaning.said, words)]] if words else []
        readings += standing_alone(leaning, question, replaced=replaced)
    return readings


def _another(found: Found, topic: Topic, leaning: FollowUp, *, alone: Found) -> Found:
    """The entry told before counts for less, and another one for as much as both readings together speak for it: the
    question beside the one before, which draws the old entry near, and the question alone, which may say little."""
    if not found.ranked or found.ranked[0].entry.id != topic.entry:
        return found
    first, *others = found.ranked
    counts = _AGAIN[leaning.leaning]
    is_unheard = not _knows(first.entry, leaning.said)
    if is_unheard:
        counts *= _UNSAID if leaning.leaning in ("swap", "correction") else _UNHEARD
    left = max(1 - first.confidence, 1e-6)
    by_itself = {match.entry.id: match.confidence for match in alone.ranked}
    least = {
        other.entry.id: _KNOWN if _knows(other.entry, leaning.said) else _UNKNOWN for other in others if is_unheard
    }
    weighed = [
        replace(
            other,
            confidence=math.sqrt(
                min(1.0, other.confidence / left)
                * max(by_itself.get(other.entry.id, 0.0), least.get(other.entry.id, 0.0))
            ),
        )
        for other in others
    ]
    again = replace(first, confidence=counts * first.confidence)
    return replace(found, ranked=tuple(sorted((again, *weighed), key=lambda match: -match.confidence)))


def _rivals(alone: Found, leaning_on: Sequence[Found], topic: Topic | None) -> list[Found]:
    """What is found as surely beside the question before as by the message alone, and is another entry than either:
    "any idea what hour", after a delivery was spoken of, need not mean the shop's hours."""
    known = {alone.ranked[0].entry.id, topic.entry if topic else ""}
    return [one for one in leaning_on if one.likelihood >= alone.likelihood and one.ranked[0].entry.id not in known]


def _returned_to(message: str, topic: Topic | None, before: Sequence[Topic]) -> list[str]:
    """The questions of earlier topics, where the customer comes back to one: "the second one again", 回到刚才那个."""
    told = list(dict.fromkeys(filter(None, (each.told for each in before))))
    if topic and topic.beside and (number := ordinal_in(message)) is not None:
        return [question for at, question in enumerate((topic.told, *topic.beside)) if at == number]
    others = [question for question in told if topic and question != topic.told]
    named = [question for question in others if _names(message, question)]
    return (named or others) if _COMES_BACK.search(message) else []


def _names(message: str, question: str) -> bool:
    """It shares a word with it."""
    words = {word.casefold() for word in content_words(_COMES_BACK.sub(" ", message))}
    return any(word in question.casefold() for word in words)


def _unsure(pieces: Sequence[str], found: Sequence[Found], *, is_sure: Callable[[float], bool]) -> str:
    """The first part that asks something and that nothing answers surely."""
    unsure = (piece for piece, one in zip(pieces, found, strict=True) if not is_sure(one.likelihood))
    return next((piece for piece in unsure if asks_something(piece)), "")


def _left_out(pieces: Sequence[str], found: Sequence[Found], *, told: Found, is_sure: Callable[[float], bool]) -> str:
    """A part that asks something of its own, without a sure answer, and not what the entry that is told speaks of."""
    entry = told.ranked[0].entry
    known = mentioned(f"{entry.question} {entry.answer}")
    for piece, one in zip(pieces, found, strict=True):
        is_read_again = any(piece in other for other in pieces if other != piece)
        if is_sure(one.likelihood) or not asks_something(piece) or is_read_again or leans(piece):
            continue
        own = matter(piece)
        if len(own) >= _OWN_WORDS and not any(is_among(word, known) for word in own):
            return piece
    return ""


def _is_bare(leaning: FollowUp) -> bool:
    is_short = len(content_words(leaning.said)) < _FEWEST_SAID
    return leaning.leaning in ("swap", "pronoun") and is_short and not asks_something(leaning.said)


def _weakened(found: Found, counts: float) -> Found:
    return replace(found, ranked=tuple(replace(match, confidence=counts * match.confidence) for match in found.ranked))


def _together(best: Found, readings: Sequence[Found]) -> Found:
    """Where no reading is sure: what any of them finds, so that a clarifying question names what may be meant."""
    likeliest: dict[tuple[str, str], Match] = {}
    for match in (match for reading in readings for match in reading.ranked):
        key = (match.entry.id, match.entry.lang)
        if key not in likeliest or likeliest[key].confidence < match.confidence:
            likeliest[key] = match
    ranked = sorted(likeliest.values(), key=lambda match: -match.confidence)[:_LIMIT]
    scale = 1 / max(1.0, sum(match.confidence for match in ranked))
    return replace(best, ranked=tuple(replace(match, confidence=match.confidence * scale) for match in ranked))


def _knows(entry: Entry, thing: str) -> bool:
    """Whether its text has one of the words."""
    text = " ".join((*entry.phrasings, entry.answer)).casefold()
    words = [word.casefold() for word in content_words(thing)]
    return not words or any(word.removesuffix("s") in text for word in words)


def _several(found: Sequence[Found], *, is_sure: Callable[[float], bool]) -> list[Found]:
    """Of the parts of a message those that are surely answered, each by another entry; an errand among them first."""
    sure = {one.ranked[0].entry.id: one for one in found if one.ranked and is_sure(one.likelihood)}
    errands = [one for one in sure.values() if one.is_errand][:1]
    answered = [one for one in sure.values() if not one.is_errand]
    if not all(one.ranked[0].entry.answer for one in answered):
        return []
    return [*errands, *answered][:MOST_ANSWERED]
