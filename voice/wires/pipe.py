"""A call over stdin and stdout: raw sound in, as much raw sound out, so that a pipe is a telephone line.

Files and pipes block, and a blocked thread cannot be cancelled: both ends have a daemon thread, which nobody waits for.
"""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import BinaryIO

from voice.audio import RATE_HZ, Samples
from voice.call import Call
from voice.codecs import Decoder, Encoding, encode
from voice.resampler import Resampler
from voice.wire import CallEvent
from voice.wires.pace import FRAME_MS, paced

QUEUED = 50
"""Frames, one second: a fast source waits, a reader that is further behind than this has stalled."""
SILENT_S = 30.0
"""A pipe that gives nothing for so long is a line that is gone."""
FLUSH_S = 2.0


@dataclass
class PipeWire:
    """Mono in one encoding both ways. Input that comes faster than it was spoken is taken at its own pace."""

    call: Call
    source: BinaryIO
    sink: BinaryIO
    rate_hz: int = 8_000
    encoding: Encoding = "mulaw"
    on_event: Callable[[CallEvent], None] = lambda _: None
    events: list[CallEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._decoder = Decoder(self.encoding)
        self._inward = Resampler(from_hz=self.rate_hz, to_hz=RATE_HZ)
        self._outward = Resampler(from_hz=RATE_HZ, to_hz=self.rate_hz)
        self._to_write: queue.Queue[bytes | None] = queue.Queue(QUEUED)
        self._is_broken = threading.Event()
        self._writer = threading.Thread(target=self._write, name="pipe-out", daemon=True)
        self._writer.start()

    async def hold(self) -> None:
        """The call from the first byte to the last answer."""
        try:
            await self.call.run(self)
        finally:
            if not self._to_write.full():
                self._to_write.put_nowait(None)
                await asyncio.to_thread(self._writer.join, FLUSH_S)

    def frames(self) -> AsyncIterator[Samples]:
        return paced(self._received(), work=self.call.work)

    async def play(self, samples: Samples) -> None:
        payload = encode(self._outward.convert(samples), self.encoding)
        try:
            if self._is_broken.is_set():
                raise ConnectionError("nobody reads the answers any more")
            self._to_write.put_nowait(payload)
        except queue.Full:
            raise ConnectionError("whoever reads the answers has stalled") from None

    def flush(self) -> None:
        """Nothing is kept on the way."""

    @property
    def unheard_ms(self) -> float:
        return 0.0

    @property
    def begins_at_once(self) -> bool:
        return False

    async def tell(self, event: CallEvent) -> None:
        self.events.append(event)
        self.on_event(event)

    async def _received(self) -> AsyncIterator[Samples]:
        payloads: asyncio.Queue[bytes] = asyncio.Queue(QUEUED)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(payloads, loop), name="pipe-in", daemon=True).start()
        while True:
            try:
                async with asyncio.timeout(SILENT_S):
                    payload = await payloads.get()
            except TimeoutError:
                return
            if not payload:
                return
            if len(samples := self._inward.convert(self._decoder.decode(payload))):
                yield samples

    def _read(self, payloads: asyncio.Queue[bytes], loop: asyncio.AbstractEventLoop) -> None:
        size = self.rate_hz * FRAME_MS // 1000 * (2 if self.encoding == "s16le" else 1)
        payload = b"-"
        while payload:
            try:
                payload = self.source.read(size)
            except (OSError, ValueError):
                payload = b""
            handing_over = payloads.put(payload)
            try:
                asyncio.run_coroutine_threadsafe(handing_over, loop).result()
            except (RuntimeError, CancelledError):
                handing_over.close()
                return  # The loop is closed: the call is over.

    def _write(self) -> None:
        try:
            while (payload := self._to_write.get()) is not None:
                self.sink.write(payload)
                self.sink.flush()
        except (OSError, ValueError):
            self._is_broken.set()
