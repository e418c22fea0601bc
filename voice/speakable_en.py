"""Money, dates, times, ranges, units, numbers, abbreviations and addresses in English words (American reading)."""

import re
from collections.abc import Callable

from voice.numerals import english, english_decimal, english_digits, english_ordinal, english_year

_MONTHS = ("January February March April May June July August September October November December").split()
_MONTH = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS if month != "May"), "Sept"])
_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCIES = {
    "$": ("dollar", "cent"), "US$": ("dollar", "cent"), "USD": ("dollar", "cent"), "£": ("pound", "penny"),
    "GBP": ("pound", "penny"), "€": ("euro", "cent"), "EUR": ("euro", "cent"), "¥": ("yuan", ""), "￥": ("yuan", ""),
    "RMB": ("yuan", ""), "CNY": ("yuan", ""), "元": ("yuan", ""), "A$": ("Australian dollar", "cent"),
    "CA$": ("Canadian dollar", "cent"), "C$": ("Canadian dollar", "cent"), "HK$": ("Hong Kong dollar", "cent"),
    "NZ$": ("New Zealand dollar", "cent"), "S$": ("Singapore dollar", "cent"), "JPY": ("yen", ""),
    "CHF": ("Swiss franc", ""), "₹": ("rupee", ""), "INR": ("rupee", ""), "₩": ("won", ""), "¢": ("cent", ""),
}  # fmt: skip
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "m": "million", "bn": "billion", "B": "billion"}
_UNITS = {
    "kg": "kilogram", "g": "gram", "mg": "milligram", "km": "kilometer", "cm": "centimeter", "mm": "millimeter",
    "m": "meter", "km/h": "kilometer per hour", "mph": "mile per hour",
    "l": "liter", "L": "liter", "ml": "milliliter", "lb": "pound", "lbs": "pound", "oz": "ounce", "ft": "foot",
    "yd": "yard", "mi": "mile", "gal": "gallon", "sq ft": "square foot", "sq. ft.": "square foot",
    "kWh": "kilowatt hour", "W": "watt", "kW": "kilowatt", "V": "volt", "mAh": "milliamp hour", "lm": "lumen",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "dB": "decibel", "dpi": "dot per inch",
    "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "Mbps": "megabit per second",
    "hrs": "hour", "hr": "hour", "h": "hour", "min": "minute", "mins": "minute", "sec": "second", "ms": "millisecond",
    "yrs": "year", "yr": "year", "wks": "week", "pcs": "piece",
    "m²": "square meter", "m2": "square meter", "m³": "cubic meter", "cm²": "square centimeter", "sqm": "square meter",
    "ft²": "square foot", "°C": "degree Celsius", "℃": "degree Celsius", "°F": "degree Fahrenheit",
    "℉": "degree Fahrenheit", "°": "degree", '"': "inch", "″": "inch", "”": "inch",
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_ABBREVIATIONS = {
    r"\be\.g\.,?": "for example", r"\bi\.e\.,?": "that is", r"\betc\.(?=\s+[a-z]|[,;)])": "and so on",
    r"\betc\.": "and so on.", r"\bapprox\.": "approximately", r"\bincl\.": "including", r"\bexcl\.": "excluding",
    r"\bvs\.?(?=\s)": "versus", r"\bSt\.(?= [A-Z])": "Saint", r"(?<=[a-z] )St\.": "Street", r"\bAve\.": "Avenue",
    r"\bRd\.": "Road", r"(?<=[a-z] )Dr\.(?=[,;]|\s*$)": "Drive", r"\bDr\.": "Doctor", r"\bMr\.": "Mister",
    r"\bMrs\.": "Missus", r"\bMs\.": "Miz", r"\bBlvd\.": "Boulevard", r"\bmin\. ?(?=\d)": "minimum ",
    r"\bmax\. ?(?=\d)": "maximum ", r"\b[Tt]el\.": "telephone", r"\bca\. ?(?=\d)": "about ",
    r"\bdept\.": "department", r"\bext\. ?(?=\d)": "extension ", r"\bNos?\. ?(?=\d)": "number ", r"#(?=\d)": "number ",
    r"№ ?": "number ", r"\bw/o ": "without ", r"\bw/ ": "with ", r"\b24/7\b": "twenty-four seven",
    r"\band/or\b": "and or", r"\bFAQ\b": "F A Q", r"\bVAT\b": "V A T", r"\bIDs?\b": "I D",
    r"\b([Pp]ress|[Dd]ial|[Kk]ey|[Tt]he) #": r"\1 hash", r"\b([Pp]ress|[Dd]ial|[Kk]ey|[Tt]he) \*": r"\1 star",
}  # fmt: skip
_DAYS = {day[:3]: day for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()}
_DAY = "|".join(_DAYS)
_PARTS = {2: "half", 3: "third", 4: "quarter"}
_SIGNS = {
    "&": "and", "@": "at", "+": "plus", "−": "minus", "=": "equals", "%": "percent", "‰": "per mille",
    "≥": "at least", "≤": "at most", "<": "less than", ">": "more than", "±": "plus or minus", "≈": "about",
    "~": "about", "×": "times", "÷": "divided by", "€": "euros", "£": "pounds", "$": "dollars", "¥": "yuan",
    "§": "section", "²": "squared", "³": "cubed", "→": "to", "°": "degrees", "¢": "cents",
}  # fmt: skip
_PER = "month|year|week|day|hour|minute|night|person|item|piece|order|unit|kg|lb|mile|m²|visit|user|parcel|box"


def written_out(text: str) -> str:
    """In this order: what is more specific eats its digits before what is more general sees them."""
    for pattern, words in _ABBREVIATIONS.items():
        text = re.sub(pattern, words, text)
    for rule, say in _RULES:
        text = rule.sub(say, text)
    return re.sub("|".join(map(re.escape, _SIGNS)), lambda sign: f" {_SIGNS[sign[0]]} ", text)


def _mail(match: re.Match[str]) -> str:
    return _spelt(match[0])


def _address(match: re.Match[str]) -> str:
    said = re.sub(r"^(https?://)?(www\.)?", "", match[0].rstrip(".,;:!?)"))
    trailing = match[0][len(match[0].rstrip(".,;:!?)")) :]
    return _spelt(re.sub(r"[?=&#%~:+].*", "", said).strip("/")) + trailing


def _spelt(address: str) -> str:
    for mark, word in {"@": "at", ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "+": "plus"}.items():
        address = address.replace(mark, f" {word} ")
    return " ".join(re.sub(r"\d+", lambda digits: f" {english_digits(digits[0])} ", address).split())


def _money(match: re.Match[str]) -> str:
    unit, part = _CURRENCIES[match["sign"]]
    whole, _, fraction = match["amount"].replace(",", "").partition(".")
    if scale := match["scale"]:
        amount = whole + ("." + fraction if fraction else "")
        return f"{english_decimal(amount)} {_SCALES.get(scale, scale)} {_plural(unit, 2)}"
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
    if hour > 24 or minute > 59:
        return f"{english(hour)} to {english(minute)}"
    half = (match["half"] or "").lower().replace(".", "")
    if not half and (hour > 12 or hour == 0):
        hour, half = hour % 12, "pm" if 12 < hour < 24 else "am"
    said = english(hour or 12)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{english(minute)}"
    elif not half:
        said += " o'clock"
    ends_sentence = (match["half"] or "").endswith(".") and re.match(r"\s+[A-Z]", match.string[match.end() :])
    return said + (f" {half[0]} m" if half else "") + ("." if ends_sentence else "")


def _phone(match: re.Match[str]) -> str:
    """In groups; what is too short for a telephone is left to the other rules."""
    if sum(map(str.isdigit, match[0])) < 7:
        return match[0]
    groups = ", ".join(
        english_digits(group) if group.isdigit() else group.title() for group in re.findall(r"\d+|[A-Z]+", match[0])
    )
    return f"plus {groups}" if match[0].startswith("+") else groups


def _date(year: str, month: int, day: int) -> str:
    said_year = english_year(int(year) if len(year) == 4 else 2000 + int(year))
    if 1 <= month <= 12 and 1 <= day <= 31:
        return f"{_MONTHS[month - 1]} {english_ordinal(day)}, {said_year}"
    return f"{english(month)}, {english(day)}, {said_year}"


def _slashed_date(match: re.Match[str]) -> str:
    """The American order, unless that is no month."""
    first, second = int(match[1]), int(match[2])
    return _date(match[3], second, first) if first > 12 else _date(match[3], first, second)


def _named_date(match: re.Match[str]) -> str:
    month = next(name for name in _MONTHS if name.startswith(match["month"][:3]))
    said = f"{month} {english_ordinal(int(match['day']))}"
    if last := match.groupdict().get("last"):
        said += f" to {english_ordinal(int(last))}"
    year = match.groupdict().get("year")
    return f"{said}, {english_year(int(year))}" if year else said


def _month_year(match: re.Match[str]) -> str:
    month = next(name for name in _MONTHS if name.startswith(match[1][:3]))
    return f"{month} {english_year(int(match[2]))}"


def _decade(match: re.Match[str]) -> str:
    said = english_year(int(match[1]))
    return said[:-1] + "ies" if said.endswith("y") else said + "s"


def _fraction(match: re.Match[str]) -> str:
    whole, above, below = match[1], int(match[2]), int(match[3])
    if not 0 < above < below <= 20:
        said = f"{english(above)} over {english(below)}"
    elif above == 1:
        said = f"a {_PARTS.get(below) or english_ordinal(below)}" if whole else f"one {_part(below, 1)}"
    else:
        said = f"{english(above)} {_part(below, above)}"
    return f"{english(int(whole))} and {said}" if whole else said


def _part(below: int, above: int) -> str:
    name = _PARTS.get(below) or english_ordinal(below)
    return name if above == 1 else {"half": "halves"}.get(name, name + "s")


def _measure(match: re.Match[str]) -> str:
    amount, unit = match["amount"].replace(",", ""), _UNITS[match["unit"]]
    return f"{english_decimal(amount)} {_plural(unit, 1 if amount == '1' else 2)}"


def _plural(unit: str, count: int) -> str:
    if count == 1 or unit in ("yuan", "yen", "won") or unit.endswith("hertz"):
        return unit
    first, per, rest = unit.partition(" per ")
    if first.startswith("degree"):
        return first.replace("degree", "degrees")
    irregular = {"penny": "pence", "foot": "feet", "square foot": "square feet", "inch": "inches"}
    return irregular.get(first, first + "s") + per + rest


def _code(match: re.Match[str]) -> str:
    """Letters by their names; a short number as one, a longer one digit by digit."""
    groups = re.findall(r"[A-Z]+|\d+", match[0])
    said = [_figure(group) if group.isdigit() else " ".join(group) for group in groups]
    return " ".join(said)


def _figure(digits: str) -> str:
    return english(int(digits)) if len(digits) <= 2 and not digits.startswith("0") else english_digits(digits)


def _named_number(match: re.Match[str]) -> str:
    """An order, a room, a postcode: nobody says ten thousand forty-four."""
    return match[1] + ", ".join(english_digits(group) for group in re.findall(r"\d+", match[2]))


def _number(match: re.Match[str]) -> str:
    digits, text = match[0].replace(",", ""), match.string
    is_code = len(digits) >= 5 and not digits.endswith("00")
    if "." not in digits and "," not in match[0] and (is_code or (digits.startswith("0") and len(digits) > 1)):
        said = english_digits(digits)
    elif re.fullmatch(r"(?:19|20)\d\d", match[0]):
        said = english_year(int(digits))
    else:
        said = english_decimal(digits)
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return f"{' ' if before.isalnum() else ''}{said}{' ' if after.isalnum() else ''}"


_Say = Callable[[re.Match[str]], str]
_HALF = r"(?P<half>[ap]\.m\.|[ap]m\b)"
_YEAR = r"(?:,? (?P<year>\d{4})\b)?"
_SCALE = r"(?P<scale>(?: thousand| million| billion|k|K|M|m|bn|B)\b)?"
_DASH = r"\s?[-–—~]\s?"
_NAMED = r"(?:order|orders|number|numbers|code|codes|zip|postcode|ref|reference|account|case|ticket|extension|room|pin)"
_RULES: list[tuple[re.Pattern[str], _Say]] = [
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), _mail),
    (re.compile(r"\b(?:https?://|www\.)\S+"
                r"|\b[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.(?:com|org|net|example|cn|io|shop|store|app|co\.uk|de|eu)"
                r"\b(?:/[^\s,;)]*)?"), _address),
    (re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b"), lambda m: _date(m[1], int(m[2]), int(m[3]))),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b"), _slashed_date),
    (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b"), lambda m: _date(m[3], int(m[2]), int(m[1]))),
    (re.compile(rf"\b((?:19|20)\d\d){_DASH}((?:19|20)\d\d)\b"),
     lambda m: f"{english_year(int(m[1]))} to {english_year(int(m[2]))}"),
    (re.compile(r"(?<![\w.])(?:\+\d{1,3}[ -]?)?(?:1[ -])?\(?\d{2,4}\)?[ -]\d{3,4}(?:[ -]\d{3,4})*(?:-[A-Z]{3,})?(?!\w)"
                r"|\b\d{3}\.\d{3}\.\d{4}\b|\b(?:1-)?\d{3}-[A-Z]{5,}\b|\+\d{7,15}\b"), _phone),
    (re.compile(r"\b(?:1-)?8\d\d-(?=[A-Z]{5,})"), lambda m: ", ".join(map(english_digits, m[0].split("-")))),
    (re.compile(rf"(?i)\b({_NAMED}\b(?: (?:number|code|no\.?|is|was))*:? ?)(\d{{3,}}(?:-\d+)*)(?![\w.,]\d|\w)"),
     _named_number),
    (re.compile(rf"\b({_DAY})\s?[-–]\s?({_DAY})\b"), lambda m: f"{_DAYS[m[1]]} to {_DAYS[m[2]]}"),
    (re.compile(rf"\b({_DAY})(?=,? \d)"), lambda m: _DAYS[m[1]]),
    (re.compile(rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}}){_DASH}(?P<last>\d{{1,2}})\b{_YEAR}"), _named_date),
    (re.compile(rf"\b(?P<day>\d{{1,2}}){_DASH}(?P<last>\d{{1,2}}) (?P<month>{_MONTH})\b\.?{_YEAR}"), _named_date),
    (re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*),(\d{2})(?=\s?(?:€|EUR))"),
     lambda m: f"{m[1].replace('.', '')}.{m[2]}"),
    (re.compile(r"\b([A-Z]{1,4})-?(\d{2,})(?:-(\d+))?\b(?![-–]\d)"),
     lambda m: " ".join(m[1]) + "".join(f", {_figure(part)}" if at else f" {_figure(part)}"
                                        for at, part in enumerate(part for part in (m[2], m[3]) if part))),
    (re.compile(r"(?<=\d|[€%¢])\s?[-–—~]\s?(?=[$£€¥]?\d)|(?<=[ap]m)\s?[-–—]\s?(?=\d)|(?<=[ap]\.m\.)\s?[-–—]\s?(?=\d)"),
     lambda _: " to "),
    (re.compile(rf"(?P<sign>{_SIGN}) ?(?P<amount>{_NUMBER}){_SCALE}"), _money),
    (re.compile(rf"(?P<amount>{_NUMBER}) ?(?P<sign>USD|GBP|EUR|RMB|CNY|CHF|JPY|€|£|¥|元|¢)(?!\w)(?P<scale>)"), _money),
    (re.compile(rf"(?<=\w)\s?/\s?(?=(?:{_PER})(?!\w))"), lambda _: " per "),
    (re.compile(r"\bper (m²|m³|kg|lb|km|h|hr)(?!\w)"), lambda m: f"per {_UNITS[m[1]]}"),
    (re.compile(rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}"), _named_date),
    (re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})\b\.?{_YEAR}"), _named_date),
    (re.compile(rf"\b({_MONTH})\.? ((?:19|20)\d\d)\b"), _month_year),
    (re.compile(r"\b((?:1[89]|20)\d0)s\b"), _decade),
    (re.compile(r"\b(\d+):(\d+)(?= (?:ratio|scale))"), lambda m: f"{english(int(m[1]))} to {english(int(m[2]))}"),
    (re.compile(rf"\b(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?!\d)(?: ?{_HALF})?", re.I), _time),
    (re.compile(rf"\b(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}}) ?{_HALF}", re.I), _time),
    (re.compile(rf"\b(?P<hour>\d{{1,2}})(?P<minute>) ?{_HALF}", re.I), _time),
    (re.compile(r"(?<=\d):(?=\d)"), lambda _: " to "),
    (re.compile(r"\b(?:(\d+) )?(\d{1,3})/(\d{1,3})(?![\d/])"), _fraction),
    (re.compile(r"\b\d+(?:\.\d+){2,}\b"), lambda m: " point ".join(english(int(part)) for part in m[0].split("."))),
    (re.compile(r"(?<![\w.,)])[-−](?=\d)"), lambda _: "minus "),
    (re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)"), lambda _: " by "),
    (re.compile(r"(?<=\d)\s?\*\s?(?=\d)"), lambda _: " times "),
    (re.compile(r"(\d+)['′’] ?(\d{1,2})(?:\"|″|”|'')"),
     lambda m: f"{_plural_of(m[1], 'foot')} {_plural_of(m[2], 'inch')}"),
    (re.compile(rf"(?<![\w.])(?P<amount>{_NUMBER})\s?(?P<unit>{_UNIT})(?![\w²³])"), _measure),
    (re.compile(r"(\d+) in\b\.?(?= (?:wide|tall|deep|high|long|by)\b|[,;]|$)"), lambda m: _plural_of(m[1], "inch")),
    (re.compile(rf"({_NUMBER})\s?%"), lambda m: f"{english_decimal(m[1].replace(',', ''))} percent"),
    (re.compile(r"\b(\d+)(?:st|nd|rd|th)\b"), lambda m: english_ordinal(int(m[1]))),
    (re.compile(rf"\b({_NUMBER})(k|bn)\b"), lambda m: f"{english_decimal(m[1].replace(',', ''))} {_SCALES[m[2]]}"),
    (re.compile(r"\b(?=[A-Z\d]*[A-Z])(?=[A-Z]*\d)[A-Z\d]+\b"), _code),
    (re.compile(r"(?<![\w.])\.(\d+)"), lambda m: f"point {english_digits(m[1])}"),
    (re.compile(_NUMBER), _number),
    (re.compile(r"(?<=[a-z])/(?=[a-z])"), lambda _: " or "),
]  # fmt: skip


def _plural_of(amount: str, unit: str) -> str:
    return f"{english(int(amount))} {_plural(unit, int(amount))}"
