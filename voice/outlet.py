"""Where playback meets the line: as much goes out as comes in, but what begins to sound need not wait for that.

A caller's frames come every 20 ms; on a line that carries nothing while we are silent the first of ours leaves at once,
and the ones behind it stay that far ahead until nothing sounds any more.
"""

from contextlib import suppress

from voice.audio import PER_MS, Samples
from voice.hearing import Hearing
from voice.playback import Playback
from voice.wire import Wire
from voice.wires.pace import FRAME_MS


class Outlet:
    def __init__(self, *, playback: Playback, hearing: Hearing) -> None:
        self._playback = playback
        self._hearing = hearing
        self._wire: Wire | None = None
        self._now_ms = 0.0
        self._ahead = 0
        """Samples that went out before the frame they answer."""

    def open(self, wire: Wire) -> None:
        self._wire = wire

    def next(self, count: int, *, now_ms: float) -> Samples:
        """What is to be played, now that `count` samples were received."""
        self._now_ms = now_ms
        if self._ahead and self._playback.is_silent:
            count, self._ahead = max(0, count - self._ahead), max(0, self._ahead - count)
        return self._taken(count)

    async def begin(self) -> None:
        """Something begins to sound after silence."""
        if self._wire is None or not self._wire.begins_at_once or self._ahead or self._playback.is_held:
            return
        self._ahead = FRAME_MS * PER_MS
        first = self._taken(self._ahead)
        with suppress(ConnectionError):  # told when the line is asked for the next frame
            await self._wire.play(first)

    def _taken(self, count: int) -> Samples:
        """At the latest it reaches the ear behind the silence that this line did not carry."""
        out = self._playback.next(count, at_ms=self._now_ms + self._ahead / PER_MS)
        self._hearing.played(out, is_speaking=self._playback.is_sounding)
        return out
