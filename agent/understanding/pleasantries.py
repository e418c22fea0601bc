"""Recognises courtesies in words that no list holds ("alright, that clears it up"), by what they mean.

A message is one when it means nearly what a known courtesy means, and no entry is anywhere as near.
"""

import csv
from collections.abc import Callable
from functools import cache

import numpy as np

from agent.understanding.courtesy import PHRASES, Polite
from knowledge.matching.embeddings import Floats

LONGEST = 70
_NEAR = 0.6
"""Cosine of the two meanings..."""
_AHEAD = 0.25
"""... and by how much it is above that of the nearest entry: what is asked in few words is near to both."""
_UNDERSTOOD_AS: dict[str, Polite] = {
    "greeting": "greeting", "thanks": "thanks", "goodbye": "goodbye", "how_are_you": "how_are_you",
    "who_are_you": "who_are_you", "fine": "fine", "yes": "fine", "no": "fine",
}  # fmt: skip
"""Agreeing and declining answer nothing here: nothing was offered."""


Closeness = Callable[[str, tuple[str, ...]], Floats]


def pleasantry(message: str, *, nearest_entry: float, closest: Closeness) -> Polite | None:
    """`closest` gives the cosines between a message and phrases; blocks."""
    if len(message) > LONGEST:
        return None
    phrases, kinds = _known()
    near = closest(message, phrases)
    best = int(np.argmax(near))
    is_one = near[best] >= _NEAR and near[best] - nearest_entry >= _AHEAD
    return _UNDERSTOOD_AS.get(kinds[best]) if is_one else None


@cache
def _known() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Phrases, and the kind of each."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        listed = [(phrase, row["kind"]) for row in csv.DictReader(file) for phrase in row["phrases"].split("|")]
    phrases, kinds = zip(*listed, strict=True)
    return phrases, kinds
