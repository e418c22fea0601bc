"""Traditional Chinese is answered in traditional characters, whatever the knowledge is written in."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from opencc import OpenCC

from agent.telling.left_open import LeftOpen


def is_traditional(text: str) -> bool:
    """It has characters that only traditional writing has."""
    return not text.isascii() and _simplifier().convert(text) != text and _traditionalizer().convert(text) == text


def traditional(text: str) -> str:
    """Character by character and word by word, without another region's vocabulary."""
    written: str = text if text.isascii() else _traditionalizer().convert(text)
    return written


def simplified(text: str) -> str:
    written: str = text if text.isascii() else _simplifier().convert(text)
    return written


def written(left_open: LeftOpen, script: Callable[[str], str]) -> LeftOpen:
    """What the customer may press or say, in their script."""
    return replace(left_open, choices=tuple(script(choice) for choice in left_open.choices))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditionalizer() -> OpenCC:
    return OpenCC("s2t")
