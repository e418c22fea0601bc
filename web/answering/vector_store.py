"""Opens the vector store that DIME_VECTOR_STORE names: pgvector, or whatever a function of the user's own returns."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from knowledge.matching.store import Handed, Store, VectorStore
from web.conversing.customers import read_secret
from web.naming import SettingError, named
from web.settings import Settings

if TYPE_CHECKING:
    from langchain_postgres import PGEngine

CONNECT_S, STATEMENT_S = 5, 30
"""A question is answered by what is in memory when the store has not answered by then."""


def vector_store(settings: Settings, model: str) -> Store | None:
    """None: built in. The collection is this home's own, and one model's. Raises SettingError. Opens nothing yet."""
    if not settings.vector_store:
        return None
    from langchain_core.embeddings import Embeddings

    class HandedEmbeddings(Handed, Embeddings):
        """With the asynchronous half that some stores call."""

    mine = hashlib.sha256(read_secret(settings.home) + model.encode()).hexdigest()[:24]
    opened = _pgvector(settings, f"dime_{mine}") if settings.vector_store == "pgvector" else _own(settings)
    return Store(opened, handed=HandedEmbeddings(), kept=settings.home / "vector_store" / f"{mine}.txt")


def _own(settings: Settings) -> Callable[[Handed], VectorStore]:
    opened: Callable[[Handed], VectorStore]
    opened = named("DIME_VECTOR_STORE", settings.vector_store, kind="`pgvector` or module:function")
    return opened


def _pgvector(settings: Settings, table: str) -> Callable[[Handed], VectorStore]:
    url = settings.vector_store_url or settings.database or ""
    if not url.startswith("postgresql+psycopg:"):
        raise SettingError(
            "DIME_VECTOR_STORE=pgvector needs DIME_DATABASE or DIME_VECTOR_STORE_URL to be a PostgreSQL of the form "
            "postgresql+psycopg://user@host/database"
        )
    try:
        from langchain_postgres import PGEngine, PGVectorStore
    except ImportError as error:
        raise SettingError("DIME_VECTOR_STORE=pgvector needs a package more: pip install 'dime[pgvector]'") from error

    def opened(handed: Handed) -> VectorStore:
        from sqlalchemy.exc import SQLAlchemyError

        waits = {"connect_timeout": CONNECT_S, "options": f"-c statement_timeout={STATEMENT_S}s"}
        engine = PGEngine.from_connection_string(url, connect_args=waits, pool_pre_ping=True)
        try:
            _lay_table(engine, table, handed.width)
            store: VectorStore = PGVectorStore.create_sync(engine, cast(Any, handed), table)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise SettingError(
                f"DIME_VECTOR_STORE=pgvector cannot be opened ({reason}); PostgreSQL must be reachable and have the "
                "extension `vector`, on Debian the package postgresql-VERSION-pgvector"
            ) from error
        return store

    return opened


def _lay_table(engine: "PGEngine", table: str, width: int) -> None:
    from sqlalchemy.exc import ProgrammingError

    try:
        engine.init_vectorstore_table(table, width)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42P07":  # it is there already
            raise
