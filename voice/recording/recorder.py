"""Writes a call's two sides while it goes on: off the loop, with bounded memory, and never at the call's expense."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from voice.audio import PER_MS, RATE_HZ, Samples
from voice.recording.file import Stereo

log = logging.getLogger(__name__)

AT_ONCE = RATE_HZ
"""Samples written together, one second."""
HELD_BACK = RATE_HZ
"""What was played last is kept for a second: it may be thrown away before it reaches the ear."""
WAITING_AT_MOST = 20
"""Seconds that a stalled disk may lag behind; 2.5 MB. Then the recording ends."""
CLOSING_S = 5
"""A stalled disk does not hold up the end of a call for longer."""


class File(Protocol):
    @property
    def path(self) -> Path: ...

    def append(self, both: Stereo) -> None: ...

    def close(self) -> None: ...


class Recorder:
    """One call's recording. `writer` has one thread, so that what is handed over is written in order."""

    def __init__(self, opened: Callable[[], File], *, writer: Executor) -> None:
        """`opened` is called in the writer's thread, once there is something to write."""
        self.is_over = False
        self.has_failed = False
        self._is_discarded = False
        self._writer = writer
        self._opened = opened
        self._file: File | None = None
        self._caller = _Side()
        self._dime = _Side()
        self._waiting = 0
        self._loop = asyncio.get_running_loop()

    def hear(self, samples: Samples) -> None:
        self._caller.add(samples)
        self._hand_over()

    def play(self, samples: Samples) -> None:
        self._dime.add(samples)
        self._hand_over()

    def flush(self, unheard_ms: float) -> None:
        """Of what was played last, so much did not reach the ear."""
        self._dime.silence_last(round(unheard_ms * PER_MS))

    async def close(self) -> None:
        """Writes what is left."""
        if not self.is_over:
            self.is_over = True
            self._submit(self._taken(max(len(self._caller), len(self._dime))))
            self._writer.submit(self._close)
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await asyncio.wrap_future(self._writer.submit(lambda: None))

    def discard(self) -> None:
        """Stops and leaves nothing behind."""
        self.is_over = self._is_discarded = True
        self._writer.submit(self._delete)

    def _hand_over(self) -> None:
        while not self.is_over and max(len(self._caller), len(self._dime)) >= AT_ONCE + HELD_BACK:
            if self._waiting >= WAITING_AT_MOST:
                self._fail("the disk is too slow")
                return
            self._submit(self._taken(AT_ONCE))

    def _taken(self, count: int) -> Stereo:
        return np.stack([self._caller.take(count), self._dime.take(count)], axis=1)

    def _submit(self, both: Stereo) -> None:
        self._waiting += 1
        self._writer.submit(self._write, both)

    def _write(self, both: Stereo) -> None:
        """In the writer's thread."""
        try:
            if len(both) and not self._is_discarded:
                self._file = self._file or self._opened()
                self._file.append(both)
        except (OSError, soundfile.SoundFileError) as error:
            self._loop.call_soon_threadsafe(self._fail, str(error))
        finally:
            self._loop.call_soon_threadsafe(self._written)

    def _close(self) -> None:
        try:
            if self._file:
                self._file.close()
        except (OSError, soundfile.SoundFileError) as error:
            self._loop.call_soon_threadsafe(self._fail, str(error))

    def _delete(self) -> None:
        self._close()
        try:
            if self._file:
                self._file.path.unlink(missing_ok=True)
        except OSError as error:
            log.error("recording_not_deleted", extra={"error": str(error)})

    def _written(self) -> None:
        self._waiting -= 1

    def _fail(self, why: str) -> None:
        """What is written already stays; the call goes on."""
        if not self.is_over:
            self.is_over = self.has_failed = True
            log.error("recording_failed", extra={"error": why})
            self._writer.submit(self._close)


class _Side:
    """Samples in a row; what is not there when it is taken is silence."""

    def __init__(self) -> None:
        self._pieces: deque[Samples] = deque()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._length += len(samples)

    def take(self, count: int) -> Samples:
        samples = self._joined()
        self._pieces = deque([samples[count:]])
        self._length = max(0, self._length - count)
        return np.pad(samples[:count], (0, max(0, count - len(samples))))

    def silence_last(self, count: int) -> None:
        samples = self._joined().copy()
        samples[max(0, len(samples) - count) :] = 0
        self._pieces = deque([samples])

    def _joined(self) -> Samples:
        return np.concatenate([np.zeros(0, dtype=np.float32), *self._pieces])
