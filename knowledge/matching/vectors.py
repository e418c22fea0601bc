"""Vectors on disk, so that no text is embedded twice: not on the next start, not by the next process.

Every batch is one file of arrays, written beside its name and moved into place, so that a reader never sees half of one
and two writers lose nothing.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.arrays import read_arrays, write_arrays
from knowledge.matching.embeddings import Embeddings, Floats, embed_answers, embed_phrasings, embed_queries, model_name

_MOST_FILES = 32
_BATCH = 256
_MOST_OF_CUSTOMERS = 10_000
"""Vectors of customers' questions in memory, 15 MB of the bundled model's."""
_KEY_BYTES = 16


class Vectors:
    """The vectors of questions and answers by one model. Without a folder they are kept for this process only."""

    def __init__(self, embeddings: Embeddings, folder: Path | None = None) -> None:
        self._embeddings = embeddings
        self.model = model_name(embeddings)
        self._folder = folder / hashlib.sha256(self.model.encode()).hexdigest()[:16] if folder else None
        self._known: dict[bytes, Floats] = {}
        self._of_customers: dict[bytes, Floats] = {}
        if self._folder:
            self._read(self._folder)

    def of_phrasings(self, texts: Sequence[str]) -> Floats:
        """Texts by dimensions, each of length 1."""
        return self._of("phrasing", texts, embed_phrasings)

    def of_answers(self, texts: Sequence[str]) -> Floats:
        return self._of("answer", texts, embed_answers)

    def of_queries(self, texts: Sequence[str]) -> Floats:
        return self._of("query", texts, embed_queries)

    def of_customer(self, question: str) -> Floats:
        """One live question, not kept: customers' words do not belong in a cache."""
        vector: Floats = embed_queries(self._embeddings, [question])[0]
        return vector

    def of_customers(self, questions: Sequence[str]) -> Floats:
        """Many of them, for looking back: kept in memory for a while, never on disk."""
        found = []
        for question in questions:
            key = _key("query", question)
            vector = self._of_customers.get(key)
            if vector is None:
                vector = self.of_customer(question)
                if len(self._of_customers) >= _MOST_OF_CUSTOMERS:
                    self._of_customers = {}
                self._of_customers[key] = vector
            found.append(vector)
        return np.stack(found) if found else np.zeros((0, 1), dtype=np.float32)

    def _of(self, kind: str, texts: Sequence[str], embed: Callable[[Embeddings, list[str]], Floats]) -> Floats:
        keys = [_key(kind, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        pending = list(missing.items())
        for start in range(0, len(pending), _BATCH):
            batch = pending[start : start + _BATCH]
            vectors = embed(self._embeddings, [text for _, text in batch])
            fresh = dict(zip((key for key, _ in batch), vectors, strict=True))
            self._known.update(fresh)
            self._write(fresh)
        if not keys:
            return np.zeros((0, 1), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    def _read(self, folder: Path) -> None:
        files = list(folder.glob("*.npz"))
        for file in files:
            if arrays := read_arrays(file):
                self._known.update(zip((key.tobytes() for key in arrays["keys"]), arrays["vectors"], strict=True))
        if len(files) > _MOST_FILES:
            self._write(self._known)
            for file in files:
                file.unlink(missing_ok=True)

    def _write(self, vectors: dict[bytes, Floats]) -> None:
        if self._folder:
            keys = np.frombuffer(b"".join(vectors), dtype=np.uint8).reshape(-1, _KEY_BYTES)
            arrays: dict[str, NDArray[Any]] = {"keys": keys, "vectors": np.stack(list(vectors.values()))}
            write_arrays(self._folder / f"{uuid4().hex}.npz", arrays)


def _key(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{text}".encode(errors="replace")).digest()[:_KEY_BYTES]
