"""What the caller has said that has no answer: over ours and not judged yet, or before an answer was withdrawn."""

from voice.answering import Answering
from voice.endpointing import Ended
from voice.hearing import Hearing
from voice.in_hand import InHand
from voice.so_far import SoFar

MERGED_AT_MOST_MS = 28_000
"""Whisper hears 30 s at once."""


class Unanswered:
    def __init__(self, *, hearing: Hearing, answering: Answering, so_far: SoFar) -> None:
        self._hearing = hearing
        self._answering = answering
        self._so_far = so_far
        self.late: InHand | None = None
        """What ended while we spoke, before it was known whether it was meant for us."""
        self._resumed_from_ms: float | None = None

    def asked_from(self, from_ms: float) -> float:
        return from_ms if self._resumed_from_ms is None else self._resumed_from_ms

    @property
    def late_ms(self) -> float:
        """How long it was spoken: what lies before the first syllable is kept, but was not said."""
        ended = self.late.ended if self.late else None
        return max(0.0, ended.to_ms - ended.from_ms - self._hearing.endpointing.preroll_ms) if ended else 0.0

    def said(self, ended: Ended, *, now_ms: float) -> InHand:
        """All of it, now that the caller has finished."""
        from_ms = self.asked_from(ended.from_ms)
        if self.late and now_ms - self.late.from_ms < MERGED_AT_MOST_MS:
            from_ms = min(from_ms, self.late.from_ms)
        self.forget()
        return InHand(from_ms, ended, guess=self._so_far.take(ended, from_ms=from_ms))

    def go_on(self, *, now_ms: float) -> InHand | None:
        """Nothing of ours is in its way any more: what is to be answered now. Who is speaking again is heard out."""
        if (late := self.late) is None:
            return None
        from_ms = self.asked_from(late.from_ms)
        if self._hearing.endpointing.has_started and now_ms - from_ms < MERGED_AT_MOST_MS:
            self.forget()
            self._resumed_from_ms = from_ms
            return None
        if from_ms == late.from_ms:
            return late
        self.forget()
        return InHand(from_ms, late.ended, guess=self._so_far.take(late.ended, from_ms=from_ms))

    def resume(self, current: InHand, *, now_ms: float) -> None:
        """Not a word of the answer was heard: the caller goes on, and all that was said is heard again as one."""
        if now_ms - current.from_ms < MERGED_AT_MOST_MS and not current.typed:
            self._resumed_from_ms = current.from_ms
            current.is_withdrawn = True
            began_ms = self.late.ended.from_ms if self.late else self._hearing.endpointing.began_ms
            self._hearing.endpointing.pauses.cut_off(max(0.0, began_ms - current.ended.to_ms))

    def answer(self, current: InHand) -> None:
        """It is in hand now; what is not of it comes too late."""
        if current is self.late:
            self.late = None
        self.forget()

    def forget(self) -> None:
        if self.late and self.late.guess:
            self._answering.drop(self.late.guess)
        self.late = self._resumed_from_ms = None
