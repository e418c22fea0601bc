"""What is left of a message without what nobody can see, and without letters that only look like others.

The first is what is stored; the second is only understood by, since a customer's own spelling is theirs.
"""

import re
import unicodedata

from knowledge.matching.folding import fold

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)
"""Controls but tab and line ends, zero-width and bidirectional marks, fillers, and tags, which spell unseen letters."""
_JOINED = "[\u0600-\u0dff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_JOINER = re.compile(f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")
"""Joins letters of Persian and Hindi, and emoji; anywhere else it hides in a word."""
_VARIATION = re.compile("(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+")
"""One says how a sign is drawn; a row of them carries a text of its own."""
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
_WORD = re.compile(r"[^\W\d_]+")


def printable(text: str) -> str:
    """What the customer wrote, minus what does not print. Lone surrogates become question marks."""
    if text.isascii() and text.isprintable():
        return text
    sound = _LINE_ENDS.sub("\n", text.encode(errors="replace").decode())
    return _VARIATION.sub("", _JOINER.sub("", _INVISIBLE.sub("", sound)))


def undisguised(text: str) -> str:
    """One spelling to understand by: folded, and with the Latin letters that a mixed-script word pretends to have."""
    return text if text.isascii() else _WORD.sub(_in_one_script, fold(text))


_FEW_DIGITS = re.compile(r"\W*\d{1,3}\W*")


def says_something(text: str) -> bool:
    """Whether there is a letter in it, or a number that may be an order's: "2" alone only chooses."""
    return any(mark.isalnum() for mark in text) and not _FEW_DIGITS.fullmatch(text)


def _in_one_script(word: re.Match[str]) -> str:
    letters = word.group()
    if letters.isascii() or not any(letter.isascii() for letter in letters):
        return letters
    return "".join(letter if letter.isascii() else _latin(letter) for letter in letters)


def _latin(letter: str) -> str:
    """The Latin letter it can be taken for, by Unicode's table; itself where it is Latin or looks like none."""
    from confusable_homoglyphs.confusables import confusables_data  # 0.1 s, for the few messages that need it

    if unicodedata.name(letter, "LATIN").startswith(("LATIN", "CJK")):
        return letter
    alike = [found["c"] for found in confusables_data.get(letter, ()) if len(found["c"]) == 1 and found["c"].isascii()]
    return next((found for found in alike if found.isalpha() and found.isupper() == letter.isupper()), letter)
