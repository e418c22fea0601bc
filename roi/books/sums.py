"""Keeps the sums beside the lines: what a writer adds with its lines, all of them made anew, and where they differ."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, case, delete, func, insert, literal, or_, select, text, union_all
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Select
from sqlmodel import SQLModel, col

from roi.books.ledger import HUMAN_KINDS, CostLine
from roi.books.moments import seconds
from roi.books.money import NANO, nano_sums, to_nano
from roi.books.prepared import Row, adding
from roi.books.sum_rows import QUARTER_S
from roi.books.tally import is_unknown, number

LINES, SUMS, CONVERSATIONS = (SQLModel.metadata.tables[t] for t in ("cost_line", "cost_sum", "conversation_cost"))
SUM_NAMES, CONVERSATION_NAMES = tuple(SUMS.columns.keys()), tuple(CONVERSATIONS.columns.keys())
AT_ONCE = 500
Key = tuple[Any, ...]


def add(connection: Connection, lines: Sequence[CostLine]) -> None:
    """For lines that are inserted next, in the same transaction. Where they correct others, the caller sees to it that
    nobody corrects the same ones meanwhile."""
    settled = list(_settled_by(connection, lines))
    for table, rows in ((SUMS, by_quarter(lines, settled)), (CONVERSATIONS, by_conversation(lines, settled))):
        if rows:
            adding(table, connection.dialect).run(connection, rows)


def by_quarter(lines: Iterable[CostLine], settled: Iterable[tuple[CostLine, int]] = ()) -> list[Row]:
    """`settled`: earlier lines whose unknown amount the lines settle, with the chain that does; in the order of the
    key, as all of these."""
    found: dict[Key, list[Any]] = {}
    for line in lines:
        if line.period_start is None:
            _add(found, _quarter_key(line, line.chain or 0), _quarter_figures(line))
    for line, chain in settled:
        if line.period_start is None:
            _add(found, _quarter_key(line, chain), (0, 0, -1, 0, 0, line.grade, 0, 0, 0, 0))
    return [dict(zip(SUM_NAMES, (*key, *found[key]), strict=True)) for key in sorted(found)]


def by_conversation(lines: Iterable[CostLine], settled: Iterable[tuple[CostLine, int]] = ()) -> list[Row]:
    found: dict[Key, list[Any]] = {}
    for line in lines:
        if line.conversation_id is not None:
            people, (whole, rest) = line.kind in HUMAN_KINDS, _parts(line.amount)
            money = (0, 0, whole, rest) if people else (whole, rest, 0, 0)
            _add(found, (line.conversation_id, line.currency), (1, int(people), int(_is_unknown(line)), *money))
    for line, _ in settled:
        if line.conversation_id is not None:
            _add(found, (line.conversation_id, line.currency), (0, 0, -1, 0, 0, 0, 0))
    return [dict(zip(CONVERSATION_NAMES, (*key, *found[key]), strict=True)) for key in sorted(found)]


def _add(found: dict[Key, list[Any]], key: Key, more: Sequence[Any]) -> None:
    """Numbers are added; of grades the worst stands."""
    row = found.get(key)
    found[key] = list(more) if row is None else [
        max(was, new) if isinstance(was, str) else was + new for was, new in zip(row, more, strict=True)
    ]  # fmt: skip


def _quarter_key(line: CostLine, chain: int) -> Key:
    return (
        int(line.at.timestamp() // QUARTER_S), line.company, line.demo, line.conversation_id is not None, line.kind,
        line.meter, line.vendor, line.model, line.unit, line.currency, chain,
    )  # fmt: skip


def _quarter_figures(line: CostLine) -> tuple[Any, ...]:
    usage = line.corrects is None
    counts = (1, usage, _is_unknown(line), usage and line.covered, usage and line.measured)
    return (*map(int, counts), line.grade, *_parts(line.quantity), *_parts(line.amount))


def _parts(amount: Any) -> tuple[int, int]:
    return divmod(to_nano(amount or 0), NANO)


def _is_unknown(line: CostLine) -> bool:
    return line.amount is None and line.corrects is None


def _settled_by(connection: Connection, lines: Sequence[CostLine]) -> Iterator[tuple[CostLine, int]]:
    """The unknown lines that these are the first to correct, each with the chain of the one that does."""
    chain_of = {line.corrects: line.chain or 0 for line in lines if line.corrects is not None}
    for line in lines if chain_of else ():
        if line.id in chain_of and _is_unknown(line):
            yield line, chain_of[line.id]
    wanted = list(chain_of)
    for start in range(0, len(wanted), AT_ONCE):
        unknown = LINES.select().where(LINES.c.id.in_(wanted[start : start + AT_ONCE]), is_unknown())
        for row in connection.execute(unknown).mappings():
            yield CostLine(**row), chain_of[row["id"]]


def fill(connection: Connection) -> None:
    """All sums anew from the lines. Nobody books meanwhile: on SQLite there is one writer, and the first deletion is
    it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE cost_sum, conversation_cost IN EXCLUSIVE MODE"))
    for table, rows in ((SUMS, _quarters()), (CONVERSATIONS, _conversations())):
        connection.execute(delete(table))
        connection.execute(insert(table).from_select(table.columns.keys(), rows))


