"""Keys of the telephone become words: a number ends with # or when no further key comes; 0 alone asks for a person."""

from dataclasses import dataclass

LONGEST = 32
PERSON = "0"


@dataclass
class Keypad:
    patience_ms: float = 2_000

    _typed: str = ""
    _last_ms: float = 0.0

    def press(self, digit: str, *, at_ms: float) -> str | None:
        """What was typed, once # says it is whole; * takes it all back."""
        self._last_ms = at_ms
        if digit == "#":
            return self._take()
        self._typed = "" if digit == "*" else (self._typed + digit)[:LONGEST]
        return self._take() if len(self._typed) == LONGEST else None

    def due(self, now_ms: float) -> str | None:
        return self._take() if self._typed and now_ms - self._last_ms >= self.patience_ms else None

    @property
    def is_typing(self) -> bool:
        return bool(self._typed)

    def _take(self) -> str | None:
        typed, self._typed = self._typed, ""
        return typed or None
