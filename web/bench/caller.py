"""A caller over AudioSocket: streams in real time over a line with a room's noise, asks, and listens."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import numpy as np

from voice.audio import PER_MS, RATE_HZ, Samples, resampled
from web.bench.ear import Ear, Sounded

LINE_HZ = 8_000
FRAME_MS = 20
ROOM_DBFS = -60.0
_ID, _SOUND, _HANG_UP = 0x01, 0x10, 0x00
PATIENCE_S = 12.0
"""Without a sound after a question."""
CONNECT_S = 10.0


@dataclass(frozen=True)
class Asked:
    question: str
    silence_ms: float | None
    """From the last speech sample sent to the first audible sample heard; None: nothing came."""
    was_early: bool = False
    """We were spoken to before we had finished."""
    sounded: Sounded | None = None


@dataclass
class Caller:
    host: str
    port: int
    questions: Iterable[tuple[str, Samples]] = ()
    """Words and speech at 16 kHz without silence around it."""
    every_s: float | None = None
    """A question so often, but never into an answer: each is heard to its end. None: as soon as it is over."""
    asked: list[Asked] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    """The call's, by which the server knows it."""

    async def run(self, *, until_s: float) -> None:
        """Until the loop's clock says so, or the questions are used up."""
        async with self._on_the_line(Ear()):
            for question, speech in self.questions:
                if self._clock() >= until_s:
                    break
                began_s = self._clock()
                self.asked.append(await self._ask(question, speech))
                await self._until_quiet(2.0)
                await self._until(began_s + (self.every_s or 0.0))
                self._ear.forget()

    async def hear_a_little(self, ms: float) -> bool:
        """Of whatever is said first, and hangs up; False where nothing was."""
        async with self._line(Ear()):
            until_s = self._clock() + PATIENCE_S
            while self._clock() < until_s:
                await self._stay_silent(0.1)
                if self._ear.first_after(0.0):
                    await self._stay_silent(ms / 1000)
                    return True
        return False

    @asynccontextmanager
    async def _on_the_line(self, ear: Ear) -> AsyncIterator[None]:
        """Once greeted."""
        async with self._line(ear):
            await self._stay_silent(1.5)  # a greeting
            await self._until_quiet(1.0)
            yield

    @asynccontextmanager
    async def _line(self, ear: Ear) -> AsyncIterator[None]:
        """From dialling to hanging up."""
        self._clock = asyncio.get_running_loop().time
        self._ear = ear
        self._room = np.random.default_rng(0)
        async with asyncio.timeout(CONNECT_S):
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        self._send(_ID, self.id.bytes)
        listening = asyncio.create_task(self._listen(), name="ear")
        self._began_s = self._due = self._clock()
        try:
            yield
        finally:
            self._send(_HANG_UP, b"")
            listening.cancel()
            self._writer.close()
            await asyncio.wait([listening])

    async def _ask(self, question: str, speech: Samples) -> Asked:
        began_s = self._clock()
        await self._say(speech)
        ended_s = self._due
        early = self._ear.first_after(began_s + 0.3)
        if early and early.at_s < ended_s - 0.02 and self._ear.silent_since(ended_s) < 0.3:
            return Asked(question, None, was_early=True)
        while self._clock() < ended_s + PATIENCE_S:
            await self._say(np.zeros(FRAME_MS * PER_MS, np.float32))
            if sounded := self._ear.first_after(ended_s):
                await self._stay_silent(0.6)  # for enough of it to tell what it is
                sounded = self._ear.first_after(ended_s) or sounded
                return Asked(question, (sounded.at_s - ended_s) * 1000, sounded=sounded)
        return Asked(question, None)

    async def _until_quiet(self, seconds: float) -> None:
        until_s = self._clock() + 60
        while self._ear.silent_since(self._clock()) < seconds and self._clock() < until_s:
            await self._stay_silent(0.1)

    async def _until(self, moment_s: float) -> None:
        await self._stay_silent(max(0.0, moment_s - self._clock()))

    async def _stay_silent(self, seconds: float) -> None:
        await self._say(np.zeros(round(seconds * RATE_HZ), np.float32))

    async def _say(self, speech: Samples) -> None:
        """In frames, none before its time."""
        line = resampled(speech, from_hz=RATE_HZ, to_hz=LINE_HZ)
        line = np.clip(line + self._around(len(line)), -1, 1).astype(np.float32)
        size = LINE_HZ * FRAME_MS // 1000
        for at in range(0, len(line), size):
            linear = (line[at : at + size] * 32767).astype("<i2").tobytes()
            if (left := self._due - self._clock()) > 0:
                await asyncio.sleep(left)
            self._due = max(self._due + FRAME_MS / 1000, self._clock() - 0.2)
            self._send(_SOUND, linear)
        async with asyncio.timeout(CONNECT_S):
            await self._writer.drain()

    def _around(self, count: int) -> Samples:
        """What a room sounds like, so many samples of the line."""
        return self._room.standard_normal(count).astype(np.float32) * np.float32(10 ** (ROOM_DBFS / 20))

    def _send(self, kind: int, payload: bytes) -> None:
        self._writer.write(bytes([kind]) + len(payload).to_bytes(2, "big") + payload)

    async def _listen(self) -> None:
        try:
            while True:
                header = await self._reader.readexactly(3)
                payload = await self._reader.readexactly(int.from_bytes(header[1:], "big"))
                if header[0] == _SOUND:
                    linear = (np.frombuffer(payload, dtype="<i2") / 32768).astype(np.float32)
                    self._ear.hear(resampled(linear, from_hz=LINE_HZ), at_s=self._clock())
        except (asyncio.IncompleteReadError, ConnectionError):
            return
