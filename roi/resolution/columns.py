"""Rows of the database as columns of numbers, and rows of two tables brought together by their ids: a million at a time
are quicker apart and side by side here than looked up one by one there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, String, cast
from sqlmodel import col

Codes = NDArray[np.int32]
Whole = NDArray[np.int64]
Keys = NDArray[np.uint64]
CHUNK = 4_000
"""Rows at a time: a million of them at once would take ten times the memory of their columns."""


def columns(connection: Connection, rows: Select[*tuple[Any, ...]]) -> Iterator[list[Sequence[Any]]]:
    """Of some rows after the others, as the driver has them: only numbers and strings may be asked for."""
    with connection.execute(rows) as result:
        cursor = result.cursor
        while cursor is not None and (some := cursor.fetchmany(CHUNK)):
            yield list(zip(*some, strict=True))


def written(id_: Any) -> ColumnElement[str]:
    """An id as the database writes it, which spares making an object of each."""
    return cast(col(id_), String(36))


def keys(ids: Sequence[str]) -> Keys:
    """Two numbers for each id."""
    return np.frombuffer(bytes.fromhex("".join(ids).replace("-", "")), ">u8").astype(np.uint64).reshape(-1, 2)


class Places:
    """Where each of these ids stands among them."""

    def __init__(self, of: Keys) -> None:
        self._of, self._seed = of, 0
        self._place, self._sorted = self._in_order()
        while (self._sorted[1:] == self._sorted[:-1]).any():
            self._seed += 1
            self._place, self._sorted = self._in_order()

    def _in_order(self) -> tuple[Whole, NDArray[np.uint64]]:
        mixed = self._mixed(self._of)
        place = np.argsort(mixed)
        return place, mixed[place]

    def _mixed(self, of: Keys) -> NDArray[np.uint64]:
        """One number for each id, by the finalizer of SplitMix64 (Steele, Lea and Flood 2014): that no two share one is
        seen to above. Multiplying would not do: where both halves' highest bits differ, they always share one."""
        low = of[:, 1] + np.uint64(self._seed)
        low = (low ^ (low >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        low = (low ^ (low >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed: NDArray[np.uint64] = of[:, 0] ^ low ^ (low >> np.uint64(31))
        return mixed

    def find(self, ids: Sequence[str]) -> Codes:
        """-1 for what is not among them."""
        wanted = keys(ids)
        if not len(self._of):
            return np.full(len(wanted), -1, np.int32)
        near = np.searchsorted(self._sorted, self._mixed(wanted))
        place = self._place[np.minimum(near, len(self._of) - 1)]
        return np.where((self._of[place] == wanted).all(axis=1), place, -1).astype(np.int32)


class Names:
    """Strings as numbers, given out as they come and put in their order at the end."""

    def __init__(self) -> None:
        self._found = Given({None: -1})

    def codes(self, names: Sequence[str | None]) -> Codes:
        return np.fromiter(map(self._found.__getitem__, names), np.int32, len(names))

    def ordered(self, codes: Codes) -> tuple[list[str], Codes]:
        names = sorted(name for name in self._found if name is not None)
        place = np.full(len(names) + 1, -1, np.int32)
        place[[self._found[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        return names, place[codes]


class Given(dict[str | None, int]):
    """The next number for each new name."""

    def __missing__(self, name: str | None) -> int:
        self[name] = number = len(self) - 1
        return number
