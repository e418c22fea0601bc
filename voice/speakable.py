"""Writes an answer out as people say it: "$99" is "ninety-nine dollars", a voice would read "dollar ninety-nine"."""

import unicodedata
from functools import lru_cache

from voice.speakable_en import written_out as in_english
from voice.speakable_zh import written_out as in_chinese
from voice.unmarked import unmarked

_PAUSES = frozenset(".,;:!?'\"()-…–—“”‘’「」『』《》、。，；：！？（）\n ")
"""What a voice breathes by; any other sign that is left it would read by its name, or stumble over."""


@lru_cache(maxsize=4096)
def speakable(text: str, *, lang: str) -> str:
    """Other languages go to the voice without marks only: espeak-ng reads their numbers itself."""
    plain = unmarked(text)
    match lang:
        case "en":
            return _without_signs(in_english(plain))
        case "zh":
            return _without_signs(in_chinese(plain))
        case _:
            return plain


def _without_signs(text: str) -> str:
    said = "".join(mark if mark in _PAUSES or unicodedata.category(mark)[0] in "LM" else " " for mark in text)
    lines = (" ".join(line.split()) for line in said.split("\n"))
    return "\n".join(line for line in lines if line)
