"""CLINC150 (Larson et al. 2019): 150 intents of ten domains and questions out of scope; its own three parts."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.measure.sets.intents import asked, shots
from tests.measure.sets.trial import Task, Threshold


def read(data: Path) -> Iterator[Task]:
    parts = json.loads((data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    known = {part: [(text, intent) for text, intent in parts[part]] for part in ("train", "val", "test")}
    outside = {part: [(text, "") for text, _ in parts[f"oos_{part}"]] for part in ("val", "test")}
    test = known["test"] + outside["test"]
    validation = [asked(text, intent) for text, intent in known["val"] + outside["val"]]

    draw = partial(shots, known["train"], test)
    yield Task("CLINC150 10", partial(draw, each=10), has_seeds=True,
               published={"FAQ": "USE+ConveRT 93.26, ICDA 94.84"})  # fmt: skip
    others = "kept / OOS recall: BERT 96.2 / 52.3, MLP 93.4 / 49.1, Rasa 90.9 / 31.2"
    published: dict[Threshold, str] = {"FAQ": "", "validation": "", "151 classes": others, "95 % kept": others}
    yield Task("CLINC150 all", partial(draw, each=None), published=published, validation=validation)
