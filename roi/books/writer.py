"""A writer of the books: links every line to the one it wrote before, so that a later change of the books shows.

Each process has a chain of its own for each day, so that no two wait for each other; whoever begins a day closes those
before it. A clock that jumps back begins no day that is past: a chain's day never goes back.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection, bindparam, func, insert, select, text, update
from sqlmodel import Session, SQLModel

from roi.books import sums
from roi.books.chain_rows import CostChain, CostRoot
from roi.books.ledger import CostLine
from roi.books.links import link_of, root, start
from roi.books.prepared import inserting

CHAINS = SQLModel.metadata.tables["cost_chain"]
LINES = SQLModel.metadata.tables["cost_line"]
ROOTS = SQLModel.metadata.tables["cost_root"]
GROW = (
    update(CHAINS)
    .where(
        CHAINS.c.id == bindparam("chain"), CHAINS.c.lines == bindparam("before"), CHAINS.c.head == bindparam("linked"),
        CHAINS.c.is_closed.is_(False),
    )
    .values(lines=bindparam("after"), head=bindparam("link"))
)  # fmt: skip
"""By its head too: after a transaction was rolled back, the same number may be another chain's, or of other lines."""
ATTEMPTS = 5
"""To find the chain's end: another thread, or a transaction that was rolled back, may have moved it."""


@dataclass(frozen=True)
class End:
    """Where a chain goes on."""

    chain: int
    day: date
    lines: int
    head: str


class Writer:
    """One a process; may be used from any thread."""

    def __init__(self, name: str | None = None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.name = name or token_hex(8)
        self._now = now
        self._end: End | None = None
        self._lock = threading.Lock()

    def book(self, session: Session, lines: Sequence[CostLine]) -> None:
        """Links the lines and inserts them, past the session, with what they add to the sums; in the books when the
        caller commits."""
        if not lines:
            return
        session.flush()
        connection = session.connection()
        if any(line.corrects is not None for line in lines):
            alone(connection)
        for _ in range(ATTEMPTS):
            end = self._end_of_today(connection)
            grown = linked(end, lines)
            known = {"chain": end.chain, "before": end.lines, "linked": end.head}
            if connection.execute(GROW, {**known, "after": grown.lines, "link": grown.head}).rowcount == 1:
                with self._lock:
                    self._end = grown
                sums.add(connection, lines)
                inserting(LINES, connection.dialect).run(connection, [vars(line) for line in lines])
                return
            with self._lock:
                self._end = None
        raise RuntimeError(f"the chain of the books' writer {self.name} has no end that could be found")

    def _end_of_today(self, connection: Connection) -> End:
        with self._lock:
            end = self._end
        if end is not None and end.day >= self._now().astimezone(UTC).date():
            return end
        return self._begin(connection)

    def _begin(self, connection: Connection) -> End:
        """Today's chain: the one begun before, or a new one, which closes the days before it."""
        if (begun := self._begun(connection)) is not None:
            return begun
        alone(connection)
        newest = connection.execute(select(func.max(CHAINS.c.day))).scalar() or date.min
        closed = connection.execute(select(func.max(ROOTS.c.day))).scalar() or date.min
        day = max(self._now().astimezone(UTC).date(), newest, closed + timedelta(days=1))
        close(connection, before=day)
        own = select(CHAINS).where(CHAINS.c.writer == self.name, CHAINS.c.day == day)
        row = connection.execute(own).first()
        if row is not None:
            return End(row.id, row.day, row.lines, row.head)
        head = start(self.name, day)
        made = connection.execute(insert(CHAINS).values(writer=self.name, day=day, lines=0, head=head, is_closed=False))
        return End(made.inserted_primary_key[0], day, 0, head)  # type: ignore[index]

    def _begun(self, connection: Connection) -> End | None:
        """Our chain as another thread left it, without being alone first: PostgreSQL keeps its row locked for who
        waited for it in vain, and whoever is alone may be waiting for that row. SQLite has no rows' locks, and is
        alone before it reads."""
        if connection.dialect.name == "sqlite":
            return None
        today = self._now().astimezone(UTC).date()
        own = select(CHAINS).where(CHAINS.c.writer == self.name, CHAINS.c.day >= today, CHAINS.c.is_closed.is_(False))
        row = connection.execute(own.order_by(CHAINS.c.day.desc()).limit(1)).first()
        return None if row is None else End(row.id, row.day, row.lines, row.head)


def linked(end: End, lines: Sequence[CostLine]) -> End:
    head = end.head
    for number, line in enumerate(lines, end.lines + 1):
        columns = vars(line)
        columns.update(chain=end.chain, chain_number=number)
        columns["link"] = head = link_of(line, head)
    return End(end.chain, end.day, end.lines + len(lines), head)


def alone(connection: Connection) -> None:
    """Until the transaction ends nobody else begins or closes a day; lines of a day begun are written meanwhile on
    PostgreSQL. On SQLite a statement that changes nothing takes the one lock there is."""
    if connection.dialect.name == "sqlite":
        connection.execute(update(ROOTS).where(text("0")).values(lines=0))
    else:
        connection.execute(text("LOCK TABLE cost_root IN EXCLUSIVE MODE"))


def close(connection: Connection, *, before: date) -> None:
    """Gives each day before this one its root."""
    closing = update(CHAINS).where(CHAINS.c.day < before, CHAINS.c.is_closed.is_(False)).values(is_closed=True)
    by_day: dict[date, list[CostChain]] = {}
    for row in connection.execute(closing.returning(*CHAINS.c)).mappings():
        by_day.setdefault(row["day"], []).append(CostChain(**row))
    if not by_day:
        return
    newest = select(ROOTS.c.root).order_by(ROOTS.c.day.desc()).limit(1)
    previous = connection.execute(newest).scalar() or ""
    for day in sorted(by_day):
        chains = by_day[day]
        lines = sum(chain.lines for chain in chains)
        made = root(day, previous, chains, lines=lines)
        closing_row = CostRoot(day=day, chains=len(chains), lines=lines, previous=previous, root=made)
        connection.execute(insert(ROOTS).values(**closing_row.model_dump()))
        previous = made
