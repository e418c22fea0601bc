"""Money, dates, times, ranges, units, numbers and addresses in Chinese words."""

import re
from collections.abc import Callable

from voice.numerals import chinese, chinese_decimal, chinese_digits

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCIES = {
    "¥": "元",
    "￥": "元",
    "RMB": "元",
    "CNY": "元",
    "$": "美元",
    "US$": "美元",
    "USD": "美元",
    "€": "欧元",
    "£": "英镑",
}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
_UNITS = {
    "kg": "公斤", "g": "克", "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "㎡": "平方米", "m²": "平方米", "L": "升",
    "ml": "毫升", "°C": "摄氏度", "℃": "摄氏度", "GB": "G B", "W": "瓦", "h": "小时", "min": "分钟",
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_COUNTED = "个天年周次件种位层套张把米人台份条双小时公斤"
"""Before these, two is 两."""


def written_out(text: str) -> str:
    for rule, say in _RULES:
        text = rule.sub(say, text)
    return text


def _address(match: re.Match[str]) -> str:
    said = re.sub(r"^(https?://)?(www\.)?", "", match[0]).strip("/")
    for mark, word in {"@": " 艾特 ", ".": "点", "/": "斜杠", "-": "杠", "_": "下划线"}.items():
        said = said.replace(mark, word)
    return re.sub(r"\d+", lambda digits: chinese_digits(digits[0]), said)


def _time(match: re.Match[str]) -> str:
    minute = int(match[2])
    said = f"{_hour(int(match[1]))}点"
    if minute == 0:
        return said
    return said + ("半" if minute == 30 else f"{'零' if minute < 10 else ''}{chinese(minute)}分")


def _hour(hour: int) -> str:
    return "两" if hour == 2 else chinese(hour)


def _number(match: re.Match[str]) -> str:
    digits, after = match[0].replace(",", ""), match.string[match.end() : match.end() + 1]
    if digits == "2" and after and after in _COUNTED:
        return "两"
    is_a_code = len(digits) >= 7 or (digits.startswith("0") and len(digits) > 1)
    if "." not in digits and is_a_code and "," not in match[0]:
        return chinese_digits(digits)
    return chinese_decimal(digits)


def _plain(amount: str) -> str:
    whole, _, fraction = amount.replace(",", "").partition(".")
    return chinese_decimal(f"{whole}.{fraction}" if fraction.strip("0") else whole)


_Say = Callable[[re.Match[str]], str]
_RULES: list[tuple[re.Pattern[str], _Say]] = [
    (re.compile(r"(?:https?://|www\.)[A-Za-z0-9_./?=&%-]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+"
                r"|[A-Za-z0-9-]+\.(?:com|cn|org|net|example|io|shop)(?:/[A-Za-z0-9_/.-]*)?"), _address),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"),
     lambda m: f"{chinese_digits(m[1])}年{chinese(int(m[2]))}月{chinese(int(m[3]))}日"),
    (re.compile(r"(?<!\d)(\d{4})年"), lambda m: f"{chinese_digits(m[1])}年"),
    (re.compile(r"(?<!\d)\d{3,4}[ -]\d{3,4}(?:[ -]\d{3,4})*(?!\d)"),
     lambda m: "，".join(chinese_digits(group) for group in re.findall(r"\d+", m[0]))),
    (re.compile(r"(?<=\d|%)\s?(?:[-–—~～]|至)\s?(?=[$£€¥￥]?\d)"), lambda _: "到"),
    (re.compile(rf"(?:{_SIGN})\s?({_NUMBER})到({_NUMBER})"), lambda m: f"{_plain(m[1])}到{_plain(m[2])}{_CURRENCIES[_sign(m)]}"),
    (re.compile(rf"(?:{_SIGN})\s?({_NUMBER})"), lambda m: f"{_plain(m[1])}{_CURRENCIES[_sign(m)]}"),
    (re.compile(r"(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)"), _time),
    (re.compile(r"(?<!\d)(\d{1,2})点"), lambda m: f"{_hour(int(m[1]))}点"),
    (re.compile(rf"({_NUMBER})%到({_NUMBER})%"), lambda m: f"百分之{_plain(m[1])}到百分之{_plain(m[2])}"),
    (re.compile(rf"({_NUMBER})\s?[%％]"), lambda m: f"百分之{_plain(m[1])}"),
    (re.compile(r"(?<=\d)\s?[x×*]\s?(?=\d)"), lambda _: "乘"),
    (re.compile(rf"({_NUMBER})\s?({_UNIT})(?![A-Za-z²])"), lambda m: f"{_plain(m[1])}{_UNITS[m[2]]}"),
    (re.compile(r"([A-Z]{1,4})-?(\d{2,})"), lambda m: f"{' '.join(m[1])} {chinese_digits(m[2])}"),
    (re.compile(_NUMBER), _number),
]  # fmt: skip


def _sign(match: re.Match[str]) -> str:
    return next(sign for sign in sorted(_CURRENCIES, key=len, reverse=True) if match[0].startswith(sign))
