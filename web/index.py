"""The retriever that answers now; built anew in a thread whenever the knowledge has changed, then swapped in."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from agent.language import language_of
from knowledge.library import Library
from knowledge.matching.embeddings import Embeddings
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors

log = structlog.get_logger()
POLL_SECONDS = 0.5
"""A change of knowledge, by whichever process, is answered from within 2 s."""


class LiveIndex:
    def __init__(self, library: Library, *, embeddings: Callable[[], Embeddings], cache: Path) -> None:
        """`cache` keeps vectors and what was learnt from this state of the knowledge: a second start learns nothing."""
        self._library = library
        self._embeddings = embeddings
        self._cache = cache
        self._vectors: Vectors | None = None
        self._version = -1
        self._retriever: Retriever | None = None
        self.built = asyncio.Event()
        """Set, on the server's loop, once there is something to answer from."""

    @property
    def is_ready(self) -> bool:
        return self._retriever is not None

    def current(self) -> Retriever:
        """Raises RuntimeError before the first build: callers wait for readiness."""
        if self._retriever is None:
            raise RuntimeError("the knowledge is still being read")
        return self._retriever

    def build(self) -> None:
        """Blocking; for a thread, or for a command that has nothing else to do."""
        version = self._library.version()
        entries = self._library.entries()
        if self._vectors is None:
            self._vectors = Vectors(self._embeddings(), self._cache / "vectors")
        retriever = Retriever.open(entries, self._vectors, self._cache / "learnt")
        retriever.search("warm up")
        language_of("warm up")
        self._retriever = retriever
        self._version = version

    async def follow(self) -> None:
        """Polls the version for as long as the server runs."""
        while True:
            try:
                if await asyncio.to_thread(self._library.version) != self._version:
                    await asyncio.to_thread(self.build)
                    self.built.set()
                    log.info("knowledge_read", version=self._version)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("knowledge_unreadable")
            await asyncio.sleep(POLL_SECONDS)
