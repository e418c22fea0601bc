"""Keeps a turn: its record, its cost lines and its gap in one transaction, on a thread of its own.

One writer at a time is what SQLite wants; a thread of its own means no other blocking work stands before the books.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.cpu import CpuShares
from agent.history import Conversation, TurnRow, provenance, write_turn
from agent.telling.left_open import left_open_of
from agent.turn import Turn, Who
from agent.usage import Usage
from knowledge.curating.gaps import GapRow, record_gap
from knowledge.rows import Provenance
from roi.books.ledger import CostLine, lines_for, total
from roi.books.writer import Writer
from roi.pricing.prices import PriceBook
from web.books.spending import Spending

_BACK = 5
"""Turns in which a suggestion that was taken up may stand."""
GAP_REASONS = ("unknown", "close", "model_silent", "repeated_misses", "angry_miss")
"""Questions that the knowledge did not answer; a language we do not speak is no gap. What was asked back about is one
("close") until an entry answers: who leaves, or means none of the choices, was not helped."""


log = structlog.get_logger()


class Bookkeeper:
    def __init__(self, engine: Engine, *, prices: PriceBook, currency: str, spending: Spending | None = None) -> None:
        self.spending = spending
        self.writer = Writer()
        """Of everything this process books."""
        self._engine = engine
        self._prices = prices
        self._currency = currency
        self._cpu = CpuShares()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="books")

    def open(self, conversation: UUID) -> None:
        """From here on the conversation's turns are charged its share of the CPU."""
        self._cpu.open(conversation)

    async def keep(self, turn: Turn, *, finished: bool) -> None:
        """Returns once the turn is committed. May be called again as the turn grows; only new usage is written."""
        await asyncio.get_running_loop().run_in_executor(self._writer, lambda: self.write(turn, finished=finished))

    def write(self, turn: Turn, *, finished: bool) -> None:
        """The blocking form of keep."""
        if cpu := round(Decimal(self._cpu.take(turn.conversation)), 6):
            turn.usage.append(Usage("cpu", "local", "machine", "cpu_second", cpu, turn.at))
        # A model may go on metering while this thread writes: what comes meanwhile is written the next time.
        fresh = turn.usage[turn.booked :]
        with Session(self._engine, expire_on_commit=False) as session:
            write_turn(session, turn, finished=finished)
            lines = lines_for(
                fresh,
                who=_contact(session, turn),
                conversation=turn.conversation,
                turn=turn.id,
                prices=self._prices,
                currency=self._currency,
            )
            if finished and turn.source and turn.number > 1:
                _withdraw_gap(session, turn)
            is_gap = finished and turn.reason in GAP_REASONS
            if is_gap and not turn.is_gap:
                record_gap(
                    session,
                    turn.question,
                    identity=Provenance(**{**provenance(turn.who, at=turn.at), "lang": turn.lang}),
                    conversation_id=turn.conversation,
                    turn_id=turn.id,
                    best_entry=turn.nearest,
                    confidence=turn.confidence,
                )
            self.writer.book(session, lines)
            session.commit()
        turn.booked += len(fresh)
        turn.is_gap = turn.is_gap or is_gap
        if self.spending:
            self.spending.note(lines)

    def beside(self, used: Usage, who: Who | None = None, *, conversation: UUID | None = None) -> None:
        """What belongs to no turn, and often to no conversation: the knowledge embedded, speech asked for in vain. From
        any thread; returns at once."""
        try:
            self._writer.submit(self._write_beside, used, who, conversation)
        except RuntimeError:  # shut down meanwhile
            log.error("cost_not_booked", meter=used.meter, vendor=used.vendor, quantity=str(used.quantity))

    def _write_beside(self, used: Usage, who: Who | None, conversation: UUID | None) -> None:
        try:
            self._write_usage(used, who, conversation=conversation)
        except Exception:
            log.exception("cost_not_booked", meter=used.meter, vendor=used.vendor, quantity=str(used.quantity))

    async def keep_usage(self, used: Usage, who: Who, *, conversation: UUID | None) -> None:
        """What was used beside a turn: a call's minutes. Returns once it is committed."""
        await asyncio.get_running_loop().run_in_executor(
            self._writer, lambda: self._write_usage(used, who, conversation=conversation)
        )

    def _write_usage(self, used: Usage, who: Who | None, *, conversation: UUID | None) -> None:
        lines = lines_for(
            [used], who, conversation=conversation, turn=None, prices=self._prices, currency=self._currency
        )
        with Session(self._engine) as session:
            self.writer.book(session, lines)
            session.commit()

    async def refresh_spending(self) -> None:
        """So that what is told of today is today's, in a quiet shop too."""
        if self.spending and self.spending.has_caps and self.spending.is_stale:
            await asyncio.get_running_loop().run_in_executor(self._writer, self.spending.read)

    async def count_spending(self, conversation: UUID) -> None:
        """Before a turn of this conversation: what models have cost, where there are caps and it is not known yet."""
        spending = self.spending
        if spending and spending.has_caps and not spending.is_known(conversation):
            await asyncio.get_running_loop().run_in_executor(self._writer, spending.read, conversation)

    def may_spend(self, turn: Turn, cost: float | None) -> bool:
        """Whether the caps leave this much for the turn's models; None is an unknown price."""
        if self.spending is None or self.spending.allows(turn.conversation, cost):
            return True
        turn.refused_by = turn.refused_by or self.spending.crossed(turn.conversation, cost)
        return False

    def close(self, conversation: UUID) -> None:
        """Nothing more will be charged to it."""
        self._cpu.close(conversation)

    def cost_of(self, turn: UUID) -> Decimal | None:
        """The sum of a turn's lines; None where one of them has no price."""
        with Session(self._engine) as session:
            return total(list(session.exec(select(CostLine).where(CostLine.turn_id == turn))))

    def shut(self) -> None:
        """Waits for what is being written."""
        self._writer.shutdown(wait=True)


def _contact(session: Session, turn: Turn) -> Who:
    """A chat that goes on by voice is one contact, of the channel it began on: the turn says how it was held."""
    channel = session.get_one(Conversation, turn.conversation).channel
    return replace(turn.who, channel="phone" if channel == "phone" else "chat")


def _withdraw_gap(session: Session, turn: Turn) -> None:
    """What was asked back about in the turn before is answered now; so is what was not known, or the question before
    it, where the customer took up a suggestion: told at once, or after the condition it hangs on was named."""
    query = (
        select(TurnRow.id, TurnRow.reason, TurnRow.left_open)
        .where(TurnRow.conversation_id == turn.conversation, TurnRow.number < turn.number)
        .order_by(col(TurnRow.number).desc())
        .limit(_BACK)
    )
    if (asked := _answered_after_all(session.exec(query).all(), turn)) is not None:
        gaps = select(GapRow).where(GapRow.conversation_id == turn.conversation, GapRow.turn_id == asked)
        for gap in session.exec(gaps):
            session.delete(gap)


def _answered_after_all(before: Sequence[tuple[UUID, str | None, Any]], turn: Turn) -> UUID | None:
    """Which turn: `before` are those before this one with their reasons and what they left open, the newest first."""
    for at, (asked, reason, left_open) in enumerate(before):
        if reason == "close" and at == 0:
            return asked
        suggested = left_open_of(left_open).suggested if left_open else ()
        if turn.source and any(one.entry == turn.source.id for one in suggested):
            return before[at + 1][0] if reason == "none_meant" and at + 1 < len(before) else asked
        if reason not in ("condition", "unclear"):
            return None
    return None
