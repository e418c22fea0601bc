"""Vectors on disk, so that no text is embedded twice: not on the next start, not by the next process.

Every batch is two files, the vectors and then the keys that make them count, each moved into place whole, so that a
reader never sees half of one and two writers lose nothing. Vectors stay on disk, at half precision, until used; what
was embedded just now leaves memory, too, once it is much.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.arrays import read_array, write_array
from knowledge.matching.embeddings import (
    Blocks,
    Embeddings,
    Floats,
    SilentEmbeddings,
    WrongVectors,
    blocks_of,
    embed_answers,
    embed_query,
    embed_questions,
    model_name,
)
from knowledge.matching.folding import fold
from knowledge.matching.lying import Batch, Lying

_MOST_FILES = 32
_BATCH = 256
_MOST_OF_CUSTOMERS = 10_000
"""Vectors of customers' questions in memory, 15 MB of the bundled model's."""
_KEY_BYTES = 16


Asked = Callable[[Embeddings, Sequence[str]], None]


def uncounted(_embeddings: Embeddings, _texts: Sequence[str]) -> None:
    """Nobody counts."""


class Vectors:
    """The vectors of questions and answers by one model. Without a folder they are kept for this process only."""

    def __init__(self, embeddings: Embeddings, folder: Path | None = None, *, asked: Asked = uncounted) -> None:
        """`asked` is told of each request that was answered, or may have been: a vendor bills it."""
        self._embeddings = embeddings
        self._asked = asked
        self.model = model_name(embeddings)
        self._folder = folder / hashlib.sha256(self.model.encode()).hexdigest()[:16] if folder else None
        self._batches: list[Batch] = []
        self._places: dict[bytes, tuple[int, int]] = {}
        """Batch and row of each key."""
        self._fresh: list[tuple[int, Path]] = []
        """Batches still in memory, and the files of their keys."""
        self.trouble: str | None = None
        """Why the last customer's question could not be embedded."""
        self._of_customers: dict[bytes, Floats] = {}
        self._keeping = threading.Lock()
        """The learning thread and the one that catches up embed at the same time."""
        if self._folder:
            self._read(self._folder)

    def of_questions(self, texts: Sequence[str]) -> Floats:
        """Phrasings and queries: texts by dimensions."""
        return self.lying_questions(texts).rows()

    def of_answers(self, texts: Sequence[str]) -> Floats:
        return self.lying_answers(texts).rows()

    def lying_questions(self, texts: Sequence[str]) -> Lying:
        """Those of `of_questions`, to be read some at a time; what is new is embedded now."""
        return self._of("question", texts, embed_questions)

    def lying_answers(self, texts: Sequence[str]) -> Lying:
        return self._of("answer", texts, embed_answers)

    def of_customer(self, *asked: str) -> Floats:
        """One live question, in each form that it may mean. While the model does not answer, what is said in the words
        of a phrasing has that one's vector and all else none (zeros): words and letters still speak for it, and
        `trouble` says so."""
        try:
            return self.of_customers(asked)
        except (SilentEmbeddings, WrongVectors) as error:
            if not self._batches:
                raise
            self.trouble = f"questions are answered without their meaning: {error}"
            return np.stack([self._of_phrasing(text) for text in asked])

    def _of_phrasing(self, text: str) -> Floats:
        known = _key("question", fold(text)) in self._places
        return self.of_questions([text])[0] if known else np.zeros(self._batches[0].shape[1], dtype=np.float32)

    def _remembered(self, question: str) -> Floats:
        """Kept in memory for a while, never on disk: customers' words do not belong there."""
        key = _key("question", question)
        vector = self._of_customers.get(key)
        if vector is None:
            vector = self._of_one(question)
            if len(self._of_customers) >= _MOST_OF_CUSTOMERS:
                self._of_customers = {}
            self._of_customers[key] = vector
        return vector

    def _of_one(self, question: str) -> Floats:
        folded = fold(question)
        with self._told([folded]):
            vector = embed_query(self._embeddings, folded)
        self._check_width(vector.shape[0])
        self.trouble = None
        return vector

    @contextmanager
    def _told(self, texts: Sequence[str]) -> Iterator[None]:
        """Each model's client has errors of its own."""
        try:
            yield
            self._asked(self._embeddings, texts)
        except WrongVectors:
            self._asked(self._embeddings, texts)
            raise
        except Exception as error:
            if "Timeout" in type(error).__name__:
                self._asked(self._embeddings, texts)
            raise SilentEmbeddings(
                f"the embeddings {self.model} fail ({type(error).__name__}: {error})"[:300]
            ) from error

    def _check_width(self, width: int) -> None:
        known = self._batches[0].shape[1] if self._batches else width
        if width != known:
            raise WrongVectors(
                f"the embeddings {self.model} give {width} numbers a text, and gave {known} before: give the other "
                "model another name, or empty the folder vectors in DIME_CACHE"
            )

    def blocks(self, vectors: Floats) -> Blocks:
        """Which columns of these vectors are which model's."""
        return blocks_of(self._embeddings, vectors.shape[1])

    def of_customers(self, questions: Sequence[str]) -> Floats:
        """Many of them, for looking back. Raises SilentEmbeddings while the model does not answer."""
        found = [self._remembered(question) for question in questions]
        return np.stack(found) if found else np.zeros((0, 1), dtype=np.float32)

    def _of(self, kind: str, texts: Sequence[str], embed: Callable[[Embeddings, Sequence[str]], Floats]) -> Lying:
        texts = [fold(text) for text in texts]
        keys = [_key(kind, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._places}
        pending = list(missing.items())
        for start in range(0, len(pending), _BATCH):
            some = pending[start : start + _BATCH]
            fresh = [text for _, text in some]
            with self._told(fresh):
                embedded = embed(self._embeddings, fresh)
            self._keep([key for key, _ in some], embedded)
        return self._lying(keys)

    def _lying(self, keys: Sequence[bytes]) -> Lying:
        places = np.array([self._places[key] for key in keys], dtype=np.int32).reshape(-1, 2)
        return Lying(self._batches, places)

    def _keep(self, keys: Sequence[bytes], vectors: Floats) -> None:
        self._check_width(vectors.shape[1])
        batch: Batch = vectors.astype(np.float16)
        with self._keeping:
            number = self._place(np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _KEY_BYTES), batch)
            if self._folder:
                self._fresh.append((number, _write(self._folder, keys, batch)))
                if len(self._fresh) >= _MOST_FILES:
                    fresh, self._fresh = self._fresh, []
                    self._lay_down(self._folder, fresh)

    def _lay_down(self, folder: Path, fresh: Sequence[tuple[int, Path]]) -> None:
        """Those batches as one on disk: a file each would be more open files than a process may have."""
        keys = [key for _, file in fresh if (known := read_array(file)) is not None for key in known]
        vectors = np.concatenate([self._batches[number] for number, _ in fresh])
        if len(keys) != len(vectors):  # another process has merged them meanwhile
            return
        merged = read_array(_vectors_file(_write(folder, [key.tobytes() for key in keys], vectors)), mapped=True)
        if merged is None:
            return
        start = 0
        for number, file in fresh:
            end = start + len(self._batches[number])
            self._batches[number] = merged[start:end]
            start = end
            _remove(file)

    def _place(self, keys: NDArray[np.uint8], batch: Batch) -> int:
        """The batch's number."""
        number = len(self._batches)
        self._batches.append(batch)
        self._places.update((key.tobytes(), (number, row)) for row, key in enumerate(keys))
        return number

    def _read(self, folder: Path) -> None:
        files = sorted(folder.glob("*.keys.npy"))
        for file in files:
            keys, batch = read_array(file), read_array(_vectors_file(file), mapped=True)
            if keys is not None and batch is not None and len(keys) == len(batch):
                self._place(keys, batch)
        if len(files) > _MOST_FILES:
            self._merge(folder, files)

    def _merge(self, folder: Path, files: Sequence[Path]) -> None:
        """Many small batches become one; whoever has the old ones mapped goes on reading them."""
        keys = list(self._places)
        _write(folder, keys, self._lying(keys).rows().astype(np.float16))
        for file in files:
            _remove(file)


def _write(folder: Path, keys: Sequence[bytes], batch: Batch) -> Path:
    """Where the keys are."""
    file = folder / f"{uuid4().hex}.keys.npy"
    write_array(_vectors_file(file), batch)
    write_array(file, np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _KEY_BYTES))
    return file


def _remove(keys: Path) -> None:
    keys.unlink(missing_ok=True)
    _vectors_file(keys).unlink(missing_ok=True)


def _vectors_file(keys: Path) -> Path:
    return keys.with_name(keys.name.replace(".keys.", ".vectors."))


def _key(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{text}".encode(errors="replace")).digest()[:_KEY_BYTES]
