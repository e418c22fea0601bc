"""Looks up what a caller seems to be asking while they may still be speaking; thrown away where the words change.

One thread, so that guessing never takes more than one core from those who have finished. Models and tools are not asked
ahead: only the knowledge, which costs the CPU that the conversation is charged for anyway.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal
from uuid import UUID

from agent.embedding import collecting
from agent.finding import Found, Searcher
from agent.telling.left_open import Topic
from agent.turn import Turn
from agent.usage import Usage

MOST_CALLERS = 32
"""With more of them speaking at once there is no core to spare for guesses; who began first is forgotten."""
_AT_THE_END = " .,!?;:…。，！？；：、"
"""What a transcript gains or loses there while the words stay."""

Fate = Literal["used", "wasted"]
Look = Callable[[], Found]


@dataclass(frozen=True)
class Asked:
    """All that a lookup depends on."""

    words: str
    topic: Topic | None
    before: tuple[Topic, ...]
    """What was spoken of earlier."""
    lang: str
    least: float
    """From which probability on an entry is sure."""
    searcher: Searcher
    """The knowledge as it is now; a changed one is another one."""

    def is_same(self, other: "Asked") -> bool:
        return self.searcher is other.searcher and self._sense == other._sense

    @property
    def _sense(self) -> tuple[object, ...]:
        return (
            " ".join(self.words.casefold().split()).rstrip(_AT_THE_END),
            self.topic,
            self.before,
            self.lang,
            self.least,
        )


@dataclass
class _Guess:
    asked: Asked
    look: Look
    cpu_seconds: float = 0.0
    usage: list[Usage] = field(default_factory=list)

    def run(self) -> Found:
        began = time.thread_time()
        try:
            with collecting(self.usage):
                return self.look()
        finally:
            self.cpu_seconds = time.thread_time() - began


@dataclass
class _Caller:
    guess: _Guess | None = None
    finding: Future[Found] | None = None
    vain: list[_Guess] = field(default_factory=list)


@dataclass
class Ahead:
    tell: Callable[[Fate, float], None] = lambda _fate, _cpu_seconds: None
    """For whoever counts: what became of a guess, and the CPU seconds it took."""
    beside: Callable[[Usage], None] = lambda _usage: None
    """Books what a vendor bills for guesses made in vain, and for callers who are gone."""
    _callers: OrderedDict[UUID, _Caller] = field(default_factory=OrderedDict)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="ahead"))

    def begin(self, conversation: UUID, asked: Asked, look: Look) -> None:
        """Returns at once. Other words than the last time end that guess; the same ones change nothing."""
        caller = self._callers.setdefault(conversation, _Caller())
        if caller.guess and caller.guess.asked.is_same(asked):
            return
        self._drop(caller)
        caller.guess = _Guess(asked, look)
        caller.finding = self._thread.submit(caller.guess.run)
        while len(self._callers) > MOST_CALLERS:
            _, forgotten = self._callers.popitem(last=False)
            self._drop(forgotten)

    async def peek(self, conversation: UUID) -> Found | None:
        """What the guess has found, once it has; it stays there for `found`."""
        caller = self._callers.get(conversation)
        if caller is None or caller.finding is None:
            return None
        finding = asyncio.wrap_future(caller.finding)
        await asyncio.wait([finding])  # which tells the end of the guess from that of the waiting
        return None if finding.cancelled() else finding.result()

    def forget(self, conversation: UUID) -> None:
        """The caller has hung up."""
        if caller := self._callers.pop(conversation, None):
            self._drop(caller)

    async def found(self, turn: Turn, asked: Asked, look: Look) -> Found:
        """What was looked up ahead where it is the same question, else what `look` finds now; the turn is told of the
        guesses made in vain."""
        caller = self._callers.pop(turn.conversation, None)
        if caller is None:
            return await self._now(turn, look)
        found = await self._guessed(turn, caller, asked)
        self._drop(caller)
        if caller.vain:
            turn.usage.append(_in_vain(caller.vain, turn))
        return found if found is not None else await self._now(turn, look)

    async def _now(self, turn: Turn, look: Look) -> Found:
        """Looked up for this turn; where nobody waits for it any more, it was in vain."""
        used: list[Usage] = []

        def collected() -> Found:
            with collecting(used):
                return look()

        looking = asyncio.ensure_future(asyncio.to_thread(collected))
        try:
            found = await asyncio.shield(looking)
        except asyncio.CancelledError:
            looking.add_done_callback(lambda done: self._let_go(done, used))
            raise
        except Exception:
            turn.usage.extend(used)
            raise
        turn.usage.extend(used)
        return found

    async def _guessed(self, turn: Turn, caller: _Caller, asked: Asked) -> Found | None:
        guess, finding = caller.guess, caller.finding
        if guess is None or finding is None or not guess.asked.is_same(asked) or finding.cancel():
            return None
        caller.guess = caller.finding = None
        try:
            found = await asyncio.wrap_future(finding)
        except asyncio.CancelledError:
            finding.add_done_callback(lambda done: self._let_go(done, guess.usage))
            raise
        except Exception:
            turn.usage.extend(guess.usage)
            raise
        turn.usage.extend(guess.usage)
        self.tell("used", guess.cpu_seconds)
        return found

    def _drop(self, caller: _Caller) -> None:
        """A guess that has not begun yet costs nothing; one under way is counted without its seconds."""
        if caller.guess and caller.finding and not caller.finding.cancelled() and not caller.finding.cancel():
            self.tell("wasted", caller.guess.cpu_seconds)
            guess = caller.guess
            caller.vain.append(guess)
            caller.finding.add_done_callback(lambda done: self._let_go(done, guess.usage))
        caller.guess = caller.finding = None

    def _let_go(self, done: "Future[Found] | asyncio.Future[Found]", used: list[Usage]) -> None:
        """It has ended, on whatever thread, and nobody took it."""
        if not done.cancelled():
            done.exception()  # told to nobody
        for each in used:
            self.beside(replace(each, purpose="speculation"))


def _in_vain(guesses: list[_Guess], turn: Turn) -> Usage:
    """A line beside the conversation's CPU seconds, which paid for them: so many lookups, and their part of them."""
    seconds = f"{sum(guess.cpu_seconds for guess in guesses):.6f}"
    return Usage(
        "embed", "local", "knowledge", "call", Decimal(len(guesses)), turn.at,
        purpose="speculation", raw={"cpu_seconds": seconds},
    )  # fmt: skip
