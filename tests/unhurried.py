"""Recorded calls for tests: time stands still while anybody is at work, so a busy machine makes no answer late."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from voice.audio import Samples, Speech
from voice.call import Call
from voice.wires.recording import RecordedCall, RecordingWire, held

TURNS_OF_THE_LOOP = 3
"""Until whoever was woken by a frame is at work."""


class UnhurriedWire(RecordingWire):
    async def frames(self) -> AsyncIterator[Samples]:
        async for frame in super().frames():
            yield frame
            for _ in range(TURNS_OF_THE_LOOP):
                await asyncio.sleep(0)
                assert await self.call.work.idle(timeout_s=120), "somebody is at work for ever"


async def hold_unhurried(call: Call, recording: Speech, *, out: Path | None = None) -> RecordedCall:
    return await held(UnhurriedWire(call, recording, is_fast=True), out=out)
