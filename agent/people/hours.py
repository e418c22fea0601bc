"""When people are there: business hours in the company's time zone, right across midnight and daylight saving.

Shifts are compared as instants, so that the hour which comes twice in autumn, and the one missing in spring, count as
they happen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_MONTHS = "January February March April May June July August September October November December".split()
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_LOOK_AHEAD_DAYS = 400
"""A company that opens not once within them has no next opening."""
EXAMPLE = "mon-fri 09:00-18:00; sat 10:00-14:00"


@dataclass(frozen=True)
class Shift:
    """From `start` to `end`, in minutes after midnight; an end beyond 24:00 lies on the next day."""

    start: int
    end: int


@dataclass(frozen=True)
class Hours:
    zone: ZoneInfo
    shifts: tuple[tuple[Shift, ...], ...]
    """By weekday, Monday first."""
    holidays: frozenset[date] = field(default_factory=frozenset)
    """Days on which no shift begins."""

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._around(at, days=1))

    def next_opening(self, at: datetime) -> datetime | None:
        """When the next shift begins, in the company's time; None while open, or if there is none."""
        if self.is_open(at):
            return None
        starts = (start for start, _ in self._around(at, days=_LOOK_AHEAD_DAYS) if start > at)
        found = next(starts, None)
        return None if found is None else found.astimezone(self.zone)

    def _around(self, at: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Shifts as instants in order, from yesterday on, without those that daylight saving leaves nothing of."""
        today = at.astimezone(self.zone).date()
        for day in (today + timedelta(days=ahead) for ahead in range(-1, days + 1)):
            if day in self.holidays:
                continue
            for shift in self.shifts[day.weekday()]:
                start, end = self._instant(day, shift.start), self._instant(day, shift.end)
                if start < end:
                    yield start, end

    def _instant(self, day: date, minutes: int) -> datetime:
        """The clock's first reaching of that time; where it leaps over it, the moment of the leap."""
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        early, late = sorted(wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if early.astimezone(self.zone).replace(tzinfo=None) == wall:
            return early
        while late - early > timedelta(seconds=1):
            between = early + (late - early) / 2
            if between.astimezone(self.zone).replace(tzinfo=None) < wall:
                early = between
            else:
                late = between
        return late.replace(microsecond=0)


def read_hours(text: str, *, zone: str, holidays: str = "") -> Hours | None:
    """None for an empty setting: then whoever is at the desk is there. Raises ValueError with one sentence."""
    if not text.strip():
        _holidays(holidays)
        return None
    by_day: list[list[Shift]] = [[] for _ in DAYS]
    for part in (part.strip().lower() for part in re.split(r"[;；\n]", text)):
        if not part:
            continue
        days, *spans = re.split(r"[\s,，]+(?=\d)", part)
        if not spans:
            raise ValueError(f"DIME_HOURS: {part!r} names no hours; write them as {EXAMPLE!r}")
        for day in _days(days):
            by_day[day] += [_shift(span) for span in spans]
    shifts = tuple(tuple(sorted(day, key=lambda shift: shift.start)) for day in by_day)
    return Hours(ZoneInfo(zone), shifts, _holidays(holidays))


def back_at(hours: Hours | None, at: datetime, *, lang: str) -> str:
    """ "We are here again on Monday at 9:00."; empty where that is not known."""
    opening = hours.next_opening(at) if hours else None
    if hours is None or opening is None:
        return ""
    clock = f"{opening.hour}:{opening.minute:02}"
    ahead = (opening.date() - at.astimezone(hours.zone).date()).days
    if lang == "zh":
        day = {0: "今天", 1: "明天"}.get(ahead) or _DAY_NAMES["zh"][opening.weekday()]
        return f"我们{day if ahead < 7 else f'{opening.month}月{opening.day}日({day})'} {clock} 恢复服务。"
    day = _DAY_NAMES["en"][opening.weekday()]
    if ahead >= 7:
        day = f"{day}, {opening.day} {_MONTHS[opening.month - 1]},"
    when = {0: "today", 1: "tomorrow"}.get(ahead) or f"on {day}"
    return f"We are here again {when} at {clock}."


def _days(text: str) -> list[int]:
    if text.strip() in ("daily", "every day"):
        return list(range(7))
    found: list[int] = []
    for part in re.split(r"[\s,，]+", text.strip()):
        first, dash, last = part.partition("-")
        try:
            begin = DAYS.index(first[:3])
            end = DAYS.index(last[:3]) if dash else begin
        except ValueError as error:
            raise ValueError(f"DIME_HOURS: {part!r} is no day; the days are {', '.join(DAYS)} and daily") from error
        found += [day % 7 for day in range(begin, begin + (end - begin) % 7 + 1)]
    return found


def _shift(span: str) -> Shift:
    parts = _SPAN.fullmatch(span)
    if parts is None:
        raise ValueError(f"DIME_HOURS: {span!r} is no time; write hours as {EXAMPLE!r}")
    begin_hour, begin_minute, end_hour, end_minute = (int(part) for part in parts.groups())
    start, end = 60 * begin_hour + begin_minute, 60 * end_hour + end_minute
    if max(begin_minute, end_minute) > 59 or start >= 24 * 60 or end > 24 * 60:
        raise ValueError(f"DIME_HOURS: {span!r} is no time of a day")
    return Shift(start, end if end > start else end + 24 * 60)


def _holidays(text: str) -> frozenset[date]:
    found = set()
    for part in re.split(r"[\s,;，；]+", text.strip()):
        try:
            found |= {date.fromisoformat(part)} if part else set()
        except ValueError as error:
            raise ValueError(f"DIME_HOLIDAYS: {part!r} is no date; write it as 2026-12-25") from error
    return frozenset(found)
