"""An editor's announcements, kept: a change reaches every running server with the next conversation or answer."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from knowledge.curating.announcing import LANGS, Announcement, NotAnnounced, period, told_time, wording
from knowledge.curating.notice_rows import AnnouncementRow
from knowledge.reading.faq import guess_lang


class Announcements:
    """Blocking; callers on the event loop use a thread."""

    def __init__(self, engine: Engine, *, zone: str, company: str = "default") -> None:
        """`zone` is the company's: times are written and shown in it."""
        self._engine = engine
        self._company = company
        self.zone = zone

    def add(
        self, text: str, *, now: datetime, lang: str | None = None, start: str | None = None, end: str | None = None
    ) -> Announcement:
        """Raises NotAnnounced with a sentence for the editor."""
        text = wording(text)
        lang = (lang or guess_lang(text)).replace("_", "-").partition("-")[0].lower()
        if lang not in LANGS:
            raise NotAnnounced(f"Dime speaks {' and '.join(LANGS)}; {lang[:20]!r} is neither")
        valid_from, valid_until = period(start, end, now=now, zone=self.zone)
        with Session(self._engine) as session:
            for known in self._to_come(session, now):
                if (known.text, known.lang) == (text, lang):
                    ends = told_time(known.valid_until, zone=self.zone)
                    raise NotAnnounced(f"this is announced already, until {ends}; withdraw {str(known.id)[:8]} first")
            row = AnnouncementRow(
                company=self._company, lang=lang, text=text, valid_from=valid_from, valid_until=valid_until
            )
            session.add(row)
            session.commit()
            return _announcement(row)

    def valid(self, now: datetime) -> list[Announcement]:
        """What is to be said now, the oldest first."""
        with Session(self._engine) as session:
            return [_announcement(row) for row in self._to_come(session, now) if row.valid_from <= now]

    def listed(self, now: datetime, *, past: bool = False) -> list[Announcement]:
        """What is or will be said, and with `past` what was."""
        with Session(self._engine) as session:
            mine = select(AnnouncementRow).where(AnnouncementRow.company == self._company)
            rows = session.exec(mine.order_by(col(AnnouncementRow.valid_from))) if past else self._to_come(session, now)
            return [_announcement(row) for row in rows]

    def withdraw(self, name: str, *, now: datetime) -> Announcement:
        """From now on nobody is told. `name` is an id or its beginning. Raises NotAnnounced."""
        with Session(self._engine) as session:
            rows = [row for row in self._to_come(session, now) if name and str(row.id).startswith(name.lower())]
            if len(rows) != 1:
                found = "several announcements begin with" if rows else "no announcement to come or valid now is called"
                raise NotAnnounced(f"{found} {name[:40]!r}")
            rows[0].withdrawn_at = now
            session.add(rows[0])
            session.commit()
            return _announcement(rows[0])

    def _to_come(self, session: Session, now: datetime) -> list[AnnouncementRow]:
        mine = select(AnnouncementRow).where(
            AnnouncementRow.company == self._company,
            col(AnnouncementRow.withdrawn_at).is_(None),
            AnnouncementRow.valid_until > now,
        )
        return list(session.exec(mine.order_by(col(AnnouncementRow.valid_from))))


def _announcement(row: AnnouncementRow) -> Announcement:
    return Announcement(row.id, row.lang, row.text, row.valid_from, row.valid_until, row.withdrawn_at)
