"""Recognises courtesies in words that no list holds ("alright, that clears it up"), by what they mean.

A message is one when it means nearly what a known courtesy means, and no entry is anywhere as near.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np

from agent.understanding.courtesy import Polite, listed
from knowledge.matching.embeddings import Floats

LONGEST = 70
_NEAR = 0.6
"""Cosine of the two meanings..."""
_AHEAD = 0.25
"""... and by how much it is above that of the nearest entry: what is asked in few words is near to both."""
_UNDERSTOOD_AS: dict[Polite, Polite] = {
    "greeting": "greeting", "thanks": "thanks", "goodbye": "goodbye", "how_are_you": "how_are_you",
    "who_are_you": "who_are_you", "fine": "fine", "yes": "fine", "no": "fine",
}  # fmt: skip
"""Agreeing and declining answer nothing here: nothing was offered."""
_OF_DIME = re.compile(r"\b(?:you|your|yours|u|ya|day|things|it|everything)\b|[你您今]", re.IGNORECASE)
"""Who asks how we are or who we are says you; "what do I do?" is near in meaning and is a cry for help."""
Closeness = Callable[[str, tuple[str, ...]], Floats]


def pleasantry(message: str, *, nearest_entry: float, closest: Closeness) -> Polite | None:
    """`closest` gives the cosines between a message and phrases; blocks."""
    if len(message) > LONGEST:
        return None
    near = closest(message, phrases())
    best = int(np.argmax(near))
    is_one = near[best] >= _NEAR and near[best] - nearest_entry >= _AHEAD
    found = _UNDERSTOOD_AS.get(listed()[best][1]) if is_one else None
    return None if found in ("how_are_you", "who_are_you") and not _OF_DIME.search(message) else found


@cache
def phrases() -> tuple[str, ...]:
    return tuple(phrase for phrase, _ in listed())
