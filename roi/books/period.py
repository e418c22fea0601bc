"""A period of whole days where the company is: day borders move with its time zone and its summer time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_BY_DAY = 92


@dataclass(frozen=True)
class Slice:
    """One bar of the trend: from `start`, included, to `end`, not included, both UTC."""

    first: date
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    """Included."""
    zone: str = "UTC"
    """IANA name."""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the period ends on {self.last}, before it begins on {self.first}")

    @classmethod
    def latest(cls, today: date, *, days: int = 31, zone: str = "UTC") -> "Period":
        return cls(today - timedelta(days=days - 1), today, zone)

    @property
    def start(self) -> datetime:
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        return self._midnight(self.last + timedelta(days=1))

    def slices(self) -> Iterator[Slice]:
        """Days, or calendar months where there would be too many; together they are the period, without a gap."""
        by_day = (self.last - self.first).days < LONGEST_BY_DAY
        first = self.first
        while first <= self.last:
            following = first + timedelta(days=1) if by_day else month_after(first)
            following = min(following, self.last + timedelta(days=1))
            yield Slice(first, self._midnight(first), self._midnight(following))
            first = following

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, ZoneInfo(self.zone)).astimezone(UTC)


def month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
