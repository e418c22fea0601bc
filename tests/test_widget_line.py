"""The widget's line in virtual time: sound up, sound and words down, and what the page says it has played."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.turn import Turn, Who
from tests.scripted_call import CONVERSATION, PHRASES, Agent, LoudnessVad, caller
from tests.virtual_time import in_virtual_time
from voice.audio import PER_MS, Samples, Speech, silence
from voice.call import Call
from voice.codecs import encode
from voice.endpointing import Endpointing
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from voice.wire import Ending, Key
from voice.wires.pace import cut
from web.chat.messages import CallHeard, CallStarted, CallWithdrawn, Flush, ServerEvent
from web.telephony.widget import KEYS, QUEUED_MS, TO_SEND, Overrun, WidgetLine


@dataclass
class Page:
    """Receives what the line sends."""

    events: list[ServerEvent] = field(default_factory=list)
    sound: list[bytes] = field(default_factory=list)
    shown: list[Turn] = field(default_factory=list)
    done: list[Turn] = field(default_factory=list)

    async def send(self, event: ServerEvent | bytes) -> None:
        if isinstance(event, bytes):
            self.sound.append(event)
        else:
            self.events.append(event)

    async def note_done(self, turn: Turn) -> None:
        self.done.append(turn)

    def open(self) -> WidgetLine:
        return WidgetLine(CONVERSATION, send=self.send, on_sound=self.shown.append, on_done=self.note_done)

    def kinds(self) -> list[str]:
        return [event.type for event in self.events]


def speak(
    page: Page,
    said: Speech,
    *lines: str,
    agent: Agent | None = None,
    hangs_up: bool = True,
) -> Ending:
    agent = agent or Agent()

    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    async def story() -> Ending:
        line = page.open()
        call = Call(
            hearing=Hearing(vad=LoudnessVad(), endpointing=Endpointing()), transcriber=ScriptedTranscriber(*lines),
            voice=ScriptedSynthesizer(), answer=agent.answer, new_turn=new_turn, keep=agent.keep,
            phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
        )  # fmt: skip
        passing = asyncio.create_task(line.pass_on())

        async def microphone() -> None:
            async for frame in cut(said.samples):
                line.hear(encode(frame, "s16le"))
                await asyncio.sleep(len(frame) / 16_000)
            if hangs_up:
                line.hang_up()

        speaking = asyncio.create_task(microphone())
        ending = await call.run(line)
        await speaking
        line.put(None)
        await passing
        return ending

    return in_virtual_time(story())


def test_a_question_is_shown_then_answered_in_sound_and_silence_is_not_sent() -> None:
    page = Page()
    said = caller(("waits", 300), ("speaks", 1_000), ("waits", 4_000))
    assert speak(page, said, "how long?") == "hangup"
    assert page.kinds()[:2] == ["call_started", "call_heard"]
    (heard,) = [event for event in page.events if isinstance(event, CallHeard)]
    assert (heard.text, heard.conversation) == ("how long?", CONVERSATION)
    assert [turn.id for turn in page.shown] == [turn.id for turn in page.done] == [heard.turn]
    sound = b"".join(page.sound)
    assert len(sound) / 2 / PER_MS == pytest.approx(len(Agent.words) * 50, abs=100)
    assert np.any(np.frombuffer(sound[:640], dtype="<i2"))


def test_the_answer_is_shown_when_its_sound_begins_and_not_before() -> None:
    order: list[str] = []

    class Watched(Page):
        async def send(self, event: ServerEvent | bytes) -> None:
            order.append("sound" if isinstance(event, bytes) else event.type)

        def open(self) -> WidgetLine:
            def shows(turn: Turn) -> None:
                order.append(turn.answer)

            return WidgetLine(CONVERSATION, send=self.send, on_sound=shows, on_done=self.note_done)

    speak(Watched(), caller(("speaks", 1_000), ("waits", 4_000)), "how long?")
    assert order[:4] == ["call_started", "call_heard", Agent.words, "sound"]


def test_a_withdrawn_turn_is_taken_back_on_the_page() -> None:
    page = Page()
    said = caller(("speaks", 600), ("waits", 1_300), ("speaks", 600), ("waits", 3_000))
    lines = ("how long", "do I have?", "how long do I have?", "how long do I have?")
    speak(page, said, *lines, agent=Agent(latency_s=0.9))
    heard = [event for event in page.events if isinstance(event, CallHeard)]
    (withdrawn,) = [event for event in page.events if isinstance(event, CallWithdrawn)]
    assert [event.text for event in heard] == ["how long", "how long do I have?"]
    assert withdrawn.turn == heard[0].turn
    assert [turn.question for turn in page.done] == ["how long do I have?"]


def test_a_page_that_sends_no_sound_for_thirty_seconds_has_gone() -> None:
    page = Page()
    assert speak(page, caller(("waits", 500)), hangs_up=False) == "lost"


def test_a_hang_up_in_mid_answer_keeps_what_was_heard() -> None:
    page = Page()
    agent = Agent()
    assert speak(page, caller(("speaks", 1_000), ("waits", 1_500)), "how long?", agent=agent) == "hangup"
    (turn,) = page.done
    assert turn.interrupted
    assert turn.heard_answer
    assert turn.heard_answer != turn.answer


def with_line(story: Callable[[Page, WidgetLine], object]) -> None:
    async def told() -> None:
        page = Page()
        line = page.open()
        done = story(page, line)
        if asyncio.iscoroutine(done):
            await done

    in_virtual_time(told())


def test_a_flush_overtakes_the_sound_that_has_not_left() -> None:
    async def story(page: Page, line: WidgetLine) -> None:
        for _ in range(10):
            await line.play(np.full(320, 0.1, dtype=np.float32))
        line.flush()
        line.put(None)
        await line.pass_on()
        assert page.sound == []
        assert [type(event) for event in page.events] == [Flush]
        assert line.unheard_ms == 0

    with_line(story)


def test_what_the_page_has_not_played_is_unheard() -> None:
    async def story(_: Page, line: WidgetLine) -> None:
        for _ in range(10):
            await line.play(np.full(320, 0.1, dtype=np.float32))
        assert line.unheard_ms == 0  # a page that never says is believed to play at once
        line.played(60)
        assert line.unheard_ms == 140
        line.played(40)  # overtaken on the way
        assert line.unheard_ms == 140
        line.played(1e9)
        assert line.unheard_ms == 0

    with_line(story)


@given(st.lists(st.one_of(st.floats(0, 1e9), st.sampled_from(["play", "flush"])), max_size=30))
def test_unheard_is_never_less_than_nothing_nor_more_than_was_sent(deeds: list[float | str]) -> None:
    async def story(_: Page, line: WidgetLine) -> None:
        sent = 0.0
        for deed in deeds:
            if deed == "play":
                await line.play(np.full(320, 0.1, dtype=np.float32))
                sent += 20
            elif deed == "flush":
                line.flush()
            else:
                assert isinstance(deed, float)
                line.played(deed)
            assert 0 <= line.unheard_ms <= sent

    with_line(story)


def test_sound_faster_than_speech_is_taken_at_its_own_pace_and_refused_beyond_some_seconds() -> None:
    async def story(_: Page, line: WidgetLine) -> None:
        clock = asyncio.get_running_loop().time
        for _ in range(QUEUED_MS // 20):
            line.hear(bytes(640))
        with pytest.raises(Overrun):
            line.hear(bytes(640))
        began, heard = clock(), 0
        async for frame in line.frames():
            assert not isinstance(frame, Key)
            heard += len(frame)
            if heard >= QUEUED_MS * PER_MS:
                break
        assert clock() - began == pytest.approx(QUEUED_MS / 1000 - 0.5, abs=0.05)

    with_line(story)


def test_what_a_stall_held_up_is_caught_up_with() -> None:
    async def story(_: Page, line: WidgetLine) -> None:
        clock = asyncio.get_running_loop().time
        frames = line.frames()
        line.hear(bytes(640))
        await anext(frames)
        await asyncio.sleep(3)
        for _ in range(150):
            line.hear(bytes(640))
        began = clock()
        for _ in range(150):
            await anext(frames)
        assert clock() - began < 0.1
        await frames.aclose()  # type: ignore[attr-defined]

    with_line(story)


def test_one_long_frame_is_cut_into_short_ones() -> None:
    async def story(_: Page, line: WidgetLine) -> None:
        line.hear(encode(silence(1_000), "s16le"))
        lengths = []
        async for frame in line.frames():
            assert not isinstance(frame, Key)
            lengths.append(len(frame))
            if len(lengths) == 50:
                break
        assert set(lengths) == {320}

    with_line(story)


def test_a_page_that_takes_nothing_is_lost() -> None:
    async def story(_: Page, line: WidgetLine) -> None:
        with pytest.raises(ConnectionError):
            for _ in range(TO_SEND + 2):
                await line.play(np.full(320, 0.1, dtype=np.float32))

    with_line(story)


def test_keys_come_at_once_and_dribs_of_sound_are_put_together() -> None:
    async def story(page: Page, line: WidgetLine) -> None:
        for _ in range(320):
            line.hear(bytes(2))
        for _ in range(1_000):
            line.press("9")
        line.hear(b"")
        frames: list[Samples | Key] = []
        async for frame in line.frames():
            frames.append(frame)
            if not isinstance(frame, Key):
                break
        assert frames[:-1] == [Key("9")] * KEYS
        assert len(frames[-1]) == 320  # type: ignore[arg-type]
        line.put(None)
        await line.pass_on()
        assert [type(event) for event in page.events] == [CallStarted]

    with_line(story)
