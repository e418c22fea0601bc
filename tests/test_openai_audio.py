"""Speech servers of one's own, over a real socket."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np
import pytest

from agent.usage import Usage
from voice.audio import Speech, silence
from voice.openai_audio import OpenAISynthesizer, OpenAITranscriber
from voice.synthesizer import SynthesisFailed
from voice.transcriber import TranscriptionFailed


class Server(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, bytes]]] = []
    status = 200
    page: ClassVar[bytes | None] = None
    """Instead of a reply."""
    kind = "application/json"
    is_slow: ClassVar[threading.Event | None] = None
    is_asked: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        self.asked.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        if self.is_slow:
            self.is_asked.set()
            self.is_slow.wait(10)
            return
        if self.path.endswith("/transcriptions"):
            reply = json.dumps({"text": " 多久可以退货? "}).encode()
        else:
            reply = (np.ones(24_000) * 3000).astype("<i2").tobytes()
        reply = reply if self.page is None else self.page
        self.send_response(self.status)
        self.send_header("content-type", self.kind)
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def base_url() -> Iterator[str]:
    Server.asked, Server.status, Server.page, Server.kind = [], 200, None, "application/json"
    Server.is_slow = None
    Server.is_asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_transcription_server_hears_a_wav_and_its_language_is_read_from_the_text(base_url: str) -> None:
    engine = OpenAITranscriber(base_url=base_url, api_key="none", model="my-whisper", vendor="local")
    transcript = asyncio.run(engine.transcribe(Speech(silence(500))))
    assert (transcript.text, transcript.lang) == ("多久可以退货?", "zh")
    assert (transcript.usage[0].model, transcript.usage[0].quantity) == ("my-whisper", 500)
    path, body = Server.asked[0]
    assert path == "/v1/audio/transcriptions"
    assert b"RIFF" in body


def test_a_speech_server_speaks_at_our_rate(base_url: str) -> None:
    engine = OpenAISynthesizer(base_url=base_url, api_key="none", model="my-voice", voice="anna", vendor="local")
    utterance = asyncio.run(engine.speak("Hello.", lang="en"))
    assert len(utterance.samples) == pytest.approx(16_000, abs=50)
    assert utterance.usage[0].quantity == 6
    assert json.loads(Server.asked[0][1])["voice"] == "anna"


@pytest.mark.parametrize("page", [b"", b"{", b"<html>busy</html>", b"[]", b"{}"])
def test_a_server_that_sends_something_else_is_a_failed_engine(base_url: str, page: bytes) -> None:
    Server.page = page
    with pytest.raises(TranscriptionFailed):
        asyncio.run(OpenAITranscriber(base_url=base_url, api_key="none", model="m").transcribe(Speech(silence(500))))
    Server.kind = "text/html"
    with pytest.raises(TranscriptionFailed):
        asyncio.run(OpenAITranscriber(base_url=base_url, api_key="none", model="m").transcribe(Speech(silence(500))))
    with pytest.raises(SynthesisFailed):
        asyncio.run(OpenAISynthesizer(base_url=base_url, api_key="none", model="m", voice="v").speak("Hi.", lang="en"))


def test_a_server_that_fails_or_is_not_there_is_a_failed_engine(base_url: str) -> None:
    Server.status = 500
    told: list[Usage] = []
    failing = OpenAITranscriber(base_url=base_url, api_key="none", model="m")
    nowhere = OpenAISynthesizer(base_url="http://127.0.0.1:9/v1", api_key="none", model="m", voice="v")
    failing.in_vain = nowhere.in_vain = told.append
    with pytest.raises(TranscriptionFailed):
        asyncio.run(failing.transcribe(Speech(silence(500))))
    with pytest.raises(SynthesisFailed):
        asyncio.run(nowhere.speak("Hello.", lang="en"))
    assert told == []  # nobody bills for a refusal


def test_nonsense_for_words_and_an_answer_nobody_waits_for_may_be_billed(base_url: str) -> None:
    told: list[Usage] = []
    ear = OpenAITranscriber(base_url=base_url, api_key="none", model="m", vendor="acme")
    ear.in_vain = told.append
    Server.page = b"{}"
    with pytest.raises(TranscriptionFailed):
        asyncio.run(ear.transcribe(Speech(silence(500))))
    Server.page, Server.is_slow = None, threading.Event()

    async def interrupted() -> None:
        asked = asyncio.ensure_future(ear.transcribe(Speech(silence(300))))
        await asyncio.to_thread(Server.is_asked.wait, 10)
        asked.cancel()
        await asyncio.wait([asked])
        assert Server.is_slow
        Server.is_slow.set()

    asyncio.run(interrupted())
    assert [(used.vendor, used.purpose, used.quantity) for used in told] == [
        ("acme", "retry", 500),
        ("acme", "retry", 300),
    ]
