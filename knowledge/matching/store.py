"""Nearness in meaning from a vector store: pgvector, or any other with LangChain's interface, in place of a matrix in
memory.

The store holds one vector a text, by an id that follows from the text, so that a change of the knowledge moves only
what has changed. Its vectors lie in the space that chatter alone makes (the middle is taken away, nothing is learnt
from the entries), because a space that the entries taught would move with each of them. Of a question it gives the
nearest texts; all others count as unrelated (0), or as the farthest that was given where that is less. The few
landmarks that the classifier needs stay in memory, and answer alone while the store does not.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import numpy as np

from knowledge.matching.catalogue import Catalogue
from knowledge.matching.embeddings import Floats, sound
from knowledge.matching.space import Placed

NEAREST = 100
"""Texts asked for; of some five to an entry that is twenty entries, of which one is given."""
_AT_ONCE = 500
_TOLERANCE = 0.02
"""Stores keep vectors at single precision or less."""


class UnusableStore(RuntimeError):
    """The vector store cannot stand in for the built-in comparison; the message says why."""


class Handed:
    """The embeddings that a store is given. They embed nothing: they give the vectors that were handed over by name, so
    that no text is embedded twice and no customer's words reach the store."""

    width = 0

    def __init__(self) -> None:
        self._vectors: dict[str, Floats] = {}

    @contextmanager
    def handing(self, names: Sequence[str], vectors: Floats) -> Iterator[None]:
        """For as long as the store asks for them."""
        self._vectors.update(zip(names, vectors, strict=True))
        try:
            yield
        finally:
            for name in set(names):
                self._vectors.pop(name, None)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vectors[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Some stores try with a word of their own how wide vectors are."""
        found = self._vectors.get(text)
        return [1.0] + [0.0] * (self.width - 1) if found is None else found.tolist()


class VectorStore(Protocol):
    """The part of langchain_core.vectorstores.VectorStore that is used; every implementation that takes ids fits. Where
    it has `similarity_search_with_score_by_vector`, it is asked by the vector itself."""

    def add_texts(self, texts: list[str], metadatas: list[dict[str, str]] | None = None, *, ids: list[str]) -> Any: ...
    def delete(self, ids: list[str]) -> Any: ...
    def get_by_ids(self, ids: Sequence[str], /) -> list[Any]: ...
    def similarity_search_with_score(self, query: str, k: int) -> list[tuple[Any, float]]: ...


class Store:
    """One collection of texts. Its methods block."""

    def __init__(self, opened: Callable[[Handed], VectorStore], *, handed: Handed, kept: Path) -> None:
        """`kept` is a file that remembers which texts were put there, since no store can be asked for those."""
        self._open = opened
        self._handed = handed
        self._kept = kept
        self._store: VectorStore | None = None
        self._is_distance = False
        self.trouble: str | None = None
        """Why the store did not answer the last question."""

    def hold(self, catalogue: Catalogue, texts: Placed) -> "Stored":
        """Brings the collection to these texts, phrasings and then answers; what is there already is left alone."""
        ids = [_id("question", text) for text in catalogue.phrasings]
        ids += [_id("answer", text) for text in catalogue.answers]
        self._handed.width = texts.vectors.shape[1]
        if self._store is None:
            self._store = self._open(self._handed)
        there = set(self._kept.read_text().split()) if self._kept.exists() else set[str]()
        self._remember(there.union(ids))
        self._add(self._store, catalogue, texts, ids)
        for some in _batches(sorted(there.difference(ids))):
            self._store.delete(ids=some)
        self._remember(set(ids))
        self._is_distance = self._gives_distances(texts, ids)
        return Stored(self, ids, texts, texts.rows(catalogue.landmarks), catalogue.landmarks)

    def nearest(self, vector: Floats) -> list[tuple[str, float]]:
        """Ids and cosines of the nearest texts. Empty, and `trouble` says why, when the store cannot be asked: whoever
        asks a question is better served by what else is known about it."""
        try:
            found = self._search(vector)
        except Exception as error:  # noqa: BLE001 - every store has errors of its own
            self.trouble = f"the vector store does not answer ({type(error).__name__})"
            return []
        self.trouble = None
        return [(name, 1 - score) for name, score in found] if self._is_distance else found

    def _search(self, vector: Floats) -> list[tuple[str, float]]:
        assert self._store
        if by_vector := getattr(self._store, "similarity_search_with_score_by_vector", None):
            found = by_vector(vector.tolist(), k=NEAREST)
        else:
            name = uuid4().hex
            with self._handed.handing([name], vector[None]):
                found = self._store.similarity_search_with_score(name, k=NEAREST)
        return [(str(document.id), float(score)) for document, score in found]

    def _add(self, store: VectorStore, catalogue: Catalogue, texts: Placed, ids: Sequence[str]) -> None:
        words = [sound(text) for text in (*catalogue.phrasings, *catalogue.answers)]
        row = {name: at for at, name in enumerate(ids)}
        for some in _batches(list(row)):
            there = {str(document.id) for document in store.get_by_ids(some)}
            for is_answer in (False, True):
                new = [
                    name for name in some if name not in there and (row[name] >= len(catalogue.phrasings)) == is_answer
                ]
                if new:
                    told, kind = [words[row[name]] for name in new], "answer" if is_answer else "question"
                    with self._handed.handing(told, texts.vectors[[row[name] for name in new]]):
                        store.add_texts(told, [{"kind": kind} for _ in new], ids=new)

    def _gives_distances(self, texts: Placed, ids: Sequence[str]) -> bool:
        """Stores give similarities or distances, and do not say which. Raises UnusableStore where the scores around a
        known text are neither its cosines nor 1 less its cosines."""
        asked = texts.vectors[int(np.argmax(texts.parts.sum(axis=1)))]
        row = {name: at for at, name in enumerate(ids)}
        found = [(row[name], score) for name, score in self._search(asked) if name in row]
        if not found:
            raise UnusableStore("the vector store does not give back, by their ids, the texts that it was given")
        near, scores = texts.vectors[[at for at, _ in found]], np.array([score for _, score in found])
        cosines = near @ asked / np.maximum(np.linalg.norm(near, axis=1) * np.linalg.norm(asked), 1e-9)
        for is_distance in (False, True):
            wanted = 1 - cosines if is_distance else cosines
            if np.abs(np.nan_to_num(scores) - wanted).max() < _TOLERANCE:
                return is_distance
        raise UnusableStore("the vector store's scores are not cosines; choose cosine where the store is opened")

    def _remember(self, ids: set[str]) -> None:
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._kept.with_name(f"{uuid4().hex}.unfinished")
        unfinished.write_text("\n".join(sorted(ids)))
        os.replace(unfinished, self._kept)  # noqa: PTH105


class Stored:
    """Texts in a store, as knowledge.matching.index.Meanings."""

    def __init__(self, store: Store, ids: Sequence[str], texts: Placed, landmarks: Placed, rows: Any) -> None:
        self._store = store
        self._parts = texts.parts
        self._landmarks, self._rows = landmarks, rows
        self._columns: dict[str, list[int]] = {}
        for column, name in enumerate(ids):
            self._columns.setdefault(name, []).append(column)

    def nearness_of(self, questions: Placed) -> Floats:
        """Questions by texts."""
        near = np.zeros((len(questions.vectors), len(self._parts)), dtype=np.float32)
        for row in np.flatnonzero(questions.parts.any(axis=1)).tolist():
            self._fill(near[row], questions.vectors[row], questions.parts[row])
        near[:, self._rows] = questions.nearness(self._landmarks)
        return near

    def _fill(self, near: Floats, question: Floats, parts: Floats) -> None:
        given = [(column, cosine) for name, cosine in self._store.nearest(question)
                 for column in self._columns.get(name, ())]  # fmt: skip
        if not given:
            return
        columns = np.array([column for column, _ in given])
        cosines = np.nan_to_num(np.array([cosine for _, cosine in given], dtype=np.float32))
        # as Placed.nearness has it: compared in the parts that both have
        theirs = self._parts[columns]
        lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(parts)
        near[:] = min(0.0, float(cosines.min()))
        near[columns] = cosines * lengths / np.maximum(theirs @ parts, 1e-6)


def _id(kind: str, text: str) -> str:
    return str(UUID(bytes=hashlib.sha256(f"{kind}\0{sound(text)}".encode()).digest()[:16]))


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]
