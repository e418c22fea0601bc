"""Two writers of one ledger, a server's and a command's, each killed with SIGKILL at a random moment, again and again.

python -m tests.book_kills [--rounds 200] [--folder FOLDER]

Each child says which turn it is going to write and, once it is committed, that it is. What was committed must be in the
books whole and once, what was not must be there whole or not at all, and the chains must hold.
"""

import argparse
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session
from sqlmodel import select as rows

from agent.history import TurnRow
from agent.turn import Turn, Who
from knowledge.rows import Company
from roi.books.ledger import CostLine, lines_for
from roi.books.verify import Verified, verify
from tests.ledgers import PRICES, usages
from web.books.bookkeeping import Bookkeeper
from web.database import open_database

WRITERS = 2
LINES_A_TURN = 4
LONGEST_S = 0.3
"""From a round's first turn to the kill."""
EARLY = 0.25
"""Rounds that count from the first turn begun, where nothing is warm yet; the others from the first committed."""


@dataclass
class Outcome:
    rounds: int = 0
    committed: set[UUID] = field(default_factory=set)
    """Known to be in the books before the kill."""
    begun: set[UUID] = field(default_factory=set)
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    """In the books in part, or without their turn."""
    verified: Verified = field(default_factory=Verified)


def run(rounds: int, folder: Path, *, seed: int = 1) -> Outcome:
    chance, outcome, url = random.Random(seed), Outcome(), f"sqlite:///{folder / 'dime.sqlite'}"
    engine = open_database(url, lock_folder=folder)
    with Session(engine) as session:
        session.add(Company(name="Killed"))
        session.commit()
    # The price list is read once, before the children are forked.
    lines_for(usages(datetime.now(UTC)), Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD")
    engine.dispose()
    for _ in range(rounds):
        children = [_spawn(url, folder) for _ in range(WRITERS)]
        heard = {pipe: b"" for _, pipe in children}
        first = b"?" if chance.random() < EARLY else b"!"
        deadline = time.monotonic() + 60
        while not any(first in told for told in heard.values()) and time.monotonic() < deadline:
            for pipe in select.select(list(heard), [], [], 1)[0]:
                heard[pipe] += os.read(pipe, 65_536)
        until = time.monotonic() + chance.uniform(0.0, LONGEST_S)
        while (left := until - time.monotonic()) > 0:
            for pipe in select.select(list(heard), [], [], left)[0]:
                heard[pipe] += os.read(pipe, 65_536)
        for child, _ in children:
            os.kill(child, signal.SIGKILL)
        for child, pipe in children:
            os.waitpid(child, 0)
            while more := os.read(pipe, 65_536):
                heard[pipe] += more
            os.close(pipe)
            for line in heard[pipe].decode().splitlines():
                if len(line) == 33:  # a line that was cut off says nothing
                    (outcome.begun if line[0] == "?" else outcome.committed).add(UUID(line[1:]))
        outcome.rounds += 1
    _count(outcome, url, folder)
    return outcome


def _spawn(url: str, folder: Path) -> tuple[int, int]:
    """A writer's process and the pipe it tells into."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    try:
        engine = open_database(url, lock_folder=folder)
        keeper = Bookkeeper(engine, prices=PRICES, currency="USD")
        while True:
            at = datetime.now(UTC)
            turn = Turn("?", uuid4(), Who("chat", customer="c1"), at=at)
            os.write(writing, f"?{turn.id.hex}\n".encode())
            used = usages(at)
            turn.usage += used[:2]
            keeper.write(turn, finished=False)
            turn.usage += used[2:]
            keeper.write(turn, finished=True)
            os.write(writing, f"!{turn.id.hex}\n".encode())
    finally:
        os._exit(1)


def _count(outcome: Outcome, url: str, folder: Path) -> None:
    engine = open_database(url, lock_folder=folder)
    with Session(engine) as session:
        per_turn = rows(CostLine.turn_id, func.count()).group_by(CostLine.turn_id)  # type: ignore[arg-type]
        lines = Counter({turn: count for turn, count in session.exec(per_turn) if turn is not None})
        turns = set(session.exec(rows(TurnRow.id)))
    outcome.lost = sum(lines[turn] < LINES_A_TURN or turn not in turns for turn in outcome.committed)
    outcome.doubled = sum(count > LINES_A_TURN for count in lines.values())
    # A turn is kept twice: killed in between, it has the lines of the first time.
    outcome.torn = sum(lines[turn] not in (2, 4) for turn in turns) + len(set(lines) - turns)
    outcome.verified = verify(engine)
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(wanted.rounds, wanted.folder or Path(folder))
    sys.stdout.write(
        f"{found.rounds} kills of {WRITERS} writers, {len(found.committed):,} turns committed, lost {found.lost}, "
        f"doubled {found.doubled}, torn {found.torn}; {found.verified.lines:,} lines in {found.verified.chains} "
        f"chains, faults {found.verified.faults}\n"
    )
    sys.exit(bool(found.lost or found.doubled or found.torn or found.verified.faults or not found.committed))


if __name__ == "__main__":
    main()
