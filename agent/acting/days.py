"""Days as customers name them, and as we say them. Pure: today is handed in."""

import re
from datetime import date, timedelta

from knowledge.spoken_numbers import written

_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ZH_WEEKDAYS = "一二三四五六日"
_MONTH = rf"(?P<month>{'|'.join(rf'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)}|sept)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_NAMED = (
    re.compile(rf"(?i)\b{_MONTH}\s+{_DAY}\b{_YEAR}"),
    re.compile(rf"(?i)\b{_DAY}\s+(?:of\s+)?{_MONTH}\b{_YEAR}"),
    re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?"),
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?(?!\d)"),
    re.compile(r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}))?(?![\d/])"),
)
_OFFSETS = (
    (re.compile(r"(?i)\b(?:the )?day after tomorrow\b|后天"), 2),
    (re.compile(r"(?i)\btomorrow\b|明[天日]"), 1),
    (re.compile(r"(?i)\btoday\b|今[天日]"), 0),
)
_IN_DAYS = re.compile(
    r"(?i)\bin (?P<en>\d{1,3}|a|one|two|three|four|five|six|seven) (?P<unit>day|week)s?\b"
    r"|(?P<zh>\d{1,3}|[一两二三四五六七])(?P<zh_unit>天|周|个?星期)[之以]?后"
)
_COUNTS = {word: at for at, word in enumerate("one two three four five six seven".split(), 1)} | {"a": 1}
_ZH_COUNTS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7}
_WEEKDAY = re.compile(
    rf"(?i)\b(?P<next>next |this |on |coming )?(?P<en>{'|'.join(_WEEKDAYS)}|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\b"
    r"|(?P<zh_next>下+个?|这个?|本)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])"
)


def day_in(text: str, *, today: date) -> date | None:
    """The first day the text names; one without a year is the next one to come."""
    plain = written(text[:500])
    for pattern in _NAMED:
        if found := pattern.search(plain):
            return _named(found, today=today)
    if found := re.search(r"大后天", plain):
        return today + timedelta(days=3)
    for pattern, days in _OFFSETS:
        if pattern.search(plain):
            return today + timedelta(days=days)
    return _in_days(text, today=today) or _weekday(text, today=today)


def said(day: date, *, lang: str) -> str:
    """ "Friday, November 27" or "11月27日（星期五）"; the year is left to the context."""
    if lang == "zh":
        return f"{day.month}月{day.day}日（星期{_ZH_WEEKDAYS[day.weekday()]}）"
    return f"{_WEEKDAYS[day.weekday()].capitalize()}, {_MONTHS[day.month - 1].capitalize()} {day.day}"


def _named(found: re.Match[str], *, today: date) -> date | None:
    month = found["month"].casefold()
    number = int(month) if month.isdigit() else next(at for at, name in enumerate(_MONTHS, 1) if name[:3] == month[:3])
    years = [int(found["year"])] if found["year"] else [today.year, today.year + 1]
    for year in years:
        try:
            day = date(year, number, int(found["day"]))
        except ValueError:
            continue
        if found["year"] or day >= today:
            return day
    return None


def _in_days(text: str, *, today: date) -> date | None:
    found = _IN_DAYS.search(text[:500])
    if found is None:
        return None
    count = found["en"] or found["zh"]
    number = int(count) if count.isdigit() else _COUNTS.get(count.casefold(), _ZH_COUNTS.get(count, 0))
    is_weeks = (found["unit"] or "").casefold() == "week" or (found["zh_unit"] or "天") != "天"
    return today + timedelta(days=number * (7 if is_weeks else 1))


def _weekday(text: str, *, today: date) -> date | None:
    """A weekday is the next one to come; "next Friday" is that of next week, 下周五 too."""
    found = _WEEKDAY.search(text[:500])
    if found is None:
        return None
    if found["zh"]:
        at = _ZH_WEEKDAYS.index(found["zh"].replace("天", "日"))
        weeks = (found["zh_next"] or "").count("下")
    else:
        at = next(i for i, name in enumerate(_WEEKDAYS) if name.startswith(found["en"].casefold()[:3]))
        weeks = 1 if (found["next"] or "").casefold() == "next " else 0
    if weeks:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 * weeks + at)
    return today + timedelta(days=(at - today.weekday()) % 7 or 7)
