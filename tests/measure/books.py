"""Time and memory of a report over many conversations, and the time to write a turn's lines.

python -m tests.measure.books [--conversations 100000] [--turns 500] [--keep FILE.sqlite]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, insert
from sqlmodel import Session, SQLModel, create_engine

from agent.history import Conversation, TurnRow, provenance
from agent.turn import Who
from knowledge.rows import Company
from roi.export import as_json
from roi.ledger import CostLine, lines_for
from roi.report import report
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, TABLES, usages

BATCH = 5000


def opened(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def as_the_application_does(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


def fill(engine: Engine, conversations: int) -> int:
    """Three turns' worth of lines a conversation, in bulk; returns how many lines."""
    SQLModel.metadata.create_all(engine, tables=TABLES)
    with Session(engine) as session:
        if session.get(Company, "default") is None:
            session.add(Company(name="Measured"))
            session.commit()
    chance, written = Random(1), 0
    priced = [templates(cpu) for cpu in range(50)]
    for start in range(0, conversations, BATCH):
        talks, turns, lines = [], [], []
        for n in range(start, min(start + BATCH, conversations)):
            at = FIRST + timedelta(seconds=n * 27 * 86400 / conversations)
            who = Who("phone" if n % 4 == 0 else "chat", customer=f"c{chance.randrange(conversations)}")
            talk, turn = uuid4(), uuid4()
            carried = provenance(who, at=at)
            over = "asked" if n % 5 == 0 else None
            talks.append({"id": talk, "last_at": at, "state": "closed", "handoff_reason": over, **carried})
            turns.append(
                {"id": turn, "conversation_id": talk, "number": 1, "question": "?", "finished": True, **carried}
            )
            of = {**carried, "conversation_id": talk, "turn_id": turn}
            lines += [{**line, **of, "id": uuid4()} for line in chance.choice(priced)]
        with engine.begin() as connection:
            connection.execute(insert(Conversation), talks)
            connection.execute(insert(TurnRow), turns)
            connection.execute(insert(CostLine), lines)
        written += len(lines)
    return written


def templates(cpu: int) -> list[dict[str, Any]]:
    """A turn's priced lines, to be copied: pricing every one again would only make the filling slow."""
    used = usages(FIRST, cpu=str(Decimal(cpu) / 17 // Decimal("1e-6") / 10**6), tokens=600 + 31 * cpu)
    booked = lines_for(used, Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD")
    return [line.model_dump() for line in booked]


def write_turns(engine: Engine, turns: int) -> list[float]:
    """Milliseconds to price a turn's four usages and commit their lines."""
    spent = []
    who = Who("chat", customer="c1")
    for n in range(turns):
        at = FIRST + timedelta(seconds=n)
        began = time.perf_counter()
        lines = lines_for(usages(at), who, conversation=uuid4(), turn=uuid4(), prices=PRICES, currency="USD")
        with Session(engine) as session:
            session.add_all(lines)
            session.commit()
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reported(path: Path) -> None:
    """Run by itself, so that its memory is the report's and not the filling's."""
    engine = opened(path)
    began, burnt = time.perf_counter(), time.process_time()
    told = as_json(report(engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD"))
    seconds, cpu, totals = time.perf_counter() - began, time.process_time() - burnt, told["totals"]
    say(f"report: {seconds:.2f} s ({cpu:.2f} s of CPU), {resident_mb():.0f} MB, {totals['conversations']:,} talks,")
    say(f"        {told['coverage']['lines']:,} lines, total {totals['amount']} USD")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--keep", type=Path, help="use and keep this file instead of a temporary one")
    parser.add_argument("--report-only", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.report_only:
        return reported(wanted.report_only)
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.keep or Path(folder) / "books.sqlite"
        engine = opened(path)
        if not path.exists() or not path.stat().st_size:
            began = time.perf_counter()
            lines = fill(engine, wanted.conversations)
            say(f"filled {lines:,} lines in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
        engine.dispose()
        os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-m", __spec__.name, "--report-only", str(path)])
        cut = quantiles(write_turns(opened(path), wanted.turns), n=100)
        say(f"write of a turn's 4 lines, committed: p50 {cut[49]:.2f} ms, p95 {cut[94]:.2f} ms, p99 {cut[98]:.2f} ms")
    return None


if __name__ == "__main__":
    main()
