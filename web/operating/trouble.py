"""Watches today's questions for trouble: reads the hour from the books, and raises alerts or lets them grow.

Customers' words are embedded in memory only; the vectors on disk are those of the company's own texts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Engine, Row, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from agent.history import TurnRow
from knowledge.curating import trouble
from knowledge.curating.alerts import Alert, Alerts
from knowledge.curating.trouble import Asked, Burst
from knowledge.matching.embeddings import Floats
from knowledge.matching.evidence import shipped_chatter
from knowledge.matching.retriever import Retriever
from web.books.bookkeeping import GAP_REASONS

DOUBTFUL = 0.7
"""An answer less sure than this counts as none."""
HOUR_AT_MOST = 2_000
UNANSWERED_AT_MOST = 500
"""Questions of the hour that are grouped by meaning, the latest; embedding them takes 22 ms each, once."""
EARLIER_AT_MOST = 400
"""Unanswered questions of the days before with which a burst is compared."""
ANSWERED_AT_MOST = 5_000
CHATTER = 0.5
"""Cosine from the shipped chatter on which a group of unanswered questions is taken for it. Tried: small talk in other
words lies at 0.42 to 0.80, troubles that nothing answers at most at 0.41."""
SAMPLED = 20
"""Questions of an entry's burst that are embedded, to find its examples."""

_AT, _QUESTION, _ENTRY = col(TurnRow.at), col(TurnRow.question), col(TurnRow.source_entry)
_CONFIDENCE, _HELPFUL = col(TurnRow.confidence), col(TurnRow.helpful)
_READ = (
    _QUESTION,
    _AT,
    _CONFIDENCE,
    _ENTRY,
    _HELPFUL,
    col(TurnRow.customer),
    col(TurnRow.conversation_id),
    col(TurnRow.lang),
)
_IS_UNANSWERED = or_(
    col(TurnRow.reason).in_(GAP_REASONS),
    and_(_ENTRY.is_not(None), or_(_CONFIDENCE < DOUBTFUL, _HELPFUL.is_(False))),
)


@dataclass
class GoingOn:
    """An alert that is not over, and this hour's questions that belong to it."""

    alert: Alert
    middle: Floats
    asked: list[Asked] = field(default_factory=list)


