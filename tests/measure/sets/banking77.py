"""BANKING77 (Casanueva et al. 2020): 77 intents of a bank's customers; its own test part, 40 questions an intent."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.measure.sets.intents import shots
from tests.measure.sets.trial import Task


def read(data: Path) -> Iterator[Task]:
    train, test = (_part(data / "banking77" / f"{part}.csv") for part in ("train", "test"))
    draw = partial(shots, train, test)
    for each, published in ((10, "USE+ConveRT 85.19, ICDA 89.79"), (5, "USE+ConveRT 77.75, ICDA 84.01")):
        yield Task(f"BANKING77 {each}", partial(draw, each=each), has_seeds=True, published={"FAQ": published})
    yield Task("BANKING77 10, 27 away", partial(draw, each=10, away=27), has_seeds=True)


def _part(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]
