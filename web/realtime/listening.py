"""A client's sound on its way to an utterance: cut by the ear where the server detects turns, else by the client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from voice.audio import Samples
from voice.endpointing import Ended, Paused, Started
from voice.hearing import Hearing
from web.realtime.input_buffer import InputBuffer
from web.realtime.settings import AudioIn, SemanticVad, ServerVad
from web.realtime.sound import Intake

QUIET_KEPT_MS = 15_000
"""Of the sound before anybody speaks, while the server detects turns: more than the longest padding."""


@dataclass(frozen=True)
class Began:
    """Somebody speaks; times are of all the sound that was ever written."""

    at_ms: float


@dataclass(frozen=True, eq=False)
class Over:
    """An utterance, the padding before and the silence after it included."""

    samples: Samples
    to_ms: float
    pause_ms: float
    """The silence that showed its end."""


class Listening:
    def __init__(self, settings: AudioIn, *, ear: Callable[[ServerVad | SemanticVad], Hearing]) -> None:
        self._make_ear = ear
        self._settings = settings
        self._buffer = InputBuffer()
        self._hear_anew()
        self.intake = Intake(settings.format)

    def set(self, settings: AudioIn) -> None:
        before, self._settings = self._settings, settings
        if settings.format != before.format:
            self.intake = Intake(settings.format)
        if settings.turn_detection != before.turn_detection:
            self._hear_anew()

    def slices(self, audio: str) -> Iterator[Samples]:
        """What an event brings. Raises Problem before the first, and has taken nothing then."""
        payload = self.intake.payload(audio, param="audio")
        if self._ear is None or self._ear.endpointing.is_hearing:
            self._buffer.room_for(self.intake.duration_ms(payload))
        return self.intake.slices(payload)

    def hear(self, samples: Samples) -> list[Began | Over]:
        self._buffer.add(samples)
        if self._ear is None:
            return []
        noticed = [self._placed(event) for event in self._ear.hear(samples) if not isinstance(event, Paused)]
        if not self._ear.endpointing.is_hearing:
            self._buffer.forget_before(self._buffer.now_ms - QUIET_KEPT_MS)
        return noticed

    def take(self) -> Samples:
        """All that is there, whoever was speaking. Raises Problem where that is no utterance."""
        self._buffer.must_hold_an_utterance()
        samples = self._buffer.take()
        self._hear_anew()
        return samples

    def clear(self) -> None:
        self._buffer.clear()
        self._hear_anew()

    def _placed(self, event: Started | Ended) -> Began | Over:
        """On the timeline of everything written: the ear's begins with the ear."""
        begins_ms = self._ear_begins_ms
        match event:
            case Started():
                return Began(begins_ms + event.at_ms)
            case Ended():
                to_ms = begins_ms + event.at_ms
                samples = self._buffer.take(from_ms=begins_ms + event.from_ms, to_ms=to_ms)
                return Over(samples, to_ms, event.at_ms - event.to_ms)
            case _:
                assert_never(event)

    def _hear_anew(self) -> None:
        wish = self._settings.turn_detection
        self._ear = self._make_ear(wish) if wish else None
        self._ear_begins_ms = self._buffer.now_ms
