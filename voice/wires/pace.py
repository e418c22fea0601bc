"""How fast sound that is already there goes by: as fast as it was spoken, or as fast as the engines can follow."""

import asyncio
from collections.abc import AsyncIterator, Iterable

from voice.audio import PER_MS, Samples, silence
from voice.work import Work

FRAME_MS = 20
QUIET_AT_MOST_MS = 300_000
"""After the recording's end an answer may take this long; every wait inside the call is far shorter."""


async def paced(frames: Iterable[Samples], *, work: Work, is_fast: bool) -> AsyncIterator[Samples]:
    """Frames, then silence until the call has nothing in hand.

    Fast means: while an engine works, time passes as on a real line, so its milliseconds lie on the timeline; the rest
    of the time is skipped.
    """
    clock = asyncio.get_running_loop().time
    due = clock()
    for frame in _then_silence(frames, work):
        yield frame
        due += len(frame) / PER_MS / 1000
        await asyncio.sleep(0)
        if is_fast:
            while work.is_busy and (left := due - clock()) > 0:
                await work.idle(timeout_s=left)
                await asyncio.sleep(0)
            if not work.is_busy:
                due = clock()
        elif (left := due - clock()) > 0:
            await asyncio.sleep(left)


def _then_silence(frames: Iterable[Samples], work: Work) -> Iterable[Samples]:
    yield from frames
    for _ in range(QUIET_AT_MOST_MS // FRAME_MS):
        yield silence(FRAME_MS)
        if not work.is_open:
            return


def cut(samples: Samples) -> Iterable[Samples]:
    """Into frames of 20 ms; the last is shorter."""
    for begin in range(0, len(samples), FRAME_MS * PER_MS):
        yield samples[begin : begin + FRAME_MS * PER_MS]
