"""Traditional Chinese is answered in traditional characters, whatever the knowledge is written in."""

from collections.abc import Callable
from functools import cache

from opencc import OpenCC

from knowledge.matching.folding import simplified


def is_traditional(text: str) -> bool:
    """It has more characters that only traditional writing has than such as only simplified writing has."""
    if text.isascii():
        return False
    return _unlike(text, simplified) > _unlike(text, traditional)


def traditional(text: str) -> str:
    """Character by character and word by word, in Taiwan's forms (床, 才), without its vocabulary."""
    written: str = text if text.isascii() else _traditionalizer().convert(text)
    return written


def _unlike(text: str, script: Callable[[str], str]) -> int:
    return sum(script(mark) != mark for mark in text)


@cache
def _traditionalizer() -> OpenCC:
    return OpenCC("s2tw")
