"""Reads a file in a process of its own: a large one would hold up every conversation, since a regular expression over
200 MB does not let another thread run, and a bad one may hang, crash or eat the memory. A child can be ended."""

import asyncio
import os
import sys
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from knowledge.problem import UnreadableDocument
from knowledge.reading.documents import Document

PATIENCE_S = 1_800
REFUSED = 3
"""Exit code of a child that wrote a sentence instead of a document."""
_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENT = TypeAdapter(Document)


async def read_apart(file: IO[bytes], *, name: str, patience_s: float = PATIENCE_S) -> Document:
    """`file` is one on disk; it is read from its beginning. Raises UnreadableDocument."""
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # The file's own seek may stay within its buffer; the child has another.
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "knowledge.reading.reader_child", name,
        stdin=file.fileno(), stdout=asyncio.subprocess.PIPE, cwd=_ROOT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(patience_s):
            written, _ = await child.communicate()
    except TimeoutError:
        raise UnreadableDocument(f"{name} took longer than {patience_s / 60:.0f} minutes to read.") from None
    finally:
        if child.returncode is None:
            child.kill()
            await asyncio.shield(child.wait())
    if child.returncode == REFUSED:
        raise UnreadableDocument(written.decode())
    if child.returncode:
        raise UnreadableDocument(f"{name} broke its reader; the log says how.")
    return await asyncio.to_thread(_DOCUMENT.validate_json, written)


def as_json(document: Document) -> bytes:
    return _DOCUMENT.dump_json(document)
