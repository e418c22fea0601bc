"""Walks the hash chains and says what is broken, in constant memory however long the books are.

It also adds the lines up anew and compares the sums beside them.

What it cannot see: lines cut off the end of the newest chain together with its row, before its day has a root; whoever
notes the last root elsewhere sees that too (`expected`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, func, select, type_coerce
from sqlmodel import SQLModel, col

from roi.books.chain_rows import CostChain, CostRoot
from roi.books.ledger import CostLine
from roi.books.links import COLUMNS, link, plain, root, start
from roi.books.money import Nano
from roi.books.sums import differing

AT_ONCE = 2_000
NUMBER, LINK = len(COLUMNS), len(COLUMNS) + 1
"""Where a row that was read has its number and its link."""
LINES = SQLModel.metadata.tables["cost_line"]
ROWS = [
    *(
        type_coerce(LINES.c[name], BigInteger) if isinstance(LINES.c[name].type, Nano) else LINES.c[name]
        for name in COLUMNS
    ),
    LINES.c.chain_number,
    LINES.c.link,
]


@dataclass
class Verified:
    lines: int = 0
    """In chains."""
    chains: int = 0
    roots: int = 0
    unchained: int = 0
    """Written before there were chains; nothing is known of them."""
    last_root: str | None = None
    last_day: date | None = None
    faults: list[str] = field(default_factory=list)
    """Sentences."""

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify(engine: Engine, *, expected: str | None = None) -> Verified:
    """Blocking. `expected` is a root that was noted before, which must still be among the roots."""
    found = Verified()
    with snapshot(engine) as connection:
        chains = [CostChain(**row) for row in _mapped(connection, select(*_columns(CostChain)))]
        chains.sort(key=lambda chain: (chain.day, chain.writer))
        roots = [CostRoot(**row) for row in _mapped(connection, select(*_columns(CostRoot)))]
        roots.sort(key=lambda root: root.day)
        _check_roots(found, roots, chains, expected=expected)
        for chain in chains:
            _walk(found, connection, chain)
        _check_strays(found, connection, chains, roots)
        if wrong := differing(connection):
            found.faults.append(
                f"Sums that are not those of their lines: {wrong}; `dime roi verify --sums` makes them anew."
            )
    return found


def snapshot(engine: Engine) -> Connection:
    """One state of the books, while others go on writing."""
    if engine.dialect.name == "sqlite":
        connection = engine.connect()
        connection.exec_driver_sql("BEGIN")
        return connection
    return engine.connect().execution_options(isolation_level="REPEATABLE READ")


def _check_roots(
    found: Verified, roots: Sequence[CostRoot], chains: Sequence[CostChain], *, expected: str | None
) -> None:
    closed: dict[date, list[CostChain]] = {}
    for chain in chains:
        if chain.is_closed:
            closed.setdefault(chain.day, []).append(chain)
    previous = ""
    for row in roots:
        if row.previous != previous:
            found.faults.append(f"A root before that of {row.day} is missing or was changed.")
        if root(row.day, row.previous, closed.pop(row.day, []), lines=row.lines) != row.root:
            found.faults.append(f"The root of {row.day} does not fit its chains: a chain or the root was changed.")
        previous = row.root
    found.faults += [f"The root of {day} is missing." for day in closed]
    newest = max((chain.day for chain in chains), default=date.min)
    late = {chain.day for chain in chains if not chain.is_closed and chain.day < newest}
    found.faults += [f"The root of {day} is missing, though later days were begun." for day in sorted(late)]
    if expected is not None and expected not in {row.root for row in roots}:
        found.faults.append("The root that was noted is not among the roots: the books were cut off or replaced.")
    found.roots, found.chains = len(roots), len(chains)
    if roots:
        found.last_root, found.last_day = roots[-1].root, roots[-1].day


def _walk(found: Verified, connection: Connection, chain: CostChain) -> None:
    """Compares each line with its link; at the first that does not fit, says why it does not."""
    before, number = start(chain.writer, chain.day), 0
    for row in _rows(connection, chain):
        number += 1
        linked = link(before, map(plain, row[:NUMBER]))
        if row[NUMBER] != number or linked != row[LINK]:
            found.faults.append(_why(connection, chain, number, before))
            return
        before = linked
    found.lines += number
    if number < chain.lines:
        found.faults.append(
            f"{_name(chain)} was cut off: {chain.lines - number} of its {chain.lines} lines are missing at the end."
        )
    elif number > chain.lines:
        found.faults.append(f"{_name(chain)}: {number - chain.lines} lines were inserted at the end.")
    elif before != chain.head:
        found.faults.append(f"{_name(chain)}: its end was changed.")


def _why(connection: Connection, chain: CostChain, number: int, before: str) -> str:
    """At `number` stands no line that is linked to the one before it."""
    at = list(COLUMNS).index("chain_number")
    count, last = connection.execute(
        select(func.count(), func.max(col(CostLine.chain_number))).where(col(CostLine.chain) == chain.id)
    ).one()
    place = f"{_name(chain)}, line {number}"
    if count < chain.lines:
        return f"{place}: deleted; {chain.lines - count} of {chain.lines} lines are missing."
    for row in _rows(connection, chain):
        own = [*row[:at], number, *row[at + 1 : NUMBER]]
        if link(before, map(plain, own)) == row[LINK]:
            moved = count == chain.lines and last == chain.lines
            told = f"another order; what belongs here stands at {row[NUMBER]}" if moved else "inserted"
            return f"{place}: {told}."
    if count > chain.lines:
        return f"{place}: inserted; there are {count - chain.lines} lines too many."
    return f"{place}: changed since it was written."


def _check_strays(
    found: Verified, connection: Connection, chains: Sequence[CostChain], roots: Sequence[CostRoot]
) -> None:
    """Lines that belong to no chain: those from before there were chains, and no others."""
    counts = select(col(CostLine.chain), func.count()).group_by(col(CostLine.chain))
    by_chain: dict[int | None, int] = {row[0]: row[1] for row in connection.execute(counts)}
    found.unchained = by_chain.pop(None, 0)
    before = sum(row.lines for row in roots if not row.chains)
    if found.unchained > before:
        found.faults.append(f"{found.unchained - before} lines were inserted outside of any chain.")
    elif found.unchained < before:
        found.faults.append(f"{before - found.unchained} lines from before the chains were deleted.")
    known = {chain.id for chain in chains}
    lost = sum(many for chain, many in by_chain.items() if chain not in known)
    if lost:
        found.faults.append(f"{lost} lines name a chain that is missing.")


def _rows(connection: Connection, chain: CostChain) -> Iterator[Any]:
    query = select(*ROWS).where(col(CostLine.chain) == chain.id).order_by(col(CostLine.chain_number))
    yield from connection.execution_options(yield_per=AT_ONCE).execute(query)


def _columns(of: type[CostChain] | type[CostRoot]) -> list[Any]:
    return [getattr(of, name) for name in of.model_fields]


def _mapped(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _name(chain: CostChain) -> str:
    return f"Chain {chain.writer} of {chain.day}"
