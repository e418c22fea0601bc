"""A file a company has becomes entries: bad rows are named and passed over, an unreadable file says why."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.answers.notation import problems_of
from knowledge.entry import Entry
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.decoding import decode
from knowledge.reading.faq import read_faq
from knowledge.reading.markdown import read_markdown

LARGEST_DOCUMENT_BYTES = 200_000_000

Reader = Callable[..., tuple[list[Entry], list[Problem]]]
_READERS: dict[str, Reader] = {
    ".csv": read_faq,
    ".tsv": read_faq,
    ".md": read_markdown,
    ".markdown": read_markdown,
}
READABLE = tuple(_READERS)
"""Endings of the files that can be read."""


@dataclass(frozen=True)
class Document:
    name: str
    kind: str
    """The file's ending without the dot: csv, md."""
    sha256: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_whole(self) -> bool:
        """No row was lost, so an entry that is not in it is gone from the source."""
        return not any(problem.hides_entry for problem in self.problems)


def read_document(path: Path | str, *, name: str | None = None) -> Document:
    """Reads CSV or Markdown. Raises UnreadableDocument when nothing of it can be used."""
    path = Path(path)
    name = name or path.name
    if path.is_dir():
        raise UnreadableDocument(f"{name} is a folder, not a file.")
    try:
        if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
            raise UnreadableDocument(f"{name} is larger than {LARGEST_DOCUMENT_BYTES // 1_000_000} MB.")
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument(f"{name} does not exist.") from None
    except OSError as error:
        raise UnreadableDocument(f"{name} cannot be read: {error.strerror}.") from error
    return parse_document(content, name=name)


def parse_document(content: bytes, *, name: str) -> Document:
    """The same for bytes that are already here, such as an upload; the name's ending says what they are."""
    kind = Path(name).suffix.lower()
    if kind not in _READERS:
        raise UnreadableDocument(f"{name} is not a kind of file that can be read; these can: {', '.join(_READERS)}.")
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise UnreadableDocument(f"{name} is larger than {LARGEST_DOCUMENT_BYTES // 1_000_000} MB.")
    text, broken_lines = decode(content, name=name)
    found, problems = _READERS[kind](text, name=name)
    entries, duplicates = _without_duplicates(found)
    duplicates += problems_of(entries)
    problems = sorted([*broken_lines, *problems, *duplicates], key=lambda problem: problem.line or 0)
    if not entries:
        reason = f" ({problems[0]})" if problems else ""
        raise UnreadableDocument(f"{name} holds no question that can be read{reason}.")
    return Document(name, kind[1:], hashlib.sha256(content).hexdigest(), tuple(entries), tuple(problems))


def _without_duplicates(entries: list[Entry]) -> tuple[list[Entry], list[Problem]]:
    """The first of several with one id and language stays; the others are named."""
    first: dict[tuple[str, str], Entry] = {}
    problems = []
    for entry in entries:
        earlier = first.setdefault((entry.id, entry.lang), entry)
        if earlier is not entry:
            message = f"the id {entry.id!r} was used before, on line {earlier.line}"
            problems.append(Problem(entry.line, message, hides_entry=False))
    return list(first.values()), problems
