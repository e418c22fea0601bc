"""How each model has done, from the books: how often its answer was let out, and how often that answer helped.

A turn's cost lines name the models it called, one after the other; where a model answered, it was the last of them. So
a restart forgets nothing, and no table of its own is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from agent.history import TurnRow
from agent.models.cascade import REMEMBERED, Cascade, Thumbs
from roi.books.ledger import CostLine

LOOK_BACK = timedelta(days=30)
MOST_LINES = 12 * REMEMBERED
"""Of the newest: two lines a call; what is older than three times REMEMBERED has lost its weight."""
RATED_WITHIN = timedelta(days=180)
MOST_RATED = 500
"""Of the newest rated answers."""
FRESH = timedelta(minutes=15)

Name = tuple[str, str]
"""Vendor and model."""


@dataclass(frozen=True)
class Called:
    """A turn that called models."""

    models: tuple[Name, ...]
    """In the order they were called."""
    action: str | None
    """None where the customer was gone before the first word."""
    helpful: bool | None = None

    @property
    def answered_by(self) -> Name | None:
        return self.models[-1] if self.action == "model" else None

    @property
    def judged(self) -> tuple[Name, ...]:
        """A call that was given up for the customer's sake says nothing about its model."""
        return self.models if self.action else self.models[:-1]


class TrackRecord:
    """Blocking. Recalled once at the start; the thumbs are read again while the server runs."""

    def __init__(self, engine: Engine, *, cascade: Cascade, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._cascade = cascade
        self._now = now
        self._rated_at: datetime | None = None

    def recall(self) -> None:
        """Teaches the models' tiers what they knew when the process before this one ended."""
        if not self._cascade.tiers:
            return
        since = self._now() - LOOK_BACK
        turns = self._called(col(CostLine.at) >= since, most=MOST_LINES)
        for tier in self._cascade.tiers:
            name = (tier.model.vendor, tier.name)
            for turn in turns:
                if name in turn.judged:
                    tier.learn(turn.answered_by == name)
        self.refresh()

    def refresh(self) -> None:
        """Thumbs are given, and taken back, long after the answer."""
        now = self._now()
        if not self._cascade.tiers or (self._rated_at is not None and now - self._rated_at < FRESH):
            return
        self._rated_at = now
        turns = self._called(col(CostLine.turn_id).in_(self._rated(since=now - RATED_WITHIN)))
        for tier in self._cascade.tiers:
            given = [turn.helpful for turn in turns if turn.answered_by == (tier.model.vendor, tier.name)]
            tier.thumbs = Thumbs(up=given.count(True), down=given.count(False))

    def _rated(self, *, since: datetime) -> list[UUID]:
        query = (
            select(col(TurnRow.id))
            .where(col(TurnRow.at) >= since, col(TurnRow.company) == "default", col(TurnRow.action) == "model")
            .where(col(TurnRow.helpful).is_not(None), ~col(TurnRow.demo))
            .order_by(col(TurnRow.at).desc())
            .limit(MOST_RATED)
        )
        with Session(self._engine) as session:
            return list(session.scalars(query))

    def _called(self, *which: Any, most: int | None = None) -> list[Called]:
        """The oldest turn first."""
        query = (
            select(*map(col, (CostLine.turn_id, CostLine.vendor, CostLine.model, TurnRow.action, TurnRow.helpful)))
            .join(TurnRow, col(TurnRow.id) == CostLine.turn_id)
            .where(col(CostLine.company) == "default", col(CostLine.meter) == "llm")
            .where(col(CostLine.unit) == "input_token", col(CostLine.purpose).in_(("answer", "retry")))
            .where(~col(CostLine.demo), *which)
            .order_by(col(CostLine.at).desc())
            .limit(most)
        )
        with Session(self._engine) as session:
            return called([tuple(line) for line in reversed(session.execute(query).all())])


def called(lines: Sequence[tuple[UUID | None, str, str, str | None, bool | None]]) -> list[Called]:
    """Turn, vendor, model, action and thumb of each line, oldest first; a call has a line or two."""
    models: dict[UUID | None, dict[Name, None]] = {}
    kept: dict[UUID | None, tuple[str | None, bool | None]] = {}
    for turn, vendor, model, action, helpful in lines:
        models.setdefault(turn, {})[vendor, model] = None
        kept[turn] = (action, helpful)
    return [Called(tuple(names), *kept[turn]) for turn, names in models.items()]
