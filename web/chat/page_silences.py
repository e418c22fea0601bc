"""Silence in a call from a page: there is something to read there, and what is typed meanwhile counts as spoken."""

from dataclasses import dataclass, field

from voice.silences import Reminder, Silences
from web.conversing.talk import Talk


@dataclass
class PageSilences(Silences):
    ask_after_ms: float = 30_000
    talk: Talk = field(default_factory=Talk)

    _turns: int = 0

    def listen(self, now_ms: float, *, is_active: bool, has_spoken: bool) -> Reminder | None:
        has_typed, self._turns = self.talk.count != self._turns, self.talk.count
        return super().listen(now_ms, is_active=is_active or has_typed, has_spoken=has_spoken or has_typed)
