"""A file a company has becomes entries: bad rows are named and passed over, an unreadable file says why."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.answers.notation import problems_of
from knowledge.entry import Entry
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.composing import Reading
from knowledge.reading.decoding import decode
from knowledge.reading.docx import read_docx
from knowledge.reading.faq import read_faq
from knowledge.reading.html import read_html
from knowledge.reading.kinds import kind_of, name_of
from knowledge.reading.markdown import read_markdown
from knowledge.reading.pdf import read_pdf
from knowledge.reading.text import read_text
from knowledge.reading.xlsx import read_xlsx

LARGEST_DOCUMENT_BYTES = 200_000_000


def _read_delimited(content: bytes, *, name: str, base_url: str | None = None) -> Reading:  # noqa: ARG001
    text, broken_lines = decode(content, name=name)
    entries, problems = read_faq(text, name=name)
    return entries, [*broken_lines, *problems]


Reader = Callable[..., Reading]
_READERS: dict[str, Reader] = {
    "csv": _read_delimited,
    "tsv": _read_delimited,
    "xlsx": read_xlsx,
    "xlsm": read_xlsx,
    "md": read_markdown,
    "markdown": read_markdown,
    "html": read_html,
    "htm": read_html,
    "xhtml": read_html,
    "pdf": read_pdf,
    "docx": read_docx,
    "txt": read_text,
    "text": read_text,
}
READABLE = tuple(f".{kind}" for kind in _READERS)
"""Endings of the files that can be read."""


@dataclass(frozen=True)
class Document:
    name: str
    kind: str
    """csv, xlsx, md, html, pdf, docx, txt: the file's ending, or what its content showed it to be."""
    sha256: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_whole(self) -> bool:
        """No row was lost, so an entry that is not in it is gone from the source."""
        return not any(problem.hides_entry for problem in self.problems)


def read_document(path: Path | str, *, name: str | None = None, base_url: str | None = None) -> Document:
    """Raises UnreadableDocument when nothing of the file can be used."""
    path = Path(path)
    name = name or path.name
    if path.is_dir():
        raise UnreadableDocument(f"{name} is a folder, not a file.")
    try:
        if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
            raise UnreadableDocument(f"{name} is larger than {LARGEST_DOCUMENT_BYTES // 1_000_000} MB.")
        if not path.is_file():
            raise UnreadableDocument(f"{name} is not a file.")
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument(f"{name} does not exist.") from None
    except OSError as error:
        raise UnreadableDocument(f"{name} cannot be read: {error.strerror}.") from error
    return parse_document(content, name=name, base_url=base_url)


def parse_document(content: bytes, *, name: str, kind: str | None = None, base_url: str | None = None) -> Document:
    """The same for bytes that are already here, such as an upload or a web page. The name's ending says what they are
    unless `kind` does ("html"), and a content that is plainly something else overrules both. Relative links are
    resolved against `base_url`, which becomes the entries' url."""
    said = (kind or Path(name).suffix).lower().lstrip(".")
    if said not in _READERS:
        raise UnreadableDocument(f"{name} is not a kind of file that can be read; these can: {', '.join(READABLE)}.")
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise UnreadableDocument(f"{name} is larger than {LARGEST_DOCUMENT_BYTES // 1_000_000} MB.")
    if not content.strip():
        raise UnreadableDocument(f"{name} is empty.")
    shown = kind_of(content, name=name, said=said)
    try:
        found, problems = _READERS[shown](content, name=name, base_url=base_url)
    except UnreadableDocument as refusal:
        if _READERS[shown] is _READERS[said]:
            raise
        raise UnreadableDocument(f"{name} is {name_of(shown)}, not {said.upper()}: {refusal}") from refusal
    if _READERS[shown] is not _READERS[said]:
        problems.insert(0, Problem(None, f"is {name_of(shown)}, not {said.upper()}, and was read as such", False))
    entries, duplicates = _without_duplicates(found)
    problems = sorted([*problems, *duplicates, *problems_of(entries)], key=lambda problem: problem.line or 0)
    if not entries:
        reason = f" ({problems[0]})" if problems else ""
        raise UnreadableDocument(f"{name} holds no question and no passage that can be read{reason}.")
    return Document(name, shown, hashlib.sha256(content).hexdigest(), tuple(entries), tuple(problems))


def _without_duplicates(entries: list[Entry]) -> tuple[list[Entry], list[Problem]]:
    """The first of several with one id and language stays; the others are named, unless they say the same."""
    first: dict[tuple[str, str], Entry] = {}
    problems = []
    for entry in entries:
        earlier = first.setdefault((entry.id, entry.lang), entry)
        if earlier is entry or (earlier.question, earlier.answer) == (entry.question, entry.answer):
            continue
        where = f"page {earlier.page}" if earlier.page else f"line {earlier.line}" if earlier.line else "above"
        message = f"the id {entry.id!r} was used before, on {where}"
        problems.append(Problem(entry.line, message, hides_entry=False))
    return list(first.values()), problems
