"""Decides when the caller has begun and finished speaking; counts audio, owns no clock and keeps no sound.

A short silence is told as a pause, so that somebody may look at the words and say how long to wait for more.
"""

from dataclasses import dataclass, field

from voice.pauses import Pauses


@dataclass(frozen=True)
class Started:
    """Speech that is long enough to be meant."""

    at_ms: float
    """Where the utterance begins, pre-roll included, so that the first syllable is whole."""


@dataclass(frozen=True)
class Paused:
    """The caller has fallen silent, perhaps only to think."""

    from_ms: float
    to_ms: float
    """End of the last window that held speech."""
    at_ms: float


@dataclass(frozen=True)
class Ended:
    from_ms: float
    to_ms: float
    """End of the last window that held speech; what follows is the pause."""
    at_ms: float
    """When it was known."""


@dataclass
class Endpointing:
    pause_ms: float = 1_100
    """The silence that ends an utterance while nobody has looked at its words: as long as callers think."""
    suspect_ms: float = 96
    """The silence that is told as a pause: longer than the stop inside a word."""
    minimum_ms: float = 128
    """Speech in a row before it counts: shorter is a click, a breath, a knock."""
    preroll_ms: float = 250
    longest_ms: float = 25_000
    """Whisper's window is 30 s; whoever speaks longer is cut here and answered."""
    speaks_above: float = 0.5
    silent_below: float = 0.35
    """Between the two the last state holds, so that a trailing vowel does not flicker."""

    now_ms: float = 0.0
    pauses: Pauses = field(default_factory=Pauses)
    _began_ms: float | None = None
    _last_speech_ms: float = 0.0
    _has_started: bool = False
    _in_speech: bool = False
    _is_told: bool = False
    _wait_ms: float | None = None
    """How long this pause may be, since the words before it are known."""

    def hear(self, speech_probability: float, window_ms: float) -> Started | Paused | Ended | None:
        window_began_ms, self.now_ms = self.now_ms, self.now_ms + window_ms
        self._in_speech = speech_probability >= (self.silent_below if self._in_speech else self.speaks_above)
        if self._in_speech:
            self._speak(window_began_ms)
        if self._began_ms is None:
            return None
        if self._in_speech and not self._has_started and self.now_ms - self._began_ms >= self.minimum_ms:
            self._has_started = True
            return Started(self._from_ms)
        if self._is_due:
            return self._end()
        if self._has_started and not self._is_told and self.silent_ms >= self.suspect_ms:
            self._is_told = True
            return Paused(self._from_ms, self._last_speech_ms, self.now_ms)
        return None

    def wait(self, pause_ms: float) -> Ended | None:
        """The words are known: how long this pause may be. Ended when it has been as long already."""
        if not self.is_paused:
            return None
        self._wait_ms = pause_ms
        return self._end() if self._is_due else None

    @property
    def is_hearing(self) -> bool:
        """Something like speech is under way, long enough or not."""
        return self._began_ms is not None

    @property
    def has_started(self) -> bool:
        """An utterance is under way, pauses inside it included."""
        return self._has_started

    @property
    def is_paused(self) -> bool:
        return self._has_started and not self._in_speech

    @property
    def last_speech_ms(self) -> float:
        """End of the last window that held speech."""
        return self._last_speech_ms

    @property
    def silent_ms(self) -> float:
        return self.now_ms - self._last_speech_ms

    @property
    def speech_ms(self) -> float:
        """How long the caller has been speaking, up to the last window that held speech."""
        return 0.0 if self._began_ms is None else self._last_speech_ms - self._began_ms

    @property
    def began_ms(self) -> float:
        """Where this utterance begins, pre-roll included."""
        return self._from_ms

    @property
    def _from_ms(self) -> float:
        return max(0.0, (self._began_ms or 0.0) - self.preroll_ms)

    @property
    def _is_due(self) -> bool:
        if not self._has_started:
            return self.silent_ms >= self.minimum_ms
        if self.now_ms - self._from_ms >= self.longest_ms:
            return True
        return self.silent_ms >= (self.pause_ms if self._wait_ms is None else self._wait_ms)

    def _speak(self, window_began_ms: float) -> None:
        if self._began_ms is None:
            self._began_ms = window_began_ms
        elif self._has_started:
            self.pauses.resumed_after(window_began_ms - self._last_speech_ms)
        self._last_speech_ms = self.now_ms
        self._is_told, self._wait_ms = False, None

    def _end(self) -> Ended | None:
        ended = Ended(self._from_ms, self._last_speech_ms, self.now_ms) if self._has_started else None
        self._began_ms, self._has_started, self._in_speech = None, False, False
        self._is_told, self._wait_ms = False, None
        return ended
