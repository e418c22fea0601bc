"""Every engine, ours or a server's, holds to the same: bad input is words or none, never an exception of its own."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
import pytest

from agent.usage import Usage
from knowledge.weights import find
from tests.real_engines import CACHE, RECORDINGS, kokoro, piper, whisper
from voice.audio import RATE_HZ, Samples, Speech, silence
from voice.engines import Choices, open_engines, teach
from voice.floor import Pyttsx3Synthesizer
from voice.kokoro import KokoroSynthesizer
from voice.openai_audio import OpenAISynthesizer, OpenAITranscriber
from voice.piper import PiperSynthesizer
from voice.synthesizer import ScriptedSynthesizer, SynthesisFailed, Utterance
from voice.transcriber import ScriptedTranscriber, Transcript, TranscriptionFailed
from voice.weights import KOKORO, PIPER, WHISPER
from voice.whisper import WhisperTranscriber
from voice.wires.recording import read_recording

Result = TypeVar("Result")
NOISE = np.random.default_rng(0).standard_normal(2 * RATE_HZ).astype(np.float32) * 0.05
PATIENCE_S = 120.0
"""The machine may be busy with anything; a test that hangs ends all the same."""


class SpeechServer(BaseHTTPRequestHandler):
    """A small server that speaks OpenAI's protocol; while it is held it answers nobody."""

    is_held: ClassVar[threading.Event]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.is_held.is_set():
            threading.Event().wait(1.0)
            self.close_connection = True
            return
        if self.path.endswith("/transcriptions"):
            reply = json.dumps({"text": ""}).encode()
        else:
            text = json.loads(body)["input"]
            reply = (np.ones(1200 * len(text)) * 3000).astype("<i2").tobytes()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    SpeechServer.is_held = threading.Event()
    listening = ThreadingHTTPServer(("127.0.0.1", 0), SpeechServer)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/v1"
    listening.shutdown()
    listening.server_close()


class _Closing(Protocol):
    async def close(self) -> None: ...


def run(engine: _Closing, story: Coroutine[Any, Any, Result]) -> Result:
    async def told() -> Result:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await story
        finally:
            if not isinstance(engine, WhisperTranscriber | PiperSynthesizer | KokoroSynthesizer):  # for all tests
                await engine.close()

    return asyncio.run(told())


REAL = pytest.mark.real
EARS = [pytest.param("whisper", marks=REAL), "server", "scripted"]
VOICES = [
    pytest.param("piper", marks=REAL), pytest.param("kokoro", marks=REAL), pytest.param("pyttsx3", marks=REAL),
    "server", "scripted",
]  # fmt: skip


class Ear(Protocol):
    async def transcribe(
        self,
        speech: Speech,
        *,
        lang: str | None = None,
        prompt: str = "",
        is_speculative: bool = False,
        call: Any = None,
    ) -> Transcript: ...

    def confirm(self, *, call: Any) -> None: ...

    def withdraw(self, *, call: Any) -> None: ...

    async def close(self) -> None: ...


class Mouth(Protocol):
    async def speak(self, text: str, *, lang: str, call: Any = None) -> Utterance: ...

    async def close(self) -> None: ...


class _ScriptedEar(ScriptedTranscriber):
    async def close(self) -> None:
        pass


class _ScriptedMouth(ScriptedSynthesizer):
    async def close(self) -> None:
        pass


@pytest.fixture
def ear(request: pytest.FixtureRequest, server: str) -> Ear:
    return whisper() if request.param == "whisper" else opened_ear(request.param, server)


def opened_ear(name: str, server: str) -> Ear:
    """One of its own, that may be closed."""
    match name:
        case "whisper":
            return WhisperTranscriber(str(find(WHISPER, CACHE)), patience_s=PATIENCE_S)
        case "server":
            return OpenAITranscriber(base_url=server, api_key="none", model="m")
        case _:
            return _ScriptedEar(*["hello"] * 9)


@pytest.fixture
def mouth(request: pytest.FixtureRequest, server: str) -> Mouth:
    match request.param:
        case "piper":
            return piper()
        case "kokoro":
            return kokoro()
        case other:
            return opened_mouth(other, server)


