"""A statement for many rows, compiled once: SQLAlchemy would get ready for each execution anew, which took half of the
time to write a turn's lines.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, case, insert
from sqlalchemy.dialects import postgresql, sqlite

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Row = dict[str, Any]


class Prepared:
    """Every row has all columns of the table."""

    def __init__(self, statement: Any, table: Table, dialect: Dialect) -> None:
        names = [column.name for column in table.columns]
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self._sql = str(compiled)
        self._order: Sequence[str] = compiled.positiontup or names
        self._is_positional = bool(compiled.positiontup)
        self._process: dict[str, Callable[[Any], Any] | None] = {
            column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns
        }

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        ready = [(name, self._process[name]) for name in self._order]
        made = [[row[name] if process is None else process(row[name]) for name, process in ready] for row in rows]
        if self._is_positional:
            connection.exec_driver_sql(self._sql, [tuple(values) for values in made])
        else:
            connection.exec_driver_sql(self._sql, [dict(zip(self._order, values, strict=True)) for values in made])


@lru_cache(16)
def inserting(table: Table, dialect: Dialect) -> Prepared:
    return Prepared(insert(table), table, dialect)


@lru_cache(16)
def adding(table: Table, dialect: Dialect) -> Prepared:
    """Inserts rows, or adds their numbers to those of the row that is there; of grades the worst stands."""
    made = INSERT[dialect.name](table)
    key = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if column.name not in (*key, "grade")]
    changed: dict[str, Any] = {name: table.c[name] + made.excluded[name] for name in names}
    if "grade" in table.c:
        changed["grade"] = case((made.excluded.grade > table.c.grade, made.excluded.grade), else_=table.c.grade)
    return Prepared(made.on_conflict_do_update(index_elements=key, set_=changed), table, dialect)
