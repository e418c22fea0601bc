"""A caller over AudioSocket who follows a script, reacting to what is heard; both sides are kept as they were heard."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from voice.audio import PER_MS, RATE_HZ, Samples, resampled
from web.bench.caller import LINE_HZ, Caller
from web.bench.ear import Ear

PATIENCE_S = 15.0
"""For a sound that a script waits for."""
_SOUND = 0x10


@dataclass(frozen=True)
class Utterance:
    """On the call's axis, in seconds."""

    begins_s: float
    ends_s: float
    words: str
    is_sound: bool = False
    """A cough or a "mhm", which asks nothing."""


class Tape(Ear):
    """An ear that forgets nothing."""

    def side(self, since_s: float) -> Samples:
        if not self._heard:
            return np.zeros(0, np.float32)
        last_s, last = self._heard[-1]
        out = np.zeros(max(0, round((last_s - since_s) * RATE_HZ)) + len(last), np.float32)
        for begins_s, samples in self._heard:
            at = round((begins_s - since_s) * RATE_HZ)
            if at >= 0:
                out[at : at + len(samples)] = samples[: len(out) - at]
        return out

    def as_it_came(self) -> Samples:
        """Frame after frame, whatever time lay between them."""
        return np.concatenate([samples for _, samples in self._heard]) if self._heard else np.zeros(0, np.float32)

    @property
    def late_ms(self) -> float:
        """How much silence an ear without patience heard for want of a frame."""
        came = sum(len(samples) for _, samples in self._heard) / PER_MS
        begins = [begins_s for begins_s, _ in self._heard]
        return (begins[-1] - begins[0]) * 1000 - came + len(self._heard[-1][1]) / PER_MS if begins else 0.0


@dataclass
class ScriptedCaller(Caller):
    """Waits and speaks as the script says."""

    noise: Samples | None = None
    """The room's, at the line's own rate, over and over; without it a quiet room's."""
    said: list[Utterance] = field(default_factory=list)

    async def hold(self, script: Callable[["ScriptedCaller"], Awaitable[None]]) -> None:
        self.heard, self._mouth = Tape(), Tape()
        async with self._on_the_line(self.heard):
            await script(self)

    @property
    def began_at(self) -> datetime:
        """By the wall clock, which the books go by."""
        return datetime.now(UTC) - timedelta(seconds=self._clock() - self._began_s)

    def on_axis(self, moment_s: float) -> float:
        return moment_s - self._began_s

    def sides(self) -> tuple[Samples, Samples]:
        return self._mouth.side(self._began_s), self.heard.side(self._began_s)

    async def say(self, words: str, speech: Samples, *, is_sound: bool = False) -> None:
        begins_s = self._due
        await self._say(speech)
        self.said.append(Utterance(self.on_axis(begins_s), self.on_axis(self._due), words, is_sound))

    async def pause(self, seconds: float) -> None:
        await self._stay_silent(seconds)

    async def until_spoken_to(self, *, seconds: float = 0.0, patience_s: float = PATIENCE_S) -> bool:
        """Until so much of what begins after now has been heard; whether it has."""
        since_s = self._clock()
        while self._clock() < since_s + patience_s:
            await self._stay_silent(0.1)
            sounded = self.heard.first_after(since_s)
            if sounded and self._clock() >= sounded.at_s + seconds:
                return True
        return False

    async def until_answered(self, *, quiet_s: float = 1.5) -> None:
        await self.until_spoken_to()
        await self._until_quiet(quiet_s)

    def _around(self, count: int) -> Samples:
        if self.noise is None:
            return super()._around(count)
        around = np.resize(self.noise, count)
        self.noise = np.roll(self.noise, -count)
        return around

    def _send(self, kind: int, payload: bytes) -> None:
        super()._send(kind, payload)
        if kind == _SOUND:
            linear = (np.frombuffer(payload, dtype="<i2") / 32768).astype(np.float32)
            self._mouth.hear(resampled(linear, from_hz=LINE_HZ), at_s=self._clock())
