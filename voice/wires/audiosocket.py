"""Asterisk's AudioSocket: kind, length and payload over TCP. No flush, no mark: the line is paced instead."""

from uuid import UUID

from voice.audio import Samples
from voice.wire import Key
from voice.wires.coding import Coding, Format
from voice.wires.dialect import BadMessage, HungUp, LineEvent, Message, Opened, Sound

HANG_UP, ID, SILENCE, DTMF, ERROR = 0x00, 0x01, 0x02, 0x03, 0xFF
RATES_HZ = {
    0x10: 8_000, 0x11: 12_000, 0x12: 16_000, 0x13: 24_000, 0x14: 32_000, 0x15: 44_100, 0x16: 48_000, 0x17: 96_000,
    0x18: 192_000,
}  # fmt: skip
"""By kind: 16-bit little-endian sound."""
FRAME_ERROR = 0x02
"""The protocol's error for a frame that could not be passed on."""
CALLER_HUNG_UP = 0x01
HEADER = 3
LONGEST = 0xFFFF
KEYS = b"0123456789*#ABCD"


def frame(kind: int, payload: bytes = b"") -> bytes:
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


class AudioSocketDialect:
    keeps_silence = True
    has_marks = False
    is_full = False
    broken = FRAME_ERROR

    def __init__(self) -> None:
        self._unread = b""
        self._is_open = False
        self._kind = 0x10
        self._coding = Coding(Format("s16le", RATES_HZ[self._kind]))

    def hear(self, message: Message) -> list[LineEvent]:
        """A piece of the stream, cut anywhere."""
        assert isinstance(message, bytes)
        self._unread += message
        events: list[LineEvent] = []
        while len(self._unread) >= HEADER:
            kind, end = self._unread[0], HEADER + int.from_bytes(self._unread[1:HEADER], "big")
            self._expect(kind, end - HEADER)
            if len(self._unread) < end:
                break
            payload, self._unread = self._unread[HEADER:end], self._unread[end:]
            events += self._read(kind, payload)
        return events

    def say(self, samples: Samples) -> list[Message]:
        payload = self._coding.encode(samples)
        return [frame(self._kind, payload[at : at + LONGEST - 1]) for at in range(0, len(payload), LONGEST - 1)]

    def mark(self, name: str) -> list[Message]:  # noqa: ARG002
        return []

    def clear(self) -> list[Message]:
        return []

    def hang_up(self, bad: BadMessage | None) -> list[Message]:
        return [frame(ERROR, bytes([bad.code])) if bad else frame(HANG_UP)]

    def _expect(self, kind: int, length: int) -> None:
        """What is wrong with a frame is known by its header; nobody waits for the rest of it."""
        if kind not in (HANG_UP, ID, SILENCE, DTMF, ERROR, *RATES_HZ):
            raise BadMessage(f"a message of kind {kind:#04x}", code=FRAME_ERROR)
        if kind == ID and length != 16:
            raise BadMessage(f"a UUID of {length} bytes", code=FRAME_ERROR)
        if kind == ID and self._is_open:
            raise BadMessage("a second UUID", code=FRAME_ERROR)
        if kind not in (HANG_UP, ERROR, ID) and not self._is_open:
            raise BadMessage("the UUID comes first", code=FRAME_ERROR)
        if kind in RATES_HZ and not length:
            raise BadMessage("sound without a sample", code=FRAME_ERROR)

    def _read(self, kind: int, payload: bytes) -> list[LineEvent]:
        if kind == HANG_UP:
            return [HungUp()]
        if kind == ERROR:
            return [HungUp(is_lost=payload != bytes([CALLER_HUNG_UP]))]
        if kind == ID:
            self._is_open = True
            return [Opened(UUID(bytes=payload))]
        if kind == DTMF:
            return [Key(payload.decode("ascii"))] if len(payload) == 1 and payload in KEYS else []
        if kind == SILENCE:
            return []
        if kind != self._kind:
            self._kind, self._coding = kind, Coding(Format("s16le", RATES_HZ[kind]))
        return [Sound(self._coding.decode(payload))]
