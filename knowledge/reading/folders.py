"""A folder as the documents in it: hidden files and kinds that cannot be read are counted, not opened."""

import os
from dataclasses import dataclass
from pathlib import Path

from knowledge.reading.documents import READABLE


@dataclass(frozen=True)
class Folder:
    documents: tuple[Path, ...]
    hidden: int = 0
    """Files that begin with a dot, or stand in a folder that does; Office's own ~$ files too."""
    other: int = 0
    """Files of kinds that cannot be read."""
    closed: tuple[str, ...] = ()
    """Subfolders that may not be looked into."""


def look_through(folder: Path) -> Folder:
    """With subfolders, in the order of their names. Links to folders are not followed, since they may lead back."""
    documents: list[Path] = []
    closed: list[str] = []
    hidden = other = 0
    for parent, subfolders, names in os.walk(folder, onerror=lambda error: closed.append(str(error.filename))):
        subfolders.sort()
        inside = Path(parent)
        is_hidden = any(part.startswith(".") for part in inside.relative_to(folder).parts)
        for name in sorted(names):
            if is_hidden or name.startswith((".", "~$")):
                hidden += 1
            elif Path(name).suffix.lower() in READABLE:
                documents.append(inside / name)
            else:
                other += 1
    return Folder(tuple(documents), hidden, other, tuple(closed))
