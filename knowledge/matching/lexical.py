"""Words and letters: BM25 over stems and Chinese characters, and letter n-grams that forgive typing errors.

Chinese is cut into single characters and pairs, which needs no dictionary and makes no tokeniser's mistakes; mixed
texts get both. N-grams are hashed, so that an index is arrays and nothing else.
"""

import logging
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from scipy import sparse

from knowledge.matching.folding import fold

Floats = NDArray[np.float32]

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG
_WORD_OR_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_STEMMER = Stemmer.Stemmer("english")
_BUCKETS = 1 << 18
_GRAM_LENGTHS = (2, 3, 4, 5)
_MOST_COUNTED = 255
_DAMPED = np.append(np.float32(0), 1 + np.log(np.arange(1, _MOST_COUNTED + 1, dtype=np.float32)))
"""What so many occurrences in a text weigh."""


def terms(text: str) -> list[str]:
    """English stems, Chinese characters and pairs of characters, in order and with repeats."""
    found: list[str] = []
    for run in _WORD_OR_CHINESE.findall(fold(text).casefold()):
        if "\u3400" <= run[0] <= "\ufaff":
            found.extend(run)
            found.extend(first + second for first, second in pairwise(run))
        else:
            found.append(_stem(run))
    return found


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


class Bm25:
    """Okapi BM25 over texts, and how rare each term is."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._numbers: dict[str, int] = {}
        numbers = self._numbers  # not words: millions of them would leave holes in memory that nobody fills
        documents = [[numbers.setdefault(term, len(numbers)) for term in terms(text)] for text in texts]
        self._index = bm25s.BM25(k1=1.5, b=0.75) if numbers else None
        self._frequency = np.zeros(0, dtype=np.int32)
        if self._index:
            self._index.index((documents, numbers), create_empty_token=False, show_progress=False)
            self._frequency = np.diff(self._index.scores["indptr"])

    def scores(self, question: str) -> Floats:
        """One score for each text, divided by the question's own weight: about 1 when every rare term is matched."""
        asked = terms(question)
        known = [self._numbers[term] for term in asked if term in self._numbers]
        if not self._index or not known:
            return np.zeros(self._size, dtype=np.float32)
        scores: Floats = self._index.get_scores(known)
        return scores / np.float32(sum(self.rarity(term) for term in asked))

    def rarity(self, term: str) -> float:
        """Inverse document frequency; a term that occurs nowhere is the rarest."""
        number = self._numbers.get(term)
        count = 0 if number is None else int(self._frequency[number])
        return float(np.log1p((self._size - count + 0.5) / (count + 0.5)))


class Ngrams:
    """TF-IDF vectors of letter n-grams, terms and pairs of terms, compared by cosine."""

    def __init__(self, texts: Sequence[str], *, like: "Ngrams | None" = None, is_large: bool = False) -> None:
        """`like` lends its idea of what is rare: a handful of texts has none. Of a large knowledge only counts are
        kept, in a byte each, and become weights when they are asked for."""
        counts = _counts(texts)
        present = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf: Floats = like._idf if like else (np.log((1 + len(texts)) / (1 + present)) + 1).astype(np.float32)
        self._lengths = self._lengths_of(self._raw(counts)) if is_large else None
        kept = counts.minimum(_MOST_COUNTED).astype(np.uint8) if is_large else self._weighted(counts)
        self._by_gram = kept.T.tocsr()

    def embed(self, texts: Sequence[str]) -> sparse.csr_matrix:
        return self._weighted(_counts(texts))

    def nearness(self, questions: sparse.csr_matrix) -> Floats:
        """Questions by texts: one by one, since a product of sparse matrices takes twice the time and sums the same."""
        near = np.empty((questions.shape[0], self._by_gram.shape[1]), dtype=np.float32)
        for row in range(len(near)):
            asked = slice(*questions.indptr[row : row + 2])
            grams, weights = questions.indices[asked], questions.data[asked]
            theirs = self._by_gram[grams]
            if self._lengths is not None:
                theirs.data, weights = _DAMPED[theirs.data], weights * self._idf[grams]
            near[row] = theirs.T @ weights
        if self._lengths is not None:
            near /= self._lengths
        return near

    def own_nearness(self, chosen: NDArray[np.intp]) -> Floats:
        """All texts by the chosen ones."""
        by_gram = self._by_gram
        if self._lengths is not None:
            by_gram = self._weighted(by_gram.T.tocsr().astype(np.float32)).T.tocsr()
        near: Floats = (by_gram.T @ by_gram[:, chosen]).toarray()
        return near

    def _weighted(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        weighted = self._raw(counts)
        return sparse.diags_array(1 / self._lengths_of(weighted)).astype(np.float32) @ weighted

    def _raw(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        weighted = counts.copy()
        weighted.data = (1 + np.log(weighted.data)) * self._idf[weighted.indices]
        return weighted

    def _lengths_of(self, weighted: sparse.csr_matrix) -> Floats:
        lengths: Floats = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        return np.maximum(lengths, np.float32(1e-9))


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    columns, values, ends = array("i"), array("f"), array("q", [0])  # lists of a million texts' take gigabytes
    for text in texts:
        found = Counter(zlib.crc32(gram.encode(errors="replace")) % _BUCKETS for gram in _grams(text))
        columns.extend(found)
        values.extend(found.values())
        ends.append(len(columns))
    shape = (len(texts), _BUCKETS)
    parts = np.frombuffer(values, np.float32), np.frombuffer(columns, np.int32), np.frombuffer(ends, np.int64)
    return sparse.csr_matrix(parts, shape=shape)


def _grams(text: str) -> Iterator[str]:
    words = terms(text)
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    for run in _WORD_OR_CHINESE.findall(fold(text).casefold()):
        if not "\u3400" <= run[0] <= "\ufaff":
            padded = f" {run} "
            yield from (padded[at : at + n] for n in _GRAM_LENGTHS for at in range(max(1, len(padded) - n + 1)))
