"""A running server reads what has changed, and then has what a whole reading would have given."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import event

from knowledge.entry import Entry
from knowledge.library import Library
from knowledge.newest import Newest
from knowledge.reading.documents import Document
from web.database import open_database


def shelf(home: Path) -> Library:
    return Library(open_database(f"sqlite:///{home}/dime.sqlite", lock_folder=home))


def asked(name: str, *, answer: str = "Yes.", **more: object) -> Entry:
    return Entry(id=name, question=f"What about {name}?", answer=answer, lang="en", **more)  # type: ignore[arg-type]


def document(name: str, *entries: Entry) -> Document:
    return Document(name, "csv", "", entries)


def by_id(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in entries}


_STEPS = some.lists(
    some.tuples(
        some.sampled_from(["add", "put", "teach", "remove", "whole"]), some.integers(0, 4), some.integers(0, 9)
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(steps=_STEPS)
def test_catching_up_gives_what_reading_gives(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:
    library = shelf(tmp_path_factory.mktemp("home"))
    library.add(document("base.csv", *(asked(f"e{n}") for n in range(5))))
    newest = Newest(library)
    newest.read()
    for step, number, word in steps:
        match step:
            case "add":
                library.add(document(f"{number}.csv", asked(f"e{number}", answer=f"{word}.")))
            case "put":
                library.put(asked(f"p{number}", answer=f"{word}."))
            case "teach":
                ids = {entry.id for entry in library.entries()}
                if f"e{number}" in ids:
                    library.teach(f"and the {word}th time", f"e{number}")
            case "remove":
                library.remove_entry(f"e{number}")
            case "whole":
                library.add(document("base.csv", *(asked(f"e{n}") for n in range(number))))
        assert by_id(newest.catch_up()) == by_id(library.entries())


def test_only_what_changed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.newest._SKEW", timedelta(0))
    library = shelf(tmp_path)
    library.add(document("base.csv", *(asked(f"e{n}") for n in range(50))))
    newest = Newest(library)
    before = newest.read()
    library.put(asked("new"))
    after = newest.catch_up()
    assert len(after) == 51
    assert sum(one is other for one in before for other in after) == 50


def test_what_is_not_valid_today_is_left_out(tmp_path: Path) -> None:
    library = shelf(tmp_path)
    newest = Newest(library)
    assert newest.read() == newest.catch_up() == []
    library.add(document("a.csv", asked("old", valid_until=date(2001, 1, 1)), asked("now")))
    assert [entry.id for entry in newest.catch_up()] == ["now"]


def test_adding_one_entry_reads_few_rows(tmp_path: Path) -> None:
    library = shelf(tmp_path)
    library.add(document("base.csv", *(asked(f"e{n}") for n in range(50))))
    loaded: list[object] = []
    from knowledge.library_rows import EntryRow

    def note(row: EntryRow, _: object) -> None:
        loaded.append(row.external_id)

    event.listen(EntryRow, "load", note)
    try:
        added = library.add(document("one.csv", asked("new"), asked("e7", answer="No.")))
    finally:
        event.remove(EntryRow, "load", note)
    assert (added.added, added.updated) == (1, 1)
    assert loaded == ["e7"]
