"""Decides when the caller has begun and finished speaking; counts audio, owns no clock and keeps no sound."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Started:
    """Speech that is long enough to be meant."""

    at_ms: float
    """Where the utterance begins, pre-roll included, so that the first syllable is whole."""


@dataclass(frozen=True)
class Ended:
    from_ms: float
    to_ms: float
    """End of the last window that held speech; what follows is the pause."""
    at_ms: float
    """When it was known."""


@dataclass
class Endpointing:
    pause_ms: float = 300
    minimum_ms: float = 128
    """Speech in a row before it counts: shorter is a click, a breath, a knock."""
    preroll_ms: float = 250
    longest_ms: float = 25_000
    """Whisper's window is 30 s; whoever speaks longer is cut here and answered."""
    speaks_above: float = 0.5
    silent_below: float = 0.35
    """Between the two the last state holds, so that a trailing vowel does not flicker."""

    now_ms: float = 0.0
    _began_ms: float | None = None
    _last_speech_ms: float = 0.0
    _has_started: bool = False
    _in_speech: bool = False

    def hear(self, speech_probability: float, window_ms: float) -> Started | Ended | None:
        window_began_ms, self.now_ms = self.now_ms, self.now_ms + window_ms
        self._in_speech = speech_probability >= (self.silent_below if self._in_speech else self.speaks_above)
        if self._in_speech:
            self._last_speech_ms = self.now_ms
            if self._began_ms is None:
                self._began_ms = window_began_ms
        if self._began_ms is None:
            return None
        if self._in_speech and not self._has_started and self.now_ms - self._began_ms >= self.minimum_ms:
            self._has_started = True
            return Started(self._from_ms)
        if self.now_ms - self._last_speech_ms >= (self.pause_ms if self._has_started else self.minimum_ms):
            return self._end()
        if self._has_started and self.now_ms - self._from_ms >= self.longest_ms:
            return self._end()
        return None

    @property
    def is_hearing(self) -> bool:
        """Something like speech is under way, long enough or not."""
        return self._began_ms is not None

    @property
    def speech_ms(self) -> float:
        """How long the caller has been speaking, up to the last window that held speech."""
        return 0.0 if self._began_ms is None else self._last_speech_ms - self._began_ms

    @property
    def _from_ms(self) -> float:
        return max(0.0, (self._began_ms or 0.0) - self.preroll_ms)

    def _end(self) -> Ended | None:
        ended = Ended(self._from_ms, self._last_speech_ms, self.now_ms) if self._has_started else None
        self._began_ms, self._has_started, self._in_speech = None, False, False
        return ended
