"""Opens the database and brings it to the newest schema, on SQLite and PostgreSQL alike."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0009"
"""The newest migration, so that a start on a current database need not load Alembic; a test holds the two together."""
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str, *, lock_folder: Path) -> Engine:
    """An engine on a migrated database. `lock_folder` keeps two starting processes from migrating at once."""
    lock_folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    if revision_of(engine) != HEAD:
        with _locked(lock_folder / "migration.lock"):
            if revision_of(engine) != HEAD:
                _upgrade(engine)
    return engine


def revision_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine) -> None:
    from alembic import command

    with engine.begin() as connection:
        command.upgrade(migrations(connection), "head")


def migrations(connection: Connection) -> "Config":
    """For alembic's commands, on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers go on while a turn is written; FULL makes a commit survive a power cut, not only a kill."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
