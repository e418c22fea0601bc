"""One spelling of what can be written in many ways."""

import re
import unicodedata

from knowledge.privacy.kinds import Kind

_WIDE = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，：；！？"},
    **dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000), 0x20),
}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_WORD = re.compile(r"[\W_]")
_SUBSCRIBER = 9
"""The last digits of a telephone number, the same with and without the country's code."""


def folded(text: str) -> str:
    """Full-width signs, other scripts' digits and hard spaces as ASCII, character for character."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text.translate(_WIDE))


def spelling(kind: Kind, value: str) -> str:
    """The same for one value however it is written: 503-555-0142 and +1 (503) 555 0142."""
    plain = folded(value).casefold()
    if kind == "secret":
        return f"{kind} {value}"
    if kind == "phone" and (digits := _NOT_DIGIT.sub("", plain)):
        return f"{kind} {digits[-_SUBSCRIBER:]}"
    return f"{kind} {_NOT_WORD.sub('', plain)}"
