"""Writes an answer out as people say it before a voice reads it: "$99" is "ninety-nine dollars", not "dollar ninety-nine"."""

from voice.speakable_en import written_out as in_english
from voice.speakable_zh import written_out as in_chinese


def speakable(text: str, *, lang: str) -> str:
    """Other languages go to the voice as they are: espeak-ng reads their numbers itself."""
    match lang:
        case "en":
            return in_english(text)
        case "zh":
            return in_chinese(text)
        case _:
            return text