def opened_mouth(name: str, server: str) -> Mouth:
    """One of its own, that may be closed."""
    match name:
        case "piper":
            return PiperSynthesizer(find(PIPER, CACHE) / PIPER.files[0].name)
        case "kokoro":
            return KokoroSynthesizer(find(KOKORO, CACHE))
        case "pyttsx3":
            return Pyttsx3Synthesizer(patience_s=60)
        case "server":
            return OpenAISynthesizer(base_url=server, api_key="none", model="m", voice="v")
        case _:
            return _ScriptedMouth()


def lang_of(mouth: Mouth) -> str:
    return "zh" if isinstance(mouth, KokoroSynthesizer) else "en"


def sounds() -> dict[str, Samples]:
    jfk = read_recording(RECORDINGS / "jfk.wav").samples
    return {
        "nothing": silence(0),
        "one sample": silence(0.0625),
        "silence": silence(2000),
        "noise": NOISE,
        "forty seconds": np.concatenate([jfk] * 4),
        "not a number": np.full(RATE_HZ, np.nan, dtype=np.float32),
        "far too loud": np.full(RATE_HZ, 1e6, dtype=np.float32),
    }


@pytest.mark.parametrize("ear", EARS, indirect=True)
def test_any_sound_is_words_or_none_and_its_length_is_written_down(ear: Ear) -> None:
    async def story() -> dict[str, Transcript]:
        return {name: await ear.transcribe(Speech(samples)) for name, samples in sounds().items()}

    for name, transcript in run(ear, story()).items():
        assert isinstance(transcript.text, str)
        assert 0 <= transcript.confidence <= 1, name
        (used,) = transcript.usage
        assert used.quantity == round(len(sounds()[name]) / 16), name
        if not isinstance(ear, ScriptedTranscriber) and name in ("nothing", "one sample", "silence", "noise"):
            assert transcript.text == "", name


@pytest.mark.parametrize("ear", EARS, indirect=True)
@pytest.mark.parametrize("lang", ["zh", "de", "xx"])
def test_a_wrong_language_is_no_error_and_a_prompt_is_no_words(ear: Ear, lang: str) -> None:
    samples = silence(1000)
    transcript = run(
        ear, ear.transcribe(Speech(samples), lang=lang, prompt="Finch Points, Ballard Mill Avenue", call="a")
    )
    assert transcript.lang == lang
    if not isinstance(ear, ScriptedTranscriber):
        assert transcript.text == ""


@pytest.mark.parametrize("ear", EARS, indirect=True)
def test_two_are_heard_at_once_one_of_them_a_confirmed_guess(ear: Ear) -> None:
    async def story() -> list[Transcript]:
        guess = asyncio.ensure_future(ear.transcribe(Speech(NOISE), lang="en", is_speculative=True, call="a"))
        await asyncio.sleep(0)
        ear.confirm(call="a")
        return await asyncio.gather(guess, ear.transcribe(Speech(NOISE), lang="en", call="b"))

    assert len(run(ear, story())) == 2


@pytest.mark.parametrize("ear", EARS, indirect=True)
def test_a_guess_that_is_withdrawn_is_heard_or_fails_and_the_next_is_heard(ear: Ear) -> None:
    async def story() -> Transcript:
        guess = asyncio.ensure_future(ear.transcribe(Speech(NOISE), lang="en", is_speculative=True, call="a"))
        await asyncio.sleep(0)
        ear.withdraw(call="a")
        (withdrawn,) = await asyncio.gather(guess, return_exceptions=True)
        assert isinstance(withdrawn, Transcript | TranscriptionFailed)
        return await ear.transcribe(Speech(NOISE), lang="en", call="a")

    assert run(ear, story()).lang == "en"


@pytest.mark.parametrize("ear", EARS, indirect=True)
def test_whoever_stops_waiting_leaves_an_ear_that_hears_the_next(ear: Ear) -> None:
    async def story() -> Transcript:
        left = asyncio.ensure_future(ear.transcribe(Speech(NOISE), lang="en"))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        return await ear.transcribe(Speech(NOISE), lang="en")

    assert run(ear, story()).heard_ms == pytest.approx(2000)


