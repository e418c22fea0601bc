"""The rows of an export, whichever format: cells by column, and the messages that belong to each row."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.history.threads import Line, messages
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.decoding import decode
from knowledge.reading.delimited import read_rows
from knowledge.reading.documents import LARGEST_DOCUMENT_BYTES

_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers")
_LISTS = ("tickets", "conversations", "contacts", "calls", "chats", "records", "results", "data", "items", "cases")
_THREADS = tuple(
    "comments messages conversation_parts threads conversations transcript turns utterances dialogue dialog original "
    "parts replies".split()
)
_DEEPEST = 3


@dataclass(frozen=True)
class Record:
    """One row of a table, or one object of a JSON file."""

    line: int
    """Where it began; in JSON that is not line by line, its place in the list."""
    cells: dict[str, str]
    thread: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    records: list[Record]
    problems: list[Problem]
    place: str = "line"
    """What a record's number counts."""


def read_table(path: Path) -> Table:
    """CSV, TSV, JSON or JSON Lines. Raises UnreadableDocument, in one sentence, for what is none of them."""
    name = path.name
    if path.suffix.casefold() in _SPREADSHEETS:
        raise UnreadableDocument(f"{name} is a spreadsheet; export it as CSV or JSON and import that.")
    try:
        if path.is_dir():
            raise UnreadableDocument(f"{name} is a folder, not a file.")
        if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
            limit = LARGEST_DOCUMENT_BYTES // 1_000_000
            raise UnreadableDocument(f"{name} is larger than {limit} MB; export a shorter period at a time.")
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument(f"{name} does not exist.") from None
    except OSError as error:
        raise UnreadableDocument(f"{name} cannot be read: {error.strerror}.") from error
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableDocument(f"{name} is a spreadsheet or an archive; export it as CSV or JSON and import that.")
    text, problems = decode(content, name=name)
    del content
    if path.suffix.casefold() in (".json", ".jsonl", ".ndjson") or text.lstrip()[:1] in ("{", "["):
        return _json(text, problems, name=name)
    return _delimited(text, problems)


def _delimited(text: str, problems: list[Problem]) -> Table:
    header, rows, bad = read_rows(text)
    records = list[Record]()
    for row in rows:
        if len(row.cells) * 2 < len(header):
            bad.append(Problem(row.line, f"has {len(row.cells)} columns where the header names {len(header)}"))
        else:
            records.append(Record(row.line, row.cells))
    return Table(header, records, sorted([*problems, *bad], key=lambda problem: problem.line or 0))


def _json(text: str, problems: list[Problem], *, name: str) -> Table:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or _is_line_by_line(text):
            return _json_lines(text, problems)
        raise UnreadableDocument(f"{name} is not valid JSON: line {error.lineno}: {error.msg}.") from None
    except RecursionError:
        raise UnreadableDocument(f"{name} is nested too deeply to be an export.") from None
    objects = _objects(found)
    if not objects:
        raise UnreadableDocument(f"{name} holds no list of tickets or conversations.")
    records = []
    for number, one in enumerate(objects, 1):
        if isinstance(one, Mapping):
            records.append(_record(number, one))
        else:
            problems.append(Problem(number, "is not an object"))
    return Table(_header(records), records, problems, place="entry")


def _json_lines(text: str, problems: list[Problem]) -> Table:
    records = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            problems.append(Problem(number, f"is not valid JSON ({getattr(error, 'msg', 'nested too deeply')})"))
            continue
        if isinstance(one, Mapping):
            records.append(_record(number, one))
        else:
            problems.append(Problem(number, "is not an object"))
    return Table(_header(records), records, problems)


def _is_line_by_line(text: str) -> bool:
    first = text.lstrip().split("\n", 1)[0]
    try:
        return isinstance(json.loads(first), dict)
    except (json.JSONDecodeError, RecursionError):
        return False


def _objects(found: Any) -> Sequence[Any]:
    if isinstance(found, list):
        return found
    if isinstance(found, Mapping):
        embedded = found.get("_embedded")
        inside = embedded if isinstance(embedded, Mapping) else found
        for key in _LISTS:
            listed = inside.get(key)
            if isinstance(listed, list) and listed and isinstance(listed[0], Mapping) and "id" not in found:
                return listed
        return [found]
    return []


def _record(number: int, one: Mapping[str, Any]) -> Record:
    thread = list[Line]()
    requester = str(one.get("requester_id") or "")
    opening = one.get("source")
    if isinstance(opening, Mapping) and isinstance(opening.get("body"), str):
        thread += messages([opening], requester=requester)
    for key in _THREADS:
        if found := _thread(one, key):
            thread += messages(found, requester=requester)
            break
    cells = dict(_cells(one))
    return Record(number, cells, tuple(thread))


def _thread(one: Mapping[str, Any], key: str) -> list[Any]:
    """`comments: [...]`, or `conversation_parts: {conversation_parts: [...]}`, or below `_embedded`."""
    found = one.get(key)
    if isinstance(found, Mapping):
        found = found.get(key)
    if found is None and isinstance(embedded := one.get("_embedded"), Mapping):
        found = embedded.get(key)
    is_thread = isinstance(found, list) and found and isinstance(found[0], (Mapping, list))
    return list(found) if is_thread and isinstance(found, list) else []


def _cells(one: Mapping[str, Any], *, above: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Nested objects as columns named by their path; lists of words as one cell."""
    for key, value in one.items():
        name = f"{above} {key}".strip()
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold()
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _cells(value, above=f"{above} {key}".strip(), depth=depth + 1)
        elif isinstance(value, list):
            if words := [word for word in value if isinstance(word, str)]:
                yield name, "|".join(words)
        elif isinstance(value, bool) or value is None:
            continue
        else:
            yield name, str(value)


def _header(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for record in records for name in record.cells))
