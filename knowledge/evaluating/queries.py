"""Questions with the label that is right for each, as `evaluate` reads them."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.problem import UnreadableDocument
from knowledge.reading.decoding import decode
from knowledge.reading.delimited import read_rows


@dataclass(frozen=True)
class Query:
    text: str
    expected: str | None
    """The intent where the FAQ has intents, else the id; None for a question that the FAQ does not answer."""


def read_queries(path: Path | str) -> list[Query]:
    """Every row, or an UnreadableDocument that names the first bad line: a measurement must not pass over any."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"{path.name} cannot be read: {error.strerror}.") from error
    text, problems = decode(content, name=path.name)
    header, rows, bad_rows = read_rows(text)
    if not {"query", "expected"} <= set(header):
        raise UnreadableDocument(f"{path.name} needs the columns query and expected.")
    if problems := [*problems, *bad_rows]:
        raise UnreadableDocument(f"{path.name}: {problems[0]}.")
    for row in rows:
        if not row.cells["query"]:
            raise UnreadableDocument(f"{path.name}: line {row.line}: the query is empty.")
    if not rows:
        raise UnreadableDocument(f"{path.name} holds no queries.")
    return [Query(row.cells["query"], row.cells.get("expected") or None) for row in rows]
