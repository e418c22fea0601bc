"""How long somebody worked on a past contact, as far as the export says.

That is a handle time, or talk, hold and wrap. A call's duration counts on the phone alone; a chat's length does not,
since nobody knows how many chats were open beside it, and a ticket's age is the clock on the wall.
"""

import re
from collections.abc import Mapping, Sequence
from statistics import median

from knowledge.history.columns import DURATIONS, Columns, Meaning, unit_seconds
from knowledge.history.times import read_seconds

LONGEST_HANDLING_SECONDS = 8 * 3600
"""More than a shift is the clock on the wall."""
LOOKED_AT = 200
"""Rows that decide whether a column holds what its name promises."""
_SURELY_MILLISECONDS = 20_000
_NOTHING = ("", "-", "--", "N/A", "n/a", "null", "None")


def believed(columns: Columns, rows: Sequence[Mapping[str, str]], *, given: Mapping[str, str]) -> Columns:
    """Without the columns whose cells are not what their names promise; a wrap-up in words is a topic."""
    found, unknown = dict(columns.by_meaning), list(columns.unknown)
    for meaning in (meaning for meaning in DURATIONS if meaning not in given):
        for name in found.get(meaning, ()):
            cells = [cell for row in rows if (cell := row.get(name, "")) not in _NOTHING]
            if sum(map(_is_length, cells)) * 2 >= len(cells):
                continue
            found[meaning] = tuple(other for other in found[meaning] if other != name)
            if meaning == "wrap":
                found["topic"] = (*found.get("topic", ()), name)
            else:
                unknown.append(name)
    return Columns({meaning: names for meaning, names in found.items() if names}, tuple(unknown))


def units_of(columns: Columns, rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """What a bare number in each column is in seconds: by its name, else by what is usual in it, since nobody usually
    talks for hours, and those are milliseconds."""
    units = {}
    for name in (name for meaning in DURATIONS for name in columns.by_meaning.get(meaning, ())):
        bare = [int(cell) for row in rows if re.fullmatch(r"[1-9]\d*", cell := row.get(name, ""))]
        said = unit_seconds(name)
        units[name] = said or (0.001 if bare and median(bare) >= _SURELY_MILLISECONDS else 1.0)
    return units


def handling_seconds(
    columns: Columns, cells: Mapping[str, str], *, units: Mapping[str, float], is_call: bool
) -> float | None:
    """Seconds of somebody's work, or None where the row does not say. Zero is none: nobody handled that."""
    seconds = {meaning: _seconds(columns, meaning, cells, units) for meaning in DURATIONS}
    if seconds["handling"]:
        return seconds["handling"]
    with_hold = seconds["talk"] and seconds["talk"] + (seconds["hold"] or 0)
    spoken = seconds["duration"] if seconds["talk"] is None and is_call else with_hold
    return spoken + (seconds["wrap"] or 0) if spoken else None


def _is_length(cell: str) -> bool:
    try:
        read_seconds(cell)
    except ValueError:
        return False
    return True


def _seconds(columns: Columns, meaning: Meaning, cells: Mapping[str, str], units: Mapping[str, float]) -> float | None:
    name, cell = columns.first(meaning, cells)
    if cell in _NOTHING:
        return None
    try:
        return read_seconds(cell, unit=units[name])
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None
