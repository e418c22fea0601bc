"""When changes that follow one another are learnt: together, once none has come for a while, since each learning takes
seconds of the cores that customers need. They are answered from before."""

from dataclasses import dataclass

QUIET_S = 3.0
"""A program saves one entry after another. Who has just saved one tries it next, and it is known better once learnt."""
LONGEST_S = 120.0
"""Whoever never stops changing things is not waited for."""


@dataclass
class Settling:
    _version: object = None
    _began: float = 0.0
    _changed: float = 0.0

    def is_due(self, version: object, *, now: float) -> bool:
        """Whether the knowledge, not learnt yet and of this version at this time, is to be learnt now."""
        if self._version is None:
            self._began = now
        if version != self._version:
            self._version, self._changed = version, now
        return now - self._changed >= QUIET_S or now - self._began >= LONGEST_S

    def forget(self) -> None:
        """All is learnt."""
        self._version = None
