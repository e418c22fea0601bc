"""Pseudonymous customer keys: an HMAC with the installation's secret; books can follow a customer, not name one."""

import hashlib
import hmac
import os
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


def customer_key(secret: bytes, kind: Literal["visitor", "signed_id", "caller"], value: str) -> str:
    return hmac.new(secret, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
