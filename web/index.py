"""The retriever that answers now; built anew in a thread whenever the knowledge has changed, then swapped in."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from knowledge.library import Library
from knowledge.retriever import Retriever

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

log = structlog.get_logger()
POLL_SECONDS = 0.5
"""A change of knowledge, by whichever process, is answered from within 2 s."""


class LiveIndex:
    def __init__(self, library: Library, *, embeddings: "Callable[[], Embeddings]", fitted: Path) -> None:
        """`fitted` keeps what was fitted for this state of the knowledge, so that a second start need not fit."""
        self._library = library
        self._embeddings = embeddings
        self._fitted = fitted
        self._version = -1
        self._retriever: Retriever | None = None

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
        self._retriever = Retriever.fitted(entries, embeddings=self._embeddings(), folder=self._fitted)
        self._version = version

    async def follow(self) -> None:
        """Polls the version for as long as the server runs."""
        while True:
            try:
                if await asyncio.to_thread(self._library.version) != self._version:
                    await asyncio.to_thread(self.build)
                    log.info("knowledge_read", version=self._version)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("knowledge_unreadable")
            await asyncio.sleep(POLL_SECONDS)
