"""Writes every number of a text in plain digits, whatever it was written in, and remembers where each sign came from.

"twelve hundred", "1,200", "１２００" and "一千二百" all become 1200, so that what reads amounts and dates knows digits only.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from knowledge.number_words import TEENS, TENS, UNITS

_UNITS = UNITS[1:]
_VALUES = {word: value for value, word in enumerate([*UNITS, *TEENS])} | TENS | {"a": 1, "an": 1}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(_UNITS)}))?|{'|'.join(TEENS)}|{'|'.join(_UNITS)}|zero)"
_BELOW = rf"(?:(?:(?:an?|{_SMALL}) )?(?:hundred|dozen)(?:(?: and)? {_SMALL})?|{_SMALL})"
_WORDS = rf"(?:(?:an?|{_BELOW}) (?:thousand|million)(?:,? (?:and )?{_BELOW})*|{_BELOW})"
_ORDINALS = {
    word: value
    for value, word in enumerate("first third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split())
}
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "third": Decimal(1) / 3, "fifth": Decimal("0.2")}
_ZH = "零〇一二两三四五六七八九十百千万亿"
_COUNTED = (
    r"(?= ?(?:个|天|日|号|周|年|月|小时|分钟|秒|点|元|块|美|欧|英|人民币|毛|折|次|件|位|家|层|楼|张|把|人|晚|枚|步|种|款|倍|成|条|台|辆|套|本|名|"
    r"岁|页|字符|只|双|份|盏|期|星期|礼拜|工作日|磅|寸|里|米|厘米|公|克|瓦|度|箱|刻|扇|门|级|门店|[至到][零一二两三四五六七八九十0-9]))"
)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("percent", re.compile(rf"百分之([{_ZH}点]+|[0-9.]+)")),
    ("fraction_zh", re.compile(r"([一二三四五六七八九十])分之([一二三四五六七八九十])")),
    ("fold", re.compile(r"([一二三四五六七八九])([一二三四五六七八九])?(?=折(?!叠|磨|腾|断))")),
    ("ordinal_zh", re.compile(rf"第([{_ZH}]+)")),
    ("either", re.compile(rf"(?<![{_ZH}])([一二两三四五六七八九])([一二三四五六七八九])(?![{_ZH}点]){_COUNTED}")),
    ("and_half", re.compile(rf"([{_ZH}]+|[0-9]+)(个|天|年|小时|星期|周)?半(?:(?=(小时|月|钟头|星期))|(?![天年小月价]))")),
    ("half_zh", re.compile(r"一半|半(?=个?(?:小时|月|钟头)|天|年|价|数)")),
    ("decimal", re.compile(r"([零一二两三四五六七八九十百]+)点([零一二三四五六七八九]+)(?!分|刻|[0-9十])(?=[^点])" + _COUNTED)),
    ("number_zh", re.compile(rf"(?<!周)(?<!星期)(?<!礼拜)(?<![{_ZH}])([{_ZH}]+)(?<!千万){_COUNTED}|(?<![{_ZH}周])([一二两三四五六七八九十][{_ZH}]*[百千万亿][{_ZH}]*)")),
    ("scaled", re.compile(r"(?<![\w.])([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)( ?(?:dozen|hundred|thousand|million|k)\b|[万千百亿])")),
    ("half_dozen", re.compile(r"\b(?:half (?:a )?dozen|a half dozen)\b")),
    ("with_half", re.compile(rf"\b({_WORDS}|[0-9]+)(?:(?: [a-z]+)? and a (half|quarter)\b| ?([½¼¾]))")),
    ("unit_half", re.compile(r"\b(?:an?|one) (minute|hour|day|week|month|year) and a half\b")),
    ("part", re.compile(r"\b(one|two|three|a|an)[ -](half|quarter|third|fifth)s?\b(?: of)?(?! (?:party|person|time|floor|day))")),
    ("half", re.compile(r"\bhalf(?: an?(?= (?:hour|minute|day|week|month|year)))?\b|½")),
    ("ordinal", re.compile(rf"\b(?:({'|'.join(_ORDINALS)})|(?<=the )second|(?<=your )second)\b(?! party)")),
    ("twice", re.compile(r"\btwice\b")),
    ("words", re.compile(rf"(?<![\w'])({_WORDS})(?![\w'])(?<!\ba)(?<!\ban)")),
)  # fmt: skip


@dataclass(frozen=True)
class Digits:
    """The text in lower case and plain digits; for each sign the span of the original it stands for."""

    text: str
    spans: tuple[tuple[int, int], ...]
    worded: frozenset[int]
    """Where a sign came from a word for one, which may be no number at all."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.spans[start][0], self.spans[end - 1][1]


