"""Takes out of a text what says who somebody is, before it is kept: addresses, numbers, and the names the export gives.

Prices, dates and lengths of time stay: they are what questions and answers are about.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b")
_CARD = re.compile(r"(?<![\d$€£¥])\d(?:[ -]?\d){12,18}(?!\d)")
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_$€£¥.,])"
    r"(?:\+\d[\d ().-]{6,}\d|\(\d{2,5}\)[\d .-]{5,}\d|\d{2,5}[ .-]\d{2,4}[ .-]\d{2,5}|1[3-9]\d{9}|0\d{1,3}-\d{7,8})"
    r"(?![A-Za-z0-9_])"
)
_LONG_NUMBER = re.compile(r"(?<![\d$€£¥.,])\d{7,}(?![\d.]\d)")
_SALUTATION = re.compile(
    r"(?m)^((?i:hi|hello|dear|hey|good (?:morning|afternoon|evening))(?: there)?) "
    r"[A-Z][\w'-]+(?: [A-Z][\w'.-]+){0,2}[,!]"
)
_SIGN_OFF = re.compile(
    r"(?im)(?:^[ \t]*|(?<=[.!?。！])[ \t]*)(?:(?:best|kind|warm|many)(?: regards| wishes)?|regards|sincerely|"
    r"yours (?:truly|sincerely)|cheers|此致|祝好)[ \t]*[,，!.]?[ \t]*\n[\s\S]{0,300}\Z"
)
_SOME_DIGITS = re.compile(r"\d\D?\d\D{0,2}\d")
_NAME_WORD = re.compile(r"[^\W\d_][\w'-]+")


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """The text without them; `names` are those of the customer and the colleague, as the export writes them."""
    if "\n" in text:
        text = _SIGN_OFF.sub("", text)
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    text = _SALUTATION.sub(r"\1,", text)
    if _SOME_DIGITS.search(text):
        text = _ACCOUNT.sub("[number]", text)
        text = _CARD.sub("[number]", text)
        text = _PHONE.sub(lambda found: found[0] if _DATE.search(found[0]) else "[phone]", text)
        text = _LONG_NUMBER.sub("[number]", text)
    if named := _any_of(frozenset(names)):
        text = named.sub(lambda found: "[name] " if found[0].endswith(" ") else "[name]", text)
    return text.strip()


@lru_cache(maxsize=1_024)
def _any_of(names: frozenset[str]) -> re.Pattern[str] | None:
    """Names by their words; short words and roles are left, or every "agent" would be a name."""
    words = set[str]()
    for name in names:
        if "@" in name or any(character.isdigit() for character in name):
            continue
        for word in _NAME_WORD.findall(name):
            if len(word) > (2 if word.isascii() else 1) and word.casefold() not in _ROLES:
                words.add(word if not word.isascii() else rf"(?<!\w){re.escape(word)}(?!\w)")
    if not words:
        return None
    return re.compile(rf"(?:(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))}) ?)+")


_ROLES = frozenset(
    "agent agents customer support service team visitor user guest admin client caller unknown the and anonymous none "
    "billing sales bot 客户 客服 用户 访客".split()
)
