"""The retriever that answers now. A change of the knowledge is answered from at once, by nearness; meanwhile all is
learnt anew, in a thread of low priority, and then swapped in."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
_NICENESS = 10


class LiveIndex:
    def __init__(self, library: Library, *, embeddings: Callable[[], Embeddings], cache: Path) -> None:
        """`cache` keeps vectors and what was learnt from this state of the knowledge: a second start learns nothing."""
        self._library = library
        self._embeddings = embeddings
        self._cache = cache
        self._vectors: Vectors | None = None
        self._learnt: Retriever | None = None
        """Of version `_learnt_version`; `_retriever` answers from it, and from what has changed since."""
        self._learnt_version = -1
        self._retriever: Retriever | None = None
        self._version = -1
        self.built = asyncio.Event()
        """Set, on the server's loop, once there is something to answer from."""

    @property
    def is_ready(self) -> bool:
        return self._retriever is not None

    @property
    def is_learning(self) -> bool:
        """Changes are answered from by nearness alone."""
        return self._learnt_version != self._version

    def current(self) -> Retriever:
        """Raises RuntimeError before the first build: callers wait for readiness."""
        if self._retriever is None:
            raise RuntimeError("the knowledge is still being read")
        return self._retriever

    def build(self) -> None:
        """Learns all there is. Blocking; for a thread, or for a command that has nothing else to do."""
        version = self._library.version()
        entries = self._library.entries()
        if self._vectors is None:
            self._vectors = Vectors(self._embeddings(), self._cache / "vectors")
        retriever = Retriever.open(entries, self._vectors, self._cache / "learnt")
        retriever.search("warm up")
        language_of("warm up")
        self._learnt, self._learnt_version = retriever, version
        self._retriever, self._version = self._changed(retriever) or (retriever, version)

    def _changed(self, learnt: Retriever) -> tuple[Retriever, int] | None:
        """What was learnt with what has changed since; None where that needs learning."""
        version = self._library.version()
        changed = learnt.with_changes(self._library.entries()) if version != self._learnt_version else None
        return (changed, version) if changed else None

    def _catch_up(self) -> None:
        if self._learnt and (found := self._changed(self._learnt)):
            self._retriever, self._version = found
            log.info("knowledge_changed", version=self._version)

    async def follow(self) -> None:
        """Polls the version for as long as the server runs."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._learn_on(), name="knowledge-learn")
            tasks.create_task(self._watch(), name="knowledge-watch")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                if self.is_ready and await asyncio.to_thread(self._library.version) != self._version:
                    await asyncio.to_thread(self._catch_up)
            except Exception:
                log.exception("knowledge_unreadable")

    async def _learn_on(self) -> None:
        """Customers go first, once there is something to answer from."""
        with ThreadPoolExecutor(1, thread_name_prefix="learn", initializer=_be_nice) as aside:
            while True:
                try:
                    if await asyncio.to_thread(self._library.version) != self._learnt_version:
                        thread = aside if self.is_ready else None
                        await asyncio.get_running_loop().run_in_executor(thread, self.build)
                        self.built.set()
                        log.info("knowledge_read", version=self._learnt_version)
                except Exception:
                    log.exception("knowledge_unreadable")
                await asyncio.sleep(POLL_SECONDS)


def _be_nice() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
