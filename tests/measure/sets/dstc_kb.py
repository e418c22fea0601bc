"""DSTC10 track 2's validation dialogues, spoken and as a recogniser heard them: 104 turns that a place's FAQ answers.

The question is the last turn, or the last three, first hypothesis. The place is given, so the knowledge is that
place's snippets alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.entry import Entry
from tests.measure.sets.trial import Asked, Task, Trial, clean

_PUBLISHED = "DSTC9 test, another split and no place given: .620 baseline, .924 best"


def read(data: Path) -> Iterator[Task]:
    folder = data / "dstc_kb"
    places, logs, labels = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("knowledge", "dstc10_val_logs", "dstc10_val_labels")
    )
    for turns, name in ((1, "last turn"), (3, "last 3 turns")):
        asked = _asked(logs, labels, turns)
        trials = [Trial(_entries(places[domain][place]), questions) for (domain, place), questions in asked.items()]
        yield Task(f"DSTC10 spoken, {name}", lambda _, trials=trials: trials, published={"FAQ": _PUBLISHED})


def _asked(logs: Any, labels: Any, turns: int) -> dict[tuple[str, str], list[Asked]]:
    """By place."""
    asked: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for log, label in zip(logs, labels, strict=True):
        if label["target"]:
            [wanted] = label["knowledge"]
            text = clean(" ".join(turn["text"] for turn in log[-turns:]))
            place = (wanted["domain"], str(wanted["entity_id"]))
            asked[place].append(Asked(text, frozenset([str(wanted["doc_id"])])))
    return asked


def _entries(place: Any) -> list[Entry]:
    return [
        Entry(id=number, question=clean(snippet["title"]), answer=clean(snippet["body"]))
        for number, snippet in place["docs"].items()
    ]
