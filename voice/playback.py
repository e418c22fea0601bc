"""What of an answer has reached the ear, and when, in audio time; at an interruption, what was heard of it."""

import re
from collections import deque
from dataclasses import dataclass

import numpy as np

from voice.audio import PER_MS, Samples, faded, first_audible

FADE_MS = 8
_WORD = re.compile(r"[㐀-鿿]|[^\s㐀-鿿]+\s*|\s+")


@dataclass(frozen=True, eq=False)
class Piece:
    """A clause and its sound."""

    text: str
    samples: Samples
    is_answer: bool = True
    """False for a holding phrase: it is heard, but it is neither the answer nor its beginning."""
    announces: str = ""
    """The announcement that begins with this piece: the answer has begun, but none of its words."""


class Playback:
    """Gives out exactly as many samples as it is asked for: the answer while there is one, silence otherwise."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new answer; the last one is over."""
        self._pieces: deque[Piece] = deque()
        self._offset = 0
        self._said = ""
        self.announced: list[str] = []
        """Announcements whose first clause was heard to its end."""
        self._is_complete = False
        self.has_begun = False
        """Some of the answer itself is out."""
        self.answer_began_ms: float | None = None
        """When the first audible sample of the answer itself reached the ear."""

    def add(self, piece: Piece) -> None:
        self._pieces.append(piece)

    def complete(self) -> None:
        """No further piece of this answer is coming."""
        self._is_complete = True

    def next(self, count: int, *, at_ms: float, is_held: bool = False) -> Samples:
        """The next `count` samples; `at_ms` is when the first of them reaches the ear. Held, it waits in silence."""
        out = np.zeros(count, dtype=np.float32)
        filled = count if is_held else 0
        while filled < count and self._pieces:
            piece = self._pieces[0]
            part = piece.samples[self._offset : self._offset + count - filled]
            out[filled : filled + len(part)] = part
            self._note_beginning(piece, part, at_ms=at_ms + filled / PER_MS)
            filled += len(part)
            self._offset += len(part)
            if self._offset >= len(piece.samples):
                self._said += piece.text if piece.is_answer else ""
                self.announced += [piece.announces] if piece.announces else []
                self._pieces.popleft()
                self._offset = 0
        return out

    def stop(self) -> None:
        """Interrupts: what was heard stands, the rest is gone but for a few milliseconds of fade."""
        self._said = self.heard
        if self._pieces:
            rest = self._pieces[0].samples[self._offset : self._offset + FADE_MS * PER_MS]
            tail = faded(rest, fade_ms=2 * FADE_MS, begin=False)
            self._pieces = deque([Piece("", tail, is_answer=False)])
        self._offset = 0
        self._is_complete = True

    @property
    def heard(self) -> str:
        """The words of the answer that were played, of the current clause those whose sound is out."""
        if not self._pieces or not self._offset or not self._pieces[0].is_answer:
            return self._said
        current = self._pieces[0]
        return self._said + _portion(current.text, self._offset / len(current.samples))

    @property
    def is_over(self) -> bool:
        return self._is_complete and not self._pieces

    @property
    def ahead_ms(self) -> float:
        """How much is waiting to be played."""
        return (sum(len(piece.samples) for piece in self._pieces) - self._offset) / PER_MS

    def _note_beginning(self, piece: Piece, part: Samples, *, at_ms: float) -> None:
        self.has_begun = self.has_begun or (piece.is_answer and len(part) > 0)
        if piece.is_answer and self.answer_began_ms is None and (index := first_audible(part)) is not None:
            self.answer_began_ms = at_ms + index / PER_MS


def _portion(text: str, share: float) -> str:
    """The words (in Chinese: characters) whose sound was out before the cut; a word half said was not heard."""
    words = ""
    for word in _WORD.findall(text):
        if len(words) + len(word.rstrip()) > share * len(text) + 1e-9:
            break
        words += word
    return words
