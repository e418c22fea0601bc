"""What a bench's caller hears, and when, from frames alone."""

import asyncio
import itertools
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.turn import Action, Turn, Who
from agent.usage import Unit, Usage
from voice.audio import PER_MS, Samples
from web.assembly import assemble
from web.bench.bench import _shuffled, telephone
from web.bench.caller import Asked
from web.bench.ear import Ear
from web.bench.figures import HEADINGS, Heard
from web.bench.serving import Serving, engines_named_in, model_named_in
from web.settings import Settings


def sound(ms: float) -> Samples:
    return np.full(round(ms * PER_MS), 0.2, dtype=np.float32)


def quiet(ms: float) -> Samples:
    return np.zeros(round(ms * PER_MS), dtype=np.float32)


def test_frames_that_come_early_are_heard_at_the_ears_own_pace() -> None:
    ear = Ear()
    for frame in (quiet(20), quiet(20), sound(20)):
        ear.hear(frame, at_s=5.0)
    heard = ear.first_after(4.0)
    assert heard is not None
    assert heard.at_s == pytest.approx(5.04)


def test_frames_that_come_late_are_heard_late() -> None:
    ear = Ear()
    ear.hear(quiet(20), at_s=5.0)
    ear.hear(sound(20), at_s=5.3)
    heard = ear.first_after(4.0)
    assert heard is not None
    assert heard.at_s == pytest.approx(5.3)
    assert ear.silent_since(6.0) == pytest.approx(0.68, abs=0.001)


def test_what_began_before_is_no_reply() -> None:
    ear = Ear()
    ear.hear(np.concatenate([sound(100), quiet(100), sound(100)]), at_s=1.0)
    heard = ear.first_after(1.12)
    assert heard is not None
    assert heard.at_s == pytest.approx(1.2)
    assert ear.first_after(1.35) is None


def test_holding_early_and_unanswered_are_columns_of_their_own() -> None:
    asked = [Asked("a", 400.0), Asked("b", 600.0), Asked("c", None, was_early=True), Asked("d", None)]
    heard = Heard(2, asked, held=3)
    assert dict(zip(HEADINGS, heard.row(), strict=True)) == {
        "calls": "2", "turns": "4", "median ms": "500", "p95 ms": "(590)", "p99 ms": "(598)", "held": "3",
        "too early": "1", "unanswered": "1", "failed calls": "0",
    }  # fmt: skip
    assert heard.as_json()["p50_ms"] == 500


def test_a_run_without_an_answer_has_no_times() -> None:
    assert Heard(1, [Asked("a", None)]).row()[2:5] == ("-", "-", "-")


def test_questions_of_a_bench_never_run_out() -> None:
    asked = [words for words, _ in itertools.islice(_shuffled([("a", quiet(1)), ("b", quiet(1))], seed=1), 5_000)]
    assert asked.count("a") == asked.count("b") == 2_500


@pytest.mark.parametrize("breaks", ["at once", "never answers the telephone"])
def test_call_whose_line_breaks_has_failed_and_the_bench_goes_on(tmp_path: Path, breaks: str) -> None:
    async def story() -> Heard:
        async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        if breaks != "at once":
            server.close()
            await server.wait_closed()
        try:
            books = Books(tmp_path, 0, port)
            return await telephone(books, [("a", sound(20))], calls=2, minutes=0.1, holding=None, every_s=0.01)
        finally:
            server.close()

    heard = asyncio.run(story())
    assert (heard.failed, heard.as_json()["failed_calls"], len(heard.asked)) == (2, 2, 0)


class Books(Serving):
    def stages_ms(self) -> dict[str, float]:
        return {}


def test_server_of_a_bench_gets_the_engines_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voice.onnx").touch()
    settings = Settings(_env_file=None, whisper="http://127.0.0.1:9/v1", piper_en="voice.onnx", kokoro_style="jm_kumo")
    assert engines_named_in(settings) == {
        "DIME_WHISPER": "http://127.0.0.1:9/v1", "DIME_PIPER_EN": str(tmp_path / "voice.onnx"),
        "DIME_KOKORO_STYLE": "jm_kumo", "DIME_LLM_API_KEY": "", "DIME_SPEECH_VENDOR": "",
    }  # fmt: skip


def test_model_of_a_bench_is_the_one_that_the_settings_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named = Settings(_env_file=None, llm_base_url="http://127.0.0.1:9/v1", llm_model="small", llm_quality=0.5)
    assert model_named_in(named) == {
        "DIME_LLM_BASE_URL": "http://127.0.0.1:9/v1", "DIME_LLM_MODEL": "small", "DIME_LLM_QUALITY": "1",
        "DIME_LLM_TIMEOUT_S": "20.0",
    }  # fmt: skip
    with pytest.raises(ValueError, match="DIME_LLM_BASE_URL"):
        model_named_in(Settings(_env_file=None, llm_model="small"))


def test_bench_tells_how_often_a_model_was_asked(tmp_path: Path) -> None:
    services = assemble(Settings(home=tmp_path, cache=tmp_path))
    conversation = uuid4()
    for number, action in enumerate(("model", "answer", "answer"), 1):
        turn = Turn("How long?", conversation, Who("phone"), at=datetime.now(UTC), number=number)
        turn.action, turn.reason = cast(Action, action), "composed"
        if number < 3:
            units: tuple[Unit, ...] = ("input_token", "output_token")
            turn.usage = [Usage("llm", "local", "m", unit, Decimal(9), turn.at) for unit in units]
        services.books.write(turn, finished=True)
    services.books.shut()
    told = str(Serving(tmp_path, port=0, telephone=0).composed())
    assert told == "a model was asked in 2 of 3 turns, and answered 1"


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 60)), max_size=30))
def test_no_two_frames_are_heard_at_once(frames: list[tuple[float, int]]) -> None:
    ear, at_s = Ear(), 0.0
    for gap_s, ms in frames:
        at_s += gap_s
        ear.hear(sound(ms), at_s=at_s)
    total_s = sum(ms for _, ms in frames) / 1000
    first = ear.first_after(-1.0)
    if frames:
        assert first is not None
        assert first.at_s == pytest.approx(frames[0][0])
        assert ear.silent_since(at_s + total_s + 1) > 0
