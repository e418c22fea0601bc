"""Time and memory of a report over many conversations and of walking their chains, the time to write a turn's lines
and where it goes, and whether the lines add up to the report at random prices.

python -m tests.measure.books [--conversations 100000] [--turns 500] [--keep FILE.sqlite]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, insert, text
from sqlmodel import Session, SQLModel, create_engine

from agent.history import Conversation, TurnRow, provenance
from agent.turn import Who
from knowledge.rows import Company
from roi.books import sums
from roi.books.ledger import CostLine, lines_for, new_line
from roi.books.verify import verify
from roi.books.writer import Writer
from roi.export import as_json
from roi.report import report
from tests.added_up import adding_up
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, TABLES, usages

BATCH = 5000
LINES = CostLine.__table__  # type: ignore[attr-defined]


def opened(path: Path, *, durable: bool = True) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def as_the_application_does(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        if not durable:
            connection.execute("PRAGMA cache_size=-400000")

    return engine


def fill(engine: Engine, conversations: int, *, chained: bool = True) -> int:
    """A turn's worth of lines a conversation, in bulk; returns how many lines. Unchained ones are copied in SQL, which
    takes a fifth of the time and does for the report, but not for walking the chains."""
    SQLModel.metadata.create_all(engine, tables=TABLES)
    with Session(engine) as session:
        if session.get(Company, "default") is None:
            session.add(Company(name="Measured"))
            session.commit()
    chance, written, writer = Random(1), 0, Writer()
    matters = [f"matter-{n}" for n in range(40)]
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
                {"id": turn, "conversation_id": talk, "number": 1, "question": "?", "finished": True,
                 "source_entry": chance.choice(matters), **carried}
            )  # fmt: skip
            of = {**carried, "conversation_id": talk, "turn_id": turn}
            if chained:
                lines += [new_line(**{**line, **of, "id": uuid4()}) for line in chance.choice(priced)]
        with Session(engine) as session:
            session.connection().execute(insert(Conversation), talks)
            session.connection().execute(insert(TurnRow), turns)
            writer.book(session, lines)
            session.commit()
        written += len(lines)
    return written if chained else copy_lines(engine, priced)


def copy_lines(engine: Engine, priced: Sequence[Sequence[dict[str, Any]]]) -> int:
    """The lines of every turn, from these; the indexes and the sums are made when all are there."""
    own = {"id": "lower(hex(randomblob(16)))", "conversation_id": "turn.conversation_id", "turn_id": "turn.id"}
    own |= {name: f"turn.{name}" for name in provenance(Who("chat"), at=FIRST)}
    names = ", ".join(LINES.columns.keys())
    taken = ", ".join(own.get(name, f"kept.{name}") for name in names.split(", "))
    with engine.begin() as connection:
        for index in LINES.indexes:
            index.drop(connection)
        connection.execute(insert(LINES), [line for lines in priced for line in lines])
        connection.execute(text("CREATE TEMPORARY TABLE kept AS SELECT *, (rowid - 1) / 4 AS pick FROM cost_line"))
        connection.execute(text("CREATE INDEX temp.of_pick ON kept (pick)"))
        connection.execute(text("DELETE FROM cost_line"))
        copied = connection.execute(
            text(f"INSERT INTO cost_line ({names}) SELECT {taken} FROM turn JOIN kept ON pick = turn.rowid % :of"),
            {"of": len(priced)},
        )
        for index in LINES.indexes:
            index.create(connection)
        sums.fill(connection)
    return copied.rowcount


def templates(cpu: int) -> list[dict[str, Any]]:
    """A turn's priced lines, to be copied: pricing every one again would only make the filling slow."""
    used = usages(FIRST, cpu=str(Decimal(cpu) / 17 // Decimal("1e-6") / 10**6), tokens=600 + 31 * cpu)
    booked = lines_for(used, Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD")
    return [line.model_dump() for line in booked]


def write_turns(engine: Engine, turns: int) -> dict[str, list[float]]:
    """Milliseconds to price a turn's four usages, to link and insert their lines, and to commit them."""
    spent: dict[str, list[float]] = {"priced": [], "linked and inserted": [], "committed": [], "together": []}
    who, writer = Who("chat", customer="c1"), Writer()
    for n in range(turns):
        at = FIRST + timedelta(seconds=n)
        moments = [time.perf_counter()]
        lines = lines_for(usages(at), who, conversation=uuid4(), turn=uuid4(), prices=PRICES, currency="USD")
        moments.append(time.perf_counter())
        with Session(engine) as session:
            writer.book(session, lines)
            moments.append(time.perf_counter())
            session.commit()
        moments.append(time.perf_counter())
        for name, (start, end) in zip(spent, [*pairwise(moments), (moments[0], moments[-1])], strict=True):
            spent[name].append((end - start) * 1000)
    return spent


def flushed(folder: Path, times: int = 300) -> list[float]:
    """Milliseconds for the disk alone to keep 16 kB, which each commit waits for."""
    spent = []
    with (folder / "flushed").open("wb") as file:
        for _ in range(times):
            file.write(bytes(16_384))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            spent.append((time.perf_counter() - began) * 1000)
    (folder / "flushed").unlink()
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


def walked(path: Path) -> None:
    engine = opened(path)
    began = time.perf_counter()
    found = verify(engine)
    whole = "whole" if found.is_whole else found.faults[0]
    say(f"verify: {found.lines:,} lines in {time.perf_counter() - began:.1f} s, {resident_mb():.0f} MB, {whole}")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--for-report", action="store_true", help="lines without chains, which are filled quickly")
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--keep", type=Path, help="use and keep this file instead of a temporary one")
    parser.add_argument("--report-only", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--verify-only", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--added-up", type=int, default=100_000, help="conversations at random prices and currencies")
    wanted = parser.parse_args()
    if wanted.verify_only:
        return walked(wanted.verify_only)
    if wanted.report_only:
        return reported(wanted.report_only)
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.keep or Path(folder) / "books.sqlite"
        engine = opened(path)
        if not path.exists() or not path.stat().st_size:
            began = time.perf_counter()
            lines = fill(opened(path, durable=False), wanted.conversations, chained=not wanted.for_report)
            say(f"filled {lines:,} lines in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
        engine.dispose()
        os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-m", __spec__.name, "--report-only", str(path)])
        os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-m", __spec__.name, "--verify-only", str(path)])
        say("a turn's 4 lines, chained, synchronous=FULL:")
        for name, spent in [*write_turns(opened(path), wanted.turns).items(), ("the disk alone", flushed(path.parent))]:
            cut = quantiles(spent, n=100)
            say(f"  {name:<20} p50 {cut[49]:6.2f} ms, p95 {cut[94]:6.2f} ms, p99 {cut[98]:6.2f} ms")
    say(adding_up(wanted.added_up))
    return None


if __name__ == "__main__":
    main()
