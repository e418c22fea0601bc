"""Lets a clause of a model's answer out only when the passages carry it.

Checked here: numbers (digits and words, English and Chinese), addresses, negation, and that most of the words stem
from the passages. Small models invent facts freely; a withheld true clause costs less than an invented one.
"""

import re

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_EN_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
     "hundred": "100", "thousand": "1000", "half": "0.5", "twice": "2", "once": "1"}  # fmt: skip
_ZH_NUMBER = re.compile(r"[零一二两三四五六七八九十百千万半]+(?=[天日周个年月小时分钟元块美%折次件位家层楼点])")
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|can't|don't|doesn't|won't|isn't|aren't|without|nor)\b|不|没|无|未|勿|非"
)
_WORD = re.compile(r"[a-z][a-z'-]+|[\u3400-\u9fff]")
_STOP = frozenset(
    "a an the and or but if then of to in on at by for from with as is are was were be been it its this that these "
    "those you your we our us they their i me my he she can could will would may might shall should do does did have "
    "has had so there here which who what when where how please also just any all some more most other than into "
    "about up out sure yes hello hi however".split()
) | frozenset("的了是在和与您你我们有就也都请可以吗呢吧")
SUPPORTED_SHARE = 0.6
"""Share of a clause's content words that must occur in the passages."""
NUMBERED_SHARE = 0.75
"""The same for a clause with a number, in one passage that holds it: 14 days for a mattress are none for a sofa."""


def unsupported(clause: str, *, passages: list[str]) -> str | None:
    """The first claim that no passage carries, or None when the clause may be released."""
    evidence = "\n".join(passages).lower()
    said = clause.lower()
    for address in _ADDRESS.findall(said):
        if address.strip(".,;)") not in evidence:
            return str(address)
    known = numbers(evidence)
    for number in numbers(said):
        if number not in known:
            return number
    words = _content(said)
    if not words:
        return None
    known_words = _stems(evidence)
    carried = [word for word in words if _stem(word) in known_words]
    if len(carried) < SUPPORTED_SHARE * len(words):
        return next(word for word in words if _stem(word) not in known_words)
    if _NEGATION.search(said) and not _NEGATION.search(evidence):
        return "negation"
    stated = sorted(numbers(said))
    if stated and not any(_carries(passage.lower(), stated, words) for passage in passages):
        return stated[0]
    return None


def _carries(passage: str, stated: list[str], words: list[str]) -> bool:
    known = _stems(passage)
    carried = sum(_stem(word) in known for word in words)
    return numbers(passage).issuperset(stated) and carried >= NUMBERED_SHARE * len(words)


def numbers(text: str) -> set[str]:
    """Every number as plain digits, whether written in digits, English words or Chinese characters."""
    found = {_plain(number) for number in _DIGITS.findall(text)}
    found |= {value for word, value in _EN_NUMBERS.items() if word != "one" and re.search(rf"\b{word}\b", text)}
    return found | {str(_chinese(number)) for number in _ZH_NUMBER.findall(text)}


def _plain(number: str) -> str:
    digits = re.sub(r",(?=\d{3}\b)", "", number)
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _chinese(number: str) -> int | float:
    digits = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
    scales = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
    if number == "半":
        return 0.5
    total, current = 0, 0
    for sign in number:
        if sign in digits:
            current = digits[sign]
        elif sign in scales:
            total, current = total + (current or 1) * scales[sign], 0
    return total + current


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in _STOP]


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text)}


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
