"""Exchanges with the Realtime session as data: what a client sends and engines find, and every event that follows.

`python -m tests.realtime_exchange` writes the server's side of all recordings anew; read what has changed.
"""

import base64
import json
from collections import Counter, deque
from pathlib import Path
from typing import Any

import numpy as np
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from tests.scripted_call import LoudnessVad, caller
from voice.audio import PER_MS, RATE_HZ, resampled
from voice.codecs import Encoding, encode
from voice.endpointing import Endpointing
from voice.hearing import Hearing
from voice.playback import Piece
from web.realtime.client_events import parse
from web.realtime.items import Message
from web.realtime.orders import Answer, Out, Rebook, Stop, Transcribe
from web.realtime.problem import Problem
from web.realtime.response import Response
from web.realtime.server_events import error_of, written
from web.realtime.session import Session
from web.realtime.settings import SemanticVad, ServerVad
from web.realtime.sound import deltas
from web.realtime.transcription import completed, failed, transcribed

FOLDER = Path(__file__).parent / "recordings" / "realtime"
RECORDINGS = sorted(path.stem for path in FOLDER.glob("*.json"))
_EVENT: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
_WIRE: dict[str, tuple[Encoding, int]] = {
    "audio/pcm": ("s16le", 24_000), "audio/pcmu": ("mulaw", 8_000), "audio/pcma": ("alaw", 8_000),
}  # fmt: skip
Json = dict[str, Any]


def scripted_ear(wish: ServerVad | SemanticVad) -> Hearing:
    pause_ms = wish.silence_duration_ms if isinstance(wish, ServerVad) else 500
    preroll_ms = wish.prefix_padding_ms if isinstance(wish, ServerVad) else 250
    return Hearing(vad=LoudnessVad(), endpointing=Endpointing(pause_ms=pause_ms, preroll_ms=preroll_ms))


def spoken(*stretches: tuple[str, int], wire: str = "audio/pcm") -> str:
    """A caller as base64 in a client's format."""
    encoding, rate_hz = _WIRE[wire]
    sound = resampled(caller(*stretches).samples, from_hz=RATE_HZ, to_hz=rate_hz)
    return base64.b64encode(encode(sound, encoding)).decode()


class Exchange:
    """Plays the client, the recogniser and the agent against a session; keeps what is sent."""

    def __init__(self) -> None:
        self._ids: Counter[str] = Counter()
        self.session = Session(new_id=self._new_id, ear=scripted_ear, expires_at=1_800_000_000)
        self.sent: list[Json] = []
        self.stopped: list[Stop] = []
        self.rebooked: list[Message] = []
        self.to_hear: deque[Message] = deque()
        self.to_answer: deque[Response] = deque()
        self._do(self.session.open())

    def step(self, step: Json) -> None:
        """One of client, raw, caller, heard, answers, calls, finishes, fails."""
        match step:
            case {"client": event}:
                self._client(json.dumps(event))
            case {"raw": text}:
                self._client(text)
            case {"caller": stretches}:
                wire = self.session.settings.audio.input.format.type
                for what, ms in stretches:
                    for _ in range(ms // 100):
                        event = {"type": "input_audio_buffer.append", "audio": spoken((what, 100), wire=wire)}
                        self._client(json.dumps(event))
            case {"heard": text}:
                self._hear(text)
            case {"answers": text, **more}:
                self._answer(text, **more)
            case {"calls": name, "arguments": arguments}:
                self._do(self.to_answer[0].call(name, arguments))
            case {"finishes": True}:
                self._end(self.to_answer[0].finish())
            case {"fails": code}:
                self._end(self.to_answer[0].fail("It failed.", code=code))
            case _:
                raise AssertionError(f"no such step: {step}")

    def _client(self, text: str) -> None:
        event = None
        try:
            event = parse(text)
            self._do(self.session.take(event))
        except Problem as problem:
            problem.event_id = event.event_id if event else problem.event_id
            self._do([error_of(problem)])

    def _hear(self, text: str | None) -> None:
        message, settings = self.to_hear.popleft(), self.session.settings
        if text is None:
            self._do(failed(settings, message, 0))
            return
        self._do(transcribed(settings, message, 0, text))
        self._do(completed(settings, message, 0))

    def _answer(self, text: str, *, ms: int = 0, until_ms: int | None = None) -> None:
        """A clause, `ms` long; the client is cut off from what comes after `until_ms`."""
        response = self.to_answer[0]
        self._do(response.say(text))
        if ms and response.wanted.modality == "audio":
            samples = np.zeros(ms * PER_MS, dtype=np.float32)
            response.voice(Piece(text, samples))
            for delta in deltas(samples[: (until_ms or ms) * PER_MS]):
                self._do(response.sound(delta))

    def _end(self, outs: list[Any]) -> None:
        self._do(outs)
        self._do(self.session.over(self.to_answer.popleft()))

    def _do(self, outs: Any) -> None:
        for out in outs:
            self._one(out)

    def _one(self, out: Out) -> None:
        match out:
            case Transcribe():
                self.to_hear.append(out.message)
            case Answer():
                self.to_answer.append(out.response)
            case Stop():
                self.stopped.append(out)
                self.to_answer.remove(out.response)
            case Rebook():
                self.rebooked.append(out.message)
            case _:
                event = json.loads(written(out, event_id=self._new_id("event")))
                _EVENT.validate_python(event, strict=True)
                self.sent.append(event)

    def _new_id(self, prefix: str) -> str:
        self._ids[prefix] += 1
        return f"{prefix}_{self._ids[prefix]}"


def played(steps: list[Json]) -> list[Json]:
    """The same steps, each followed by what the server sent."""
    exchange, told = Exchange(), list[Json]()
    told.append({"server": _drained(exchange)})
    for step in (step for step in steps if "server" not in step):
        exchange.step(step)
        told.append(step)
        if server := _drained(exchange):
            told.append({"server": server})
    return told


def read(name: str) -> list[Json]:
    steps: list[Json] = json.loads((FOLDER / f"{name}.json").read_text())
    return steps


def _drained(exchange: Exchange) -> list[Json]:
    sent, exchange.sent = exchange.sent, []
    return [_brief({name: value for name, value in event.items() if name != "event_id"}) for event in sent]


def _brief(event: Json) -> Json:
    """Sound by its length, and the whole settings only where they are told."""
    if event["type"] == "response.output_audio.delta":
        return {**event, "delta": f"{len(base64.b64decode(event['delta']))} bytes"}
    if event["type"] == "conversation.item.retrieved":
        content = event["item"].get("content", [])
        brief = [
            {**part, "audio": f"{len(base64.b64decode(part['audio']))} bytes"} if "audio" in part else part
            for part in content
        ]
        return {**event, "item": {**event["item"], **({"content": brief} if brief else {})}}
    return event


if __name__ == "__main__":
    for name in RECORDINGS:
        lines = ",\n".join(
            " " + json.dumps(step, ensure_ascii=False)
            if "server" not in step
            else ' {"server": [\n'
            + ",\n".join(f"   {json.dumps(e, ensure_ascii=False)}" for e in step["server"])
            + "\n ]}"
            for step in played(read(name))
        )
        (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")
