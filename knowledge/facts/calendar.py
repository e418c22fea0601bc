"""Dates, weekdays and times of day, in a text whose numbers are plain digits already."""

import re
from collections.abc import Iterator
from decimal import Decimal

from knowledge.facts.claim import Claim

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_TH = r"(?:st|nd|rd|th)?"
_RELATIVE = {
    "today": r"\btoday\b|\btonight\b|今[天日晚]", "tomorrow": r"\btomorrow\b|明[天日晚]", "yesterday": r"\byesterday\b|昨天",
    "+2": r"\bday after tomorrow\b|后天(?!性)", "next week": r"\bnext week\b|下(?:个)?(?:周(?!末)|星期|礼拜)(?![一二三四五六日天])",
    "this week": r"\bthis week\b|(?:这|本)(?:个)?(?:周|星期)(?![一二三四五六日天])", "next month": r"\bnext month\b|下个月",
}  # fmt: skip
DATE = re.compile(
    rf"\b(?P<month>{_MONTH}) (?P<d>[0-3]?\d){_TH}\b(?!:)"
    rf"|\b(?:(?P<before>[0-3]?\d){_TH} (?:and|or|to) )?(?P<d2>[0-3]?\d){_TH} (?:of )?(?P<month2>{_MONTH})"
    r"|(?:\d{4}年)?(?P<m3>[01]?\d)月(?:(?P<d3>[0-3]?\d)[日号]?(?:[和或、](?P<after>[0-3]?\d)[日号])?)?"
    r"|\b\d{4}-(?P<m4>\d{2})-(?P<d4>\d{2})\b"
    + "".join(f"|(?P<r{at}>{words})" for at, words in enumerate(_RELATIVE.values()))
)
_WEEK = "mon tue wed thu fri sat sun".split()
WEEKDAY = re.compile(
    r"\b(?P<en>mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?P<end>weekends?)\b|(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])|(?P<zhend>周末)"
)
TIME = re.compile(
    r"(?<![\d$€£.:])(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?<![\d:])(?P<h2>\d{1,2}):(?P<m2>\d{2})(?![\d:])|(?P<h4>\d{1,2}) o'clock"
    r"|(?P<part>凌晨|早上|早晨|清晨|上午|中午|下午|晚上|傍晚|夜里)?(?<![\d.])(?P<h3>\d{1,2})(?:点(?!可|抵|积分|值)|时(?!间|候|刻|长|常|代))(?:(?P<m3>半|[1-5]?\d(?=分)|[13]刻)分?)?"
    r"|\b(?P<noon>noon|midday)\b|\b(?P<night>midnight)\b|(?P<noonzh>正午|中午(?!\d))|(?P<nightzh>午夜)"
)


def dates(match: re.Match[str]) -> Iterator[Claim]:
    for at, name in enumerate(_RELATIVE):
        if match[f"r{at}"]:
            yield Claim("date", name)
            return
    name = match["month"] or match["month2"]
    month = _MONTHS.index(name[:3]) + 1 if name else int(match["m3"] or match["m4"])
    days = [match["before"], match["d"] or match["d2"] or match["d3"] or match["d4"], match["after"]]
    for day in days:
        if day and 1 <= month <= 12:
            yield Claim("date", f"{month:02}-{int(day):02}")
    if not any(days) and 1 <= month <= 12:
        yield Claim("date", f"{month:02}")


def weekdays(match: re.Match[str]) -> Iterator[Claim]:
    if match["end"] or match["zhend"]:
        yield Claim("weekday", "weekend")
    elif match["en"]:
        yield Claim("weekday", Decimal(_WEEK.index(match["en"][:3]) + 1))
    else:
        yield Claim("weekday", Decimal("一二三四五六日天".index(match["zh"]) % 7 + 1 if match["zh"] != "天" else 7))


def time_of(match: re.Match[str]) -> Iterator[Claim]:
    if match["noon"] or match["noonzh"] or match["night"] or match["nightzh"]:
        yield Claim("time", Decimal(720 if match["noon"] or match["noonzh"] else 0))
        return
    hour = int(match["h"] or match["h2"] or match["h3"] or match["h4"])
    minute = {"半": 30, "1刻": 15, "3刻": 45}.get(match["m3"] or "") or int(
        match["m"] or match["m2"] or match["m3"] or 0
    )
    if hour > 24 or minute > 59:
        return
    is_late = match["half"] == "p" or match["part"] in ("下午", "晚上", "傍晚", "夜里")
    if (is_late and hour < 12) or (match["part"] == "中午" and hour < 3):
        hour += 12
    elif hour == 12 and (match["half"] == "a" or match["part"] in ("凌晨", "夜里")):
        hour = 0
    yield Claim("time", Decimal(60 * hour + minute))
