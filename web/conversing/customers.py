"""Pseudonymous customer keys: an HMAC with the installation's secret; books can follow a customer, not name one."""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Literal


def read_secret(home: Path) -> bytes:
    """The installation's secret, made at first use; two processes that start together agree on one."""
    path = home / "secret"
    if not path.exists():
        fresh = home / f"secret.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def customer_key(secret: bytes, kind: Literal["visitor", "signed_id", "caller", "colleague"], value: str) -> str:
    return hmac.new(secret, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def key_of_named(secret: bytes, role: Literal["customer", "colleague"], value: str) -> str:
    """Of whoever an export names: a phone number becomes the key of that caller, anything else that of a signed id."""
    plain = re.sub(r"[\s().-]", "", value)
    if role == "customer" and re.fullmatch(r"\+?\d{7,15}", plain):
        return customer_key(secret, "caller", plain)
    return customer_key(secret, "signed_id" if role == "customer" else "colleague", value.strip().casefold())
