"""What a server grows by over a thousand telephone calls: memory, open files and threads.

    python -m tests.measure.lasting [--calls 1000] [--at-once 10]

Every call is picked up and greeted; every tenth asks a question and hears the answer, the others hear 300 ms of the
greeting and hang up. Questions and answers are rendered beforehand, the calls are in real time over AudioSocket. A
reading every hundred calls, while no call is live: resident memory of the server, and its share (PSS) with that of
its children. Growth is from the mean of the first two readings after a hundred calls of warming up to that of the last
two.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean

from knowledge.reading.documents import read_document
from tests.real_engines import CACHE
from voice.audio import Samples
from voice.engines import Choices, open_engines
from web.assembly import DEMO_KNOWLEDGE
from web.bench.bench import _shuffled, render, spoken_questions
from web.bench.caller import Caller
from web.bench.machine import machine
from web.bench.serving import Serving, serving

EVERY = 100
"""Calls from one reading to the next, and of warming up."""
ASKS = 10
"""Every so many calls one asks."""
GREETED_MS = 300
SETTLING_S = 3.0
"""For the calls that have just ended to be put away."""
PROC = Path("/proc")


@dataclass(frozen=True)
class Reading:
    calls: int
    resident_mb: float
    share_mb: float
    """PSS of the server and its children."""
    files: int
    threads: int

    def line(self) -> str:
        return (
            f"{self.calls:5} calls   resident {self.resident_mb:7.1f} MB   share {self.share_mb:7.1f} MB   "
            f"files {self.files:3}   threads {self.threads:3}"
        )


@dataclass
class Heard:
    greeted: int = 0
    answered: int = 0
    in_vain: int = 0
    """Calls that heard nothing, or whose line broke."""


def growth_percent(readings: Sequence[float]) -> float | None:
    """From the mean of the first two to that of the last two; None of fewer than four."""
    if len(readings) < 4:
        return None
    first, last = fmean(readings[:2]), fmean(readings[-2:])
    return (last / first - 1) * 100


def field_kb(status: str, name: str) -> int:
    """A number out of what /proc tells; 0 where it is not there."""
    for line in status.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def read(process: int, *, calls: int, proc: Path = PROC) -> Reading:
    status = (proc / str(process) / "status").read_text()
    shares = [field_kb((proc / str(one) / "smaps_rollup").read_text(), "Pss") for one in family(process, proc=proc)]
    files = sum(1 for _ in (proc / str(process) / "fd").iterdir())
    return Reading(calls, field_kb(status, "VmRSS") / 1024, sum(shares) / 1024, files, field_kb(status, "Threads"))


def family(process: int, *, proc: Path = PROC) -> list[int]:
    """A process and its children's children."""
    told = [thread / "children" for thread in (proc / str(process) / "task").iterdir()]
    children = [int(child) for path in told if path.exists() for child in path.read_text().split()]
    return [process, *(one for child in children for one in family(child, proc=proc))]


async def call(at: Serving, number: int, questions: Sequence[tuple[str, Samples]], heard: Heard) -> None:
    asks = number % ASKS == 0
    caller = Caller("127.0.0.1", at.telephone, islice(_shuffled(questions, seed=number), 1))
    try:
        if asks:
            await caller.run(until_s=float("inf"))
        is_heard = bool(caller.asked and caller.asked[0].silence_ms) if asks else await caller.hear_a_little(GREETED_MS)
    except (OSError, TimeoutError):
        is_heard = False
    heard.answered += is_heard and asks
    heard.greeted += is_heard and not asks
    heard.in_vain += not is_heard


async def hundred(at: Serving, begun: int, questions: Sequence[tuple[str, Samples]], *, at_once: int) -> Heard:
    heard, room = Heard(), asyncio.Semaphore(at_once)

    async def held(number: int) -> None:
        async with room:
            await call(at, number, questions, heard)

    async with asyncio.TaskGroup() as group:
        for number in range(begun, begun + EVERY):
            group.create_task(held(number), name=f"caller-{number}")
    await asyncio.sleep(SETTLING_S)
    return heard


async def spoken() -> list[tuple[str, Samples]]:
    engines = open_engines(Choices(CACHE))
    try:
        entries = [entry for path in DEMO_KNOWLEDGE for entry in read_document(path).entries]
        questions = await spoken_questions(entries, engines)
        await render([entry for entry in entries if entry.question in dict(questions)], engines)
        return questions
    finally:
        await engines.close()


async def last(calls: int, *, at_once: int) -> list[Reading]:
    questions, readings = await spoken(), list[Reading]()
    lines = 2 * at_once  # whoever has hung up keeps a line for a moment
    with serving(cache=CACHE, calls=lines, DIME_RENDER_AHEAD="false", HF_HUB_OFFLINE="1") as at:
        for begun in range(0, EVERY + calls, EVERY):
            heard = await hundred(at, begun, questions, at_once=at_once)
            reading = read(at.process, calls=begun + EVERY)
            told = f"greeted {heard.greeted}, answered {heard.answered}, heard nothing {heard.in_vain}"
            print(f"{reading.line()}   {told}{'' if begun else '   (warming up)'}", flush=True)
            readings.append(reading)
    return readings[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1000, help="after the hundred of warming up")
    parser.add_argument("--at-once", type=int, default=10)
    wanted = parser.parse_args()
    print(f"{machine()}\nevery {ASKS}th call asks, the others hear {GREETED_MS} ms of the greeting")
    readings = asyncio.run(last(wanted.calls, at_once=wanted.at_once))
    for name, values in (
        ("resident", [one.resident_mb for one in readings]), ("share", [one.share_mb for one in readings]),
    ):  # fmt: skip
        growth = growth_percent(values)
        print(f"growth, {name}: " + ("too few readings" if growth is None else f"{growth:+.2f} %"))


if __name__ == "__main__":
    main()
