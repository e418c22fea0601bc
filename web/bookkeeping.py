"""Keeps a turn: its record, its cost lines and its gap in one transaction, on a thread of its own.

One writer at a time is what SQLite wants; a thread of its own means no other blocking work stands before the books.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from agent.cpu import CpuShares
from agent.history import provenance, write_turn
from agent.turn import Turn
from agent.usage import Usage
from knowledge.curating.gaps import record_gap
from knowledge.rows import Provenance
from roi.ledger import CostLine, lines_for, total
from roi.prices import PriceBook
from web.spending import Spending

GAP_REASONS = ("unknown", "none_meant", "model_silent", "repeated_misses", "angry_miss")
"""Questions that the knowledge did not answer; a language we do not speak is no gap."""


class Bookkeeper:
    def __init__(self, engine: Engine, *, prices: PriceBook, currency: str, spending: Spending | None = None) -> None:
        self.spending = spending
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
        lines = lines_for(
            fresh,
            who=turn.who,
            conversation=turn.conversation,
            turn=turn.id,
            prices=self._prices,
            currency=self._currency,
        )
        with Session(self._engine, expire_on_commit=False) as session:
            write_turn(session, turn, finished=finished)
            if finished and turn.reason in GAP_REASONS:
                record_gap(
                    session,
                    _asked(turn),
                    identity=Provenance(**{**provenance(turn.who, at=turn.at), "lang": turn.lang}),
                    conversation_id=turn.conversation,
                    turn_id=turn.id,
                    best_entry=turn.nearest,
                    confidence=turn.confidence,
                )
            session.add_all(lines)
            session.commit()
        turn.booked += len(fresh)
        if self.spending:
            self.spending.note(lines)

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
        return self.spending is None or self.spending.allows(turn.conversation, cost)

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


def _asked(turn: Turn) -> str:
    """ "None of these" is the reply to a question of ours; what is lacking is the customer's."""
    topic = turn.left_open.topic
    return topic.question if turn.reason == "none_meant" and topic else turn.question
