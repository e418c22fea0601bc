"""A hash of all that a report was computed from: whoever gets the same hash had the same books, prices and settings."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

NOT_DATA = frozenset({"made_at"})
"""When it was made changes nothing that it says of the period."""


def digest(of: Any) -> str:
    """SHA-256 over the report's fields in a fixed form; the same for the page, paper and JSON."""
    written = json.dumps(plain(of), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def plain(value: Any) -> Any:
    """TypeError for what has no fixed form: a hash over an address in memory would never be the same again."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, float):
        return f"{value:.12g}"  # the last digits depend on the order in which a database adds
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.name not in NOT_DATA}
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(plain(one), sort_keys=True) for one in value)
    raise TypeError(f"{type(value).__name__} has no fixed form to be hashed")
