"""Models and migrations say the same, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlmodel import SQLModel

from tests.postgresql import debian, running
from web import tables
from web.database import HEAD, MIGRATIONS, migrations, open_database, revision_of


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def test_models_and_migrations_are_the_same_on_sqlite(tmp_path: Path) -> None:
    assert differences(open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", lock_folder=tmp_path)) == []


def test_newest_migration_is_the_one_the_start_looks_for() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_every_table_is_known_and_has_the_identities_it_needs() -> None:
    assert {table.__tablename__ for table in tables.ALL} == set(SQLModel.metadata.tables)
    for name in ("conversation", "turn", "cost_line", "entry", "gap"):
        columns = SQLModel.metadata.tables[name].columns.keys()
        assert {"company", "customer", "channel", "lang", "arm", "eligible", "demo", "at"} <= set(columns)


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    open_database(url, lock_folder=tmp_path).dispose()
    assert revision_of(open_database(url, lock_folder=tmp_path)) == HEAD


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh PostgreSQL of our own."""
    with running(debian(), tmp_path) as server:
        yield server.url


@pytest.mark.real
def test_models_and_migrations_are_the_same_on_postgresql(postgresql: str, tmp_path: Path) -> None:
    engine = open_database(postgresql, lock_folder=tmp_path / "lock")
    assert differences(engine) == []
    engine.dispose()


def test_a_database_of_the_first_version_keeps_its_rows(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with engine.begin() as connection:
        command.upgrade(migrations(connection), "0001")
        connection.execute(text("INSERT INTO company VALUES ('default', 'Shop', 'UTC', 'USD')"))
        connection.execute(
            text(
                "INSERT INTO gap (company, eligible, demo, at, id, question, normal) "
                "VALUES ('default', 1, 0, '2026-11-01', '0', 'Do you rent?', 'do you rent')"
            )
        )
    engine.dispose()
    opened = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", lock_folder=tmp_path)
    with opened.connect() as connection:
        assert connection.execute(text("SELECT question, is_wrong FROM gap")).all() == [("Do you rent?", 0)]
