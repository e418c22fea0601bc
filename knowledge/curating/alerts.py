"""Alerts as kept: raised once, growing while it goes on, dismissed by an editor; after an hour of quiet it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from knowledge.curating.notice_rows import AlertRow
from knowledge.curating.trouble import WITHIN, Asked, Burst

SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class Alert:
    id: UUID
    question: str
    examples: list[str]
    count: int
    lang: str | None
    entry: str | None
    at: datetime
    last_at: datetime

    def is_open(self, now: datetime) -> bool:
        """What belongs to it makes it grow, and raises no other."""
        return now - self.last_at < WITHIN


class Alerts:
    """Blocking; callers on the event loop use a thread."""

    def __init__(self, engine: Engine, *, company: str = "default") -> None:
        self._engine = engine
        self._company = company

    def open(self, now: datetime) -> list[Alert]:
        """Dismissed ones too: what an editor has seen is not raised again while it goes on."""
        with Session(self._engine) as session:
            rows = session.exec(self._mine().where(AlertRow.last_at > now - WITHIN))
            return [_alert(row) for row in rows]

    def listed(self, now: datetime) -> list[Alert]:
        """Of the last day, not dismissed, the latest first."""
        with Session(self._engine) as session:
            recent = self._mine().where(AlertRow.last_at > now - SHOWN, col(AlertRow.dismissed_at).is_(None))
            return [_alert(row) for row in session.exec(recent.order_by(col(AlertRow.last_at).desc()))]

    def open_and_shown(self, now: datetime) -> int:
        return sum(alert.is_open(now) for alert in self.listed(now))

    def begin(self, burst: Burst, *, now: datetime) -> Alert:
        examples = burst.examples()
        with Session(self._engine) as session:
            row = AlertRow(
                company=self._company,
                lang=burst.lang,
                question=examples[0],
                count=burst.askers,
                examples=examples,
                entry=burst.entry,
                at=now,
                last_at=max(one.at for one in burst.asked),
            )
            session.add(row)
            session.commit()
            return _alert(row)

    def grow(self, alert: Alert, belonging: Sequence[Asked]) -> bool:
        """Counts the customers who have asked since and had not asked within the hour before; whether there are any."""
        known = {one.asker for one in belonging if one.at <= alert.last_at}
        fresh = [one for one in belonging if one.at > alert.last_at]
        if not fresh:
            return False
        with Session(self._engine) as session:
            row = session.get_one(AlertRow, alert.id)
            row.count += len({one.asker for one in fresh} - known)
            row.last_at = max(one.at for one in fresh)
            session.add(row)
            session.commit()
        return True

    def dismiss(self, alert: UUID, *, now: datetime) -> bool:
        """False where there is none."""
        with Session(self._engine) as session:
            row = session.get(AlertRow, alert)
            if row is None or row.company != self._company:
                return False
            row.dismissed_at = row.dismissed_at or now
            session.add(row)
            session.commit()
            return True

    def _mine(self) -> SelectOfScalar[AlertRow]:
        return select(AlertRow).where(AlertRow.company == self._company)


def _alert(row: AlertRow) -> Alert:
    return Alert(row.id, row.question, row.examples, row.count, row.lang, row.entry, row.at, row.last_at)
