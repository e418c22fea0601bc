"""Rows of a delimited file with the line each began on. One broken quote must cost one row, not the rest of the file,
so every row is parsed by itself and reading resumes on the line after a broken one."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.problem import Problem

_DELIMITERS = ",;\t|"
_LONGEST_ROW_LINES = 500
"""A quote still open after so many lines was never meant to be open."""


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, str]


def read_rows(text: str) -> tuple[tuple[str, ...], list[Row], list[Problem]]:
    """The header's names (lower case, trimmed), the rows, and the lines that are none."""
    delimiter = _delimiter(text)
    records, problems = [], []
    for line, fields in _records(text, delimiter):
        if isinstance(fields, str):
            problems.append(Problem(line, fields))
        elif any(field.strip() for field in fields):
            records.append((line, fields))
    if not records:
        return (), [], problems
    header = tuple(name.strip().lower() for name in records[0][1])
    while header and not header[-1]:
        header = header[:-1]
    ends = {len(fields) for _, fields in records[1:]}
    pads = len(ends) == 1 and not any(any(map(str.strip, fields[len(header) :])) for _, fields in records[1:])
    rows = []
    for line, fields in records[1:]:
        if len(fields) > len(header) and not pads:
            message = f"has {len(fields)} columns where the header names {len(header)} (an unquoted {delimiter!r}?)"
            problems.append(Problem(line, message))
        else:
            rows.append(Row(line, dict(zip(header, (field.strip() for field in fields), strict=False))))
    return header, rows, problems


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the line it began on; a sentence in place of one that cannot be parsed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        ahead = range(at, min(at + _LONGEST_ROW_LINES, len(lines)))
        reader = csv.reader((f"{lines[number]}\n" for number in ahead), delimiter=delimiter, strict=True)
        try:
            fields = next(reader)
        except csv.Error as error:
            opened = "unexpected end" in str(error)
            yield at + 1, "a quotation mark is opened and never closed" if opened else f"is not valid CSV ({error})"
            at += 1
            continue
        yield at + 1, fields
        at += reader.line_num


def _delimiter(text: str) -> str:
    """The header decides: the csv.Sniffer guesses from the prose in the answers, which is full of commas."""
    header = text.lstrip().split("\n", 1)[0]
    counts = Counter(character for character in header if character in _DELIMITERS)
    return counts.most_common(1)[0][0] if counts else ","
