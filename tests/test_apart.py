"""A document read in a process of its own is the same document, and one that hangs its reader harms nobody."""

import asyncio
from pathlib import Path

import pytest

from knowledge.problem import UnreadableDocument
from knowledge.reading.apart import read_apart
from knowledge.reading.documents import Document, parse_document

pytestmark = pytest.mark.real

FAQ = """id,question,answer,variants,tags,valid_until
a,沙发?,可以😀,one|two,x;y,2027-12-31
,no answer,
,,lost,
""".encode()


def apart(content: bytes, folder: Path, *, name: str = "faq.csv", patience_s: float = 60) -> Document:
    path = folder / "upload"
    path.write_bytes(content)
    with path.open("rb") as file:
        file.read(5)
        return asyncio.run(read_apart(file, name=name, patience_s=patience_s))


def test_document_comes_back_as_it_was_read(tmp_path: Path) -> None:
    assert apart(FAQ, tmp_path) == parse_document(FAQ, name="faq.csv")


def test_refusal_is_the_readers_own_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"^faq\.csv is empty\.$"):
        apart(b"", tmp_path)
    with pytest.raises(UnreadableDocument, match="--help is not a kind of file"):
        apart(b"x", tmp_path, name="--help")


def test_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="took longer than 0 minutes"):
        apart(b"question\nWhy?\n", tmp_path, patience_s=0)
