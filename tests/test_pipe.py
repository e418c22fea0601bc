"""A call over raw pipes: as much sound out as in, whatever the cuts, and a clean end."""

import asyncio
import io
import json
import threading
from datetime import UTC, datetime

import numpy as np
import pytest

from agent.turn import Turn, Who
from tests.scripted_call import CONVERSATION, PHRASES, Agent, LoudnessVad, caller
from voice.audio import level_dbfs, resampled
from voice.call import Call
from voice.codecs import Encoding, decode, encode
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from voice.wire import TurnDone
from voice.wires.pipe import PipeWire
from web.calling.pipe import TurnLines

QUESTION = caller(("waits", 200), ("speaks", 400), ("waits", 100))


class Sink(io.BytesIO):
    def flush(self) -> None:
        pass


class Slow:
    """Gives what it has in odd cuts, as pipes do."""

    def __init__(self, payload: bytes) -> None:
        self._payload = io.BytesIO(payload)

    def read(self, size: int) -> bytes:
        return self._payload.read(min(size, 333))


def call_with(*lines: str) -> Call:
    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    agent = Agent(words="Yes.")
    return Call(
        hearing=Hearing(vad=LoudnessVad()), transcriber=ScriptedTranscriber(*lines), voice=ScriptedSynthesizer(),
        answer=agent.answer, new_turn=new_turn, keep=agent.keep, phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
    )  # fmt: skip


def hold(
    payload: bytes, *lines: str, encoding: Encoding, rate_hz: int = 8_000, sink: io.BytesIO | None = None
) -> PipeWire:
    async def story() -> PipeWire:
        wire = PipeWire(call_with(*lines), Slow(payload), sink or Sink(), rate_hz=rate_hz, encoding=encoding)  # type: ignore[arg-type]
        await wire.hold()
        return wire

    return asyncio.run(story())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "rate_hz"), [("mulaw", 8_000), ("alaw", 8_000), ("s16le", 8_000), ("s16le", 16_000)]
)
def test_a_question_is_answered_in_the_same_encoding(encoding: Encoding, rate_hz: int) -> None:
    payload = encode(resampled(QUESTION.samples, from_hz=16_000, to_hz=rate_hz), encoding)
    sink = Sink()
    wire = hold(payload + b"\x00", "is it open", encoding=encoding, rate_hz=rate_hz, sink=sink)
    (done,) = [event for event in wire.events if isinstance(event, TurnDone)]
    assert done.turn.question == "is it open"
    out = decode(sink.getvalue(), encoding)
    answered_at = round((done.answered_at_ms or 0) * rate_hz / 1000)
    assert level_dbfs(out[: answered_at - rate_hz // 20]) < -40
    assert level_dbfs(out[answered_at : answered_at + rate_hz // 10]) > -25


def test_no_input_is_a_call_without_turns() -> None:
    assert hold(b"", encoding="mulaw").events == []


def test_a_reader_who_goes_away_ends_the_call() -> None:
    class Gone(Sink):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    wire = hold(encode(np.zeros(16_000, np.float32), "mulaw"), encoding="mulaw", sink=Gone())
    assert wire.events == []


def test_a_reader_who_stalls_ends_the_call_and_does_not_fill_the_memory() -> None:
    release = threading.Event()

    class Stalled(Sink):
        def write(self, payload: bytes) -> int:  # type: ignore[override]
            release.wait(10)
            return len(payload)

    try:
        wire = hold(encode(np.zeros(8_000 * 30, np.float32), "mulaw"), encoding="mulaw", sink=Stalled())
        assert wire._to_write.qsize() <= 50
    finally:
        release.set()


def test_cost_of_a_turn_is_read_from_the_books_off_the_loop() -> None:
    class Books:
        def __init__(self) -> None:
            self.read_on: list[str] = []

        def cost_json(self, _: object) -> dict[str, str]:
            self.read_on.append(threading.current_thread().name)
            return {"amount": "0.1", "currency": "USD"}

    async def story() -> None:
        told = TurnLines(books, out=out)  # type: ignore[arg-type]
        writing = asyncio.create_task(told.write())
        for question in ("one", "two"):
            told.hear(TurnDone(Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC)), 0, 0, None))
        told.end()
        await writing

    books, out = Books(), io.StringIO()
    asyncio.run(story())
    assert [json.loads(line)["heard"] for line in out.getvalue().splitlines()] == ["one", "two"]
    assert len(books.read_on) == 2
    assert threading.current_thread().name not in books.read_on
