"""The customer's mood in one turn: from the words, and by phone from pace and interruptions as well.

Pure and deterministic, so that a colleague can see why. The lexicon is our own: the public ones know films and tweets,
and one language; what people write to a shop when they are angry is a small language.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from agent.people.mood_words import AMPLIFIER, CUES, EMPHASIS, NEGATION, SARCASM, Feeling

Mood = Literal["pleased", "calm", "worried", "upset", "angry"]
MOODS: tuple[Mood, ...] = get_args(Mood)
_ANGRY, _UPSET = 4.0, 1.0
_READ = 1_000
"""Characters read at the beginning and at the end: nobody's mood hides in the middle of a pasted page."""
_LOOK_BEFORE = 30
"""Characters before a word in which a negation or an amplifier still belongs to it."""
_BEFORE_IT = re.compile(r"[.!?;。！？；]|\bbut\b|但是?|可是|[,，]", re.IGNORECASE)
_HASTE = 1.35
"""So many times the caller's own pace is haste."""


@dataclass(frozen=True)
class Manner:
    """How a caller spoke: each is None or zero where it is not known."""

    words_per_second: float | None = None
    usual_words_per_second: float | None = None
    """The same caller's turns before."""
    barge_ins: int = 0
    """Answers cut short so far in this call."""

    @property
    def pressure(self) -> float:
        """Adds to what the words say; alone it makes nobody angry."""
        hasty = bool(
            self.words_per_second
            and self.usual_words_per_second
            and self.words_per_second >= _HASTE * self.usual_words_per_second
        )
        return 1.0 * hasty + (0.0 if self.barge_ins < 2 else 1.0 if self.barge_ins < 4 else 2.0)


def mood_of(text: str, manner: Manner | None = None) -> Mood:
    """Anger is what is said to us or about us; trouble that is merely told ("it is broken") is none."""
    text = text if len(text) <= 2 * _READ else f"{text[:_READ]} {text[-_READ:]}"
    sums = _feelings(text)
    pressure = manner.pressure if manner else 0.0
    harm = sums["anger"] + sums["upset"]
    if harm:
        harm += pressure + _emphasis(text)
    elif _shouts(text):
        harm = _UPSET
    if (sums["anger"] and harm >= 2.0) or harm >= _ANGRY:
        return "angry"
    if harm >= _UPSET:
        return "upset"
    if sums["worry"] or pressure >= 2.0:
        return "worried"
    return "pleased" if sums["pleasure"] else "calm"


def gravest(moods: Iterable[str | None]) -> Mood | None:
    found = set(moods)
    return next((mood for mood in reversed(MOODS) if mood in found), None)


def _feelings(text: str) -> dict[Feeling, float]:
    sums: dict[Feeling, float] = {"anger": 0.0, "upset": 0.0, "worry": 0.0, "pleasure": 0.0}
    plain = text.replace("’", "'")
    if SARCASM.search(plain):
        sums["upset"] += 2.0
        plain = SARCASM.sub(" ", plain)
    for feeling, weight, pattern in CUES:
        for found in pattern.finditer(plain):
            before = _BEFORE_IT.split(plain[max(0, found.start() - _LOOK_BEFORE) : found.start()])[-1]
            if NEGATION.search(before):
                if feeling == "pleasure":
                    sums["upset"] += weight  # "not happy"
                continue
            sums[feeling] += weight * (1.5 if AMPLIFIER.search(before) else 1.0)
    if sums["anger"] or sums["upset"]:
        sums["pleasure"] = 0.0
    return sums


def _emphasis(text: str) -> float:
    return 1.0 * bool(EMPHASIS.search(text)) + 1.0 * _shouts(text)


def _shouts(text: str) -> bool:
    """Three words in capitals or more; an order number or a country code shouts nothing."""
    words = re.findall(r"[A-Za-z']{2,}", text)
    loud = [word for word in words if word.isupper()]
    return len(loud) >= 3 and len(loud) >= 0.5 * len(words)
