"""DSTC10 track 2's validation dialogues, spoken and as a recogniser heard them: 104 turns that a place's FAQ answers.

The question is the last three turns, first hypothesis. The place is given, so the knowledge is that place's snippets.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from knowledge.entry import Entry
from tests.measure.sets.trial import Asked, Task, Trial, clean

_TURNS = 3


def read(data: Path) -> Iterator[Task]:
    folder = data / "dstc_kb"
    places, logs, labels = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("knowledge", "dstc10_val_logs", "dstc10_val_labels")
    )
    asked: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for log, label in zip(logs, labels, strict=True):
        if label["target"]:
            [wanted] = label["knowledge"]
            text = clean(" ".join(turn["text"] for turn in log[-_TURNS:]))
            place = (wanted["domain"], str(wanted["entity_id"]))
            asked[place].append(Asked(text, frozenset([str(wanted["doc_id"])])))
    trials = [
        Trial(
            [
                Entry(id=number, question=clean(snippet["title"]), answer=clean(snippet["body"]))
                for number, snippet in places[domain][place]["docs"].items()
            ],
            questions,
        )
        for (domain, place), questions in asked.items()
    ]
    published = "DSTC9 test, another split and no place given: .620 baseline, .924 best"
    yield Task("DSTC10 spoken, place given", lambda _: trials, published={"FAQ": published})
