"""The digits of a number as somebody says it: "five oh three, double five", 「幺三八」, or as it is written."""

import re

_ENGLISH = {word: str(digit) for digit, word in enumerate("zero one two three four five six seven eight nine".split())}
_ENGLISH |= {"oh": "0", "o": "0", "nought": "0"}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), "23456789", strict=True))
_TIMES = {"double": 2, "triple": 3}
_CHINESE = dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True))
_TOKEN = re.compile(r"[a-z]+|\d+|[零〇一二三四五六七八九幺两]", re.IGNORECASE)


def digits_in(text: str) -> str:
    """Only the digits, with a leading + where one was written or said."""
    tokens = _TOKEN.findall(text.casefold())
    found: list[str] = []
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        follows = tokens[at + 1] if at + 1 < len(tokens) else ""
        digits = _digits(token, follows=follows)
        is_tens_before = before in _TENS and token in _ENGLISH and digits != "0"
        found.append(digits * (1 if is_tens_before else _TIMES.get(before, 1)))
    plus = "+" if re.search(r"\+\s*\d|^\W*plus\b", text, re.IGNORECASE) else ""
    number = "".join(found)
    return plus + number if number else ""


def _digits(token: str, *, follows: str) -> str:
    if token.isdecimal():
        return token
    if token in _TEENS:
        return str(10 + _TEENS.index(token))
    if token in _TENS:
        ends = _ENGLISH.get(follows, "0")
        return _TENS[token] + ("0" if ends == "0" else "")
    return _ENGLISH.get(token) or _CHINESE.get(token, "")
