"""What a conversation is still to be told, and from when until when: the decisions behind announcements, pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

LONGEST = 500
"""Characters: half a minute of speech."""
LONGEST_AHEAD = timedelta(days=366)
LANGS = ("en", "zh")
_SPAN = re.compile(r"(\d{1,5}) ?(m|min|h|d)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}


class NotAnnounced(ValueError):
    """The announcement cannot be made; the message is one sentence for the editor."""


@dataclass(frozen=True)
class Announcement:
    id: UUID
    lang: str
    text: str
    valid_from: datetime
    valid_until: datetime
    """Not included."""
    withdrawn_at: datetime | None = None

    def state(self, now: datetime) -> Literal["later", "now", "over", "withdrawn"]:
        if self.withdrawn_at is not None:
            return "withdrawn"
        if now >= self.valid_until:
            return "over"
        return "now" if now >= self.valid_from else "later"


@dataclass(frozen=True)
class Told:
    """An announcement as one conversation got it."""

    text: str
    lang: str
    at: datetime


def due(
    valid: Sequence[Announcement], told: Sequence[Told], *, lang: str, is_spoken: bool, now: datetime
) -> list[Told]:
    """What of the valid announcements the conversation has not had: in its language; where there is none, in writing
    those there are, English first, and in speech none."""
    langs = [lang] if is_spoken else [lang, "en", *(one.lang for one in valid)]
    chosen = next((those for each in langs if (those := [one for one in valid if one.lang == each])), [])
    fresh = {one.text: Told(one.text, one.lang, now) for one in chosen if not any(_has(past, one) for past in told)}
    return list(fresh.values())


def _has(told: Told, one: Announcement) -> bool:
    """The same words, or the same matter in another language, told while this one was valid already."""
    return told.text == one.text or (told.lang != one.lang and told.at >= one.valid_from)


def wording(text: str) -> str:
    """The text in one line, without control characters. Raises NotAnnounced."""
    text = " ".join("".join(mark if _is_sound(mark) else " " for mark in text).split())
    if not any(mark.isalnum() for mark in text):
        raise NotAnnounced("an announcement needs words")
    if len(text) > LONGEST:
        raise NotAnnounced(f"an announcement may have {LONGEST} characters, this one has {len(text)}")
    return text


def period(start: str | None, end: str | None, *, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """From when until when, UTC; without words from now, and to the end of the company's day. Raises NotAnnounced."""
    begins = max(now, moment(start, since=now, zone=zone)) if start else now
    ends = moment(end, since=begins, zone=zone, is_end=True) if end else _midnight(begins, zone=zone)
    if ends <= now:
        raise NotAnnounced(f"{told_time(ends, zone=zone)} is past; now it is {told_time(now, zone=zone)} in {zone}")
    if ends <= begins:
        starts = told_time(begins, zone=zone)
        raise NotAnnounced(f"it would end at {told_time(ends, zone=zone)}, before it begins at {starts}")
    if ends - now > LONGEST_AHEAD:
        raise NotAnnounced(f"{told_time(ends, zone=zone)} is more than a year away")
    return begins.astimezone(UTC), ends.astimezone(UTC)


def moment(text: str, *, since: datetime, zone: str, is_end: bool = False) -> datetime:
    """`2h` after `since`, `18:00` on its day, or a date with or without a time, where the company is. A date alone is
    the day's beginning or, as an end, its end. Raises NotAnnounced."""
    local = since.astimezone(ZoneInfo(zone))
    text = text.strip().replace("：", ":")
    try:
        if span := _SPAN.fullmatch(text.lower()):
            return since + timedelta(**{_UNITS[span[2]]: int(span[1])})
        if text == "24:00":
            return _midnight(since, zone=zone)
        if clock := _CLOCK.fullmatch(text):
            return datetime.combine(local, time(int(clock[1]), int(clock[2])), local.tzinfo).astimezone(UTC)
        if len(text) == len("2026-11-23"):
            day = date.fromisoformat(text) + timedelta(days=is_end)
            return datetime.combine(day, time.min, local.tzinfo).astimezone(UTC)
        written = datetime.fromisoformat(text)
        return (written if written.tzinfo else written.replace(tzinfo=local.tzinfo)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotAnnounced(f"{text[:40]!r} is no time; write 18:00, 2h, 2026-11-23 or 2026-11-23T10:00") from error


def told_time(at: datetime, *, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _midnight(at: datetime, *, zone: str) -> datetime:
    """The end of the day that `at` lies in."""
    local = at.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo).astimezone(UTC)


def _is_sound(mark: str) -> bool:
    return unicodedata.category(mark) not in ("Cc", "Cs")
