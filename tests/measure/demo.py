"""How the demo company answers customers' own words: held-out questions that no phrasing contains, routed as in life.

python -m tests.measure.demo
"""

import csv
from pathlib import Path

from agent.costs import ASKED_BY_EYE, Costs
from agent.router import route
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from roi.people.baselinefile import choose
from tests.measure.asked import measure_asked
from web.assembly import embeddings
from web.bench.machine import machine
from web.settings import ROOT, Settings

DATA = ROOT / "tests" / "data"
FILES = (("held.csv", "query", "expected"), ("unanswerable.csv", "question", ""), ("asked.csv", "query", "expected"))
"""With the columns of the question and of the entry that answers it."""


def main() -> None:
    settings = Settings()
    entries = [
        entry for lang in ("en", "zh") for entry in read_document(ROOT / "knowledge" / "demo" / f"{lang}.csv").entries
    ]
    vectors = Vectors(embeddings(settings), settings.cache / "vectors")
    retriever = Retriever.open(entries, vectors, settings.cache / "learnt")
    baseline = choose(settings.baseline)
    costs = Costs(wrong_answer=settings.wrong_answer_cost, handoff=float(baseline.cost("chat")), asking=ASKED_BY_EYE)
    print(machine())
    for name, question, expected in FILES:
        measure(DATA / name, retriever, costs=costs, question=question, expected=expected)
    measure_asked(retriever, costs=costs)


def measure(path: Path, retriever: Retriever, *, costs: Costs, question: str, expected: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = dict.fromkeys(("answerable", "first", "right", "wrong", "unanswerable", "answered"), 0)
    for row in rows:
        matches = retriever.search(row[question], lang=row["lang"])
        wanted, found = row.get(expected, ""), matches[0].entry.id
        is_answered = route([match.confidence for match in matches], costs=costs).action == "answer"
        if wanted:
            counts["answerable"] += 1
            counts["first"] += found == wanted
            counts["right"] += is_answered and found == wanted
            counts["wrong"] += is_answered and found != wanted
        else:
            counts["unanswerable"] += 1
            counts["answered"] += is_answered
    print(f"\n{path.name}: {len(rows)} questions")
    if total := counts["answerable"]:
        print(f"  right entry first  {counts['first'] / total:6.1%}  of {total} answerable")
        print(f"  answered rightly   {counts['right'] / total:6.1%}")
        print(f"  answered wrongly   {counts['wrong'] / total:6.1%}")
    vain = counts["answered"] / counts["unanswerable"]
    print(f"  answered in vain   {vain:6.1%}  of {counts['unanswerable']} unanswerable")


if __name__ == "__main__":
    main()
