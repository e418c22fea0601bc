"""tau-bench's bank: a task's text is asked of 698 documents, of which it needs 1 to 30.

The documents are read as a company would give them: Markdown, cut into passages. A document is found by any of them.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.entry import Entry
from knowledge.reading.documents import read_document
from tests.measure.sets.trial import Asked, Task, Trial, clean


def read(data: Path) -> Iterator[Task]:
    folder = data / "tau_bench" / "banking_knowledge"
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    asked = [
        Asked(clean(task["user_scenario"]["instructions"]), frozenset(task["required_documents"])) for task in tasks
    ]
    trial = Trial(_documents(folder / "documents"), asked)
    yield Task("tau-bench bank, share at 10", lambda _: [trial], figure="share at 10")


def _documents(folder: Path) -> list[Entry]:
    entries = []
    with TemporaryDirectory() as place:
        for path in sorted(folder.glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            laid = Path(place) / f"{path.stem}.md"
            laid.write_text(f"# {document['title']}\n\n{document['content']}\n", encoding="utf-8")
            entries += [replace(entry, intent=document["id"]) for entry in read_document(laid).entries]
    return entries
