"""Large knowledge: how long one question takes, what the index holds in memory, how soon a new entry is found.

    python -m tests.measure.scale [--data ../shared/data] [--cache DIR] [--entries 100000] [--only PART]

Entries have a question and an answer each (tests/measure/large.py says which). Vectors lie on disk as a server's do.
Each part is a process of its own, as a server would be after its second start: what was learnt lies on disk.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from knowledge.entry import Entry
from knowledge.library import Library
from knowledge.matching.embeddings import Embeddings
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import Document
from knowledge.reading.passages import count_words
from tests.measure.chat import questions
from tests.measure.held import held_bytes
from tests.measure.large import VariedEmbeddings, large
from web.answering.index import LiveIndex
from web.assembly import embeddings
from web.bench.machine import machine
from web.database import open_database
from web.settings import Settings

_MOST_WORDS = 10
_QUERIES = 200
_SHELF = 10_000
_ADDED = (
    "Do you repair umbrellas that the wind has broken?",
    "Which trains may I take my folding canoe on?",
    "How loud is the church bell beside the hotel?",
    "May my parrot stay in the office over night?",
    "Who waters the tomatoes while I am on holiday?",
)
_POLL_SECONDS = 0.02
_TIMEOUT_SECONDS = 120


def varied(real: Embeddings, data: Path, cache: Path, count: int) -> tuple[list[Entry], VariedEmbeddings, int]:
    entries, originals, known = large(count, data)
    return entries, VariedEmbeddings(real, Vectors(real, cache), originals), known


def queries(data: Path, cache: Path, folder: Path, count: int) -> None:
    asked = [text for text in questions() if count_words(text) <= _MOST_WORDS][:_QUERIES]
    entries, model, known = varied(embeddings(Settings()), data, cache, count)
    for size in (1_000, count):
        began = time.perf_counter()
        retriever = Retriever.open(entries[:size], Vectors(model, folder / "vectors"), folder / "learnt")
        opened = time.perf_counter() - began
        for text in asked[:5]:
            retriever.search(text)
        taken = []
        for text in asked:
            began = time.perf_counter()
            retriever.search(text)
            taken.append((time.perf_counter() - began) * 1000)
        cut = quantiles(taken, n=100, method="inclusive")
        told = (
            f"p50 {cut[49]:.0f} ms, p95 {cut[94]:.0f} ms; opened in {opened:.1f} s, {min(size, known):,} questions real"
        )
        print(f"{size:>7,} entries, {len(asked)} questions of up to {_MOST_WORDS} words: {told}", flush=True)


def memory(data: Path, cache: Path, folder: Path, count: int) -> None:
    """What the entries and their texts take is counted too: a server reads them from its database."""
    real = embeddings(Settings())
    real.embed_query("warm up")
    bare = _resident()
    entries, model, _ = varied(real, data, cache, count)
    began = _resident()
    vectors = Vectors(model, folder / "vectors")
    retriever = Retriever.open(entries, vectors, folder / "learnt")
    opened = _resident()
    for text in questions()[:20]:
        retriever.search(text)
    print(f"{count:,} entries: {(_resident() - began) / 1e6:,.0f} MB resident beyond weights and entries once asked, "
          f"{(opened - began) / 1e6:,.0f} MB before; entries {(began - bare) / 1e6:,.0f} MB at most")  # fmt: skip
    for path, held in held_bytes(retriever).most_common(10):
        print(f"    {held / 1e6:8,.1f} MB  {path}")


def adding(data: Path, cache: Path, folder: Path, count: int) -> None:  # noqa: ARG001
    asyncio.run(_adding(data, cache))


async def _adding(data: Path, cache: Path) -> None:
    entries, model, _ = varied(embeddings(Settings()), data, cache, _SHELF)
    with tempfile.TemporaryDirectory() as home:
        engine = open_database(f"sqlite:///{home}/dime.sqlite", lock_folder=Path(home))
        library = Library(engine)
        library.add(Document("faq.csv", "csv", "", tuple(entries)))
        index = LiveIndex(library, embeddings=lambda: model, cache=Path(home))
        async with asyncio.timeout(20 * _TIMEOUT_SECONDS), asyncio.TaskGroup() as tasks:
            following = tasks.create_task(index.follow(), name="follow")
            await index.built.wait()
            added = [await _found(library, index, question) for question in _ADDED]
            following.cancel()
        engine.dispose()
    commits, founds, learnts = zip(*added, strict=True)
    told = f"found {median(founds):.2f} s after its commit (median of {len(added)}, longest {max(founds):.2f})"
    cost = f"the commit {median(commits):.2f} s; learnt {median(learnts):.1f} s after it"
    print(f"one entry more on {_SHELF:,}: {told}; {cost}")


async def _found(library: Library, index: LiveIndex, question: str) -> tuple[float, float, float]:
    """Seconds of the commit, until it is found, and until all is learnt anew."""
    document = Document(question, "csv", "", (Entry(id=question, question=question, answer="Nobody knows."),))
    began = time.monotonic()
    await asyncio.to_thread(library.add, document)
    committed = time.monotonic()

    async def wait(until: Callable[[], bool]) -> float:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            while not await asyncio.to_thread(until):  # noqa: ASYNC110 - a thread decides
                await asyncio.sleep(_POLL_SECONDS)
        return time.monotonic() - committed

    found = await wait(lambda: index.current().search(question)[0].entry.id == question)
    return committed - began, found, await wait(lambda: not index.is_learning)


def _resident() -> int:
    """Bytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


_PARTS = {"queries": queries, "memory": memory, "adding": adding}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Settings().cache / "vectors", help="where vectors are kept")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--only", choices=list(_PARTS))
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder:
        _PARTS[given.only](given.data, given.cache, given.folder, given.entries)
        return
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in [given.only] if given.only else _PARTS:
            command = [sys.executable, "-m", "tests.measure.scale", "--only", name, "--folder", folder,
                       "--data", given.data, "--cache", given.cache, "--entries", str(given.entries)]  # fmt: skip
            subprocess.run(command, check=True, timeout=2 * 3600)


if __name__ == "__main__":
    main()
