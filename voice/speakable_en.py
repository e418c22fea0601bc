"""Money, dates, times, ranges, units, numbers, abbreviations and addresses in English words (American reading)."""

import re
from collections.abc import Callable

from voice.numerals import english, english_decimal, english_digits, english_ordinal, english_year

_MONTHS = ("January February March April May June July August September October November December").split()
_MONTH = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS if month != "May"), "Sept"])
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCIES = {
    "$": ("dollar", "cent"), "US$": ("dollar", "cent"), "USD": ("dollar", "cent"), "£": ("pound", "penny"),
    "GBP": ("pound", "penny"), "€": ("euro", "cent"), "EUR": ("euro", "cent"), "¥": ("yuan", ""), "￥": ("yuan", ""),
    "RMB": ("yuan", ""), "CNY": ("yuan", ""),
}  # fmt: skip
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
_UNITS = {
    "kg": "kilogram", "g": "gram", "km": "kilometer", "cm": "centimeter", "mm": "millimeter", "m": "meter",
    "l": "liter", "ml": "milliliter", "lb": "pound", "lbs": "pound", "oz": "ounce", "ft": "foot", "mi": "mile",
    "kWh": "kilowatt hour", "W": "watt", "GB": "gigabyte", "MB": "megabyte",
    "hrs": "hour", "hr": "hour", "h": "hour", "min": "minute",
    "mins": "minute", "sec": "second", "ms": "millisecond",
    "m²": "square meter", "m2": "square meter",
    "sqm": "square meter",
    "°C": "degree Celsius", "°F": "degree Fahrenheit",
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_ABBREVIATIONS = {
    r"\be\.g\.,?": "for example", r"\bi\.e\.,?": "that is", r"\betc\.": "and so on", r"\bapprox\.": "approximately",
    r"\bvs\.?(?=\s)": "versus", r"\bSt\.(?= [A-Z])": "Saint", r"(?<=[a-z] )St\.": "Street", r"\bAve\.": "Avenue",
    r"\bRd\.": "Road", r"\bDr\.": "Doctor", r"\bMr\.": "Mister", r"\bMrs\.": "Missus", r"\bMs\.": "Miz",
    r"\bdept\.": "department", r"\bext\. ?(?=\d)": "extension ", r"\bNo\. ?(?=\d)": "number ", r"#(?=\d)": "number ",
    r"\bw/ ": "with ", r" & ": " and ", r"\b24/7\b": "twenty-four seven", r"\band/or\b": "and or", r"\bFAQ\b": "F A Q",
    r"\bVAT\b": "V A T", r"\bID\b": "I D",
}  # fmt: skip
_DAYS = {day[:3]: day for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()}
_DAY = "|".join(_DAYS)


def written_out(text: str) -> str:
    """In this order: what is more specific eats its digits before what is more general sees them."""
    for pattern, words in _ABBREVIATIONS.items():
        text = re.sub(pattern, words, text)
    for rule, say in _RULES:
        text = rule.sub(say, text)
    return text


def _address(match: re.Match[str]) -> str:
    said = re.sub(r"^(https?://)?(www\.)?", "", match[0].rstrip(".,;:!?)"))
    trailing = match[0][len(match[0].rstrip(".,;:!?)")) :]
    for mark, word in {"@": "at", ".": "dot", "/": "slash", "-": "dash", "_": "underscore"}.items():
        said = said.strip("/").replace(mark, f" {word} ")
    said = re.sub(r"[?=&#%~:+].*", "", said)
    return re.sub(r"\d+", lambda digits: english_digits(digits[0]), " ".join(said.split())) + trailing


def _money(match: re.Match[str]) -> str:
    unit, part = _CURRENCIES[match["sign"]]
    whole, _, fraction = match["amount"].replace(",", "").partition(".")
    if scale := match["scale"]:
        return f"{english_decimal(whole + ('.' + fraction if fraction else ''))} {scale} {_plural(unit, 2)}"
    if len(fraction) != 2 or not part:
        cents = int(fraction or 0)
        return (
            f"{english_decimal(whole + ('.' + fraction if cents else ''))} {_plural(unit, 2 if cents else int(whole))}"
        )
    said = [f"{english(int(whole))} {_plural(unit, int(whole))}"] if int(whole) or not int(fraction) else []
    if int(fraction):
        said.append(f"{english(int(fraction))} {_plural(part, int(fraction))}")
    return " and ".join(said)


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower().replace(".", "")
    if not half and hour > 12:
        hour, half = hour - 12, "pm"
    said = english(hour or 12)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{english(minute)}"
    elif not half:
        said += " o'clock"
    return said + (f" {half[0]} m" if half else "")


def _phone(match: re.Match[str]) -> str:
    return ", ".join(english_digits(group) for group in re.findall(r"\d+", match[0]))


def _date(year: str, month: int, day: int) -> str:
    return (
        f"{_MONTHS[month - 1]} {english_ordinal(day)}, {english_year(int(year))}"
        if 1 <= month <= 12
        else f"{year} {month} {day}"
    )


def _named_date(match: re.Match[str]) -> str:
    month = next(name for name in _MONTHS if name.startswith(match["month"][:3]))
    said = f"{month} {english_ordinal(int(match['day']))}"
    return f"{said}, {english_year(int(match['year']))}" if match["year"] else said


def _measure(match: re.Match[str]) -> str:
    amount, unit = match["amount"].replace(",", ""), _UNITS[match["unit"]]
    many = _plural(unit, 1 if amount == "1" else 2)
    return f"{english_decimal(amount)} {many}"


def _plural(unit: str, count: int) -> str:
    if count == 1 or unit == "yuan":
        return unit
    if unit.startswith("degree"):
        return unit.replace("degree", "degrees")
    return {"penny": "pence", "foot": "feet"}.get(unit, unit + "s")


def _number(match: re.Match[str]) -> str:
    digits = match[0].replace(",", "")
    if "." not in digits and (len(digits) >= 7 or (digits.startswith("0") and len(digits) > 1)) and "," not in match[0]:
        return english_digits(digits)
    return english_decimal(digits)


_Say = Callable[[re.Match[str]], str]
_HALF = r"(?P<half>[ap]\.m\.|[ap]m\b)"
_YEAR = r"(?:,? (?P<year>\d{4})\b)?"
_RULES: list[tuple[re.Pattern[str], _Say]] = [
    (re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.-]+\b"
                r"|\b[a-z0-9-]+\.(?:com|org|net|example|cn|io|shop)(?:/\S*)?\b"), _address),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), lambda m: _date(m[1], int(m[2]), int(m[3]))),
    (re.compile(r"(?:\+\d{1,3}[ -])?\(?\b\d{3,4}\)?[ -]\d{3,4}(?:[ -]\d{3,4})+\b|\b\d{3}-\d{4}\b"), _phone),
    (re.compile(rf"\b({_DAY})\s?[-–]\s?({_DAY})\b"), lambda m: f"{_DAYS[m[1]]} to {_DAYS[m[2]]}"),
    (re.compile(rf"\b({_DAY})(?=,? \d)"), lambda m: _DAYS[m[1]]),
    (re.compile(r"(?<=\d|[€%])\s?[-–—]\s?(?=[$£€¥]?\d)|(?<=[ap]m)\s?[-–—]\s?(?=\d)"), lambda _: " to "),
    (re.compile(rf"(?P<sign>{_SIGN}) ?(?P<amount>{_NUMBER})(?: (?P<scale>thousand|million|billion)\b)?"), _money),
    (re.compile(rf"(?P<amount>{_NUMBER}) ?(?P<sign>USD|GBP|EUR|RMB|CNY|€)(?!\w)(?P<scale>)"), _money),
    (re.compile(rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}"), _named_date),
    (re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})\b\.?{_YEAR}"), _named_date),
    (re.compile(rf"\b(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?: ?{_HALF})?", re.I), _time),
    (re.compile(rf"\b(?P<hour>\d{{1,2}})(?P<minute>) ?{_HALF}", re.I), _time),
    (re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)"), lambda _: " by "),
    (re.compile(rf"(?<![\w.])(?P<amount>{_NUMBER})\s?(?P<unit>{_UNIT})(?![\w²])"), _measure),
    (re.compile(rf"({_NUMBER})\s?%"), lambda m: f"{english_decimal(m[1].replace(',', ''))} percent"),
    (re.compile(r"\b(\d+)(?:st|nd|rd|th)\b"), lambda m: english_ordinal(int(m[1]))),
    (re.compile(r"\b(?:(?<=in )|(?<=since )|(?<=until ))(?:1[89]|20)\d\d\b"), lambda m: english_year(int(m[0]))),
    (re.compile(r"\b([A-Z]{1,4})-?(\d{2,})\b"), lambda m: f"{' '.join(m[1])} {english_digits(m[2])}"),
    (re.compile(_NUMBER), _number),
]  # fmt: skip
