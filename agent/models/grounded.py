"""A model's answer as it may be heard: clause by clause, in time, and only what the passages carry."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime

import structlog

from agent.grounding.guard import Guard
from agent.grounding.withheld import withheld
from agent.models.chat_model import ChatModel
from agent.models.clauses import whole_sentences
from agent.models.prompt import REFUSAL
from agent.turn import Turn

log = structlog.get_logger()
NEXT_CLAUSE_MS = 5_000
"""Once the answer has begun, how long its next clause may take before the answer ends there."""


async def grounded_clauses(
    model: ChatModel,
    asked: list[tuple[str, str]],
    *,
    guard: Guard,
    turn: Turn,
    now: Callable[[], datetime],
) -> AsyncGenerator[str, None]:
    """Ends at the first clause that is late, refused or not carried; never raises what the model raises.

    The wait is on each clause, not on the whole: the reader between two clauses may be slow for reasons of its own.
    """
    limit_ms = turn.budget.deadline_ms("model")
    async with aclosing(_whole_clauses(model.stream(asked, meter=turn.usage.append, now=now))) as clauses:
        while True:
            try:
                with turn.budget.stage("model"):
                    clause = await asyncio.wait_for(anext(clauses), limit_ms / 1000)
            except StopAsyncIteration:
                return
            except TimeoutError:
                log.warning("model_late", turn=str(turn.id), ms=round(turn.budget.spent_ms["model"]))
                return
            except Exception as error:  # noqa: BLE001 - whatever a model does, the customer gets the next best answer
                log.warning("model_failed", turn=str(turn.id), error=type(error).__name__)
                return
            if REFUSAL in clause:
                return
            if not (clause := guard.worded(clause)):
                continue
            if claim := guard.unsupported(clause):
                turn.withheld.append(withheld(claim, clause, rule=guard.broken))
                log.info("clause_withheld", turn=str(turn.id), kind=claim.kind, claim=turn.withheld[-1].text)
                return
            limit_ms = NEXT_CLAUSE_MS
            yield clause


async def _whole_clauses(pieces: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """Closing it closes the pieces too: what a model used is metered as its stream ends, and must be by then."""
    clauses = whole_sentences()
    async with aclosing(pieces):
        async for piece in pieces:
            for clause in clauses.feed(piece):
                yield clause
    for clause in clauses.flush():
        yield clause
