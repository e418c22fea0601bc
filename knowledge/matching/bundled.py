"""The embeddings that come with Dime: E5 for every language, and beside it MiniLM for what is written in Latin letters.

Together they see more than either (CLINC150 with 10 phrasings: 90 and 92). A text that MiniLM cannot read has zeros in
its part, and is compared by E5 alone.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.matching.e5 import E5, E5_WEIGHTS
from knowledge.matching.embeddings import Blocks, Floats, MissingEmbeddings
from knowledge.matching.minilm import MINILM, MiniLM
from knowledge.weights import WeightsMissing, find, laid

_MINILM_WEIGHT = 0.6
"""Chosen on held-out training data of three public sets; 0.5 to 0.7 differ by less than 0.2 points."""
_LATIN_SHARE = 0.7


class BundledEmbeddings:
    """A LangChain Embeddings by shape. Blocks."""

    def __init__(self, cache: Path, *, alone: bool = False) -> None:
        """`cache` holds the weights; `alone` leaves MiniLM out. Raises MissingEmbeddings."""
        try:
            self._e5 = E5(find(E5_WEIGHTS, cache))
        except WeightsMissing as error:
            raise MissingEmbeddings(f"{error} Or set DIME_EMBEDDINGS to another LangChain embeddings model.") from error
        english = None if alone else laid(MINILM, cache)
        self._minilm = MiniLM(english) if english else None
        self.model = self._e5.model if self._minilm is None else f"{self._e5.model}+{self._minilm.model}"
        self.blocks: Blocks = ((E5.width, 1.0),)
        if self._minilm:
            self.blocks = ((E5.width, 1 - _MINILM_WEIGHT), (MiniLM.width, _MINILM_WEIGHT))

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embed_questions([text])[0].tolist()
        return vector

    def embed_questions(self, texts: Sequence[str]) -> Floats:
        return self._beside(self._e5.questions(texts), texts)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._beside(self._e5.passages(texts), texts).tolist()
        return vectors

    def _beside(self, vectors: Floats, texts: Sequence[str]) -> Floats:
        if self._minilm is None:
            return vectors
        beside = np.zeros((len(texts), MiniLM.width), dtype=np.float32)
        readable = [at for at, text in enumerate(texts) if _is_latin(text)]
        if readable:
            beside[readable] = self._minilm.embed([texts[at] for at in readable])
        return np.hstack([vectors, beside])


def _is_latin(text: str) -> bool:
    """Mostly, by its letters; a text without letters is nobody's language and read by both."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < "\u0250" for character in letters)
    return latin >= _LATIN_SHARE * len(letters)
