"""Telephones for tests: the far end of each door's protocol, in virtual time, with an ear that hears at its pace."""

import asyncio
import base64
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import numpy as np

from agent.turn import Turn, Who
from tests.scripted_call import CONVERSATION, PHRASES, Agent, CallerSays, LoudnessVad, WordsTranscriber, everything
from tests.virtual_time import in_virtual_time
from voice.audio import RATE_HZ, Samples, Speech, resampled
from voice.call import Call
from voice.codecs import Encoding, decode, encode
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from voice.wire import CallEvent, Ending, TurnDone
from voice.wires.asterisk import FORMATS, AsteriskDialect
from voice.wires.audiosocket import RATES_HZ, AudioSocketDialect, frame
from voice.wires.dialect import Dialect, Message
from voice.wires.line import Line
from voice.wires.twilio import TwilioDialect

CALL = UUID("40325ec2-5efd-4bd3-805f-53576e581d13")
FRAME_S = 0.02


class Telephone(Protocol):
    """Speaks a protocol as its far end does."""

    buffered: deque[bytes | str]
    """Frames to play, and marks to send back once it gets there."""
    cleared: int
    is_hung_up: bool
    encoding: Encoding
    rate_hz: int

    def dialect(self) -> Dialect: ...

    def opening(self) -> list[Message]: ...

    def says(self, payload: bytes) -> Message: ...

    def presses(self, digit: str) -> Message: ...

    def hangs_up(self) -> Message: ...

    def hears(self, message: Message) -> None: ...

    def marked(self, name: str) -> Message: ...


@dataclass
class TwilioTelephone:
    buffered: deque[bytes | str] = field(default_factory=deque)
    cleared: int = 0
    is_hung_up: bool = False
    encoding: Encoding = "mulaw"
    rate_hz: int = 8_000
    sent: int = 0

    def dialect(self) -> Dialect:
        return TwilioDialect()

    def opening(self) -> list[Message]:
        return [json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}), twilio_start()]

    def says(self, payload: bytes) -> Message:
        self.sent += 1
        return twilio_media(payload, chunk=self.sent)

    def presses(self, digit: str) -> Message:
        return json.dumps({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": digit}})

    def hangs_up(self) -> Message:
        return json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {"accountSid": "AC1", "callSid": "CA1"}})

    def marked(self, name: str) -> Message:
        return json.dumps({"event": "mark", "streamSid": "MZ1", "mark": {"name": name}})

    def hears(self, message: Message) -> None:
        event = json.loads(message)
        assert event["streamSid"] == "MZ1"
        match event["event"]:
            case "media":
                self.buffered.append(base64.b64decode(event["media"]["payload"], validate=True))
            case "mark":
                self.buffered.append(event["mark"]["name"])
            case "clear":
                self.cleared += 1
                self.buffered = deque(piece for piece in self.buffered if isinstance(piece, str))
            case other:
                raise AssertionError(f"Twilio knows no {other}")


def twilio_start(encoding: str = "audio/x-mulaw", rate_hz: int = 8_000, **parameters: str) -> str:
    told = {"encoding": encoding, "sampleRate": rate_hz, "channels": 1}
    start = {
        "streamSid": "MZ1", "accountSid": "AC1", "callSid": "CA1", "tracks": ["inbound"], "mediaFormat": told,
        "customParameters": parameters,
    }  # fmt: skip
    return json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": start})


def twilio_media(payload: bytes | str, *, chunk: int) -> str:
    told = payload if isinstance(payload, str) else base64.b64encode(payload).decode()
    media = {"track": "inbound", "chunk": str(chunk), "timestamp": str(chunk * 20), "payload": told}
    return json.dumps({"event": "media", "sequenceNumber": str(chunk + 1), "streamSid": "MZ1", "media": media})


@dataclass
class AudioSocketTelephone:
    buffered: deque[bytes | str] = field(default_factory=deque)
    cleared: int = 0
    is_hung_up: bool = False
    kind: int = 0x10
    encoding: Encoding = "s16le"

    @property
    def rate_hz(self) -> int:
        return RATES_HZ[self.kind]

    def dialect(self) -> Dialect:
        return AudioSocketDialect()

    def opening(self) -> list[Message]:
        return [frame(0x01, CALL.bytes)]

    def says(self, payload: bytes) -> Message:
        return frame(self.kind, payload)

    def presses(self, digit: str) -> Message:
        return frame(0x03, digit.encode())

    def hangs_up(self) -> Message:
        return frame(0x00)

    def marked(self, name: str) -> Message:
        raise AssertionError(f"AudioSocket has no marks: {name}")

    def hears(self, message: Message) -> None:
        assert isinstance(message, bytes)
        kind, length = message[0], int.from_bytes(message[1:3], "big")
        assert len(message) == 3 + length
        if kind == 0x00:
            self.is_hung_up = True
            return
        assert kind == self.kind
        assert length > 0, "an error to Asterisk"
        self.buffered.append(message[3:])


