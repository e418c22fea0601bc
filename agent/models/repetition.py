"""Notices a model that repeats itself: small ones do so for ever, and every word of it costs."""

import re
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_\u3400-\u9fff]+|[\u3400-\u9fff]")
TIMES = 4
"""As often in a row is no emphasis any more."""
LONGEST = 20
"""Words of a phrase that is repeated within a clause; longer ones come back as whole clauses."""


@dataclass
class Repetition:
    """One for each answer."""

    _said: set[tuple[str, ...]] = field(default_factory=set)

    def repeats(self, clause: str) -> bool:
        """Whether the clause was said before in this answer, or goes round in itself."""
        words = tuple(_WORD.findall(clause.lower()))
        if not words:
            return False
        was_said = words in self._said
        self._said.add(words)
        return was_said or goes_round(words)


def goes_round(words: tuple[str, ...]) -> bool:
    for length in range(1, min(LONGEST, len(words) // TIMES) + 1):
        run = 0
        for at in range(length, len(words)):
            run = run + 1 if words[at] == words[at - length] else 0
            if run >= length * (TIMES - 1):
                return True
    return False
