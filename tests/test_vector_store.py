"""A vector store stands in for the comparison in memory: the same answers, and only what changed is moved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore

from knowledge.entry import Entry
from knowledge.matching.retriever import Retriever
from knowledge.matching.store import Handed, Store, UnusableStore
from knowledge.matching.vectors import Vectors
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP

pytestmark = pytest.mark.slow

LAMPS = Entry(id="lamps", question="Which bulb fits the Aurora lamp?", answer="E27.", variants=("aurora lamp bulb",))


class HandedEmbeddings(Handed, Embeddings):
    """As web.answering.vector_store hands them."""


class CountingStore(InMemoryVectorStore):
    """Notes what is added and taken away."""

    def __init__(self, embedding: Any) -> None:
        super().__init__(embedding)
        self.added: list[str] = []
        self.deleted: list[str] = []

    def add_texts(self, texts: Any, metadatas: Any = None, *, ids: Any = None, **kwargs: Any) -> list[str]:
        self.added += texts
        return super().add_texts(texts, metadatas, ids=ids, **kwargs)

    def delete(self, ids: Any = None, **kwargs: Any) -> None:
        self.deleted += [self.store[name]["text"] for name in ids]
        super().delete(ids, **kwargs)


class ByTextOnly(CountingStore):
    similarity_search_with_score_by_vector = None  # type: ignore[assignment]

    def similarity_search_with_score(self, query: str, k: int = 4, **_: Any) -> list[tuple[Document, float]]:
        found = self._similarity_search_with_score_by_vector(self.embedding.embed_query(query), k)
        return [(document, score) for document, score, _ in found]


class ByDistance(CountingStore):
    def similarity_search_with_score_by_vector(self, *args: Any, **kwargs: Any) -> list[tuple[Document, float]]:
        found = super().similarity_search_with_score_by_vector(*args, **kwargs)
        return [(document, 1 - score) for document, score in found]


class Squared(CountingStore):
    def similarity_search_with_score_by_vector(self, *args: Any, **kwargs: Any) -> list[tuple[Document, float]]:
        found = super().similarity_search_with_score_by_vector(*args, **kwargs)
        return [(document, 2 - 2 * score) for document, score in found]


class Failing(CountingStore):
    is_down = False

    def similarity_search_with_score_by_vector(self, *args: Any, **kwargs: Any) -> list[tuple[Document, float]]:
        if self.is_down:
            raise ConnectionError("gone")
        return super().similarity_search_with_score_by_vector(*args, **kwargs)


class Shelf:
    """A store and what was opened in it, over several starts."""

    def __init__(self, folder: Path, kind: type[CountingStore] = CountingStore) -> None:
        self.folder, self.kind = folder, kind
        self.inside: CountingStore | None = None
        self.store = self.started()

    def started(self) -> Store:
        handed = HandedEmbeddings()

        def opened(embeddings: Handed) -> Any:
            self.inside = self.inside or self.kind(embeddings)
            self.inside.embedding = embeddings  # type: ignore[assignment]
            return self.inside

        return Store(opened, handed=handed, kept=self.folder / "kept.txt")


@pytest.fixture
def vectors() -> Vectors:
    return Vectors(LetterEmbeddings())


@pytest.mark.parametrize("kind", [CountingStore, ByTextOnly, ByDistance])
def test_every_text_is_as_near_in_the_store_as_in_memory(
    kind: type[CountingStore], tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.matching.catalogue._MOST_LANDMARKS", 3)
    stored = Retriever.fit(SHOP, vectors, store=Shelf(tmp_path, kind).store)
    asked = ["delivery price", "do you hire", "", "aurora"]
    dense = stored._learnt.matcher.space.place_texts(  # type: ignore[union-attr]
        vectors.of_questions(stored._catalogue.phrasings), vectors.of_answers(stored._catalogue.answers)
    )
    placed = stored._learnt.matcher.space.place(vectors.of_questions(asked))  # type: ignore[union-attr]
    near = stored._learnt.matcher.index._texts.nearness_of(placed)  # type: ignore[union-attr]
    assert np.allclose(near, placed.nearness(dense), atol=1e-3)


@given(count=st.integers(1, 8))
def test_a_text_that_the_store_did_not_give_is_no_nearer_than_one_it_gave(
    count: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("knowledge.matching.store.NEAREST", count)
        patch.setattr("knowledge.matching.catalogue._MOST_LANDMARKS", 2)
        vectors = Vectors(LetterEmbeddings())
        stored = Retriever.fit(SHOP, vectors, store=Shelf(tmp_path_factory.mktemp("shelf")).store)
        near = stored.signals(["delivery price"], vectors.of_questions(["delivery price"])).meaning
    assert np.isfinite(near).all()
    assert (near <= 1.001).all()


def test_known_phrasing_finds_its_entry(tmp_path: Path, vectors: Vectors) -> None:
    retriever = Retriever.fit(SHOP, vectors, store=Shelf(tmp_path).store)
    for entry in SHOP:
        assert retriever.search(entry.question, lang=entry.lang)[0].entry.label == entry.label


def test_only_what_changed_is_moved_even_after_a_restart(tmp_path: Path, vectors: Vectors) -> None:
    shelf = Shelf(tmp_path)
    Retriever.fit(SHOP, vectors, store=shelf.store)
    assert shelf.inside
    shelf.inside.added.clear()
    edited = [replace(entry, answer="Now 49 dollars.") if entry.id == "delivery" else entry for entry in SHOP]
    before = [entry.answer for entry in SHOP if entry.id == "delivery"]
    Retriever.fit([*edited, LAMPS], vectors, store=shelf.started())
    assert set(shelf.inside.added) == {"Now 49 dollars.", LAMPS.answer, LAMPS.question, *LAMPS.variants}
    assert set(shelf.inside.deleted) == set(before)


def test_store_that_lost_its_texts_gets_them_again(tmp_path: Path, vectors: Vectors) -> None:
    shelf = Shelf(tmp_path)
    first = Retriever.open(SHOP, vectors, tmp_path, store=shelf.store)
    shelf.inside = None
    again = Retriever.open(SHOP, vectors, tmp_path, store=shelf.started())
    assert [match.entry for match in again.search("delivery price")] == [
        match.entry for match in first.search("delivery price")
    ]


def test_scores_that_are_no_cosines_are_refused(tmp_path: Path, vectors: Vectors) -> None:
    with pytest.raises(UnusableStore, match="cosine"):
        Retriever.fit(SHOP, vectors, store=Shelf(tmp_path, Squared).store)


def test_question_is_answered_while_the_store_is_down_and_the_trouble_is_told(tmp_path: Path, vectors: Vectors) -> None:
    shelf = Shelf(tmp_path, Failing)
    retriever = Retriever.fit(SHOP, vectors, store=shelf.store)
    assert isinstance(shelf.inside, Failing)
    shelf.inside.is_down = True
    assert retriever.search("delivery price")[0].entry.id == "delivery"
    assert shelf.store.trouble == "the vector store does not answer (ConnectionError)"
    shelf.inside.is_down = False
    retriever.search("delivery price")
    assert shelf.store.trouble is None


def test_change_is_answered_from_before_the_store_has_it(tmp_path: Path, vectors: Vectors) -> None:
    changed = Retriever.fit(SHOP, vectors, store=Shelf(tmp_path).store).with_changes([*SHOP, LAMPS])
    assert changed is not None
    assert changed.search("bulb for the aurora lamp")[0].entry == LAMPS


def test_store_is_never_given_a_customers_words(tmp_path: Path, vectors: Vectors) -> None:
    shelf = Shelf(tmp_path, ByTextOnly)
    retriever = Retriever.fit(SHOP, vectors, store=shelf.store)
    asked: list[str] = []
    assert shelf.inside
    search: Callable[..., Any] = shelf.inside.similarity_search_with_score
    shelf.inside.similarity_search_with_score = lambda query, **given: (  # type: ignore[method-assign]
        asked.append(query) or search(query, **given)
    )
    retriever.search("my name is Ada Lovelace")
    assert asked and not any("Ada" in query for query in asked)
