"""What a speech server of one's own replies, well or slowly, by the real engines; how else it misbehaves, and that it
turns bad only later, is for any server. See tests/bad_model_server.py."""

import asyncio
import io
import json

import soundfile

from tests.bad_model_server import Asked, Reply
from voice.audio import RATE_HZ, Speech, resampled
from voice.openai_audio import OPENAI_PCM_HZ
from voice.synthesizer import Synthesizer
from voice.transcriber import Transcriber


class Turning:
    """Goes well until `is_bad`, and counts who met the other."""

    def __init__(self, well: Reply, bad: Reply) -> None:
        self.is_bad, self.met = False, 0
        self._well, self._bad = well, bad

    async def __call__(self, asked: Asked) -> None:
        self.met += self.is_bad
        await (self._bad if self.is_bad else self._well)(asked)


def hears(transcriber: Transcriber, *, times: int = 1) -> Reply:
    """English, so many times as slowly as the engine."""

    async def reply(asked: Asked) -> None:
        began_s = _now_s()
        recording = io.BytesIO(asked.raw[asked.raw.index(b"RIFF") :])
        samples, _ = await asyncio.to_thread(soundfile.read, recording, dtype="float32")
        transcript = await transcriber.transcribe(Speech(samples), lang="en")
        await asked.until_hung_up(within_s=(times - 1) * (_now_s() - began_s))
        await _send_whole(asked, json.dumps({"text": transcript.text}).encode(), kind="application/json")

    return reply


def speaks(voice: Synthesizer, *, times: int = 1) -> Reply:
    async def reply(asked: Asked) -> None:
        began_s = _now_s()
        spoken = (await voice.speak(asked.body["input"], lang="en")).samples
        await asked.until_hung_up(within_s=(times - 1) * (_now_s() - began_s))
        linear = resampled(spoken, from_hz=RATE_HZ, to_hz=OPENAI_PCM_HZ).clip(-1, 1) * 32_767
        await _send_whole(asked, linear.astype("<i2").tobytes(), kind="application/octet-stream")

    return reply


async def _send_whole(asked: Asked, body: bytes, *, kind: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    await asked.send(head.encode() + body)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
