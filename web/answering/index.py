"""The retriever that answers now. A change of the knowledge is answered from at once, by nearness; meanwhile all is
learnt anew, in a thread of low priority, and then swapped in."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import structlog

from agent.understanding import pleasantries
from agent.understanding.language import language_of
from knowledge.entry import Entry
from knowledge.library import Library
from knowledge.matching.embeddings import Embeddings
from knowledge.matching.retriever import Retriever
from knowledge.matching.store import Store
from knowledge.matching.vectors import Asked, Vectors, uncounted
from knowledge.newest import Newest
from knowledge.settling import Settling

log = structlog.get_logger()
POLL_SECONDS = 0.1
"""A change of knowledge, by whichever process, is answered from within 2 s. Asking takes a millisecond."""
_LEARNING_POLL_SECONDS = 0.5
DAY_SECONDS = 60.0
"""How late it may be noticed that a new day has begun."""
_LONGEST_PAUSE_SECONDS = 30
"""Between tries, when the knowledge cannot be learnt."""
_LONGEST_FAILURE = 300
_NICENESS = 10

State = tuple[int, date]
"""Of the knowledge, and of the company's calendar: an entry may hold from today on."""


class LiveIndex:
    def __init__(
        self,
        library: Library,
        *,
        embeddings: Callable[[], Embeddings],
        cache: Path,
        asked: Asked = uncounted,
        store: Callable[[str], Store | None] = lambda _: None,
        beside: Callable[[list[Entry]], list[Entry]] = lambda entries: entries,
    ) -> None:
        """`cache` keeps vectors and what was learnt from this state of the knowledge: a second start learns nothing.
        `asked` is told of each request to the model.
        `store` opens what texts embedded by the model of that name are compared in; None: memory. `beside` adds what
        is found by the same means and is no knowledge: tools."""
        self._library = library
        self._newest = Newest(library)
        self._embeddings = embeddings
        self._cache = cache
        self._asked = asked
        self._open_store = store
        self._beside = beside
        self._vectors: Vectors | None = None
        self._store: Store | None = None
        self._failure: str | None = None
        self._learnt: Retriever | None = None
        """Of `_learnt_state`; `_retriever` answers from it, and from what has changed since."""
        self._learnt_state: State | None = None
        self._retriever: Retriever | None = None
        self._answered: State | None = None
        self._too_different: State | None = None
        """The state that only learning will do for."""
        self._day: tuple[float, date] | None = None
        """When it was asked, and which it was."""
        self._settling = Settling()
        self._catching_up = threading.Lock()
        self.built = asyncio.Event()
        """Set, on the server's loop, once there is something to answer from."""

    @property
    def is_ready(self) -> bool:
        return self._retriever is not None

    @property
    def is_learning(self) -> bool:
        """Changes are answered from by nearness alone."""
        return self._learnt_state != self._answered

    @property
    def trouble(self) -> str | None:
        """Why the newest knowledge cannot be learnt, or what questions are answered without; None when all is well."""
        parts = (self._failure, self._vectors and self._vectors.trouble, self._store and self._store.trouble)
        return "; ".join(part for part in parts if part) or None

    def current(self) -> Retriever:
        """Raises RuntimeError before the first build: callers wait for readiness."""
        if self._retriever is None:
            raise RuntimeError("the knowledge is still being read")
        return self._retriever

    def build(self) -> None:
        """Learns all there is. Blocking; for a thread, or for a command that has nothing else to do."""
        state = self._state()
        entries = self._beside(self._newest.read())
        if self._vectors is None:
            vectors = Vectors(self._embeddings(), self._cache / "vectors", asked=self._asked)
            self._store = self._open_store(vectors.model)
            self._vectors = vectors
        retriever = Retriever.open(entries, self._vectors, self._cache / "learnt", store=self._store)
        retriever.today = self._today
        retriever.search("warm up")
        retriever.closeness("warm up", pleasantries.phrases())  # embedded before anybody says thanks
        language_of("warm up")
        with self._catching_up:
            self._learnt, self._learnt_state = retriever, state
            self._retriever, self._answered = self._changed(retriever) or (retriever, state)

    def _state(self) -> State:
        now = time.monotonic()
        if self._day is None or now - self._day[0] > DAY_SECONDS:
            self._day = now, self._library.today()
        return self._library.version(), self._day[1]

    def _today(self) -> date:
        """As it was last looked up: no question waits for the database to know the day."""
        return self._day[1] if self._day else self._library.today()

    def _changed(self, learnt: Retriever) -> tuple[Retriever, State] | None:
        """What was learnt with what has changed since; None where that needs learning."""
        state = self._state()
        if state == self._learnt_state:
            return None
        changed = learnt.with_changes(self._beside(self._newest.catch_up()))
        return (changed, state) if changed else None

    def _catch_up(self) -> None:
        with self._catching_up:
            state = self._state()
            if self._learnt is None or state in (self._answered, self._too_different):
                return
            if found := self._changed(self._learnt):
                self._retriever, self._answered = found
                log.info("knowledge_changed", version=state[0])
            else:
                self._too_different = state

    def _is_to_learn(self) -> bool:
        state = self._state()
        if state == self._learnt_state:
            self._settling.forget()
            return False
        self._catch_up()  # first: learning takes time from it
        is_answered = self.is_ready and state != self._too_different
        return not is_answered or self._settling.is_due(state, now=time.monotonic())

    async def follow(self) -> None:
        """Polls the version for as long as the server runs."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._learn_on(), name="knowledge-learn")
            tasks.create_task(self._watch(), name="knowledge-watch")

    async def _watch(self) -> None:
        pause = POLL_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                if self.is_ready:
                    await asyncio.to_thread(self._catch_up)
                pause = POLL_SECONDS
            except Exception:
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                log.exception("knowledge_unreadable")

    async def _learn_on(self) -> None:
        pause = _LEARNING_POLL_SECONDS
        while True:
            try:
                if await asyncio.to_thread(self._is_to_learn):
                    await aside(self.build, niceness=_NICENESS if self.is_ready else 0)
                    self._settling.forget()  # what came meanwhile waits anew
                    self.built.set()
                    log.info("knowledge_read", version=self._learnt_state and self._learnt_state[0])
                self._failure, pause = None, _LEARNING_POLL_SECONDS
            except Exception as error:
                self._failure = f"the knowledge cannot be learnt now: {error}"[:_LONGEST_FAILURE]
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                log.exception("knowledge_unreadable")
            await asyncio.sleep(pause)


async def aside(work: Callable[[], None], *, niceness: int) -> None:
    """In a thread of its own that nobody waits for at the end: what was learnt is kept whole or not at all. Customers
    go first, once there is something to answer from."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def settle(error: Exception | None) -> None:
        if not done.cancelled():
            done.set_exception(error) if error else done.set_result(None)

    def run() -> None:
        if niceness:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
        failure: Exception | None = None
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told to whoever waits
            failure = error
        with suppress(RuntimeError):  # the loop is gone
            loop.call_soon_threadsafe(settle, failure)

    threading.Thread(target=run, name="learn", daemon=True).start()
    await done