def in_digits(text: str) -> Digits:
    """Never raises; what cannot be read stays as it is."""
    signs = "".join(_plain(sign) for sign in text)
    spans = [(at, at + 1) for at in range(len(text))]
    worded: set[tuple[int, int]] = set()
    for name, pattern in _RULES:
        if not pattern.search(signs):
            continue
        rewritten, places, last = list[str](), list[tuple[int, int]](), 0
        for match in pattern.finditer(signs):
            written = _write(name, match)
            if written is None or match.start() < last:
                continue
            rewritten.append(signs[last : match.start()])
            places += spans[last : match.start()]
            whole = (spans[match.start()][0], spans[match.end() - 1][1])
            if match[0] in ("one", "first", "一"):
                worded.add(whole)
            rewritten.append(written)
            places += [whole] * len(written)
            last = match.end()
        rewritten.append(signs[last:])
        places += spans[last:]
        signs, spans = "".join(rewritten), places
    return Digits(signs, tuple(spans), frozenset(at for at, span in enumerate(spans) if span in worded))


def _write(name: str, match: re.Match[str]) -> str | None:
    try:
        match name:
            case "percent":
                return f"{_shown(_chinese(match[1]))}%"
            case "fraction_zh":
                return _shown(_chinese(match[2]) / _chinese(match[1]))
            case "fold":
                return _shown(_chinese(match[1])) + (f".{_shown(_chinese(match[2]))}" if match[2] else "")
            case "ordinal_zh":
                return f"第{_shown(_chinese(match[1]))}"
            case "either":
                return f"{_shown(_chinese(match[1]))}-{_shown(_chinese(match[2]))}"
            case "and_half":
                return (
                    f"{_shown(_chinese(match[1]) + _PARTS['half'])}{match[2] or ''}" if match[2] or match[3] else None
                )
            case "half_zh" | "half":
                return "0.5"
            case "decimal":
                return f"{_shown(_chinese(match[1]))}.{''.join(_shown(_chinese(sign)) for sign in match[2])}"
            case "number_zh":
                return _shown(_chinese(match[1] or match[2]))
            case "scaled":
                return _shown(_scaled(match[1], match[2].strip()))
            case "unit_half":
                return f"1.5 {match[1]}"
            case "half_dozen":
                return "6"
            case "with_half":
                part = {"½": "0.5", "¼": "0.25", "¾": "0.75"}.get(match[3] or "") or str(_PARTS[match[2]])
                between = re.search(r" [a-z]+(?= and a )", match[0][len(match[1]) :])
                return f"{_shown(_english(match[1]) + Decimal(part))}{between[0] if between else ''}"
            case "part":
                return _shown(_english(match[1]) * _PARTS[match[2]])
            case "ordinal":
                value = _ORDINALS.get(match[1] or "", 1)
                return "2nd" if match[1] is None else "1st" if value == 0 else "3rd" if value == 1 else f"{value + 2}th"
            case "twice":
                return "2 times"
            case _:
                return _shown(_english(match[1]))
    except (ValueError, InvalidOperation, ArithmeticError):
        return None


def _english(written: str) -> Decimal:
    if written[0].isdigit():
        return Decimal(written)
    total, current = 0, 0
    for word in re.split(r"[ ,-]+", written):
        if word in ("thousand", "million"):
            total, current = total + (current or 1) * _SCALES[word], 0
        elif word in _SCALES:
            current = (current or 1) * _SCALES[word]
        elif word != "and":
            current += _VALUES[word]
    return Decimal(total + current)


def _chinese(written: str) -> Decimal:
    """Raises ValueError for what is no number, such as 万 alone."""
    if written[0].isdigit():
        return Decimal(written)
    import cn2an  # a third of a second

    try:
        return Decimal(str(cn2an.cn2an(written.replace("〇", "零"), "smart")))
    except KeyError as unit:  # "一十零": the library looks up a unit that is none
        raise ValueError(f"{written} is no number") from unit


def _scaled(written: str, scale: str) -> Decimal:
    scales = {"k": 1_000, "万": 10_000, "千": 1_000, "百": 100, "亿": 100_000_000}
    return Decimal(written.replace(",", "")) * (scales.get(scale) or _SCALES[scale])


def _shown(value: Decimal) -> str:
    shown = format(round(value, 4), "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _plain(sign: str) -> str:
    """One sign for one sign, so that places stay: lower case, no full-width letters and digits, any script's digits."""
    if sign.isascii():
        return sign.lower()
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return str(digit)
    if sign in "\u00a0\u2009\u202f\u3000":
        return " "
    if sign in "’＇":
        return "'"
    folded = unicodedata.normalize("NFKC", sign).lower()
    return folded if len(folded) == 1 and ("\uff00" < sign < "\uffef" and sign not in "，。；！？、") else _lower(sign)


def _lower(sign: str) -> str:
    lower = sign.lower()
    return lower if len(lower) == 1 else sign
