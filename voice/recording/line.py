"""A line whose call is recorded: says so first, keeps both sides from then on, and stops when the caller objects."""

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import numpy as np

from voice.audio import PER_MS, Samples, silence
from voice.recording.consent import Consent
from voice.recording.recorder import Recorder
from voice.wire import CallEvent, Key, Recorded, Wire
from voice.wires.pace import FRAME_MS

EAR_AT_MOST_MS = 50.0
"""The announcement counts as heard when no more of it is on its way to the ear."""


@dataclass(frozen=True, eq=False)
class Spoken:
    """What the line says of its own, as sound."""

    opening: Samples
    granted: Samples
    refused: Samples


class RecordedLine:
    """Around any Wire. Before the announcement has been heard nothing is recorded; what the call says meanwhile waits
    behind it. Nothing is written without consent, and a refusal deletes what there is."""

    def __init__(self, line: Wire, *, consent: Consent, spoken: Spoken, recorder: Callable[[], Recorder]) -> None:
        self.consent = consent
        self.recorder: Recorder | None = None
        self._line = line
        self._spoken = spoken
        self._make = recorder
        self._own = deque([spoken.opening])
        """Ours, said before anything of the call's."""
        self._behind: deque[Samples] = deque()
        """The call's, behind ours."""
        self._is_announced = False
        self._was_on = False

    async def frames(self) -> AsyncIterator[Samples | Key]:
        async for frame in self._line.frames():
            if isinstance(frame, Key):
                if (decision := self.consent.press(frame.digit)) is None:
                    yield frame
                else:
                    self._own = deque([self._spoken.granted if decision == "granted" else self._spoken.refused])
                    await self._heed()
                continue
            if self.recorder:
                self.recorder.hear(frame)
            yield frame

    async def play(self, samples: Samples) -> None:
        out = self._mixed(samples)
        if self.recorder:
            self.recorder.play(out)
        await self._line.play(out)
        if not self._is_announced and not self._own and self._line.unheard_ms <= EAR_AT_MOST_MS:
            self._is_announced = True
        await self._heed()

    def flush(self) -> None:
        """What we announce is not the call's to throw away."""
        self._behind.clear()
        if self._own:
            return
        if self.recorder:
            self.recorder.flush(self._line.unheard_ms)
        self._line.flush()

    @property
    def unheard_ms(self) -> float:
        return self._line.unheard_ms + sum(len(piece) for piece in self._behind) / PER_MS

    @property
    def begins_at_once(self) -> bool:
        return self._line.begins_at_once and not (self._own or self._behind)

    async def tell(self, event: CallEvent) -> None:
        await self._line.tell(event)

    async def close(self) -> None:
        """The call is over. What was refused by now leaves nothing, and so does what is refused meanwhile."""
        if (recorder := self.recorder) is None:
            return
        if self.consent.decision == "refused":
            recorder.discard()
        await recorder.close()
        if self.consent.decision == "refused":
            recorder.discard()

    async def _heed(self) -> None:
        """Begins, and stops, as consent says."""
        if self.consent.decision == "refused":
            if self.recorder:
                self.recorder.discard()
            self.recorder = None
        elif self.recorder is None and self._is_announced and self.consent.is_given:
            self.recorder = self._make()
            self.recorder.play(silence(FRAME_MS))  # what is played on receiving a frame sounds after it
        is_on = self.recorder is not None and not self.recorder.is_over
        if is_on != self._was_on:
            self._was_on = is_on
            await self._line.tell(Recorded(is_on))

    def _mixed(self, samples: Samples) -> Samples:
        """As much as came in: ours first, the call's behind it; silence need not wait in a row."""
        if not self._own and not self._behind:
            return samples
        if np.any(samples):
            self._behind.append(samples)
        out = np.zeros(len(samples), dtype=np.float32)
        filled = 0
        for queue in (self._own, self._behind):
            while queue and filled < len(out):
                piece = queue.popleft()
                part = piece[: len(out) - filled]
                out[filled : filled + len(part)] = part
                filled += len(part)
                if len(piece) > len(part):
                    queue.appendleft(piece[len(part) :])
        return out
