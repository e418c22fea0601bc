"""Whole calls with real engines, from a recording to a recording."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from agent.turn import Turn, Who
from tests.real_engines import CACHE, RECORDINGS, mixed, piper, whisper, with_engines, word_errors
from tests.scripted_call import CONVERSATION, PHRASES, Agent
from tests.test_transcriber import QUESTIONS
from tests.unhurried import hold_unhurried
from voice.audio import PER_MS, Speech, first_audible, silence
from voice.call import Call
from voice.engines import Choices, Engines, open_engines
from voice.in_hand import Patience
from voice.wires.recording import RecordedCall, read_recording
from web.calling.calls import turn_json

pytestmark = pytest.mark.real


def call_of(engines: Engines, agent: Agent) -> Call:
    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    return Call(
        hearing=engines.hearing(), transcriber=engines.transcriber, voice=engines.voice, answer=agent.answer,
        new_turn=new_turn, keep=agent.keep, phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
        patience=Patience(holding_ms=60_000),  # on a busy machine a holding phrase would be the first sound
    )  # fmt: skip


def held(recording: Speech, folder: Path, words: str = "You have thirty days.") -> RecordedCall:
    async def story(engines: Engines) -> RecordedCall:
        return await hold_unhurried(call_of(engines, Agent(words)), recording, out=folder / "out.wav")

    return with_engines(story, folder / "rendered")


def test_a_recorded_question_is_answered_at_the_right_time_on_the_output(tmp_path: Path) -> None:
    held_call = held(read_recording(RECORDINGS / "order_status.wav"), tmp_path)
    (done,) = held_call.turns
    assert word_errors("I'd like to check my order status please", done.turn.question) == 0
    assert done.mouth_to_ear_ms is not None
    both, _ = soundfile.read(tmp_path / "out.wav", dtype="float32")
    sounds_at_ms = (first_audible(both[:, 1]) or 0) / PER_MS
    assert sounds_at_ms == pytest.approx(done.answered_at_ms, abs=21)
    spoken = both[round(sounds_at_ms) * PER_MS :, 1]
    heard = asyncio.run(whisper().transcribe(Speech(spoken), lang="en"))
    assert word_errors("You have thirty days", heard.text.replace("30", "thirty")) == 0


def test_a_recording_in_which_nobody_speaks_has_no_turns(tmp_path: Path) -> None:
    assert held(Speech(silence(5000)), tmp_path).turns == []


def test_a_recording_of_noise_has_no_turns(tmp_path: Path) -> None:
    assert held(read_recording(RECORDINGS / "noise_room.wav"), tmp_path).turns == []


def test_chinese_is_answered_in_chinese(tmp_path: Path) -> None:
    held_call = held(read_recording(RECORDINGS / "zh_funasr_example.wav"), tmp_path, words="您可以在三十天内退货。")
    (done,) = held_call.turns
    assert done.turn.lang == "zh"
    assert done.turn.heard_answer is None


def test_ten_questions_on_one_noisy_line_are_heard_as_ten_turns(tmp_path: Path) -> None:
    async def spoken() -> Speech:
        parts = [silence(800)]
        for question in QUESTIONS:
            parts += [(await piper().speak(question, lang="en")).samples, silence(3500)]
        noise = read_recording(RECORDINGS / "noise_engine.wav").samples
        return mixed(np.concatenate(parts), noise, snr_db=10, seed=3)

    held_call = held(asyncio.run(spoken()), tmp_path, words="Yes.")
    assert len(held_call.turns) == 10
    right = [word_errors(said, done.turn.question) <= 1 for said, done in zip(QUESTIONS, held_call.turns, strict=True)]
    assert sum(right) >= 8, [done.turn.question for done in held_call.turns]


def test_engines_open_warm_and_close_as_web_uses_them() -> None:
    async def story() -> Engines:
        engines = open_engines(Choices(CACHE))
        try:
            await engines.warm()
            await engines.voice.speak("Hello.", lang="en")
        finally:
            await engines.close()
        return engines

    assert asyncio.run(story()).missing == []


def test_a_turn_is_told_as_the_contract_says(tmp_path: Path) -> None:
    held_call = held(read_recording(RECORDINGS / "check_order_12345.wav"), tmp_path)
    told = turn_json(held_call.turns[0], cost={"amount": "0.0001", "currency": "USD"})
    assert set(told) >= {
        "heard", "answer", "action", "source", "confidence", "stages_ms", "mouth_to_ear_ms", "cost",
    }  # fmt: skip
    assert json.loads(json.dumps(told)) == told
