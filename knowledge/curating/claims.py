"""What an answer commits the company to: its figures, and what it denies, read alike in English and Chinese."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["money", "percent", "time", "date", "duration"]

_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_NUMBER = (
    rf"(?:\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万半]+|\b(?:{'|'.join(_WORDS)})\b)"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_MONTH_AFTER = _MONTH.replace("month", "month4")
_UNITS: dict[str, tuple[str, int]] = {
    "minute": ("minutes", 1), "min": ("minutes", 1), "分钟": ("minutes", 1),
    "hour": ("minutes", 60), "小时": ("minutes", 60), "个小时": ("minutes", 60),
    "day": ("days", 1), "天": ("days", 1), "日": ("days", 1), "个工作日": ("days", 1), "工作日": ("days", 1),
    "week": ("days", 7), "周": ("days", 7), "星期": ("days", 7), "个星期": ("days", 7),
    "month": ("months", 1), "个月": ("months", 1), "year": ("months", 12), "年": ("months", 12),
}  # fmt: skip
_RANGE = rf"(?:(?P<low>{_NUMBER})\s?(?:-|–|to|至|到|~|～)\s?)?"
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "money": re.compile(
        rf"(?P<sign>[$€£¥￥])\s?(?P<n>{_NUMBER})|(?P<n2>{_NUMBER})\s?(?:dollars?|usd|euros?|eur|pounds? sterling|gbp|"
        r"yuan|rmb|cny|美元|美金|欧元|英镑|元|块钱)"
    ),
    "percent": re.compile(
        rf"(?P<n>{_NUMBER})\s?(?:%|percent\b)|百分之(?P<n2>{_NUMBER})|(?P<fold>[\d.]+|[一二三四五六七八九]+)折"
    ),
    "time": re.compile(
        r"(?P<h>\d{1,2})(?::(?P<m>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?|(?P<h2>\d{1,2}):(?P<m2>\d{2})(?!\d)"
        r"|(?P<part>凌晨|早上|上午|中午|下午|晚上|傍晚)?(?<!\d)(?P<h3>\d{1,2}|[一二两三四五六七八九十]+)点(?:(?P<m3>半|\d{1,2}))?"
    ),
    "date": re.compile(
        rf"\b{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
        rf"|\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)? (?:and|or) )?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?"
        rf"{_MONTH_AFTER}"
        r"|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})[日号]?(?:[和或、](?P<after>\d{1,2})[日号])?"
        r"|\b\d{4}-(?P<m3>\d{2})-(?P<d3>\d{2})\b"
    ),
    "duration": re.compile(
        rf"{_RANGE}(?P<n>{_NUMBER})[\s-]?(?:(?:business|working|calendar|full)[\s-])?"
        r"(?P<unit>minute|min|hour|day|week|month|year|分钟|个小时|小时|天|个工作日|工作日|日(?=内|之内|以内)|个星期|星期|周|个月|年)(?:s\b|\b|(?<=[\u4e00-\u9fff]))"
    ),
}
_EN_NOT = re.compile(r"\b(?:not|no|never|cannot|nor|without|neither|none|nothing|unable|except)\b|n't\b", re.IGNORECASE)
_ZH_NOT = re.compile(
    r"不(?!客气|好意思|同|仅|但|管|论|妨|错|断|锈)|没有?|无(?!论|线|缝)|未|勿|非(?!常)|别(?!的|处|人)|除外"
)
_YES = re.compile(
    r"^\W*(?:yes|yeah|sure|of course|certainly|absolutely|可以|能(?!量)|支持|是的|有的|会的|当然)", re.IGNORECASE
)
_NO = re.compile(
    r"^\W*(?:no\b(?! (?:problem|later|more|less|need))|unfortunately|sorry|"
    r"不可以|不能|不支持|不行|不会|没有|抱歉|很抱歉|暂不|无法)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；;])|\n+")
_TOKEN = re.compile(r"[a-z][a-z'’]*|\d[\d.,]*|[\u4e00-\u9fff]")
_SMALL = frozenset(
    "a an the and or of to in on at by for from with as is are was be been it its this that you your we our they do "
    "does did can could will would may not no never cannot without don't doesn't can't won't isn't aren't".split()
) | frozenset("的了是在和与您你我们也都请可以能不没无未勿非")
_ALIKE = 0.6
"""Share of the words two sentences have in common, from which on they are about the same thing."""


@dataclass(frozen=True, order=True)
class Figure:
    kind: Kind
    value: Decimal | str
    """Money as it is; durations in the unit that `unit` names; times as minutes after midnight; dates as MM-DD."""
    unit: str = ""
    written: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figure) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, Decimal | str, str]:
        return (self.kind, self.value, self.unit)


def figures(text: str) -> set[Figure]:
    """Amounts, shares, times, dates and durations; the same in either language and however the number is written."""
    found: set[Figure] = set()
    rest = text.lower()
    for kind in ("money", "percent", "date", "time", "duration"):
        for match in list(_PATTERNS[kind].finditer(rest)):
            found |= _figures(kind, match)
        rest = _PATTERNS[kind].sub(lambda match: " " * len(match.group()), rest)
    return found


def differing(one: str, other: str) -> list[tuple[str, str]]:
    """Figures of one kind in which two answers differ, as written. Where one only says more, that is no difference."""
    ours, theirs = figures(one), figures(other)
    found = []
    for kind in _PATTERNS:
        for unit in sorted({figure.unit for figure in ours | theirs if figure.kind == kind}):
            only_ours = sorted(f.written for f in ours - theirs if (f.kind, f.unit) == (kind, unit))
            only_theirs = sorted(f.written for f in theirs - ours if (f.kind, f.unit) == (kind, unit))
            if only_ours and only_theirs:
                found.append((", ".join(only_ours), ", ".join(only_theirs)))
    return found


def opposed(one: str, other: str) -> tuple[str, str] | None:
    """Two sentences of which one denies what the other says, or a yes against a no; None where there are none."""
    if verdicts := opposite_verdicts(one, other):
        return verdicts
    for said in _sentences(one):
        for answered in _sentences(other):
            if _denies(said) != _denies(answered) and _is_alike(said, answered):
                return said, answered
    return None


def opposite_verdicts(one: str, other: str) -> tuple[str, str] | None:
    """The first sentences where one answer begins with a yes and the other with a no, in whichever language."""
    ours, theirs = _sentences(one)[:1], _sentences(other)[:1]
    if ours and theirs and _yes_or_no(ours[0]) * _yes_or_no(theirs[0]) < 0:
        return ours[0], theirs[0]
    return None


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence and sentence.strip()]


def _yes_or_no(sentence: str) -> int:
    return 1 if _YES.match(sentence) else -1 if _NO.match(sentence) else 0


def _denies(sentence: str) -> bool:
    return bool((len(_EN_NOT.findall(sentence)) + len(_ZH_NOT.findall(sentence))) % 2)


def _is_alike(one: str, other: str) -> bool:
    ours, theirs = _words(one), _words(other)
    return len(ours & theirs) >= 2 and len(ours & theirs) >= _ALIKE * len(ours | theirs)


def _words(sentence: str) -> set[str]:
    return {word for word in _TOKEN.findall(sentence.lower()) if word not in _SMALL}


def _figures(kind: Kind, match: re.Match[str]) -> set[Figure]:
    part = match.groupdict()
    written = match.group().strip()
    if kind == "money":
        return {Figure(kind, _number(part["n"] or part["n2"]), "", written)}
    if kind == "percent":
        share = 100 - 10 * _fold(part["fold"]) if part["fold"] else _number(part["n"] or part["n2"])
        return {Figure(kind, share, "", written)}
    if kind == "date":
        name = part["month"] or part["month4"]
        month = _MONTHS.index(name) + 1 if name else int(part["m2"] or part["m3"] or 0)
        days = [part["d"] or part["d4"] or part["d2"] or part["d3"], part["before"], part["after"]]
        return {Figure(kind, f"{month:02}-{int(day):02}", "", written) for day in days if day}
    if kind == "time":
        return {Figure(kind, Decimal(_minutes(part)), "", written)}
    unit, per = _UNITS[part["unit"]]
    numbers = [number for number in (part["low"], part["n"]) if number]
    return {Figure(kind, _number(number) * per, unit, written) for number in numbers}


def _minutes(part: dict[str, str | None]) -> int:
    hour = int(_number(part["h"] or part["h2"] or part["h3"] or "0"))
    minute = {"半": 30}.get(part["m3"] or "") or int(part["m"] or part["m2"] or part["m3"] or 0)
    is_late = part["half"] == "p" or part["part"] in ("下午", "晚上", "傍晚")
    if is_late and hour < 12:
        hour += 12
    elif part["half"] == "a" and hour == 12:
        hour = 0
    return 60 * hour + minute


def _fold(written: str) -> Decimal:
    """9折 and 九折 are 9, 85折 and 八五折 are 8.5."""
    digits = "".join(str(_DIGITS.get(sign, sign)) for sign in written)
    value = Decimal(digits.strip(".") or "0")
    return value / 10 if value >= 10 else value


def _number(written: str | None) -> Decimal:
    written = written or "0"
    if written in _WORDS:
        return Decimal(_WORDS[written])
    if written[0].isdigit():
        return Decimal(written.replace(",", "")).normalize()
    if written == "半":
        return Decimal("0.5")
    total, current = 0, 0
    for sign in written.rstrip("半"):
        if sign in _SCALES:
            total, current = total + (current or 1) * _SCALES[sign], 0
        else:
            current = _DIGITS.get(sign, 0)
    return Decimal(total + current) + (Decimal("0.5") if written.endswith("半") else 0)
