"""How the caller speaks in this call: pace against their own, and how often they cut an answer short. Pure."""

import re
from dataclasses import dataclass, field
from statistics import median

from agent.people.mood import Manner

_WORD = re.compile(r"[㐀-鿿]|[^\s㐀-鿿]+")
_FEWEST_WORDS = 3
"""Fewer say nothing about pace: "yes" is always quick."""
_FEWEST_TURNS = 2
"""Before somebody has a pace of their own."""


@dataclass
class Manners:
    """A call's memory of it; `heard` once a turn."""

    barge_ins: int = 0
    _paces: list[float] = field(default_factory=list)

    def interrupted(self) -> None:
        self.barge_ins += 1

    def heard(self, text: str, *, spoken_ms: float) -> Manner:
        words = len(_WORD.findall(text))
        pace = words / spoken_ms * 1000 if words >= _FEWEST_WORDS and spoken_ms > 0 else None
        usual = median(self._paces) if len(self._paces) >= _FEWEST_TURNS else None
        if pace is not None:
            self._paces.append(pace)
        return Manner(pace, usual, self.barge_ins)
