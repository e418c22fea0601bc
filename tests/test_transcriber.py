"""From speech to words with the real engine; what an engine used is written down by it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import numpy as np
import pytest

from tests.real_engines import RECORDINGS, mixed, piper, whisper, word_errors
from voice.audio import Speech, resampled, silence
from voice.codecs import decode, encode
from voice.transcriber import ScriptedTranscriber, Transcript, TranscriptionFailed
from voice.whisper import _is_loop, _recites, in_one_script, said_once
from voice.wires.recording import read_recording

QUESTIONS = [
    "How long do I have to return a sofa?",
    "Do you deliver on Saturdays?",
    "How much does assembly cost?",
    "Can I pay by credit card?",
    "What does the warranty cover?",
    "Where is your nearest store?",
    "How do I clean a leather chair?",
    "Can I change my delivery date?",
    "I forgot my password.",
    "Is there a charge for cancelling an order?",
]


def run(story: Coroutine[Any, Any, Transcript]) -> Transcript:
    return asyncio.run(story)


def hear(name: str, **choices: str) -> Transcript:
    return run(whisper().transcribe(read_recording(RECORDINGS / name), **choices))


@pytest.mark.real
def test_jfk_is_understood_word_for_word_and_the_usage_is_written_down() -> None:
    transcript = hear("jfk.wav")
    said = (
        "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
    )
    assert word_errors(said, transcript.text) == 0
    assert transcript.lang == "en"
    (used,) = transcript.usage
    assert (used.meter, used.vendor, used.model, used.unit, used.quantity) == (
        "stt", "local", "whisper-base", "heard_ms", 11_000,
    )  # fmt: skip


@pytest.mark.real
def test_chinese_is_found_to_be_chinese() -> None:
    transcript = hear("zh_funasr_example.wav")
    assert transcript.lang == "zh"
    assert "欢迎大家来体验达摩院" in transcript.text


def test_speech_has_no_script() -> None:
    assert in_one_script("沙發可以退貨嗎?", lang="zh") == "沙发可以退货吗?"
    assert in_one_script("沙發", lang="ja") == "沙發"


@pytest.mark.real
def test_a_language_that_is_given_is_taken() -> None:
    assert hear("order_status.wav", lang="en").lang == "en"


@pytest.mark.real
@pytest.mark.parametrize("name", ["noise_engine.wav", "noise_room.wav"])
def test_noise_is_no_words(name: str) -> None:
    assert hear(name).text == ""


@pytest.mark.real
def test_silence_is_no_words() -> None:
    assert run(whisper().transcribe(Speech(silence(3000)))).text == ""


@pytest.mark.real
def test_a_telephone_line_changes_no_word() -> None:
    said = read_recording(RECORDINGS / "order_status.wav").samples
    line = decode(encode(resampled(said, from_hz=16_000, to_hz=8_000), "mulaw"), "mulaw")
    transcript = run(whisper().transcribe(Speech(resampled(line, from_hz=8_000))))
    assert word_errors("I'd like to check my order status, please.", transcript.text) == 0


@pytest.mark.real
def test_spoken_questions_are_understood_over_noise() -> None:
    """At 10 dB, of ten questions at least eight with at most one word wrong."""

    async def story() -> list[int]:
        noises = [read_recording(RECORDINGS / name).samples for name in ("noise_engine.wav", "noise_room.wav")]
        errors = []
        for n, question in enumerate(QUESTIONS):
            spoken = (await piper().speak(question, lang="en")).samples
            heard = await whisper().transcribe(mixed(spoken, noises[n % 2], snr_db=10, seed=n), lang="en")
            errors.append(word_errors(question, heard.text))
        return errors

    errors = asyncio.run(story())
    assert sum(count <= 1 for count in errors) >= 8, errors


@pytest.mark.parametrize(
    ("text", "is_loop"),
    [
        ("Ask not. Ask not. Ask not.", True),
        ("Ask not. Ask not. Ask not. Ask", True),
        ("Yes. Yes. Yes.", True),
        ("1,5,5,5,5,5,5,5,5,5", True),
        ("So so what what what what what", True),
        ("My order is 1-0-0-0-0-0", False),
        ("1-0-0-0-1 9-0-2-1-0 0-1-8-0-3", False),
        ("Hi, how are you? Hi, how are you?", False),
        ("no no", False),
        ("How long do I have to return a sofa?", False),
        ("", False),
    ],
)
def test_a_loop_is_told_from_speech(text: str, is_loop: bool) -> None:
    assert _is_loop(text) == is_loop


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("Hi, how are you? Hi, how are you?", "Hi, how are you?"),
        ("Down the middle. Down the middle. Down", "Down the middle."),
        ("She had a dark suit all year. She had a dark suit", "She had a dark suit all year."),
        ("no no", "no no"),
        ("4-7-1-4-7-1", "4-7-1-4-7-1"),
        ("1-2-3-4-5-1-2-3", "1-2-3-4-5-1-2-3"),
        ("four seven one four seven one", "four seven one four seven one"),
        ("My order is 471. My order is 471.", "My order is 471."),
        ("I said no, I said", "I said no, I said"),
        ("How long do I have to return a sofa?", "How long do I have to return a sofa?"),
        ("", ""),
    ],
)
def test_what_a_short_window_says_twice_was_said_once(text: str, once: str) -> None:
    assert said_once(text) == once


@pytest.mark.parametrize(
    ("text", "recites"),
    [
        ("Finch Points, Ballard Mill Avenue", True),
        ("finch points", True),
        ("How do I get Finch Points?", False),
        ("", False),
    ],
)
def test_a_recited_vocabulary_is_told_from_a_question(text: str, recites: bool) -> None:
    assert _recites(text, "Boise, Finch Points, Ballard Mill Avenue") == recites


@pytest.mark.real
@pytest.mark.parametrize("name", ["noise_engine.wav", "noise_room.wav"])
def test_noise_is_no_words_even_where_names_are_expected(name: str) -> None:
    heard = run(whisper().transcribe(read_recording(RECORDINGS / name), prompt="Finch Points, Ballard Mill Avenue"))
    assert heard.text == ""


def test_a_scripted_transcriber_is_strict() -> None:
    scripted = ScriptedTranscriber("hello", TranscriptionFailed("broken"))
    speech = Speech(np.zeros(1600, np.float32))
    assert run(scripted.transcribe(speech)).heard_ms == 100
    with pytest.raises(AssertionError, match="never said"):
        scripted.assert_finished()
    with pytest.raises(TranscriptionFailed):
        run(scripted.transcribe(speech))
    with pytest.raises(AssertionError, match="no further line"):
        run(scripted.transcribe(speech))
