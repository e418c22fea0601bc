"""One model's answer as it may be heard: clause by clause, in time, and only what the passages carry."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from agent.grounding.guard import Guard
from agent.grounding.withheld import withheld
from agent.models.cascade import RELEASED, Outcome
from agent.models.chat_model import ChatModel, TooLong
from agent.models.clauses import whole_sentences
from agent.models.patience import Patience
from agent.models.prompt import REFUSAL
from agent.models.repetition import Repetition
from agent.turn import Turn
from agent.usage import Purpose, Usage

log = structlog.get_logger()
PIECES_WAITING = 512
"""More than an answer's tokens: whoever speaks it may be a whole answer behind."""
MAX_CLAUSES = 12
"""The rules ask for three sentences; a server that goes on for ever is stopped here."""
_SILENCES: dict[Outcome, str] = {
    "withheld": "said something that no passage holds or a rule forbids",
    "refused": "said that it does not know",
    "repeated": "went round in circles",
    "late": "said nothing in time",
    "failed": "failed",
}
CLOSING_S = 0.5
"""A connection that does not close within this is left behind."""


@dataclass(frozen=True)
class Overdue:
    """The deadline is past, and words are still coming: the customer may be asked for patience."""


@dataclass(frozen=True)
class _End:
    error: Exception | None = None


@dataclass
class Answering:
    """One call of one model. Ends at the first clause that is late, refused, repeated or not carried; never raises what
    the model raises. Its `outcome` is known when its clauses have ended."""

    model: ChatModel
    asked: list[tuple[str, str]]
    guard: Guard
    turn: Turn
    patience: Patience
    now: Callable[[], datetime]
    outcome: Outcome = "abandoned"
    error: Exception | None = None
    """What the server failed with."""

    async def clauses(self) -> AsyncGenerator[str | Overdue, None]:
        repetition, count = Repetition(), 0
        async with self._listening() as pieces, aclosing(self._whole_clauses(pieces)) as found:
            async for clause in found:
                if isinstance(clause, Overdue):
                    yield clause
                    continue
                if REFUSAL not in clause and not (clause := self.guard.worded(clause)):
                    continue
                if refused := self._refused(clause, repetition):
                    if self.outcome not in RELEASED:
                        self.outcome = refused
                    return
                self.outcome = "released"
                yield clause
                self.patience.speak()
                if (count := count + 1) == MAX_CLAUSES:
                    return
        if self.outcome == "abandoned":
            self.outcome = "failed"

    @property
    def silence(self) -> str:
        """Why it gave no answer, for whoever wonders; without what a server wrote, which may hold a key."""
        name = f" ({type(self.error).__name__})" if self.error else ""
        return f"{self.model.name} {_SILENCES.get(self.outcome, self.outcome)}{name}"

    def _refused(self, clause: str, repetition: Repetition) -> Outcome | None:
        if REFUSAL in clause:
            return "refused"
        if repetition.repeats(clause):
            return "repeated"
        if claim := self.guard.unsupported(clause):
            kept = withheld(claim, clause, rule=self.guard.broken)
            self.turn.withheld.append(kept)
            log.info("clause_withheld", turn=str(self.turn.id), kind=claim.kind, claim=kept.text)
            return "withheld"
        return None

    async def _whole_clauses(self, pieces: "asyncio.Queue[str | _End]") -> AsyncGenerator[str | Overdue, None]:
        sentences, was_told = whole_sentences(), False
        while True:
            piece = await self._next(pieces)
            if isinstance(piece, _End):
                if piece.error:
                    self._fail(piece.error)
                    return
                for clause in sentences.flush():
                    yield clause
                return
            self.patience.hear()
            for clause in sentences.feed(piece):
                yield clause
            if self.patience.is_overdue and not was_told:
                was_told = True
                yield Overdue()

    async def _next(self, pieces: "asyncio.Queue[str | _End]") -> "str | _End":
        if not pieces.empty():
            return pieces.get_nowait()
        try:
            with self.turn.budget.stage("model"):
                return await asyncio.wait_for(pieces.get(), self.patience.left_s)
        except TimeoutError as late:
            return _End(late)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, TooLong):
            if self.outcome not in RELEASED:
                self.outcome = "repeated"
            return
        is_late, self.error = isinstance(error, TimeoutError), error
        log.warning(
            "model_late" if is_late else "model_failed",
            turn=str(self.turn.id),
            model=self.model.name,
            error=type(error).__name__,
            ms=round(self.turn.budget.spent_ms.get("model", 0.0)),
        )
        if self.outcome in RELEASED:
            self.outcome = "cut"
        else:
            self.outcome = "late" if is_late else "failed"

    @asynccontextmanager
    async def _listening(self) -> "AsyncIterator[asyncio.Queue[str | _End]]":
        """Reads the stream in a task of its own, so that a wait can end while the stream goes on.

        Leaving it ends the task, which closes the connection; what the model used is metered by then.
        """
        pieces: asyncio.Queue[str | _End] = asyncio.Queue(PIECES_WAITING)
        reading = asyncio.create_task(self._read(pieces), name="model")
        try:
            yield pieces
        finally:
            reading.cancel()
            await asyncio.wait([reading], timeout=CLOSING_S)

    async def _read(self, pieces: "asyncio.Queue[str | _End]") -> None:
        asked_before = any(used.meter == "llm" and used.purpose == "answer" for used in self.turn.usage)
        purpose: Purpose = "retry" if asked_before else "answer"

        def meter(used: Usage) -> None:
            self.turn.usage.append(replace(used, purpose=purpose))

        try:
            async with aclosing(self.model.stream(self.asked, meter=meter, now=self.now)) as stream:
                async for piece in stream:
                    await pieces.put(piece)
        except Exception as error:  # noqa: BLE001 - whatever a model does, the customer gets the next best answer
            await pieces.put(_End(error))
        else:
            await pieces.put(_End())
