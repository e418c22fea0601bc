"""What the imported history says for the books: how often each thing was asked, and how long a person took for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, stdev

from sqlmodel import Session, select

from knowledge.history.contact_rows import ContactRow


@dataclass(frozen=True)
class Volume:
    """One intent on one channel."""

    intent: str | None
    """The entry's or group's label, else the export's topic; None is what neither names."""
    channel: str
    """chat, phone, email or ticket."""
    contacts: int
    share: float
    """Of all contacts of the history."""
    measured: int
    """Contacts with a handling time."""
    mean_seconds: float | None
    sd_seconds: float | None
    """None below two measured contacts."""


@dataclass(frozen=True)
class Volumes:
    contacts: int
    first_at: datetime | None
    last_at: datetime | None
    lines: tuple[Volume, ...]
    """The most frequent first."""

    @property
    def days(self) -> float | None:
        """Length of the period, at least one day; None where no contact has a time."""
        if self.first_at is None or self.last_at is None:
            return None
        return max(1.0, (self.last_at - self.first_at).total_seconds() / 86_400)


def read_volumes(session: Session, *, company: str = "default", demo: bool = False) -> Volumes:
    """Of the company's own history, or with `demo` of the made-up one."""
    chosen = select(ContactRow).where(ContactRow.company == company, ContactRow.demo == demo)
    return count(session.exec(chosen).all())


def count(contacts: Sequence[ContactRow]) -> Volumes:
    together = defaultdict[tuple[str | None, str], list[ContactRow]](list)
    for row in contacts:
        together[row.intent or row.topic, row.channel].append(row)
    times = [row.started_at for row in contacts if row.started_at]
    lines = [_volume(intent, channel, rows, of=len(contacts)) for (intent, channel), rows in together.items()]
    lines.sort(key=lambda line: (-line.contacts, line.intent or "", line.channel))
    return Volumes(len(contacts), min(times, default=None), max(times, default=None), tuple(lines))


def _volume(intent: str | None, channel: str, rows: Iterable[ContactRow], *, of: int) -> Volume:
    rows = list(rows)
    seconds = [row.handling_seconds for row in rows if row.handling_seconds is not None]
    return Volume(
        intent=intent,
        channel=channel,
        contacts=len(rows),
        share=len(rows) / of,
        measured=len(seconds),
        mean_seconds=fmean(seconds) if seconds else None,
        sd_seconds=stdev(seconds) if len(seconds) > 1 else None,
    )
