"""How long the words of a model are waited for: the budget's deadline, and beyond it only while words are coming."""

from collections.abc import Callable
from dataclasses import dataclass

SILENCE_S = 0.2
"""Beyond the deadline, a model that sends nothing for this long is not waited for."""
NEXT_CLAUSE_S = 5.0
"""Once the answer has begun, how long its next clause may take before the answer ends there."""


@dataclass
class Patience:
    """Times are readings of `clock`, in seconds. The reader between two clauses may be slow for reasons of its own."""

    clock: Callable[[], float]
    first_by: float
    """The first clause's deadline."""
    at_latest: float
    """The same for a model that is sending words all the while."""
    _heard_at: float | None = None
    _spoke_at: float | None = None

    def hear(self) -> None:
        """A piece has come."""
        self._heard_at = self.clock()

    def speak(self) -> None:
        """A clause has been released, and its reader is back for the next."""
        self._spoke_at = self.clock()

    @property
    def is_overdue(self) -> bool:
        """The deadline is past, and nobody has heard a word."""
        return self._spoke_at is None and self.clock() >= self.first_by

    @property
    def left_s(self) -> float:
        """How much longer the next piece may take; nothing left is the end."""
        return max(0.0, self._until - self.clock())

    @property
    def _until(self) -> float:
        if self._spoke_at is not None:
            return self._spoke_at + NEXT_CLAUSE_S
        if self._heard_at is None:
            return self.first_by
        return max(self.first_by, min(self.at_latest, self._heard_at + SILENCE_S))
