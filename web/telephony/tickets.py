"""A ticket lets one stream in: the address of a stream is public, and its signature is always the same."""

import hashlib
import hmac
import time
from uuid import UUID

GOOD_FOR_S = 120


def ticket(secret: bytes, call: UUID, *, now: float | None = None) -> str:
    until = int((time.time() if now is None else now) + GOOD_FOR_S)
    return f"{until}.{_seal(secret, call, until)}"


def is_good(shown: str, *, secret: bytes, call: UUID, now: float | None = None) -> bool:
    until, _, seal = shown.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 15):
        return False
    is_in_time = int(until) >= (time.time() if now is None else now)
    return hmac.compare_digest(seal.encode(), _seal(secret, call, int(until)).encode()) and is_in_time


def _seal(secret: bytes, call: UUID, until: int) -> str:
    return hmac.new(secret, f"stream:{call}:{until}".encode(), hashlib.sha256).hexdigest()
