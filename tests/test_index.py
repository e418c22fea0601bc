"""The index that answers now follows the calendar as it follows the editor."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.entry import Entry
from knowledge.library import Library
from tests.letter_embeddings import LetterEmbeddings
from web.answering.index import LiveIndex
from web.database import open_database

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


def test_an_entry_is_found_from_the_day_on_from_which_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/dime.sqlite", lock_folder=tmp_path)
    library, day = Library(engine), [TODAY]
    monkeypatch.setattr(library, "today", lambda: day[0])
    monkeypatch.setattr("web.answering.index.DAY_SECONDS", -1)
    library.put(Entry(id="hours", question="When do you open?", answer="At nine."))
    library.put(Entry(id="winter", question="When does the ice rink open?", answer="At ten.", valid_from=TOMORROW))
    index = LiveIndex(library, embeddings=LetterEmbeddings, cache=tmp_path)
    index.build()

    def found() -> set[str]:
        return {match.entry.id for match in index.current().search("When does the ice rink open?")}

    assert found() == {"hours"}
    assert not index._is_to_learn()
    day[0] = TOMORROW
    index._catch_up()
    assert found() == {"hours", "winter"}
    assert index.is_learning
    index.build()
    assert found() == {"hours", "winter"}
    assert not index.is_learning
    engine.dispose()
