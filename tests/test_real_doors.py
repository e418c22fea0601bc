"""A real server called as telephone companies call it: speech engines, books, and an answer that is understood."""

import asyncio
import base64
import json
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import websockets

from tests.conftest import Server, free_port
from tests.real_engines import piper, whisper
from tests.telephones import CALL, asterisk_event, twilio_media, twilio_start
from voice.audio import RATE_HZ, Speech, resampled, silence
from voice.codecs import Encoding, decode, encode
from voice.wires.audiosocket import frame

pytestmark = [pytest.mark.real, pytest.mark.soak]

QUESTION = "How long do I have to return a sofa?"
HEARD_FOR_S = 12.0
GREETED_MS = 3_500
FRAME = 160


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Any:
    server = Server(tmp_path_factory.mktemp("exchange"), DIME_CALLS_MOST="4", DIME_AUDIOSOCKET_PORT=str(free_port()))
    server.start()
    until = time.monotonic() + 240
    while ask(server, "/readyz")["calls"]["engines"] != "ready":
        assert time.monotonic() < until, "the engines were never warm"
        time.sleep(0.5)
    yield server
    server.stop()


def ask(server: Server, path: str) -> Any:
    with urllib.request.urlopen(f"{server.url}{path}", timeout=10) as response:
        return json.loads(response.read())


@pytest.fixture(scope="module")
def question() -> np.ndarray[Any, Any]:
    """As a telephone carries it: 8 kHz, after the greeting, and then the caller waits."""
    speech = asyncio.run(piper().speak(QUESTION, lang="en")).samples
    said = np.concatenate([silence(GREETED_MS), speech, silence(HEARD_FOR_S * 1000)])
    return resampled(said, from_hz=RATE_HZ, to_hz=8_000)


def understood(payload: bytes, encoding: Encoding) -> str:
    speech = Speech(resampled(decode(payload, encoding), from_hz=8_000))
    return asyncio.run(whisper().transcribe(speech, lang="en")).text.lower()


async def by_audiosocket(server: Server, said: Any) -> bytes:
    port = int(server.settings["DIME_AUDIOSOCKET_PORT"])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(frame(0x01, CALL.bytes))
    hearing = asyncio.create_task(reader.read())
    await paced(said, "s16le", lambda payload: _write(writer, frame(0x10, payload)))
    writer.write(frame(0x00))
    stream, heard, at = await hearing, b"", 0
    while at < len(stream):
        kind, length = stream[at], int.from_bytes(stream[at + 1 : at + 3], "big")
        heard += stream[at + 3 : at + 3 + length] if kind == 0x10 else b""
        at += 3 + length
    return heard


async def _write(writer: asyncio.StreamWriter, message: bytes) -> None:
    writer.write(message)


async def by_twilio(server: Server, said: Any) -> bytes:
    heard = b""
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/twilio/media") as line:

        async def listen() -> None:
            nonlocal heard
            async for message in line:
                event = json.loads(message)
                if event["event"] == "media":
                    heard += base64.b64decode(event["media"]["payload"])
                elif event["event"] == "mark":
                    with suppress(websockets.ConnectionClosedOK):  # the call is over
                        await line.send(json.dumps({"event": "mark", "streamSid": "MZ1", "mark": event["mark"]}))

        await line.send(twilio_start(call=str(CALL), lang="en"))
        listening = asyncio.create_task(listen())
        sent = iter(range(1, 10_000))
        await paced(said, "mulaw", lambda payload: line.send(twilio_media(payload, chunk=next(sent))))
        await line.send('{"event": "stop"}')
        await listening
    return heard


async def by_asterisk(server: Server, said: Any) -> bytes:
    heard = b""
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/asterisk?call={CALL}") as line:

        async def listen() -> None:
            nonlocal heard
            async for message in line:
                if isinstance(message, bytes):
                    heard += message
                elif message.startswith("MARK_MEDIA "):
                    with suppress(websockets.ConnectionClosedOK):
                        await line.send(message.replace("MARK_MEDIA", "MEDIA_MARK_PROCESSED"))

        await line.send(asterisk_event("MEDIA_START", format="alaw"))
        listening = asyncio.create_task(listen())
        await paced(said, "alaw", line.send)
        await line.send("HANGUP")
        await listening
    return heard


async def paced(said: Any, encoding: Encoding, send: Callable[[bytes], Any]) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    for number, at in enumerate(range(0, len(said), FRAME), 1):
        await send(encode(said[at : at + FRAME], encoding))
        await asyncio.sleep(max(0.0, began + number * 0.02 - clock()))


@pytest.mark.parametrize(
    ("door", "call", "encoding"),
    [
        ("audiosocket", by_audiosocket, "s16le"),
        ("twilio", by_twilio, "mulaw"),
        ("asterisk", by_asterisk, "alaw"),
    ],
)
def test_a_spoken_question_is_answered_by_telephone(
    exchange: Server, question: Any, door: str, call: Any, encoding: Encoding
) -> None:
    answer = understood(asyncio.run(call(exchange, question)), encoding)
    told = ask(exchange, f"/api/v1/calls/{CALL}")
    assert "30 days" in answer or "thirty days" in answer, answer
    assert (told["door"], told["ending"], told["outcome"], told["turns"]) == (door, "hangup", "hangup", 1)
    assert told["mouth_to_ear_ms_median"] > 0
    (turn, reply) = ask(exchange, f"/api/v1/conversations/{told['conversation']}")["transcript"][:2]
    assert "return" in turn["text"].lower()
    assert "sofa" in reply["text"]
