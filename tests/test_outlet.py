"""The first sound of an answer leaves when it is ready; behind it everything keeps its order and its length."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scripted_call import LoudnessVad
from voice.audio import PER_MS, Samples
from voice.hearing import Hearing
from voice.outlet import Outlet
from voice.playback import Piece, Playback
from voice.wires.recording import RecordingWire

FRAME = 20 * PER_MS


class CountingWire(RecordingWire):
    """Keeps how many samples each frame had, and can be gone."""

    def __init__(self, *, begins_at_once: bool, is_gone: bool = False) -> None:
        self.frames_played: list[Samples] = []
        self.is_gone = is_gone
        self._begins_at_once = begins_at_once

    @property
    def begins_at_once(self) -> bool:
        return self._begins_at_once

    async def play(self, samples: Samples) -> None:
        if self.is_gone:
            raise ConnectionError
        self.frames_played.append(samples)


class Story:
    """Frames received one after the other, and pieces added in between."""

    def __init__(self, wire: CountingWire) -> None:
        self.playback = Playback()
        self.wire = wire
        self.outlet = Outlet(playback=self.playback, hearing=Hearing(vad=LoudnessVad()))
        self.outlet.open(wire)
        self.received_ms = 0.0

    async def receive(self, frames: int = 1) -> None:
        for _ in range(frames):
            self.received_ms += 20
            await self.wire.play(self.outlet.next(FRAME, now_ms=self.received_ms))

    async def say(self, samples: Samples) -> None:
        was_silent = not self.playback.is_sounding
        self.playback.add(Piece("word ", samples))
        if was_silent:
            await self.outlet.begin()

    @property
    def out(self) -> Samples:
        return np.concatenate(self.wire.frames_played)


def tone(length: int) -> Samples:
    return np.linspace(0.1, 0.9, length, dtype=np.float32)


def test_on_a_line_that_is_quiet_the_first_sound_does_not_wait_for_the_caller() -> None:
    story = Story(CountingWire(begins_at_once=True))
    asyncio.run(story.receive())
    asyncio.run(story.say(tone(2 * FRAME)))
    assert np.array_equal(story.wire.frames_played[-1], tone(2 * FRAME)[:FRAME])
    asyncio.run(story.receive())
    assert np.array_equal(story.wire.frames_played[-1], tone(2 * FRAME)[FRAME:]), "the next is there before it is due"


def test_a_line_that_carries_silence_gets_a_frame_for_a_frame() -> None:
    story = Story(CountingWire(begins_at_once=False))
    asyncio.run(story.receive())
    asyncio.run(story.say(tone(FRAME)))
    assert not story.out.any()
    asyncio.run(story.receive())
    assert np.array_equal(story.wire.frames_played[-1], tone(FRAME))


def test_an_answer_that_is_held_does_not_begin() -> None:
    story = Story(CountingWire(begins_at_once=True))
    story.playback.hold()
    asyncio.run(story.say(tone(FRAME)))
    assert not story.wire.frames_played


def test_a_line_that_is_gone_is_told_by_the_next_frame() -> None:
    story = Story(CountingWire(begins_at_once=True, is_gone=True))
    asyncio.run(story.say(tone(FRAME)))
    with pytest.raises(ConnectionError):
        asyncio.run(story.receive())


def test_the_ear_hears_it_no_later_than_the_books_say() -> None:
    story = Story(CountingWire(begins_at_once=True))
    asyncio.run(story.receive(5))
    asyncio.run(story.say(tone(FRAME)))
    assert story.playback.answer_began_ms == 120, "behind the silence that another line would have carried"


@given(
    steps=st.lists(st.one_of(st.integers(1, 4), st.integers(1, 3 * FRAME).map(lambda n: -n)), min_size=1, max_size=20),
    begins_at_once=st.booleans(),
)
def test_every_sample_goes_out_once_in_order_and_never_more_than_a_frame_ahead(
    steps: list[int], begins_at_once: bool
) -> None:
    async def tell() -> Story:
        story = Story(CountingWire(begins_at_once=begins_at_once))
        for step in steps:
            if step > 0:
                await story.receive(step)
            else:
                await story.say(tone(-step))
            sent = sum(map(len, story.wire.frames_played))
            assert 0 <= sent - story.received_ms * PER_MS <= (FRAME if begins_at_once else 0)
        await story.receive(80)
        return story

    story = asyncio.run(tell())
    said = np.concatenate([tone(-step) for step in steps if step < 0] or [tone(0)])
    assert np.array_equal(story.out[story.out != 0], said)
    assert len(story.out) == story.received_ms * PER_MS, "what was ahead is taken off once nothing sounds"