@pytest.mark.parametrize("name", EARS)
def test_an_ear_that_is_closed_while_busy_fails_as_an_ear(name: str, server: str) -> None:
    ear = opened_ear(name, server)

    async def story() -> list[object]:
        busy = [asyncio.ensure_future(ear.transcribe(Speech(NOISE), lang="en")) for _ in range(3)]
        await asyncio.sleep(0)
        await ear.close()
        return await asyncio.gather(*busy, return_exceptions=True)

    for outcome in run(ear, story()):
        assert isinstance(outcome, Transcript | TranscriptionFailed), outcome


@pytest.mark.parametrize("mouth", VOICES, indirect=True)
@pytest.mark.parametrize(
    "text", ["", " ", "...", "😀", "\n\n", "Yes", "好", "it's – “quoted”", "Grüße, 你好, привет", "\x00\ufffd"]
)
def test_any_text_is_sound_or_silence(mouth: Mouth, text: str) -> None:
    utterance = run(mouth, mouth.speak(text, lang=lang_of(mouth)))
    assert utterance.samples.dtype == np.float32
    assert np.isfinite(utterance.samples).all()
    if any(character.isascii() and character.isalpha() for character in text):
        assert len(utterance.samples)


AT_LENGTH = [
    *(pytest.param(name, marks=[REAL, pytest.mark.soak]) for name in ("piper", "kokoro")),
    pytest.param("pyttsx3", marks=REAL), "server", "scripted",
]  # fmt: skip


@pytest.mark.parametrize("mouth", AT_LENGTH, indirect=True)
def test_two_thousand_characters_are_all_spoken(mouth: Mouth) -> None:
    """Of Mandarin a hundred: its voice needs as long as it speaks."""
    sentence, count = (
        ("您可以在三十天内退货。", 10) if lang_of(mouth) == "zh" else ("You have thirty days to return it. ", 57)
    )
    utterance = run(mouth, mouth.speak(sentence * count, lang=lang_of(mouth)))
    assert len(utterance.samples) / RATE_HZ > count * 0.8


@pytest.mark.parametrize("mouth", VOICES, indirect=True)
def test_two_speak_at_once_and_one_who_is_cut_off_does_not_spoil_the_next(mouth: Mouth) -> None:
    async def story() -> list[Utterance]:
        left = asyncio.ensure_future(mouth.speak("One moment, please.", lang=lang_of(mouth), call="a"))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        lang = lang_of(mouth)
        return await asyncio.gather(mouth.speak("Yes", lang=lang, call="a"), mouth.speak("No", lang=lang, call="b"))

    assert all(len(utterance.samples) for utterance in run(mouth, story()))


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_that_is_closed_while_busy_fails_as_a_voice(name: str, server: str) -> None:
    mouth = opened_mouth(name, server)

    async def story() -> list[object]:
        lang = lang_of(mouth)
        busy = [asyncio.ensure_future(mouth.speak("One moment, please.", lang=lang)) for _ in range(3)]
        await asyncio.sleep(0)
        await mouth.close()
        return await asyncio.gather(*busy, return_exceptions=True)

    for outcome in run(mouth, story()):
        assert isinstance(outcome, Utterance | SynthesisFailed), outcome


def test_a_server_that_never_answers_is_a_failed_engine(server: str) -> None:
    ear = OpenAITranscriber(base_url=server, api_key="none", model="m", patience_s=0.2)
    mouth = OpenAISynthesizer(base_url=server, api_key="none", model="m", voice="v", patience_s=0.2)
    told: list[Usage] = []
    ear.in_vain = mouth.in_vain = told.append
    SpeechServer.is_held.set()
    try:
        with pytest.raises(TranscriptionFailed):
            run(ear, ear.transcribe(Speech(NOISE)))
        with pytest.raises(SynthesisFailed):
            run(mouth, mouth.speak("hello", lang="en"))
    finally:
        SpeechServer.is_held.clear()
    billed = [(used.meter, used.quantity, used.purpose, used.estimated) for used in told]
    assert billed == [("stt", Decimal(2000), "retry", True), ("tts", Decimal(5), "retry", True)]


def test_every_choice_opens_engines_of_the_protocol(tmp_path: Any) -> None:
    engines = open_engines(Choices(tmp_path, whisper="http://127.0.0.1:9/v1", piper_en="http://127.0.0.1:9/v1"))
    teach(engines.transcriber, {"en": "Finch Points"})
    assert isinstance(engines.transcriber, OpenAITranscriber)
    assert engines.transcriber.vocabulary == {"en": "Finch Points"}
    assert engines.missing
