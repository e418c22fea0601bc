"""Asterisk's chan_websocket: sound in binary frames, events and commands in text frames, plain or as JSON.

It plays what it gets at its own pace and drops what is less than a whole frame, so that only whole ones are sent.
"""

import json

from voice.audio import Samples
from voice.codecs import Encoding
from voice.wire import Key
from voice.wires.coding import Coding, Format
from voice.wires.dialect import BadMessage, HungUp, LineEvent, Message, Opened, Played, Sound

BROKEN, UNSUPPORTED, INVALID, TOO_BIG = 1002, 1003, 1007, 1009
"""Codes for closing a WebSocket."""
LARGEST = 64 * 1024
FORMATS: dict[str, tuple[Encoding, int]] = {
    "ulaw": ("mulaw", 8_000), "alaw": ("alaw", 8_000), "slin": ("s16le", 8_000), "slin12": ("s16le", 12_000),
    "slin16": ("s16le", 16_000), "slin24": ("s16le", 24_000), "slin32": ("s16le", 32_000),
    "slin44": ("s16le", 44_100), "slin48": ("s16le", 48_000), "slin96": ("s16le", 96_000),
    "slin192": ("s16le", 192_000),
}  # fmt: skip
KEYS = "0123456789*#ABCD"


class AsteriskDialect:
    keeps_silence = False
    has_marks = True
    broken = BROKEN

    def __init__(self) -> None:
        self._coding: Coding | None = None
        self._is_json = False
        self.is_full = False
        """Between MEDIA_XOFF and MEDIA_XON."""

    def hear(self, message: Message) -> list[LineEvent]:
        if len(message) > LARGEST:
            raise BadMessage(f"a message of {len(message)} bytes", code=TOO_BIG)
        if isinstance(message, str):
            return self._note(*_event(message), is_json=message.lstrip().startswith("{"))
        if self._coding is None:
            raise BadMessage("media before MEDIA_START", code=BROKEN)
        return [Sound(self._coding.decode(message))]

    def say(self, samples: Samples) -> list[Message]:
        assert self._coding is not None
        return [self._coding.encode(samples)]

    def mark(self, name: str) -> list[Message]:
        return [self._command("MARK_MEDIA", name)]

    def clear(self) -> list[Message]:
        return [self._command("FLUSH_MEDIA")]

    def hang_up(self, bad: BadMessage | None) -> list[Message]:  # noqa: ARG002 - the socket's closing tells why
        return [self._command("HANGUP")]

    def _note(self, name: str, said: dict[str, str], *, is_json: bool) -> list[LineEvent]:
        match name:
            case "MEDIA_START":
                self._is_json = is_json
                return [self._open(said)]
            case "MEDIA_XOFF" | "MEDIA_XON":
                self.is_full = name == "MEDIA_XOFF"
            case "DTMF_END" if len(said.get("digit", "")) == 1 and said["digit"] in KEYS:
                return [Key(said["digit"])]
            case "MEDIA_MARK_PROCESSED":
                return [Played(said.get("correlation_id", ""))]
            case "HANGUP":
                return [HungUp()]
        return []

    def _open(self, said: dict[str, str]) -> Opened:
        if self._coding is not None:
            raise BadMessage("a second MEDIA_START", code=BROKEN)
        if (known := FORMATS.get(said.get("format", ""))) is None:
            raise BadMessage(f"format {said.get('format', '')[:40]!r} is not spoken here", code=UNSUPPORTED)
        self._coding = Coding(Format(*known))
        return Opened(said=said)

    def _command(self, name: str, about: str | None = None) -> str:
        if self._is_json:
            return json.dumps({"command": name, **({"correlation_id": about} if about else {})})
        return f"{name} {about}" if about else name


def _event(message: str) -> tuple[str, dict[str, str]]:
    """An event's name and what it says, from `NAME key:value key:value`, `NAME id` or a JSON object."""
    if message.lstrip().startswith("{"):
        return _from_json(message)
    name, _, rest = message.strip().partition(" ")
    if not name.replace("_", "").isalnum():
        raise BadMessage("neither an event nor JSON", code=INVALID)
    if name == "MEDIA_MARK_PROCESSED":
        return name, {"correlation_id": rest}
    return name, dict(pair.split(":", 1) for pair in rest.split() if ":" in pair)


def _from_json(message: str) -> tuple[str, dict[str, str]]:
    try:
        document = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise BadMessage("neither an event nor JSON", code=INVALID) from error
    if not isinstance(document.get("event"), str):
        raise BadMessage("an object without an event", code=INVALID)
    variables = document.get("channel_variables")
    told = {**(variables if isinstance(variables, dict) else {}), **document}
    return document["event"], {str(key): str(value) for key, value in told.items() if isinstance(value, str | int)}
