"""Finding: the right entry, in the right language, with every signal told, and nothing where nothing is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.entry import Entry
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from tests.conftest import ROOT
from tests.letter_embeddings import LetterEmbeddings
from tests.real_engines import CACHE, real_embeddings
from tests.shop import CHINESE, ENGLISH, SHOP


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever.fit(SHOP, Vectors(LetterEmbeddings()))


def test_known_phrasing_finds_its_entry(retriever: Retriever) -> None:
    for entry in SHOP:
        for phrasing in entry.phrasings:
            assert retriever.search(phrasing)[0].entry == entry


def test_typing_errors_are_forgiven(retriever: Retriever) -> None:
    assert retriever.search("matress waranty")[0].entry.id == "warranty"
    assert retriever.search("forgott my pasword")[0].entry.id == "account"


def test_answer_comes_in_the_language_asked_for(retriever: Retriever) -> None:
    assert retriever.search("delivery price", lang="zh")[0].entry.lang == "zh"
    assert retriever.search("运费多少", lang="en")[0].entry.lang == "en"


def test_language_is_guessed_when_none_is_given(retriever: Retriever) -> None:
    assert retriever.search("营业时间")[0].entry.lang == "zh"
    assert retriever.search("opening hours")[0].entry.lang == "en"


def test_entry_in_one_language_only_is_found_from_the_other(retriever: Retriever) -> None:
    assert retriever.search("mattress warranty", lang="zh")[0].entry == next(e for e in ENGLISH if e.id == "warranty")


def test_each_label_comes_once_and_the_likeliest_first(retriever: Retriever) -> None:
    matches = retriever.search("delivery price", limit=20)
    assert len({match.entry.id for match in matches}) == len(matches) == len({entry.id for entry in SHOP})
    confidences = [match.confidence for match in matches]
    assert confidences == sorted(confidences, reverse=True)
    assert 0 <= sum(confidences) <= 1 + 1e-6
    assert len(retriever.search("delivery price", limit=2)) == 2


def test_every_signal_is_told(retriever: Retriever) -> None:
    assert {"classifier", "meaning", "letters", "words", "answer_meaning"} <= set(
        retriever.search("delivery price")[0].signals
    )


def test_rows_that_share_an_intent_are_one_thing_to_find() -> None:
    rows = [
        Entry(id=f"{entry.id}{n}", question=text, intent=entry.id)
        for entry in ENGLISH
        for n, text in enumerate(entry.phrasings)
    ]
    matches = Retriever.fit(rows, Vectors(LetterEmbeddings())).search("delivery fee")
    assert matches[0].entry.question == "delivery fee"
    assert [match.entry.intent for match in matches].count("delivery") == 1


@pytest.mark.parametrize("question", ["", "   ", "?!", "\ud800", "\0", "🛋️", "a" * 1_000_000])
def test_strange_questions_find_something_or_nothing_but_never_fail(retriever: Retriever, question: str) -> None:
    assert all(np.isfinite(match.confidence) for match in retriever.search(question))


def test_empty_library_finds_nothing() -> None:
    retriever = Retriever.fit([], Vectors(LetterEmbeddings()))
    assert retriever.search("anything") == []
    assert retriever.rank(["anything"], np.zeros((1, 128), np.float32)) == [[]]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_entries_is_enough(count: int) -> None:
    retriever = Retriever.fit(ENGLISH[:count], Vectors(LetterEmbeddings()))
    assert retriever.search("sofa return period")[0].entry.id == "returns"


def test_entries_without_answers_or_other_phrasings_are_found() -> None:
    bare = [replace(entry, answer="", variants=()) for entry in ENGLISH]
    match = Retriever.fit(bare, Vectors(LetterEmbeddings())).search("how do I reset my password")[0]
    assert match.entry.id == "account"
    assert "answer_meaning" not in match.signals


def test_entry_that_ran_out_since_it_was_learnt_is_not_given() -> None:
    last_day = date(2026, 5, 31)
    entries = [replace(entry, valid_until=last_day) if entry.id == "hours" else entry for entry in ENGLISH]
    retriever = Retriever.fit(entries, Vectors(LetterEmbeddings()))
    assert retriever.search("store opening hours", today=last_day)[0].entry.id == "hours"
    assert all(m.entry.id != "hours" for m in retriever.search("store opening hours", today=date(2026, 6, 1)))


def test_what_was_learnt_is_kept_and_answers_the_same(tmp_path: Path) -> None:
    first = Retriever.open(SHOP, Vectors(LetterEmbeddings(), tmp_path / "vectors"), tmp_path)
    embeddings = LetterEmbeddings()
    again = Retriever.load(SHOP, Vectors(embeddings, tmp_path / "vectors"), tmp_path)
    assert again is not None
    assert again.search("delivery price") == first.search("delivery price")
    assert embeddings.embedded == ["delivery price"]
    assert again.threshold == first.threshold


def test_changed_entries_are_learnt_anew(tmp_path: Path) -> None:
    Retriever.open(SHOP, Vectors(LetterEmbeddings()), tmp_path)
    assert Retriever.load(CHINESE, Vectors(LetterEmbeddings()), tmp_path) is None


def test_damaged_file_is_learnt_anew(tmp_path: Path) -> None:
    Retriever.open(SHOP, Vectors(LetterEmbeddings()), tmp_path)
    for kept in tmp_path.glob("*.npz"):
        kept.write_bytes(kept.read_bytes()[:100])
    assert Retriever.load(SHOP, Vectors(LetterEmbeddings()), tmp_path) is None
    assert Retriever.open(SHOP, Vectors(LetterEmbeddings()), tmp_path).search("运费多少")


@pytest.mark.real
def test_real_embeddings_find_what_shares_no_word_across_languages_too() -> None:
    retriever = Retriever.fit(ENGLISH, Vectors(real_embeddings()))
    assert retriever.search("I forgot my login, how do I get back in?")[0].entry.id == "account"
    assert retriever.search("送货要多少钱？")[0].entry.id == "delivery"
    assert retriever.search("床垫保修几年？")[0].entry.id == "warranty"


@pytest.mark.real
def test_a_phrasings_very_words_come_first_however_many_another_entry_knows() -> None:
    demo = [entry for lang in ("en", "zh") for entry in read_document(ROOT / f"knowledge/demo/{lang}.csv").entries]
    later = Entry("later", "Within how many days can I return a sofa?", "Within 14 days.", lang="en")
    learnt = Retriever.open(demo, Vectors(real_embeddings(), CACHE / "vectors"), CACHE / "learnt")
    changed = learnt.with_changes([*demo, later])
    assert changed is not None
    found = changed.search(f" {later.question.upper()}", "en")
    assert [match.entry.id for match in found][:2] == ["later", "returns-sofa"]
    assert found[0].confidence > learnt.threshold
