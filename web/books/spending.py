"""Caps on what models may cost in a day and in a conversation, counted from the ledger.

The sums are kept in memory and grow with each turn written. They are read from the books where none are known, when the
day changes where the company is, and once a minute, for what other processes spend.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.turn import Cap
from roi.books.ledger import CostLine
from roi.books.money import from_nano, joined, nano_sums
from roi.books.period import Period
from web.operating.metrics import CAP_REACHED, SPENT_TODAY

log = structlog.get_logger()
FRESH = timedelta(minutes=1)
CONVERSATIONS = 10_000
"""Whose sums are kept; of one that was silent for longest the books are asked again."""


class Spending:
    def __init__(
        self,
        engine: Engine,
        *,
        zone: str,
        now: Callable[[], datetime],
        day_cap: Decimal | None = None,
        conversation_cap: Decimal | None = None,
    ) -> None:
        self.day_cap = day_cap
        self.conversation_cap = conversation_cap
        self._engine = engine
        self._zone = zone
        self._now = now
        self._lock = Lock()
        self._today = Decimal(0)
        self._day: date | None = None
        self._read_at: datetime | None = None
        self._of: OrderedDict[UUID, Decimal] = OrderedDict()
        self._reached_on: date | None = None

    @property
    def has_caps(self) -> bool:
        return self.day_cap is not None or self.conversation_cap is not None

    def is_known(self, conversation: UUID) -> bool:
        """Whether `allows` can be asked without looking into the books."""
        return not self.is_stale and conversation in self._of

    @property
    def is_stale(self) -> bool:
        """What is told as today's may be yesterday's, or another process's work may be missing."""
        is_fresh = self._read_at is not None and abs(self._now() - self._read_at) < FRESH
        return not is_fresh or self._day != self._date()

    def read(self, conversation: UUID | None = None) -> None:
        """Blocking. On the thread that writes the books, so that nothing is written between the reading and the sum.
        While the day's sum is fresh, only the conversation's is read."""
        if conversation and not self.is_stale:
            amount = self._sum(CostLine.conversation_id == conversation)
            with self._lock:
                self._keep(conversation, amount)
            return
        day = self._date()
        period = Period(day, day, self._zone)
        today = self._sum(col(CostLine.at) >= period.start, col(CostLine.at) < period.end)
        of_conversation = self._sum(CostLine.conversation_id == conversation) if conversation else Decimal(0)
        with self._lock:
            if day != self._day:
                CAP_REACHED.set(0)
            self._day, self._today, self._read_at = day, today, self._now()
            if conversation:
                self._keep(conversation, of_conversation)
        SPENT_TODAY.set(float(today))

    def note(self, lines: Iterable[CostLine]) -> None:
        """What has just been committed."""
        with self._lock:
            for line in lines:
                if line.meter != "llm" or not line.amount:
                    continue
                if self._day == line.at.astimezone(ZoneInfo(self._zone)).date():
                    self._today += line.amount
                if line.conversation_id and line.conversation_id in self._of:
                    self._keep(line.conversation_id, self._of[line.conversation_id] + line.amount)
        SPENT_TODAY.set(float(self._today))

    def allows(self, conversation: UUID, cost: float | None) -> bool:
        """Whether this much more may be spent. With a cap, an unknown price may not: nobody could say when to stop."""
        if not self.has_caps:
            return True
        if cost is None:
            return False
        cap = self.crossed(conversation, cost)
        if cap is None:
            return True
        if cap == "day" and self._reached_on != self._day:
            self._reached_on = self._day
            CAP_REACHED.set(1)
            log.warning("model_spend_cap_reached", cap="day", spent=str(self._today), of=str(self.day_cap))
        return False

    def crossed(self, conversation: UUID, cost: float | None) -> Cap | None:
        """The cap that this much more would cross; none is named where the price is unknown."""
        more = Decimal(str(cost or 0))
        if self.day_cap is not None and self._today + more > self.day_cap:
            return "day"
        of_conversation = self._of.get(conversation, Decimal(0))
        if self.conversation_cap is not None and of_conversation + more > self.conversation_cap:
            return "conversation"
        return None

    def told(self) -> dict[str, Any] | None:
        """For /readyz; None without caps."""
        if not self.has_caps:
            return None
        return {
            "today": format(self._today, "f"),
            "day_cap": None if self.day_cap is None else format(self.day_cap, "f"),
            "conversation_cap": None if self.conversation_cap is None else format(self.conversation_cap, "f"),
            "reached": self._reached_on is not None and self._reached_on == self._date(),
        }

    @property
    def today(self) -> Decimal:
        return self._today

    def _keep(self, conversation: UUID, amount: Decimal) -> None:
        self._of[conversation] = amount
        self._of.move_to_end(conversation)
        while len(self._of) > CONVERSATIONS:
            self._of.popitem(last=False)

    def _sum(self, *which: Any) -> Decimal:
        with Session(self._engine) as session:
            query = select(*nano_sums(CostLine.amount)).where(
                CostLine.company == "default", CostLine.meter == "llm", *which
            )
            return from_nano(joined(*session.exec(query).one()))

    def _date(self) -> date:
        return self._now().astimezone(ZoneInfo(self._zone)).date()
