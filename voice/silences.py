"""Nobody says anything: ask whether the caller is still there, then say goodbye; and no call lasts for ever. Pure.

Who asked us to hold on is given longer.
"""

from dataclasses import dataclass
from typing import Literal

Reminder = Literal["still_there", "silence", "too_long"]


@dataclass
class Silences:
    ask_after_ms: float = 10_000
    hold_ms: float = 60_000
    asks: int = 2
    longest_ms: float = 45 * 60_000

    _quiet_since_ms: float = 0.0
    _holds: bool = False
    _asked: int = 0
    _has_parted: bool = False
    """The goodbye was due; a caller who speaks after all is asked anew."""

    def hold(self) -> None:
        """The caller wants a moment; it lasts until they speak or are asked once."""
        self._holds = True

    def listen(self, now_ms: float, *, is_active: bool, has_spoken: bool) -> Reminder | None:
        """Once a frame: `is_active` while anybody speaks or an answer is awaited, `has_spoken` when the caller did."""
        if has_spoken:
            self._asked, self._has_parted, self._holds = 0, False, False
        if is_active:
            self._quiet_since_ms = now_ms
        if self._has_parted:
            return None
        if now_ms >= self.longest_ms and not is_active:
            self._has_parted = True
            return "too_long"
        if now_ms - self._quiet_since_ms < (max(self.hold_ms, self.ask_after_ms) if self._holds else self.ask_after_ms):
            return None
        self._quiet_since_ms, self._holds = now_ms, False
        self._asked += 1
        if self._asked <= self.asks:
            return "still_there"
        self._has_parted = True
        return "silence"
