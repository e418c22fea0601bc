"""The library changes as a whole or not at all, and says that it changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel, create_engine

from knowledge.entry import Entry
from knowledge.library import Library
from knowledge.phrasings import TakenQuestion, UnknownEntry
from knowledge.reading.documents import Document, parse_document

pytestmark = pytest.mark.slow


@pytest.fixture
def engine(tmp_path) -> Engine:  # type: ignore[no-untyped-def]
    engine = create_engine(f"sqlite:///{tmp_path}/dime.db")
    SQLModel.metadata.create_all(engine)
    return engine


@pytest.fixture
def library(engine: Engine) -> Library:
    return Library(engine)


def faq(*rows: str, name: str = "faq.csv") -> Document:
    return parse_document("\n".join(["id,question,answer,variants,lang,valid_until", *rows]).encode(), name=name)


def test_added_entries_come_back_as_they_were(library: Library) -> None:
    document = faq("a,One?,first,eins|uno,en,", "a,一？,第一,,zh,", "b,Two?,,,en,2999-01-01")
    added = library.add(document)
    assert (added.added, added.updated, added.retired, added.unchanged) == (3, 0, 0, 0)
    assert library.entries() == list(document.entries)
    assert [entry.question for entry in library.entries("zh")] == ["一？"]


def test_adding_the_same_again_changes_nothing_not_even_the_version(library: Library) -> None:
    library.add(faq("a,One?,first,eins,en,"))
    version = library.version()
    assert library.add(faq("a,One?,first,eins,en,")).unchanged == 1
    assert library.version() == version


def test_a_source_added_again_updates_adds_and_retires(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,", "c,Three?,third,,en,"))
    version = library.version()
    added = library.add(faq("a,One?,first,,en,", "b,Two?,changed,zwei,en,", "d,Four?,fourth,,en,"))
    assert (added.added, added.updated, added.retired, added.unchanged) == (1, 1, 1, 1)
    assert {entry.id: entry.answer for entry in library.entries()} == {"a": "first", "b": "changed", "d": "fourth"}
    assert library.version() == version + 1


def test_what_was_retired_comes_back_when_its_row_does(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,"))
    library.add(faq("a,One?,first,,en,"))
    assert library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,")).updated == 1
    assert len(library.entries()) == 2


def test_nothing_is_retired_while_a_row_cannot_be_read(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,"))
    added = library.add(faq("a,One?,first,,en,", '"b,Two?,second,,en,'))
    assert added.retired == 0 and added.problems[0].line == 3
    assert len(library.entries()) == 2


def test_another_source_takes_over_an_entry_without_doubling_it(library: Library) -> None:
    library.add(faq("a,One?,first,,en,"))
    library.add(faq("a,One?,better,,en,", name="new.csv"))
    assert [(entry.answer, entry.source) for entry in library.entries()] == [("better", "new.csv")]


def test_failure_in_the_middle_leaves_nothing_behind(engine: Engine, library: Library) -> None:
    library.add(faq("a,One?,first,,en,"))

    def fail(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("INSERT INTO phrasing"):
            raise OSError("the disk is full")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(OSError, match="disk"):
        library.add(faq("a,One?,changed,,en,", "b,Two?,second,zwei,en,"))
    event.remove(engine, "before_cursor_execute", fail)
    assert [(entry.id, entry.answer) for entry in library.entries()] == [("a", "first")]
    assert library.version() == 1


def test_expired_entry_is_not_answered_any_more(library: Library) -> None:
    library.add(faq("a,One?,first,,en,2026-05-31", "b,Two?,second,,en,"))
    assert len(library.entries(today=date(2026, 5, 31))) == 2
    assert [entry.id for entry in library.entries(today=date(2026, 6, 1))] == ["b"]


def test_a_source_or_a_single_entry_can_be_removed(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,"))
    library.add(faq("c,Three?,third,,en,", name="more.csv"))
    assert library.remove("b") == 1
    assert library.remove("more.csv") == 1
    assert library.remove("nothing") == 0
    assert [entry.id for entry in library.entries()] == ["a"]
    assert [(source.name, source.active, source.retired) for source in library.sources()] == [
        ("faq.csv", 1, 1),
        ("more.csv", 0, 1),
    ]


def test_export_is_a_faq_that_changes_nothing_when_added(library: Library) -> None:
    library.add(faq('a,One?,"first, with comma",eins|uno,en,2999-01-01', "a,一？,第一,,zh,"))
    again = library.add(parse_document(library.export().encode(), name="faq.csv"))
    assert (again.unchanged, again.updated, again.added, again.retired) == (2, 0, 0, 0)


def test_companies_do_not_see_each_other(engine: Engine, library: Library) -> None:
    other = Library(engine, company="other")
    library.add(faq("a,One?,first,,en,"))
    other.add(faq("a,One?,theirs,,en,"))
    assert library.entries()[0].answer == "first"
    assert other.entries()[0].answer == "theirs"
    assert other.version() == 1


def test_additions_at_the_same_time_follow_each_other(engine: Engine, library: Library) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    library.add(faq("a,One?,first,,en,"))

    def add(name: str) -> None:
        for number in range(5):
            library.add(
                faq(f"shared,Question {name} {number}?,,,en,", f"{name},Own {number}?,,,en,", name=name + ".csv")
            )

    with ThreadPoolExecutor() as threads:
        list(threads.map(add, ["b", "c", "d"]))
    assert library.version() == 16
    assert {entry.id for entry in library.entries()} == {"a", "shared", "b", "c", "d"}


def test_what_customers_taught_outlives_the_file_it_was_taught_for(library: Library) -> None:
    library.add(faq("a,One?,first,eins,en,", "b,Two?,second,,en,"))
    version = library.version()
    assert library.teach("the  first | one", "a").variants == ("eins", "the first one")
    assert library.version() == version + 1
    assert library.add(faq("a,One?,first,eins,en,", "b,Two?,second,,en,")).unchanged == 2
    assert library.add(faq("a,One?,changed,ein|uno,en,", "b,Two?,second,,en,")).updated == 1
    assert library.entries()[0].variants == ("ein", "uno", "the first one")
    assert library.add(faq("a,Uno?,changed,ein|uno,en,", "b,Two?,second,,en,")).updated == 1
    assert library.entries()[0].variants == ("ein", "uno", "the first one")


def test_export_with_what_was_taught_changes_nothing_when_added(library: Library) -> None:
    library.add(faq("a,One?,first,eins,en,"))
    library.teach("the first one", "a")
    version, page = library.version(), library.export()
    assert "eins|the first one" in page
    assert library.add(parse_document(page.encode(), name="faq.csv")).unchanged == 1
    assert (library.version(), library.export()) == (version, page)
    library.add(faq("a,One?,first,eins,en,"))
    assert library.entries()[0].variants == ("eins", "the first one")


def test_teaching_the_same_twice_changes_nothing(library: Library) -> None:
    library.add(faq("a,One?,first,eins,en,"))
    version = library.version()
    library.teach("EINS?", "a")
    library.teach("one", "a")
    assert library.version() == version


def test_a_question_belongs_to_one_entry_and_the_latest_word_counts(library: Library) -> None:
    library.add(faq("a,One?,first,eins,en,", "b,Two?,second,zwei,en,"))
    library.teach("which is it?", "a")
    library.teach("Which is it", "b")
    assert [entry.variants for entry in library.entries()] == [("eins",), ("zwei", "Which is it")]
    for taken in ("zwei", "Two?"):
        with pytest.raises(TakenQuestion, match="b"):
            library.teach(taken, "a")
    with pytest.raises(UnknownEntry, match="nowhere"):
        library.teach("which is it?", "nowhere")
    with pytest.raises(ValueError, match="1 to 2,000"):
        library.teach(" | ", "a")


def test_question_is_taught_in_its_own_language(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "a,一？,第一,,zh,"))
    library.teach("第一个是什么", "a")
    assert [(entry.lang, entry.variants) for entry in library.entries()] == [("en", ()), ("zh", ("第一个是什么",))]


def test_no_document_retires_what_an_editor_wrote(library: Library) -> None:
    library.add(faq("a,One?,first,,en,"))
    written = Entry(id="b", question="Two?", answer="second", source="editor")
    assert library.write(written) == "added"
    assert library.write(written) == "unchanged"
    library.add(faq("a,One?,changed,,en,"))
    assert [(entry.id, entry.source) for entry in library.entries()] == [("a", "faq.csv"), ("b", "editor")]


def test_editor_is_told_rather_than_replacing_another_sources_entry(library: Library) -> None:
    library.add(faq("a,One?,first,,en,"))
    for taken in (Entry(id="a", question="New?", source="editor"), Entry(id="x", question="one", source="editor")):
        with pytest.raises(TakenQuestion, match="a is asked so"):
            library.write(taken)
    assert [source.name for source in library.sources()] == ["faq.csv"]


def words(answer: str, *, slug: str = "a", lang: str = "en", variants: tuple[str, ...] = ()) -> Entry:
    return Entry(id=slug, question="One?", answer=answer, lang=lang, variants=variants)


def test_editors_words_are_answered_from_and_belong_to_the_editor(library: Library) -> None:
    assert library.put(words("mine", variants=("eins",))) == "added"
    assert library.put(words("mine", variants=("eins",))) == "unchanged"
    assert library.version() == 1
    assert library.put(words("better")) == "updated"
    assert [(entry.answer, entry.variants, entry.source) for entry in library.entries()] == [("better", (), "editor")]


def test_document_neither_overwrites_nor_retires_what_was_edited(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,"))
    library.put(words("edited"))
    added = library.add(faq("a,One?,changed,,en,", "b,Two?,second,,en,"))
    assert (added.kept, added.unchanged, added.updated) == (1, 1, 0)
    assert "the editor's words are kept" in str(added.problems[0])
    assert library.add(faq("b,Two?,second,,en,")).retired == 0
    assert {entry.id: entry.answer for entry in library.entries()} == {"a": "edited", "b": "second"}
    assert library.add(faq("a,One?,edited,,en,", "b,Two?,second,,en,")).kept == 0


def test_removing_an_edited_entry_makes_way_for_its_document(library: Library) -> None:
    library.add(faq("a,One?,first,,en,"))
    library.put(words("edited"))
    assert library.remove_entry("a") == 1
    assert library.add(faq("a,One?,first,,en,")).updated == 1
    assert library.entries()[0].answer == "first"


def test_shelf_is_read_in_pages_and_searched(library: Library) -> None:
    library.add(faq("a,One?,first,eins|uno,en,", "a,一？,第一,,zh,", "b,Two?,100% of it,,en,2020-01-01"))
    library.put(words("mine", slug="c"))
    everything = library.page(limit=2, offset=1)
    assert (everything.total, [(entry.id, entry.lang) for entry in everything.entries]) == (
        4,
        [("a", "zh"), ("b", "en")],
    )
    assert [entry.id for entry in library.page(words="UNO").entries] == ["a"]
    assert [entry.id for entry in library.page(words="%").entries] == ["b"]
    assert [entry.id for entry in library.page(lang="zh").entries] == ["a"]
    assert [entry.id for entry in library.page(source="editor").entries] == ["c"]
    assert library.page(source="nothing").total == 0
    assert library.page(words="uno").entries[0].variants == ("eins", "uno")


def test_entry_is_removed_in_one_language_or_in_all(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "a,一？,第一,,zh,", name="a.csv"))
    assert library.remove_entry("a.csv") == library.remove_source("a") == 0
    assert library.remove_entry("a", lang="zh") == 1
    assert library.remove_source("a.csv") == 1


def test_another_document_of_the_same_name_retires_nothing_and_says_so(library: Library) -> None:
    library.add(faq("a,One?,first,,en,", "b,Two?,second,,en,", "c,Three?,third,,en,"))
    added = library.add(faq("x,Other?,other,,en,"))
    assert (added.added, added.retired) == (1, 0)
    assert "nothing in common" in str(added.problems[0])
    assert {entry.id for entry in library.entries()} == {"a", "b", "c", "x"}
    library.remove("faq.csv")
    assert library.add(faq("d,Four?,fourth,,en,")).problems == ()
    assert {entry.id for entry in library.entries()} == {"d"}