@dataclass
class AsteriskTelephone:
    buffered: deque[bytes | str] = field(default_factory=deque)
    cleared: int = 0
    is_hung_up: bool = False
    format: str = "ulaw"
    is_json: bool = False

    @property
    def encoding(self) -> Encoding:
        return FORMATS[self.format][0]

    @property
    def rate_hz(self) -> int:
        return FORMATS[self.format][1]

    def dialect(self) -> Dialect:
        return AsteriskDialect()

    def opening(self) -> list[Message]:
        return [asterisk_event("MEDIA_START", is_json=self.is_json, format=self.format, optimal_frame_size="160")]

    def says(self, payload: bytes) -> Message:
        return payload

    def presses(self, digit: str) -> Message:
        return asterisk_event("DTMF_END", is_json=self.is_json, digit=digit)

    def hangs_up(self) -> Message:
        return asterisk_event("HANGUP", is_json=self.is_json)

    def marked(self, name: str) -> Message:
        if self.is_json:
            return asterisk_event("MEDIA_MARK_PROCESSED", is_json=True, correlation_id=name)
        return f"MEDIA_MARK_PROCESSED {name}"

    def hears(self, message: Message) -> None:
        if isinstance(message, bytes):
            assert len(message) == self.rate_hz // 50 * (2 if self.encoding == "s16le" else 1), "it drops part frames"
            self.buffered.append(message)
            return
        command, about = self._command(message)
        match command:
            case "MARK_MEDIA":
                self.buffered.append(about)
            case "FLUSH_MEDIA":
                self.cleared += 1
                self.buffered.clear()
            case "HANGUP":
                self.is_hung_up = True
            case other:
                raise AssertionError(f"Asterisk knows no {other}")

    def _command(self, message: str) -> tuple[str, str]:
        if self.is_json:
            told = json.loads(message)
            return told["command"], told.get("correlation_id", "")
        command, _, about = message.partition(" ")
        return command, about


def asterisk_event(name: str, *, is_json: bool = False, **said: str) -> str:
    said = {"channel_id": "1700000000.7", **said}
    if is_json:
        return json.dumps({"event": name, **said})
    return " ".join([name, *(f"{key}:{value}" for key, value in said.items())])


DOORS: dict[str, Callable[[], Telephone]] = {
    "twilio": TwilioTelephone,
    "audiosocket": AudioSocketTelephone,
    "audiosocket at 16 kHz": lambda: AudioSocketTelephone(kind=0x12),
    "asterisk ulaw": AsteriskTelephone,
    "asterisk alaw, json": lambda: AsteriskTelephone(format="alaw", is_json=True),
    "asterisk slin": lambda: AsteriskTelephone(format="slin"),
    "asterisk slin16, json": lambda: AsteriskTelephone(format="slin16", is_json=True),
}


@dataclass
class Held:
    ending: Ending
    turns: list[TurnDone]
    ear: Samples
    """What the caller heard, at 16 kHz, from the first sample said on."""
    agent: Agent
    telephone: Telephone
    line: Line

    def level(self, from_ms: int, to_ms: int) -> float:
        return float(np.abs(self.ear[from_ms * 16 : to_ms * 16]).mean())


class Noting(Line):
    """A line that remembers what it was told."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self.events: list[CallEvent] = []

    async def tell(self, event: CallEvent) -> None:
        self.events.append(event)


def hold(
    telephone: Telephone,
    caller: Speech | CallerSays,
    *lines: str,
    agent: Agent | None = None,
    hangs_up: bool = True,
    script: Callable[[int, Message], list[Message]] = lambda _, message: [message],
) -> Held:
    """The whole call in virtual time; `script` turns each frame into what is really sent."""
    agent = agent or Agent()
    said = caller.speech if isinstance(caller, CallerSays) else caller
    ears = WordsTranscriber(caller) if isinstance(caller, CallerSays) else ScriptedTranscriber(*lines)

    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    async def story() -> Held:
        line = Noting(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        call = Call(
            hearing=Hearing(vad=LoudnessVad()), transcriber=ears, voice=ScriptedSynthesizer(),
            answer=agent.answer, new_turn=new_turn, keep=agent.keep, phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
            understand=everything,
        )  # fmt: skip
        ear: list[bytes] = []
        await line.opened()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_speak(line, telephone, said, ear, script, hangs_up=hangs_up))
            sending = tasks.create_task(_listen(line, telephone))
            ending = await call.run(line)
            line.hang_up()
            await sending
        turns = [event for event in line.events if isinstance(event, TurnDone)]
        heard = resampled(decode(b"".join(ear), telephone.encoding), from_hz=telephone.rate_hz)
        return Held(ending, turns, heard, agent, telephone, line)

    return in_virtual_time(story())


async def _speak(
    line: Line,
    telephone: Telephone,
    said: Speech,
    ear: list[bytes],
    script: Callable[[int, Message], list[Message]],
    *,
    hangs_up: bool,
) -> None:
    payload = encode(resampled(said.samples, from_hz=RATE_HZ, to_hz=telephone.rate_hz), telephone.encoding)
    size = telephone.rate_hz // 50 * (2 if telephone.encoding == "s16le" else 1)
    silent = encode(np.zeros(telephone.rate_hz // 50, dtype=np.float32), telephone.encoding)
    for number, begin in enumerate(range(0, len(payload), size)):
        for message in script(number, telephone.says(payload[begin : begin + size])):
            line.receive(message)
        await asyncio.sleep(FRAME_S)
        ear.append(_played(line, telephone, silent))
    if hangs_up:
        line.receive(telephone.hangs_up())


def _played(line: Line, telephone: Telephone, silent: bytes) -> bytes:
    """20 ms of what is buffered; marks come back when it gets to them."""
    played = silent
    while telephone.buffered:
        piece = telephone.buffered.popleft()
        if isinstance(piece, bytes):
            played = piece
            break
        line.receive(telephone.marked(piece))
    while telephone.buffered and isinstance(name := telephone.buffered[0], str):
        telephone.buffered.popleft()
        line.receive(telephone.marked(name))
    return played


async def _listen(line: Line, telephone: Telephone) -> None:
    async for message in line.messages():
        telephone.hears(message)
