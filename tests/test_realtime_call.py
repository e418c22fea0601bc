"""Whole sessions of the official client with the demo company: real ears, a real voice, real books."""

import base64
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, select

from agent.history import TurnRow
from tests.real_engines import piper, whisper, with_engines
from tests.realtime_client import Talk, serving
from tests.test_calls import SOFA, on_a_line, shop
from voice.audio import RATE_HZ, Samples, Speech, resampled
from voice.codecs import encode
from voice.engines import Engines
from web.realtime import answering
from web.services import Services

pytestmark = pytest.mark.real
Held = Callable[[Callable[[Talk], Coroutine[Any, Any, None]]], list[TurnRow]]
CHUNK_BYTES = 4_800
"""A tenth of a second."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, since its knowledge is fitted once."""
    return tmp_path_factory.mktemp("realtime")


@pytest.fixture
def held(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    """Holds a session and gives its turns as they are in the books."""
    monkeypatch.setattr(answering, "HOLDING_MS", 60_000)  # on a busy machine it would be the first that is heard
    services = shop(home)
    services.index.build()

    def hold(story: Callable[[Talk], Coroutine[Any, Any, None]]) -> list[TurnRow]:
        async def told(engines: Engines) -> None:
            async with serving(services, engines) as door, door.connect() as talk:
                await story(talk)

        before = {turn.id for turn in _turns(services)}
        with_engines(told, tmp_path / "rendered")
        return [turn for turn in _turns(services) if turn.id not in before]

    return hold


def _turns(services: Services) -> list[TurnRow]:
    with Session(services.engine) as session:
        return list(session.exec(select(TurnRow).order_by(TurnRow.number)))  # type: ignore[arg-type]


async def speak(talk: Talk, samples: Samples) -> None:
    pcm = encode(resampled(samples, from_hz=RATE_HZ, to_hz=24_000), "s16le")
    for start in range(0, len(pcm), CHUNK_BYTES):
        await talk.connection.input_audio_buffer.append(
            audio=base64.b64encode(pcm[start : start + CHUNK_BYTES]).decode()
        )


async def heard(talk: Talk) -> str:
    speech = Speech(resampled(talk.sound, from_hz=24_000))
    return (await whisper().transcribe(speech, lang="en")).text


def test_spoken_question_is_answered_aloud_and_a_truncation_says_what_was_heard(held: Held) -> None:
    async def story(talk: Talk) -> None:
        await talk.set(audio={"input": {"transcription": {"model": "whisper-1"}}})
        question = (await piper().speak(SOFA, lang="en")).samples
        await speak(talk, on_a_line(question))
        done = await talk.until("response.done")
        assert done.response.status == "completed"
        assert "30 days" in (await heard(talk)).replace("thirty", "30")
        item = done.response.output[0]
        await talk.connection.conversation.item.truncate(item_id=item.id, content_index=0, audio_end_ms=2_000)
        await talk.until("conversation.item.truncated")
        (words,) = [event.transcript for event in talk.received if event.type.endswith("transcription.completed")]
        assert "return" in words and "sofa" in words

    (turn,) = held(story)
    assert (turn.channel, turn.source_entry, turn.interrupted) == ("phone", "returns-sofa", True)
    assert turn.heard_answer
    assert turn.answer.startswith(turn.heard_answer)
    assert len(turn.heard_answer) < len(turn.answer)


def test_text_is_answered_in_text_and_goes_on_by_voice(held: Held) -> None:
    async def story(talk: Talk) -> None:
        done = await talk.ask(SOFA, output_modalities=["text"])
        assert "30 days" in done.response.output[0].content[0].text.replace("\u00a0", " ")  # type: ignore[union-attr,index,operator]
        assert not len(talk.sound)
        await talk.ask("And for a bed?")
        assert len(talk.sound) > RATE_HZ

    told = held(story)
    assert [turn.channel for turn in told] == ["chat", "phone"]
    assert [turn.number for turn in told] == [1, 2]


def test_caller_who_speaks_while_dime_does_is_answered_instead(held: Held) -> None:
    async def story(talk: Talk) -> None:
        question = (await piper().speak(SOFA, lang="en")).samples
        other = (await piper().speak("Do you deliver on Sundays?", lang="en")).samples
        await talk.set(audio={"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 300}}})
        await speak(talk, np.concatenate([on_a_line(question), other]))
        first = await talk.until("response.done")
        assert (first.response.status, first.response.status_details.reason) == ("cancelled", "turn_detected")
        await speak(talk, np.zeros(RATE_HZ, dtype=np.float32))
        second = await talk.until("response.done")
        assert second.response.status == "completed"

    told = held(story)
    assert "Sunday" in told[-1].question


def test_cancelled_response_is_kept_as_interrupted(held: Held) -> None:
    async def story(talk: Talk) -> None:
        await talk.say(SOFA)
        await talk.connection.response.create()
        await talk.until("response.output_audio_transcript.delta")
        await talk.connection.response.cancel()
        done = await talk.until("response.done")
        assert (done.response.status, done.response.status_details.reason) == ("cancelled", "client_cancelled")

    (turn,) = held(story)
    assert turn.interrupted
    assert turn.heard_answer is not None
