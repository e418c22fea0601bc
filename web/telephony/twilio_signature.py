"""Twilio signs what it sends: HMAC-SHA1, keyed by the account's token, over the address and the sorted parameters.

By hand, since twilio's own package brings aiohttp, requests and PyJWT for these few lines.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


def signature(token: str, address: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    signed = address + "".join(name + value for name, value in sorted(set(parameters)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def is_signed(shown: str, *, token: str, addresses: Sequence[str], parameters: Iterable[tuple[str, str]] = ()) -> bool:
    """Whether one of these spellings of the address was signed: with or without port, and for a socket a last slash."""
    sent = list(parameters)
    spelt = [spelling for address in addresses for spelling in _spellings(address)]
    return any(hmac.compare_digest(signature(token, one, sent).encode(), shown.encode()) for one in spelt)


def _spellings(address: str) -> list[str]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    hosts = {parts.netloc, host, f"{host}:{parts.port or PORTS.get(parts.scheme, 443)}"}
    spelt = [parts._replace(netloc=netloc).geturl() for netloc in sorted(hosts)]
    return [*spelt, *(f"{one}/" for one in spelt if parts.scheme in ("ws", "wss"))]