def _quarters(*, by_chain: bool = True) -> Select[*tuple[Any, ...]]:
    """What an unknown line was settled by is not asked: it counts where it stands, and nowhere once it is settled."""
    quarter: ColumnElement[int] = seconds(col(CostLine.at)) // QUARTER_S
    usage, of_contact = col(CostLine.corrects).is_(None), col(CostLine.conversation_id).is_not(None)
    names = ("kind", "meter", "vendor", "model", "unit", "currency")
    keys = [quarter, col(CostLine.company), col(CostLine.demo), of_contact, *(LINES.c[name] for name in names)]
    keys += [func.coalesce(CostLine.chain, 0)] if by_chain else []
    return (
        select(
            *keys, func.count(), number(usage), number(is_unknown()), number(and_(usage, col(CostLine.covered))),
            number(and_(usage, col(CostLine.measured))), func.max(CostLine.grade),
            *map(_or_nothing, (*nano_sums(CostLine.quantity), *nano_sums(CostLine.amount))),
        )
        .where(col(CostLine.period_start).is_(None))
        .group_by(*keys)
    )  # fmt: skip


def _conversations() -> Select[*tuple[Any, ...]]:
    is_people = col(CostLine.kind).in_(HUMAN_KINDS)
    amount = col(CostLine.amount)
    money = (*nano_sums(case((~is_people, amount))), *nano_sums(case((is_people, amount))))
    key = (col(CostLine.conversation_id), col(CostLine.currency))
    return (
        select(*key, func.count(), number(is_people), number(is_unknown()), *map(_or_nothing, money))
        .where(col(CostLine.conversation_id).is_not(None))
        .group_by(*key)
    )


def _or_nothing(sum_: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(sum_, 0)


def differing(connection: Connection) -> int:
    """How many sums are not those of their lines; chains aside, since a line may be settled in a later one."""
    return sum(
        _differing(connection, table, rows)
        for table, rows in ((SUMS, _quarters(by_chain=False)), (CONVERSATIONS, _conversations()))
    )


def _differing(connection: Connection, table: Table, rows: Select[*tuple[Any, ...]]) -> int:
    """Stored sums less those made anew must leave nothing, whole units and rests taken together."""
    keys = [column.name for column in table.primary_key if column.name != "chain"]
    names = [column.name for column in table.columns if column.name != "chain"]
    figures = [name for name in names if name not in (*keys, "grade")]
    made = dict(zip(names, rows.subquery().c, strict=True))
    grade, no_grade = "grade" in table.c, literal("")

    def side(of: Any, sign: int) -> Select[*tuple[Any, ...]]:
        stored, worst = [of["grade"] if grade else no_grade, no_grade][::sign]
        return select(
            *(of[name].label(name) for name in keys), *((sign * of[name]).label(name) for name in figures),
            stored.label("stored"), worst.label("worst"),
        )  # fmt: skip

    together = union_all(side(table.c, 1), side(made, -1)).subquery()
    both = together.c
    left = {name: func.sum(both[name]) for name in figures}
    wrong = [
        left[name] * NANO + left[f"{name[:-6]}_rest"] != 0 if name.endswith("_whole") else left[name] != 0
        for name in figures
        if not name.endswith("_rest")
    ]
    differ = select(literal(1)).select_from(together).group_by(*(both[name] for name in keys))
    differ = differ.having(or_(*wrong, func.max(both.stored) != func.max(both.worst)))
    return connection.execute(select(func.count()).select_from(differ.subquery())).scalar_one()
