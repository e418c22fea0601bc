"""Run as a program, never imported: reads a document from stdin and writes it, or why not, to stdout as JSON."""

import os
import resource
import sys

from knowledge.problem import UnreadableDocument
from knowledge.reading.apart import REFUSED, as_json
from knowledge.reading.documents import LARGEST_DOCUMENT_BYTES, parse_document

_NICENESS = 10
"""Conversations go first."""
_MOST_MEMORY_BYTES = 4 << 30


def main() -> int:
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
    name = sys.argv[1]
    try:
        document = parse_document(sys.stdin.buffer.read(LARGEST_DOCUMENT_BYTES + 1), name=name)
    except UnreadableDocument as error:
        sys.stdout.buffer.write(str(error).encode(errors="replace"))
        return REFUSED
    except MemoryError:
        sys.stdout.buffer.write(f"{name} needs more memory to be read than it may have.".encode())
        return REFUSED
    sys.stdout.buffer.write(as_json(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
