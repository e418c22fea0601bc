"""The canonical form of a cost line and its link: SHA-256 of the link before it and of every column.

The customer's key is left out, so that it can be taken off a line when a customer is to be forgotten.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from roi.books.chain_rows import CostChain
from roi.books.ledger import CostLine
from roi.books.money import to_nano

FORM = "dime-ledger-1"
NOT_LINKED = ("customer", "chain", "link")
COLUMNS: tuple[str, ...] = tuple(sorted(set(CostLine.model_fields) - set(NOT_LINKED)))


def plain(value: object) -> object:
    """A value as JSON has it, the same before it is stored and after."""
    return value if value is None else PLAIN.get(type(value), _same)(value)


def _same(value: Any) -> object:
    return value


PLAIN: dict[type, Callable[[Any], object]] = {
    Decimal: to_nano,
    datetime: lambda at: at.astimezone(UTC).isoformat(timespec="microseconds"),
    date: date.isoformat,
    UUID: lambda key: key.hex,
    bool: int,
    dict: lambda raw: json.loads(json.dumps(raw)) if raw else {},
}


def link(before: str, columns: Iterable[object]) -> str:
    """Of the line with these plain values, in the order of COLUMNS."""
    return sha256(f"{before}\n{json.dumps(list(columns), sort_keys=True)}".encode()).hexdigest()


def link_of(line: CostLine, before: str) -> str:
    return link(before, [plain(vars(line)[name]) for name in COLUMNS])


def start(writer: str, day: date) -> str:
    """What a chain's first line is linked to."""
    return sha256(f"{FORM}\n{writer}\n{day.isoformat()}".encode()).hexdigest()


def root(day: date, previous: str, chains: Sequence[CostChain], *, lines: int) -> str:
    told = [[chain.writer, chain.lines, chain.head] for chain in sorted(chains, key=lambda chain: chain.writer)]
    return sha256(json.dumps([FORM, day.isoformat(), previous, lines, told]).encode()).hexdigest()
