"""A Chinese game engine's support forum: 2,908 questions, each to be led to its accepted answer.

The answers alone are known, as passages of one document, whose title is all that stands above them. Many are links or
code, so that nobody does well.
"""

from collections.abc import Iterator
from pathlib import Path

from knowledge.entry import Entry
from tests.measure.sets.trial import Asked, Task, Trial, clean


def read(data: Path) -> Iterator[Task]:
    lines = (data / "egret_wenda_zh" / "egret_wenda_lines.txt").read_text(encoding="utf-8").split("\n")
    texts = [clean(line.split(" +++$+++ ")[2]) for line in lines if line]
    number: dict[str, str] = {}
    """Of each distinct answer: the same words are the same thing to find."""
    asked = []
    for question, answer in zip(texts[::2], texts[1::2], strict=True):
        label = number.setdefault(answer, str(len(number)))
        asked.append(Asked(question, frozenset([label])))
    entries = [
        Entry(id=label, question="Egret", answer=answer, lang="zh", kind="passage") for answer, label in number.items()
    ]
    yield Task("Egret forum zh, answers only", lambda _: [Trial(entries, asked)])
