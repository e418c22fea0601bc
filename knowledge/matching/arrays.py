"""Arrays on disk, whole or not at all: never pickles, and a reader never sees half a file."""

import mmap
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    _write(path, lambda file: np.savez(file, allow_pickle=False, **arrays))


def write_array(path: Path, array: NDArray[Any]) -> None:
    _write(path, lambda file: np.save(file, array, allow_pickle=False))


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """None when the file is missing or damaged: whatever is kept so can be made again."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def read_array(path: Path, *, mapped: bool = False) -> NDArray[Any] | None:
    """The same for a single one; `mapped` leaves it on disk until it is looked at."""
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return array


def let_go(array: NDArray[Any]) -> None:
    """One that is mapped stays on disk from now on, until it is looked at again."""
    mapping = getattr(array, "_mmap", None)  # of a part, too
    if isinstance(mapping, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapping.madvise(mmap.MADV_DONTNEED)


def _write(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{uuid4().hex}.unfinished")
    with unfinished.open("wb") as file:
        write(file)
    os.replace(unfinished, path)  # noqa: PTH105
