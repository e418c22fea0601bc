"""Every figure of a text with its unit and its place: the same in either language and however it is written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from knowledge.facts.bounds import bound_at
from knowledge.facts.calendar import DATE, TIME, WEEKDAY, dates, time_of, weekdays
from knowledge.facts.claim import Claim, Kind
from knowledge.facts.digits import Digits, in_digits

_N = r"(?:[0-9]+(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_BEFORE = r"(?<![a-z0-9_.])(?<!\d,)"
_CURRENCIES = {
    "USD": r"dollars?|bucks?|us\$|usd|美元|美金|美刀", "EUR": r"euros?|eur|欧元", "CNY": r"yuan|rmb|cny|人民币|元(?!素|旦)|块(?:钱)?",
    "GBP": r"pounds? sterling|gbp|英镑",
}  # fmt: skip
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}
_CENTS = {"USD": r"cents?|美分", "CNY": r"分钱", "EUR": r"欧分", "GBP": r"pence"}
_DURATIONS: tuple[tuple[str, str, Decimal], ...] = (
    (r"seconds?|secs?|秒钟?", "minutes", Decimal(1) / 60),
    (r"minutes?|mins?|分钟", "minutes", Decimal(1)),
    (r"hours?|hrs?|h|个?小时|个?钟头", "minutes", Decimal(60)),
    (r"(?:business|working)[ -]days?|个?工作日", "business days", Decimal(1)),
    (r"(?:calendar |full )?days?|天|(?:个自然)?日(?=内|之内|以内)|个?自然日", "days", Decimal(1)),
    (r"nights?(?! \d)|个?晚上?(?=[^上])", "nights", Decimal(1)),
    (r"weeks?|wks?|周(?![一二三四五六日末边年])|个?星期(?![一二三四五六日天])|个?礼拜(?![一二三四五六日天])", "days", Decimal(7)),
    (r"(?:calendar )?months?|个月", "months", Decimal(1)),
    (r"years?|yrs?|年(?!\d)", "months", Decimal(12)),
)  # fmt: skip
_MEASURES = {
    "inch": r"inch(?:es)?|英寸|″", "foot": r"feet|foot|ft|英尺", "mile": r"miles?|英里", "lb": r"lbs?|pounds?|磅", "oz": r"ounces?|oz",
    "kg": r"kg|kilos?|kilograms?|公斤|千克", "g": r"grams?|克", "km": r"km|kilomet(?:er|re)s?|公里", "cm": r"cm|centimet(?:er|re)s?|厘米",
    "mm": r"mm|millimet(?:er|re)s?|毫米", "m": r"met(?:er|re)s?|米", "°F": r"°\s?f|degrees fahrenheit|华氏度", "°C": r"°\s?c|degrees celsius|摄氏度|℃",
    "°": r"degrees?|度", "W": r"watts?|w|瓦", "floor": r"floors?|storeys?|层|楼", "point": r"积分|点(?=可|值|抵)",
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w$€£¥.])\+?\d[\d() -]{0,24}-[\d() -]{0,24}\d{3,4}(?![\w])|(?<![\d$€£¥.,])\d{7,}(?![\d,.]\d)"
)
_MONEY = re.compile(
    rf"(?:us)?(?P<sign>[$€£¥￥])\s?(?P<n>{_N})|{_BEFORE}(?P<n2>{_N})[\s-]?(?:"
    + "|".join(f"(?P<c{code}>{words})" for code, words in _CENTS.items())
    + "|"
    + "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items())
    + r")(?![a-z])"
)
_PERCENT = re.compile(rf"{_BEFORE}(?P<n>{_N})\s?(?:[%％]|percent\b|per cent\b)|(?P<fold>{_N})折(?!叠|磨|腾|断)")
_DURATION = re.compile(
    rf"{_BEFORE}第?(?P<n>{_N})[\s-]?(?:full[\s-])?(?:"
    + "|".join(f"(?P<u{at}>{words})" for at, (words, _, _) in enumerate(_DURATIONS))
    + r")(?![a-z])"
)
_MEASURE = re.compile(
    rf"{_BEFORE}(?P<n>{_N})[\s-]?(?:" + "|".join(f"(?P<m{at}>{w})" for at, w in enumerate(_MEASURES.values())) + r")(?![a-z])"
)  # fmt: skip
_ORDINAL = re.compile(r"(?<!\w)(?P<n>[0-9]+)(?:st|nd|rd|th)(?!\w)|第(?P<n2>[0-9]+)")
_COUNT = re.compile(rf"{_BEFORE}(?P<n>{_N})(?!\d)")
_RANGE = re.compile(r"\s?(?:-|–|—|~|～|to|through|up to|until|至|到|和|and)\s?(?:from |night |day )?(?:[$€£¥￥])?")
_LIST = re.compile(r"\s?(?:,|、|or|and|和|或|或者)\s?")


@lru_cache(maxsize=4_096)
def figures(text: str) -> tuple[Claim, ...]:
    """In the order of the text; a range is one claim. Never raises."""
    digits = in_digits(text)
    rest = digits.text
    found: list[Claim] = []
    for kind, pattern, read in _READERS:
        taken = list[tuple[int, int]]()
        for match in pattern.finditer(rest):
            if claims := list(read(match)):
                found += [_placed(replace(claim, kind=kind), digits, match.start(), match.end()) for claim in claims]
                taken.append(match.span())
        for start, end in taken:
            rest = rest[:start] + " " * (end - start) + rest[end:]
    found.sort(key=lambda claim: (claim.start, claim.end))
    joined = _joined(found, digits.text)
    return tuple(_told(claim, digits, text) for claim in joined)


def plain_numbers(text: str) -> set[str]:
    """Only the values, as plain digits: 1,150 is 1150, and 9.00 is 9; a time stays 10:30."""
    found = set[str]()
    for match in re.finditer(r"\d+:\d{2}|" + _N, in_digits(text).text):
        number = match[0].replace(",", "")
        found.add(number.rstrip("0").rstrip(".") if "." in number else number)
    return found


def _money(match: re.Match[str]) -> Iterator[Claim]:
    part = match.groupdict()
    amount = _value(part["n"] or part["n2"])
    if part["sign"]:
        yield Claim("money", amount, _SIGNS[part["sign"]])
        return
    for code in _CURRENCIES:
        if part[f"c{code}"]:
            yield Claim("money", amount / 100, code)
        elif part[code]:
            yield Claim("money", amount, code)


def _percent(match: re.Match[str]) -> Iterator[Claim]:
    if match["fold"]:
        fold = _value(match["fold"])
        yield Claim("percent", 100 - 10 * (fold if fold < 10 else fold / 10))
    else:
        yield Claim("percent", _value(match["n"]))


def _duration(match: re.Match[str]) -> Iterator[Claim]:
    for at, (_, unit, per) in enumerate(_DURATIONS):
        if match[f"u{at}"]:
            yield Claim("duration", Decimal(f"{_value(match['n']) * per:.4f}").normalize(), unit)


def _measure(match: re.Match[str]) -> Iterator[Claim]:
    for at, unit in enumerate(_MEASURES):
        if match[f"m{at}"]:
            yield Claim("measure", _value(match["n"]), unit)


def _number(match: re.Match[str]) -> Iterator[Claim]:
    digits = re.sub(r"\D", "", match[0])
    if len(digits) >= 7:
        yield Claim("number", digits)


def _ordinal(match: re.Match[str]) -> Iterator[Claim]:
    yield Claim("ordinal", _value(match["n"] or match["n2"]))


def _count(match: re.Match[str]) -> Iterator[Claim]:
    yield Claim("count", _value(match["n"]))


_READERS: tuple[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], Iterator[Claim]]], ...] = (
    ("money", _MONEY, _money), ("percent", _PERCENT, _percent), ("date", DATE, dates),
    ("number", _NUMBER, _number), ("time", TIME, time_of), ("weekday", WEEKDAY, weekdays), ("duration", _DURATION, _duration),
    ("measure", _MEASURE, _measure), ("ordinal", _ORDINAL, _ordinal), ("count", _COUNT, _count),
)  # fmt: skip


def _placed(claim: Claim, digits: Digits, start: int, end: int) -> Claim:
    is_loose = claim.kind in ("count", "ordinal") and start in digits.worded
    return replace(claim, start=start, end=end, is_loose=is_loose)


def _joined(found: list[Claim], text: str) -> list[Claim]:
    """A number takes the unit of what it is a range or a list with, and a range becomes one claim."""
    joined: list[Claim] = []
    for claim in reversed(found):
        after = joined[-1] if joined else None
        between = text[claim.end : after.start] if after else ""
        if after is None or claim.end > after.start or len(between) > 12:
            joined.append(claim)
            continue
        is_bare = claim.kind == "count" and after.kind not in ("count", "ordinal", "number", "date", "weekday")
        lent = (
            _lent(claim, after, text) if is_bare and (_RANGE.fullmatch(between) or _LIST.fullmatch(between)) else claim
        )
        is_range = bool(_RANGE.fullmatch(between)) and (
            between.strip() not in ("and", "和") or _is_between(claim, text)
        )
        if is_range and lent.kind == after.kind and lent.unit == after.unit and after.low is None:
            joined[-1] = replace(after, low=lent.value, start=claim.start)
        else:
            joined.append(lent)
    return joined[::-1]


def _is_between(claim: Claim, text: str) -> bool:
    return text[: claim.start].rstrip().endswith("between")


def _lent(claim: Claim, after: Claim, text: str) -> Claim:
    """The bare number in the unit of the next: the 3 of "3 to 5 weeks" is 21 days."""
    if not isinstance(claim.value, Decimal) or not isinstance(after.value, Decimal):
        return claim
    if after.kind == "time":
        is_late = after.value >= 720 and claim.value < 12 and (claim.value * 60 + 720) < after.value
        return replace(claim, kind="time", value=claim.value * 60 + (720 if is_late else 0))
    per = _per(after, text[after.start : after.end])
    return replace(claim, kind=after.kind, unit=after.unit, value=(claim.value * per).normalize(), is_loose=False)


def _per(claim: Claim, text: str) -> Decimal:
    """How many of its unit one of the written unit is."""
    *_, written = [None, *re.finditer(_N, text)]
    if claim.kind != "duration" or written is None:
        return Decimal(1)
    number = _value(written[0])
    return Decimal(claim.value) / number if number else Decimal(1)


def _told(claim: Claim, digits: Digits, text: str) -> Claim:
    bound = None if claim.low is not None else bound_at(digits.text, claim.start, claim.end)
    start, end = digits.span(claim.start, claim.end)
    return replace(claim, start=start, end=end, bound=bound, text=text[start:end].strip())


def _value(written: str) -> Decimal:
    return Decimal(written.replace(",", "")).normalize() + 0
