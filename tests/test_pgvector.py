"""The whole on PostgreSQL: what is added, edited and removed is answered so, after a restart too."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from knowledge.reading.documents import Document, read_document
from tests.conftest import CACHE
from tests.postgresql import PostgreSQL, debian, running, with_pgvector
from web.assembly import assemble
from web.naming import SettingError
from web.services import Services
from web.settings import ROOT, Settings

ENGLISH = ROOT / "knowledge" / "demo" / "en.csv"
SOFA = "how long do I have to return a sofa?"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgreSQL]:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    with running(with_pgvector(), folder) as started:
        yield started


def services(home: Path, url: str, *, embeddings: str = "bundled") -> Services:
    return assemble(Settings(home=home, cache=CACHE, database=url, vector_store="pgvector", embeddings=embeddings))


def some() -> Document:
    """Twenty entries of the demo, its sofas among them."""
    whole = read_document(ENGLISH)
    wanted = sorted(whole.entries, key=lambda entry: entry.id not in ("returns-sofa", "delivery-cost"))
    return replace(whole, entries=tuple(wanted[:20]))


def first(made: Services, question: str) -> tuple[str, str]:
    match = made.retriever().search(question, lang="en")[0]
    return match.entry.id, match.entry.answer


def rows(url: str) -> int:
    engine = create_engine(url)
    (table,) = [name for name in inspect(engine).get_table_names() if name.startswith("dime_")]
    with engine.connect() as connection:
        return int(connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


@pytest.mark.real
def test_knowledge_in_pgvector_is_added_edited_removed_and_there_after_a_restart(
    server: PostgreSQL, tmp_path: Path
) -> None:
    made = services(tmp_path / "home", server.url)
    made.library.add(some())
    made.index.build()
    assert made.index.trouble is None
    sofa, _ = first(made, SOFA)
    assert sofa == "returns-sofa"
    whole = rows(server.url)

    (entry,) = [entry for entry in made.library.entries("en") if entry.id == sofa]
    made.library.write(replace(entry, answer="Sofas can be returned within 45 days."))
    assert rows(server.url) == whole
    made.index.build()
    assert first(made, SOFA) == (sofa, "Sofas can be returned within 45 days.")
    assert rows(server.url) == whole

    made.library.remove_entry(sofa, lang="en")
    made.index.build()
    assert first(made, SOFA)[0] != sofa
    assert rows(server.url) < whole
    left, found = rows(server.url), first(made, "delivery price")

    server.stop()
    assert first(made, "delivery price") == found
    assert made.index.trouble and "vector store" in made.index.trouble
    server.start()
    assert first(made, "delivery price") == found
    assert made.index.trouble is None

    again = services(tmp_path / "home", server.url)
    again.index.build()
    assert first(again, "delivery price") == found
    assert rows(server.url) == left


@pytest.mark.real
def test_postgresql_without_pgvector_is_told_which_package_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    programs = debian()
    if list(Path("/usr/share/postgresql").glob(f"{programs.parent.name}/extension/vector.control")):
        pytest.skip("this machine's PostgreSQL has it")
    with running(programs, folder) as server:
        made = services(tmp_path / "home", server.url, embeddings="tests.letter_embeddings:LetterEmbeddings")
        made.library.add(some())
        with pytest.raises(SettingError, match="postgresql-VERSION-pgvector"):
            made.index.build()


def test_pgvector_needs_an_address_of_a_postgresql(tmp_path: Path) -> None:
    made = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", vector_store="pgvector"))
    with pytest.raises(SettingError, match="DIME_VECTOR_STORE_URL"):
        made.index._open_store("any model")
