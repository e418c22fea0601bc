"""Digits and addresses as people say them, brought to how they are written. Pure; both languages."""

import re
from collections.abc import Sequence

from knowledge.matching.folding import fold

_ONES = {
    word: number
    for number, words in enumerate(
        (
            "zero oh o nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        )
    )
    for word in words.split()
}  # fmt: skip
_TENS = {word: 10 * at for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SIZES = {"hundred": 100, "thousand": 1_000}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_MISHEARD = {"to": 2, "too": 2, "for": 4, "ate": 8, "won": 1}
"""How a recogniser writes digits; only believed between digits."""
_ZH = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "幺": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_ZH_SIZES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_ZH_RUN = re.compile(rf"[{''.join(_ZH)}{''.join(_ZH_SIZES)}](?:[\s,、-]*[{''.join(_ZH)}{''.join(_ZH_SIZES)}])*")
_NUMBER = rf"(?:\d+|{'|'.join((*_ONES, *_TENS, *_SIZES, *_TIMES))})"
_RUN = re.compile(rf"(?i)(?<![\w.]){_NUMBER}(?:[\s,-]+(?:and\s+)?{_NUMBER})*(?![\w@])")
_TOKEN = re.compile(r"[a-z]+|\d+|[^\sa-z\d]+")
_ZH_FILLERS = re.compile("[订单编号码邮是的我为就电话:]")
_SHORTEST_RUN = 2
"""One number word alone is part of a sentence: "one order"."""
_LONGEST_REPLY = 500
_ALPHABET = {
    word: word[0]
    for word in (
        "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa"
        " quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
    ).split()
}
_SIGNS = (
    (re.compile(r"(?i)\s*\b(?:dot|point|period)\b\s*|\s*(?<![一二三四五六七八九十\d])点\s*(?!\d)|\s*。\s*(?=\w)"), "."),
    (re.compile(r"(?i)\s*(?:\bunderscore\b|下划线)\s*"), "_"),
    (re.compile(r"(?i)\s*(?:\b(?:dash|hyphen|minus)\b|中划线|横杠|减号|杠)\s*"), "-"),
    (re.compile(r"(?i)\s*(?:\bplus\b|加号)\s*"), "+"),
    (re.compile(r"(?i)\s*(?:艾特|小老鼠|圈a)\s*|\s+at\s+|\s*@\s*"), "@"),
)
_AS_IN = re.compile(r"(?i)\b([a-z])\s+(?:as in|like|for)\s+[a-z]+\b")
_ADDRESS = re.compile(
    r"(?i)[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![a-z])"
)
_LEAD = re.compile(
    r"(?i)^.*\b(?:it's|it is|that's|that is|address is|e-?mail is|mail is|under|is|to|with|its|sure|yes|okay|ok|well"
    r"|um|uh)\b[\s,:]+"
    r"|^.*(?:邮箱地址|邮箱|邮件地址|地址|邮件)?(?:是|为|:)"
)


def written(text: str) -> str:
    """The text with runs of spoken digits as digits, each run one number; other words stay."""
    return _english(_chinese(fold(text)))


def _short(text: str) -> str:
    """What a reply with one value in it needs at most."""
    return " ".join(fold(text[:_LONGEST_REPLY]).split())


def digits_only(text: str) -> str | None:
    """The digits of a reply that is nothing else but digits, spoken or written, with fillers around; None otherwise."""
    plain = _ZH_FILLERS.sub(" ", _chinese(_short(text)).casefold())
    tokens = [token for token in _TOKEN.findall(plain) if any(map(str.isalnum, token))]
    kept = [token for token in tokens if token not in _FILLERS]
    if not kept or not all(_is_number(token) or token in _MISHEARD for token in kept):
        return None
    if not any(_is_number(token) for token in kept):
        return None
    return _digits(kept)


_FILLERS = frozenset(
    "it it's s is the order number my yes no sorry and uh um well ok okay please sure that's that number's hash a an "
    "code zip postcode postal actually i mean phone".split()
)


def email_by_ear(text: str) -> str | None:
    """The address in a reply to the question for it: written, dictated, or spelled."""
    plain = _short(text)
    if found := email_in(plain):
        return found
    said = _AS_IN.sub(lambda spelled: spelled[1], plain)
    for sign, mark in _SIGNS:
        said = sign.sub(mark, said)
    local, at, domain = said.partition("@")
    if not at:
        return None
    local = _joined(_LEAD.sub("", local))
    domain = re.split(r"[,;!?，！？]|\s(?:and|please|thanks|that)\b", domain)[0]
    return email_in(f"{local}@{_joined(domain)}".rstrip("."))


def email_in(text: str) -> str | None:
    """An address as it is written, in lower case."""
    found = _ADDRESS.search(fold(text))
    if found is None or ".." in found[0] or len(found[0]) > 254:
        return None
    return found[0].lower()


def spelled(text: str) -> str:
    """Letters and digits of a code that was dictated: "S W one A" is SW1A."""
    return _joined(_AS_IN.sub(lambda letter: letter[1], _short(text))).upper()


def _joined(text: str) -> str:
    words = [_ALPHABET.get(word.casefold(), word) for word in written(text).split()]
    return "".join(words)


def _english(text: str) -> str:
    return _RUN.sub(_said, text)


def _said(found: re.Match[str]) -> str:
    """A run of one number word, or of written numbers that are no single digits, stays as it was written."""
    words = [word.casefold() for word in re.findall(r"[a-zA-Z]+|\d+", found[0]) if word.casefold() != "and"]
    if len(words) < _SHORTEST_RUN or (all(word.isdigit() for word in words) and any(len(word) > 1 for word in words)):
        return found[0]
    return _digits(words)


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _ONES or word in _TENS or word in _TIMES or word in _SIZES


def _digits(words: Sequence[str]) -> str:
    """ "double four" is 44, "forty two" 42, "one zero" 10; with hundred and thousand it is one cardinal number."""
    if any(word in _SIZES for word in words):
        return str(_cardinal(words))
    said, times, after_ten = "", 1, False
    for word in words:
        if word in _TIMES:
            times = _TIMES[word]
            continue
        number = word if word.isdigit() else str(_value(word))
        if after_ten and len(number) == 1 and number != "0" and not word.isdigit():
            said = said[:-1] + number
        else:
            said += number * times
        after_ten, times = word in _TENS, 1
    return said


def _value(word: str) -> int:
    return _ONES.get(word, _TENS.get(word, _MISHEARD.get(word, 0)))


def _cardinal(words: Sequence[str]) -> int:
    total, part = 0, 0
    for word in words:
        if word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = total + max(part, 1) * 1_000, 0
        else:
            part += int(word) if word.isdigit() else _value(word)
    return total + part


def _chinese(text: str) -> str:
    return _ZH_RUN.sub(lambda run: _zh_digits(run[0]), text)


def _zh_digits(run: str) -> str:
    figures = [figure for figure in run if figure in _ZH or figure in _ZH_SIZES]
    if len(figures) < _SHORTEST_RUN:
        return run
    if not any(figure in _ZH_SIZES for figure in figures):
        return "".join(str(_ZH[figure]) for figure in figures)
    total, part, number = 0, 0, 0
    for figure in figures:
        if figure in _ZH:
            number = _ZH[figure]
        elif figure == "万":
            total, part, number = total + (part + number) * 10_000, 0, 0
        else:
            part, number = part + (number or 1) * _ZH_SIZES[figure], 0
    return str(total + part + number)