class TroubleWatch:
    """Blocking; for one thread at a time."""

    def __init__(self, engine: Engine, *, alerts: Alerts, retriever: Callable[[], Retriever]) -> None:
        self._engine = engine
        self._alerts = alerts
        self._retriever = retriever
        self._seen: list[Asked] = []
        self._chatter_of: Retriever | None = None
        self._chatter = np.zeros((0, 1), dtype=np.float32)

    def look(self, now: datetime) -> tuple[list[Alert], list[Alert]]:
        """The alerts that are new, and those that have grown."""
        asked = self._read(now - trouble.WITHIN < _AT, until=now, at_most=HOUR_AT_MOST)
        if asked == self._seen:
            return [], []
        going_on = [GoingOn(alert, self._middle([alert.question, *alert.examples])) for alert in self._alerts.open(now)]
        known = len(going_on)
        for burst in self._unanswered(asked, going_on, now=now):
            self._begin(burst, going_on, now=now)
        for burst in self._answered(asked, going_on, now=now):
            self._begin(burst, going_on, now=now)
        raised = [each.alert for each in going_on[known:]]
        grown = [each.alert for each in going_on if self._alerts.grow(each.alert, each.asked)]
        self._seen = asked
        return raised, grown

    def _unanswered(self, asked: Sequence[Asked], going_on: list[GoingOn], *, now: datetime) -> list[Burst]:
        """Sudden questions of one meaning; what belongs to an alert goes there instead."""
        questions = [one for one in asked if one.entry is None][-UNANSWERED_AT_MOST:]
        if not questions or (not going_on and trouble.askers(questions) < trouble.FEWEST):
            return []
        vectors = self._placed([one.question for one in questions])
        free = []
        for number, (one, vector) in enumerate(zip(questions, vectors, strict=True)):
            if near := _nearest(vector, going_on):
                near.asked.append(one)
            else:
                free.append(number)
        bursts = trouble.by_meaning([questions[number] for number in free], vectors[free])
        many = [burst for burst in bursts if burst.askers >= trouble.FEWEST and not self._is_chatter(burst)]
        if not many:
            return []
        before, since = self._before(_IS_UNANSWERED, now=now, at_most=EARLIER_AT_MOST)
        places = self._placed([one.question for one in before])
        return [
            burst
            for burst in many
            if trouble.is_sudden(
                burst.asked,
                [one for one, place in zip(before, places, strict=True) if place @ burst.middle >= trouble.SAME],
                since=since,
                now=now,
                watched=len(bursts),
            )
        ]

    def _is_chatter(self, burst: Burst) -> bool:
        """Jokes, the weather and the like are no trouble, however many make them."""
        if self._retriever() is not self._chatter_of:
            self._chatter_of, self._chatter = self._retriever(), self._placed(shipped_chatter())
        return float((self._chatter @ burst.middle).max()) >= CHATTER

    def _answered(self, asked: Sequence[Asked], going_on: list[GoingOn], *, now: datetime) -> list[Burst]:
        """Entries that are suddenly asked for; one that is under alert lets it grow."""
        bursts = []
        groups = trouble.by_entry(asked)
        for entry, group in groups.items():
            if near := next((each for each in going_on if each.alert.entry == entry), None):
                near.asked += group
            elif trouble.askers(group) >= trouble.FEWEST:
                before, since = self._before(_ENTRY.in_([entry]), now=now, at_most=ANSWERED_AT_MOST)
                if trouble.is_sudden(group, before, since=since, now=now, watched=len(groups)):
                    bursts.append(Burst(tuple(group), self._placed([one.question for one in group[-SAMPLED:]])))
        return bursts

    def _begin(self, burst: Burst, going_on: list[GoingOn], *, now: datetime) -> None:
        """Raises an alert, unless there is one about the same."""
        if near := _nearest(burst.middle, going_on):
            near.asked += burst.asked
        else:
            going_on.append(GoingOn(self._alerts.begin(burst, now=now), burst.middle))

    def _before(self, which: ColumnElement[bool], *, now: datetime, at_most: int) -> tuple[list[Asked], datetime]:
        """What was asked in the days before this hour, and since when that is known."""
        first = max(now - trouble.LOOK_BACK, self._first_at(now))
        found = self._read(and_(which, first <= _AT), until=now - trouble.WITHIN, at_most=at_most)
        return found, found[0].at if len(found) == at_most else first

    def _read(self, which: ColumnElement[bool], *, until: datetime, at_most: int) -> list[Asked]:
        """Questions from the books, the latest of them, in their order; made-up customers are in no trouble."""
        query = (
            select(*_READ)
            .where(which, until >= _AT, or_(_ENTRY.is_not(None), _IS_UNANSWERED), _QUESTION != "")
            .where(col(TurnRow.demo).is_(False))
            .order_by(_AT.desc(), col(TurnRow.id))
            .limit(at_most)
        )
        with self._engine.connect() as connection:
            return [_asked(row) for row in connection.execute(query)][::-1]

    def _first_at(self, now: datetime) -> datetime:
        """Since when there are books."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.min(_AT)).where(col(TurnRow.demo).is_(False))) or now

    def _middle(self, questions: Sequence[str]) -> Floats:
        return trouble.middle(self._placed(questions))

    def _placed(self, questions: Sequence[str]) -> Floats:
        """Where they lie, by texts and dimensions."""
        if not questions:
            return np.zeros((0, 1), dtype=np.float32)
        return self._retriever().meanings(questions)


def _asked(row: Row[*tuple[Any, ...]]) -> Asked:
    is_sure = row.helpful is not False and (row.confidence or 0.0) >= DOUBTFUL
    return Asked(
        question=row.question,
        at=row.at,
        asker=row.customer or str(row.conversation_id),
        lang=row.lang,
        entry=row.source_entry if is_sure else None,
    )


def _nearest(vector: Floats, going_on: Sequence[GoingOn]) -> GoingOn | None:
    near = max(going_on, key=lambda each: float(each.middle @ vector), default=None)
    return near if near and float(near.middle @ vector) >= trouble.SAME else None
