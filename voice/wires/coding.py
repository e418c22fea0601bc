"""Sound as a line writes it down, both ways: encoding and sample rate at the edge, 16 kHz inside."""

from dataclasses import dataclass

import numpy as np

from voice.audio import RATE_HZ, Samples
from voice.codecs import Decoder, Encoding, encode
from voice.resampler import Resampler


@dataclass(frozen=True)
class Format:
    encoding: Encoding = "mulaw"
    rate_hz: int = 8_000


class Coding:
    """Streams: half samples and filters are kept from one piece to the next."""

    def __init__(self, used: Format) -> None:
        self.format = used
        self._decoder = Decoder(used.encoding)
        self._inward = Resampler(from_hz=used.rate_hz, to_hz=RATE_HZ)
        self._outward = Resampler(from_hz=RATE_HZ, to_hz=used.rate_hz)
        self._silence: tuple[int, bytes] | None = None
        """A silent piece as it was written, while nothing but silence is: most of a call."""

    def decode(self, payload: bytes) -> Samples:
        return self._inward.convert(self._decoder.decode(payload))

    def encode(self, samples: Samples) -> bytes:
        if np.count_nonzero(samples):
            self._silence = None
            return encode(self._outward.convert(samples), self.format.encoding)
        if self._silence and self._silence[0] == len(samples) and len(self._silence[1]):
            return self._silence[1]
        was_silent = self._silence is not None
        payload = encode(self._outward.convert(samples), self.format.encoding)
        self._silence = (len(samples) if was_silent else 0, payload)
        return payload
