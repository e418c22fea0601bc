"""Speech servers of one's own, over a real socket."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np
import pytest

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

    def do_POST(self) -> None:
        self.asked.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
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
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
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
    with pytest.raises(TranscriptionFailed):
        asyncio.run(OpenAITranscriber(base_url=base_url, api_key="none", model="m").transcribe(Speech(silence(500))))
    with pytest.raises(SynthesisFailed):
        nowhere = OpenAISynthesizer(base_url="http://127.0.0.1:9/v1", api_key="none", model="m", voice="v")
        asyncio.run(nowhere.speak("Hello.", lang="en"))
