"""What of an answer has reached the ear, and when, in audio time; at an interruption, what was heard of it."""

import re
from collections import deque
from dataclasses import dataclass

import numpy as np

from voice.audio import PER_MS, Samples, faded, first_audible

FADE_MS = 8
REWIND_MS = 120
"""An answer that was held goes on a little before where it stopped, so that no word is lost."""
REWOUND_AT_MOST = 8
"""Clauses: a line holds back less than that."""
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
        self._played: deque[Piece] = deque(maxlen=REWOUND_AT_MOST)
        self._quiet = 0
        """Samples of silence given out since something sounded."""
        self._said = ""
        self.announced: list[str] = []
        """Announcements whose first clause was heard to its end."""
        self._is_complete = False
        self.has_begun = False
        """Some of the answer itself is out."""
        self.has_sounded = False
        """Some of a piece is out, be it no more than a holding phrase."""
        self.answer_began_ms: float | None = None
        """When the first audible sample of the answer itself reached the ear."""
        self.is_held = False
        self._tail = np.zeros(0, dtype=np.float32)
        """What still sounds of a piece that was held or stopped."""
        self._is_fading_in = False

    def add(self, piece: Piece) -> None:
        self._pieces.append(piece)

    def complete(self) -> None:
        """No further piece of this answer is coming."""
        self._is_complete = True

    def hold(self, *, unheard_ms: float = 0.0) -> None:
        """Falls silent at once, within a fade; `resume` goes on. `unheard_ms` of what was given out have not reached
        the ear and never will: a fade would come after a gap."""
        if not self.is_held:
            self.is_held = True
            self._tail = self._tail[:0] if unheard_ms else self._fading()
            self._rewind(unheard_ms)

    def resume(self) -> None:
        if self.is_held:
            self.is_held, self._is_fading_in = False, self._offset > 0
            self._offset = max(0, self._offset - REWIND_MS * PER_MS)

    def next(self, count: int, *, at_ms: float) -> Samples:
        """The next `count` samples; `at_ms` is when the first of them reaches the ear. Held, it is silent."""
        out = np.zeros(count, dtype=np.float32)
        if self.is_silent:
            self._quiet += count
            return out
        filled = min(count, len(self._tail))
        out[:filled], self._tail = self._tail[:filled], self._tail[filled:]
        filled = count if self.is_held else filled
        while filled < count and self._pieces:
            piece = self._pieces[0]
            part = piece.samples[self._offset : self._offset + count - filled]
            if self._is_fading_in:
                part, self._is_fading_in = faded(part, fade_ms=FADE_MS, end=False), False
            out[filled : filled + len(part)] = part
            self._quiet = 0
            self._note_beginning(piece, part, at_ms=at_ms + filled / PER_MS)
            filled += len(part)
            self._offset += len(part)
            if self._offset >= len(piece.samples):
                self._said += piece.text if piece.is_answer else ""
                self.announced += [piece.announces] if piece.announces else []
                self._played.append(self._pieces.popleft())
                self._offset = 0
        self._quiet += count - filled if not self.is_held else count
        return out

    def stop(self, *, unheard_ms: float = 0.0) -> None:
        """Interrupts: what was heard stands, the rest is gone but for a few milliseconds of fade. `unheard_ms` of what
        was given out have not reached the ear."""
        self.hold(unheard_ms=unheard_ms)
        self._said = self.heard
        self._pieces.clear()
        self._offset, self.is_held, self._is_complete = 0, False, True

    def _rewind(self, unheard_ms: float) -> None:
        """Back by what was not heard; silence that was given out since is the first of it."""
        self._offset -= max(0, round(unheard_ms * PER_MS) - self._quiet)
        while self._offset < 0 and self._played:
            self._pieces.appendleft(piece := self._played.pop())
            self._offset += len(piece.samples)
            self._said = self._said.removesuffix(piece.text if piece.is_answer else "")
            if piece.announces:
                self.announced.pop()
        self._offset = max(0, self._offset)

    def _fading(self) -> Samples:
        if not self._pieces or not self._offset:
            return self._tail
        rest = self._pieces[0].samples[self._offset : self._offset + FADE_MS * PER_MS]
        return faded(rest, fade_ms=2 * FADE_MS, begin=False)

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
    def is_sounding(self) -> bool:
        """Something of ours is being heard, or waits to be."""
        return bool(self._pieces)

    @property
    def is_silent(self) -> bool:
        """Nothing sounds or waits to, not even a fade."""
        return not self._pieces and not len(self._tail)

    @property
    def ahead_ms(self) -> float:
        """How much is waiting to be played."""
        return (sum(len(piece.samples) for piece in self._pieces) - self._offset) / PER_MS

    def _note_beginning(self, piece: Piece, part: Samples, *, at_ms: float) -> None:
        self.has_begun = self.has_begun or (piece.is_answer and len(part) > 0)
        self.has_sounded = self.has_sounded or len(part) > 0
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
