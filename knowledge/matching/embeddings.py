"""Texts to vectors: any LangChain Embeddings, by default the bundled ones (bundled.py).

LangChain itself is not imported here, since only its two methods are called and loading it takes longer than answering.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Blocks = tuple[tuple[int, float], ...]
"""Width and weight of each model's part of a vector that several models made together."""


class Embeddings(Protocol):
    """The part of langchain_core.embeddings.Embeddings that is used; every implementation of that fits.

    Two things more are used where they are there: `embed_questions`, for a model that tells questions from passages,
    and `blocks`, where a vector is made of several models' parts.
    """

    def embed_query(self, text: str) -> list[float]: ...
    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...


class MissingEmbeddings(RuntimeError):
    """The bundled embeddings do not run here; the message says what to set instead."""


class SilentEmbeddings(RuntimeError):
    """The model failed or its server does not answer; later it may."""


class WrongVectors(RuntimeError):
    """A model gave something else than one vector of numbers a text, each as wide as those before."""


def embed_query(embeddings: Embeddings, text: str) -> Floats:
    """One unit vector, for one live question."""
    vector: Floats = _vectors([embeddings.embed_query(text)], count=1)[0]
    return vector


def embed_questions(embeddings: Embeddings, texts: Sequence[str]) -> Floats:
    """One unit vector a phrasing or query. Phrasings are questions too, and models like E5 tell questions from
    passages; where a model does not, a batch is one request in place of hundreds."""
    embed = getattr(embeddings, "embed_questions", embeddings.embed_documents)
    return _vectors(embed(list(texts)), count=len(texts))


def embed_answers(embeddings: Embeddings, texts: Sequence[str]) -> Floats:
    return _vectors(embeddings.embed_documents(list(texts)), count=len(texts))


def _vectors(given: object, *, count: int) -> Floats:
    try:
        vectors = np.array(given, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise WrongVectors(f"the embeddings gave no vectors of one width ({error})") from error
    if vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1] or not np.isfinite(vectors).all():
        raise WrongVectors(
            f"the embeddings gave {vectors.shape} numbers for {count} texts, or some that are not finite"
        )
    return unit(vectors)


def blocks_of(embeddings: Embeddings, dimensions: int) -> Blocks:
    """One block where the embeddings say nothing else."""
    blocks: Blocks = getattr(embeddings, "blocks", None) or ((dimensions, 1.0),)
    return blocks


def unit(vectors: Floats) -> Floats:
    """Scaled to length 1; a vector of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def model_name(embeddings: Embeddings) -> str:
    """What tells one model's vectors from another's."""
    kind = type(embeddings)
    named = getattr(embeddings, "model", None) or getattr(embeddings, "model_name", None)
    width = getattr(embeddings, "dimensions", None)
    return f"{kind.__module__}.{kind.__qualname__}:{named or ''}{f'/{width}' if width else ''}"


def sound(text: str) -> str:
    """For engines that read C strings of valid UTF-8: no lone surrogates, nothing lost behind a NUL."""
    return text.encode(errors="replace").decode().replace("\0", " ")
