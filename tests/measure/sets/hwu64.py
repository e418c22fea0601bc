"""HWU64 (Liu et al. 2019): 64 intents of a voice assistant; the split of the few-shot literature."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.measure.sets.intents import Labelled, shots
from tests.measure.sets.trial import Task


def read(data: Path) -> Iterator[Task]:
    train, test = (_part(data / "hwu64" / part) for part in ("train", "test"))
    published = "USE+ConveRT 85.83, ICDA 87.41"
    yield Task("HWU64 10", partial(shots, train, test, each=10), has_seeds=True, published={"FAQ": published})


def _part(folder: Path) -> Labelled:
    texts, labels = ((folder / name).read_text(encoding="utf-8").splitlines() for name in ("seq.in", "label"))
    return list(zip(texts, labels, strict=True))
