"""Points in time and stretches of it, as exports write them. Whether 3/4 is in March or in April is decided once for a
whole column, from the days in it that can be only one of the two."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal

Order = Literal["day first", "month first"]

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DATES = (
    re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"),
    re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/.])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?[ .-]+(?P<name>[a-z]{3,9})\.?,?[ -]+(?P<y>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<name>[a-z]{3,9})\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})", re.IGNORECASE),
)
_CLOCK = re.compile(
    r"(?P<before>上午|下午|晚上|中午|凌晨|早上|am|pm)?\s*(?<!\d)(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{2})"
    r"(?:\s*[:分]\s*(?P<second>\d{2}))?(?:[.,]\d+)?\s*[分秒]?\s*(?P<after>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?\)?$|(?P<name>\b[A-Z]{1,4})\)?$"
)
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
          "PDT": -7, "CET": 1, "CEST": 2, "BST": 1}  # fmt: skip
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|\d{15,16}")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_STRETCH = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*(?:h|hrs?|hours?|小时|时)\s*)?(?:(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?|分钟?)\s*)?"
    r"(?:(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?|秒))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clock:
    """How one column is to be read."""

    zone: tzinfo
    order: Order = "month first"

    def read(self, text: str) -> datetime:
        """Aware, in UTC. Raises ValueError for what is no time."""
        text = text.strip()
        if _EPOCH.fullmatch(text):
            whole = len(text.split(".")[0])
            return datetime.fromtimestamp(float(text) / (1 if whole <= 10 else 1e3 if whole <= 13 else 1e6), UTC)
        if _SERIAL.fullmatch(text):
            return (datetime(1899, 12, 30, tzinfo=self.zone) + timedelta(days=float(text))).astimezone(UTC)
        day, rest = self._day(text)
        hour, minute, second, rest = _clock(rest)
        try:
            zone = _zone(rest) or self.zone
            return datetime(*day, hour, minute, second, tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(f"is not a time: {text[:40]!r}") from None

    def _day(self, text: str) -> tuple[tuple[int, int, int], str]:
        for pattern in _DATES:
            if not (found := pattern.search(text)):
                continue
            parts = found.groupdict()
            year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            if "a" in parts:
                day, month = (parts["a"], parts["b"]) if self.order == "day first" else (parts["b"], parts["a"])
            else:
                day, month = parts["d"], parts.get("m") or str(_MONTHS.get(parts["name"][:3].casefold(), 0))
            return (year, int(month), int(day)), text[found.end() :].removeprefix("T").removeprefix(",")
        raise ValueError(f"is not a time: {text[:40]!r}")


def order_of(column: Iterable[str], *, zone_name: str) -> tuple[Order, str | None]:
    """How the days of a column are written, and a sentence where the data do not settle it."""
    firsts, seconds, dotted, twelve_hours = 0, 0, False, False
    count = 0
    for text in column:
        if not (found := _DATES[1].search(text)) or _DATES[0].search(text):
            continue
        count += 1
        firsts += int(found["a"]) > 12
        seconds += int(found["b"]) > 12
        dotted |= found["sep"] == "."
        twelve_hours |= bool(re.search(r"[ap]\.?m\b", text, re.IGNORECASE))
    if firsts and seconds:
        order: Order = "day first" if firsts > seconds else "month first"
        return order, f"dates are written both ways; read as {order}, the others are named by line"
    if firsts or seconds or not count:
        return "day first" if firsts else "month first", None
    american = twelve_hours or zone_name.startswith(("America/", "US/"))
    order = "month first" if american and not dotted else "day first"
    return order, None if dotted else f"3/4 could be March or April in every row; read as {order} (--dates changes it)"


def read_seconds(text: str, *, unit: float = 1.0) -> float:
    """312, 5:12, 0:05:12, 5m 12s, 5分12秒; a bare number counts `unit` seconds each. Raises ValueError."""
    text = text.strip().replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text) * unit
    if found := re.fullmatch(r"(?:(\d+):)?(\d{1,3}):(\d{2})(?:\.\d+)?", text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        if unit == 3600 and not found[1]:
            hours, minutes, seconds = minutes, seconds, 0
        return hours * 3600.0 + minutes * 60 + seconds
    if text and (found := _STRETCH.fullmatch(text)):
        hour, minute, second = (float(part or 0) for part in found.groups())
        return hour * 3600 + minute * 60 + second
    raise ValueError(f"is not a length of time: {text[:40]!r}")


def _clock(text: str) -> tuple[int, int, int, str]:
    found = _CLOCK.search(text)
    if not found:
        return 0, 0, 0, ""
    hour = int(found["hour"])
    half = (found["before"] or found["after"] or "").casefold().replace(".", "")
    if half in ("pm", "下午", "晚上", "中午") and hour < 12:
        hour += 0 if half == "中午" and hour == 11 else 12
    elif half in ("am", "上午", "凌晨", "早上") and hour == 12:
        hour = 0
    return hour, int(found["minute"]), int(found["second"] or 0), text[found.end() :].strip()


def _zone(text: str) -> tzinfo | None:
    found = _ZONE.search(text.strip().lstrip("("))
    if not found:
        return None
    if name := found["name"]:
        return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(offset if found["sign"] == "+" else -offset)
