"""Twilio Media Streams (SignalWire speaks the same): JSON in text frames, sound in base64."""

import base64
import binascii
import json

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from voice.audio import Samples
from voice.codecs import Encoding
from voice.wire import Key
from voice.wires.coding import Coding, Format
from voice.wires.dialect import BadMessage, HungUp, LineEvent, Message, Opened, Played, Sound

BROKEN, UNSUPPORTED, INVALID, TOO_BIG = 1002, 1003, 1007, 1009
"""Codes for closing a WebSocket."""
LARGEST = 128 * 1024
"""Characters: some six seconds of 16-bit sound at 8 kHz in one message; a frame is 20 ms."""
ENCODINGS: dict[str, Encoding] = {
    "audio/x-mulaw": "mulaw", "audio/mulaw": "mulaw", "audio/pcmu": "mulaw",
    "audio/x-alaw": "alaw", "audio/alaw": "alaw", "audio/pcma": "alaw",
    "audio/x-l16": "s16le", "audio/l16": "s16le",
}  # fmt: skip
RATES_HZ = (8_000, 16_000, 24_000)
KEYS = "0123456789*#ABCD"


class _MediaFormat(BaseModel):
    encoding: str
    sampleRate: int  # noqa: N815 - the protocol's
    channels: int = 1


class _Start(BaseModel):
    streamSid: str = Field(max_length=200)  # noqa: N815
    callSid: str = Field(default="", max_length=200)  # noqa: N815
    customParameters: dict[str, str] = Field(default_factory=dict)  # noqa: N815
    mediaFormat: _MediaFormat  # noqa: N815


class _Media(BaseModel):
    payload: str
    chunk: int | None = None
    track: str = "inbound"


class _Dtmf(BaseModel):
    digit: str


class _Mark(BaseModel):
    name: str


class _Message(BaseModel):
    """Any of them; a part is there where `event` names it. Fifty a second and call: read without a round of Python."""

    event: str
    start: _Start | None = None
    media: _Media | None = None
    dtmf: _Dtmf | None = None
    mark: _Mark | None = None


_FROM_TWILIO = TypeAdapter(_Message)


class TwilioDialect:
    keeps_silence = False
    has_marks = True
    is_full = False
    broken = BROKEN

    def __init__(self) -> None:
        self._coding: Coding | None = None
        self._sid = ""
        """The stream's name as JSON, quotes included."""

    def hear(self, message: Message) -> list[LineEvent]:
        match _read(message):
            case _Message(event="media", media=_Media() as media):
                return self._hear(media)
            case _Message(event="start", start=_Start() as start):
                return [self._open(start)]
            case _Message(event="dtmf", dtmf=_Dtmf(digit=digit)):
                return [Key(digit)] if len(digit) == 1 and digit in KEYS else []
            case _Message(event="mark", mark=_Mark(name=name)):
                return [Played(name)]
            case _Message(event="stop"):
                return [HungUp()]
            case _Message(event="media" | "start" | "dtmf" | "mark" as event):
                raise BadMessage(f"{event} without what it is about", code=INVALID)
        return []

    def say(self, samples: Samples) -> list[Message]:
        assert self._coding is not None
        payload = base64.b64encode(self._coding.encode(samples)).decode("ascii")
        return [f'{{"event":"media","streamSid":{self._sid},"media":{{"payload":"{payload}"}}}}']

    def mark(self, name: str) -> list[Message]:
        return [f'{{"event":"mark","streamSid":{self._sid},"mark":{{"name":{json.dumps(name)}}}}}']

    def clear(self) -> list[Message]:
        return [f'{{"event":"clear","streamSid":{self._sid}}}']

    def hang_up(self, bad: BadMessage | None) -> list[Message]:  # noqa: ARG002 - closing the socket says it
        return []

    def _open(self, start: _Start) -> Opened:
        if self._coding is not None:
            raise BadMessage("a second start", code=BROKEN)
        told = start.mediaFormat
        encoding = ENCODINGS.get(told.encoding.partition(";")[0].strip().lower())
        if encoding is None or told.channels != 1 or told.sampleRate not in RATES_HZ:
            raise BadMessage(f"{told.encoding[:40]} at {told.sampleRate} Hz is not spoken here", code=UNSUPPORTED)
        self._coding, self._sid = Coding(Format(encoding, told.sampleRate)), json.dumps(start.streamSid)
        return Opened(said={**start.customParameters, "callSid": start.callSid})

    def _hear(self, media: _Media) -> list[LineEvent]:
        if self._coding is None:
            raise BadMessage("media before start", code=BROKEN)
        if not media.track.startswith("inbound"):
            return []
        try:
            payload = base64.b64decode(media.payload, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadMessage("a payload that is not base64", code=INVALID) from error
        return [Sound(self._coding.decode(payload), media.chunk)]


def _read(message: Message) -> _Message:
    if not isinstance(message, str):
        raise BadMessage("binary frames are not part of Media Streams", code=UNSUPPORTED)
    if len(message) > LARGEST:
        raise BadMessage(f"a message of {len(message)} characters", code=TOO_BIG)
    try:
        return _FROM_TWILIO.validate_json(message)
    except ValidationError as error:
        raise BadMessage("not a message of Media Streams", code=INVALID) from error
