"""Across languages: the demo company's Chinese held-out questions, asked of its English entries alone."""

import csv
from collections.abc import Iterator
from pathlib import Path

from knowledge.reading.documents import read_document
from tests.measure.sets.trial import Asked, Task, Trial
from web.settings import ROOT


def read(data: Path) -> Iterator[Task]:  # noqa: ARG001
    with (ROOT / "tests" / "data" / "held.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lang"] == "zh"]
    asked = [Asked(row["query"], frozenset([row["expected"]])) for row in rows]
    for lang, name in (("en", "English"), ("zh", "Chinese")):
        entries = list(read_document(ROOT / "knowledge" / "demo" / f"{lang}.csv").entries)
        yield Task(f"demo, Chinese on {name}", lambda _, entries=entries: [Trial(entries, asked)])
