"""Sound as the protocol carries it: base64 of 24 kHz linear or 8 kHz G.711, to and from the 16 kHz used inside."""

import base64
import binascii
from collections.abc import Iterator

from voice.audio import PER_MS, RATE_HZ, Samples, resampled
from voice.codecs import Encoding, decode, encode
from voice.resampler import Resampler
from web.realtime.problem import Problem
from web.realtime.settings import Pcm, PcmA, PcmU

_ENCODING: dict[str, tuple[Encoding, int]] = {
    "audio/pcm": ("s16le", 24_000),
    "audio/pcmu": ("mulaw", 8_000),
    "audio/pcma": ("alaw", 8_000),
}
DELTA_MS = 200
"""Sound in one event; what was sent is known to that grain when an answer is cut short."""
_SLICE_S = 0.5
"""Sound taken in at once: ten minutes in one event must not hold up other calls."""


class Intake:
    """One stream of a client's sound; an event that is refused leaves no trace in it."""

    def __init__(self, wire: Pcm | PcmU | PcmA) -> None:
        self.type = wire.type
        self._encoding, self._rate_hz = _ENCODING[wire.type]
        self._resampler = Resampler(from_hz=self._rate_hz, to_hz=RATE_HZ)

    def payload(self, audio: str, *, param: str) -> bytes:
        """Raises Problem."""
        try:
            payload = binascii.a2b_base64(audio.encode("ascii"), strict_mode=True)
        except ValueError as error:
            raise Problem("The audio is not base64.", code="invalid_value", param=param) from error
        if self._encoding == "s16le" and len(payload) % 2:
            message = f"16-bit audio has an even number of bytes; these are {len(payload)}."
            raise Problem(message, code="invalid_value", param=param)
        return payload

    def duration_ms(self, payload: bytes) -> float:
        return len(payload) / (2 if self._encoding == "s16le" else 1) / self._rate_hz * 1000

    def slices(self, payload: bytes) -> Iterator[Samples]:
        size = int(_SLICE_S * self._rate_hz) * 2
        for start in range(0, len(payload), size):
            yield self._resampler.convert(decode(payload[start : start + size], self._encoding))

    def whole(self, payload: bytes) -> Samples:
        """A piece that stands for itself."""
        return resampled(decode(payload, self._encoding), from_hz=self._rate_hz)


class Outlet:
    """One stream of speech to a client."""

    def __init__(self, wire: Pcm | PcmU | PcmA) -> None:
        self._encoding, self._rate_hz = _ENCODING[wire.type]
        self._resampler = Resampler(from_hz=RATE_HZ, to_hz=self._rate_hz)

    @staticmethod
    def whole(samples: Samples, wire: Pcm | PcmU | PcmA) -> str:
        """Of a piece that stands for itself."""
        encoding, rate_hz = _ENCODING[wire.type]
        return base64.b64encode(encode(resampled(samples, from_hz=RATE_HZ, to_hz=rate_hz), encoding)).decode()

    def base64(self, samples: Samples) -> str:
        return base64.b64encode(encode(self._resampler.convert(samples), self._encoding)).decode()


def deltas(samples: Samples) -> Iterator[Samples]:
    for start in range(0, len(samples), DELTA_MS * PER_MS):
        yield samples[start : start + DELTA_MS * PER_MS]
