"""Where texts are compared by meaning: the index in memory beside pgvector, on the demo company's held-out questions.

python -m tests.measure.stores
"""

import csv
import tempfile
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from time import perf_counter

from agent.router import route
from knowledge.reading.documents import read_document
from tests.measure.demo import DATA
from tests.postgresql import running, with_pgvector
from web.assembly import DEMO_KNOWLEDGE, assemble
from web.bench.machine import machine
from web.settings import Settings


def main() -> None:
    print(machine())
    with (DATA / "held.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for store in ("", "pgvector"):
        folder = Path(tempfile.mkdtemp(prefix="dime-stores-"))
        with running(with_pgvector(), folder) if store else nullcontext() as server:
            measure(rows, folder / "home", store=store, url=server.url if server else None)


def measure(rows: list[dict[str, str]], home: Path, *, store: str, url: str | None) -> None:
    made = assemble(Settings(home=home, vector_store=store, vector_store_url=url))
    for path in DEMO_KNOWLEDGE:
        made.library.add(read_document(path))
    made.index.build()
    retriever, costs = made.retriever(), made.costs("chat")
    first = right = wrong = 0
    spent_ms = []
    for row in rows:
        began = perf_counter()
        matches = retriever.search(row["query"], lang=row["lang"])
        spent_ms.append((perf_counter() - began) * 1000)
        is_found = matches[0].entry.id == row["expected"]
        is_answered = route([match.confidence for match in matches], costs=costs).action == "answer"
        first += is_found
        right += is_answered and is_found
        wrong += is_answered and not is_found
    total, ordered = len(rows), sorted(spent_ms)
    print(
        f"{store or 'in memory':<10} {total} questions: right entry first {first / total:.1%}, answered rightly "
        f"{right / total:.1%}, wrongly {wrong / total:.1%}; {median(ordered):.0f} ms median, "
        f"{ordered[int(0.95 * total)]:.0f} ms p95"
    )


if __name__ == "__main__":
    main()
