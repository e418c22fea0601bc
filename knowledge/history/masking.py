"""Takes out of a text what says who somebody is, before it is kept: addresses, numbers, and the names the export gives.

Prices, dates and lengths of time stay: they are what questions and answers are about.
"""

import re
from collections.abc import Iterable

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b")
_CARD = re.compile(r"(?<![\d$€£¥])\d(?:[ -]?\d){12,18}(?!\d)")
_PHONE = re.compile(r"(?<![A-Za-z0-9_$€£¥.,])(?:\+\d[\d ().-]{6,}\d|\(\d{2,5}\)[\d .-]{5,}\d|\d{2,5}[ .-]\d{2,4}[ .-]\d{2,5}|"
                    r"1[3-9]\d{9}|0\d{1,3}-\d{7,8})(?![A-Za-z0-9_])")  # fmt: skip
_LONG_NUMBER = re.compile(r"(?<![\d$€£¥.,])\d{7,}(?![\d.]\d)")
_SALUTATION = re.compile(
    r"(?m)^((?i:hi|hello|dear|hey|good (?:morning|afternoon|evening))(?: there)?) [A-Z][\w'-]+(?: [A-Z][\w'.-]+){0,2}[,!]"
)
_SIGN_OFF = re.compile(
    r"(?im)(?:^[ \t]*|(?<=[.!?。！])[ \t]*)(?:(?:best|kind|warm|many)(?: regards| wishes)?|regards|sincerely|yours (?:truly|sincerely)|cheers|"
    r"此致|祝好)[ \t]*[,，!.]?[ \t]*\n[\s\S]{0,300}\Z"
)
_NAME_WORD = re.compile(r"[^\W\d_][\w'-]+")


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """The text without them; `names` are those of the customer and the colleague, as the export writes them."""
    text = _SIGN_OFF.sub("", text)
    text = _EMAIL.sub("[email]", text)
    text = _SALUTATION.sub(r"\1,", text)
    text = _ACCOUNT.sub("[number]", text)
    text = _CARD.sub("[number]", text)
    text = _PHONE.sub(lambda found: found[0] if _DATE.search(found[0]) else "[phone]", text)
    text = _LONG_NUMBER.sub("[number]", text)
    if words := _words(names):
        pattern = "|".join(re.escape(word) for word in words)
        text = re.sub(rf"(?:(?<!\w)(?:{pattern})(?!\w)[ ]?)+" if pattern.isascii() else pattern, _named, text)
    return text.strip()


def _named(found: "re.Match[str]") -> str:
    return "[name]" + (" " if found[0].endswith(" ") else "")


def _words(names: Iterable[str]) -> list[str]:
    """Names whole and by their words; short words and roles are left, or every "agent" would be a name."""
    words = set[str]()
    for name in names:
        if "@" in name or any(character.isdigit() for character in name):
            continue
        parts = _NAME_WORD.findall(name)
        words |= {part for part in parts if len(part) > 2 or (not part.isascii() and len(part) > 1)}
    return sorted({word for word in words if word.casefold() not in _ROLES}, key=lambda word: (-len(word), word))


_ROLES = frozenset("agent agents customer support service team visitor user guest admin client caller unknown the and "
                   "anonymous none billing sales bot 客户 客服 用户 访客".split())  # fmt: skip
