"""How telephones write sound down: mu-law, A-law (ITU-T G.711) and 16-bit linear. audioop is gone from Python 3.13."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voice.audio import Samples

Encoding = Literal["mulaw", "alaw", "s16le"]


def _mulaw_values() -> NDArray[np.int16]:
    """G.711 table 2: sign, three bits of exponent, four of mantissa, all inverted; 14-bit values scaled to 16."""
    byte = ~np.arange(256, dtype=np.uint8)
    magnitude = (((byte & 0x0F).astype(np.int32) << 3) + 0x84 << ((byte >> 4) & 7)) - 0x84
    return np.where(byte & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_values() -> NDArray[np.int16]:
    """G.711 table 1: every even bit inverted; 13-bit values scaled to 16."""
    byte = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent, mantissa = (byte >> 4) & 7, (byte & 0x0F).astype(np.int32) << 4
    magnitude = np.where(
        exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent, 1).astype(np.int32) - 1
    )
    return np.where(byte & 0x80, magnitude, -magnitude).astype(np.int16)


def _nearest(values: NDArray[np.int16]) -> NDArray[np.uint8]:
    """For each of the 65,536 linear values the byte whose value lies nearest."""
    order = np.argsort(values, kind="stable")
    ranked = values[order].astype(np.int32)
    middles = (ranked[1:] + ranked[:-1]) / 2
    return order[np.searchsorted(middles, np.arange(-32768, 32768), side="right")].astype(np.uint8)


_VALUES = {"mulaw": _mulaw_values(), "alaw": _alaw_values()}
_BYTES = {name: _nearest(values) for name, values in _VALUES.items()}


_SCALE = np.float32(1 / 32768)


def decode(payload: bytes, encoding: Encoding) -> Samples:
    """A trailing half sample is ignored; `Decoder` keeps it for the next payload."""
    if encoding == "s16le":
        linear = np.frombuffer(payload[: len(payload) // 2 * 2], dtype="<i2")
    else:
        linear = _VALUES[encoding][np.frombuffer(payload, dtype=np.uint8)]
    return linear * _SCALE


def encode(samples: Samples, encoding: Encoding) -> bytes:
    linear = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int32)
    if encoding == "s16le":
        return linear.astype("<i2").tobytes()
    return _BYTES[encoding][linear + 32768].tobytes()


class Decoder:
    """Pipes cut where they like: an odd byte of 16-bit audio waits for its other half."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._odd = b""

    def decode(self, payload: bytes) -> Samples:
        payload = self._odd + payload
        whole = len(payload) // 2 * 2 if self._encoding == "s16le" else len(payload)
        self._odd = payload[whole:]
        return decode(payload[:whole], self._encoding)
