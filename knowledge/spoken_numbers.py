"""Numbers that are said within a text, brought to how they are written. Pure; both languages."""

import re
from collections.abc import Sequence

from knowledge.matching.folding import fold
from knowledge.number_words import ONES, SIZES, TENS, TIMES, ZH, ZH_SIZES

MISHEARD = {"to": 2, "too": 2, "for": 4, "ate": 8, "won": 1}
"""How a recogniser writes digits; only believed between digits."""
_ZH_RUN = re.compile(rf"[{''.join(ZH)}{''.join(ZH_SIZES)}](?:[\s,、-]*[{''.join(ZH)}{''.join(ZH_SIZES)}])*")
_NUMBER = rf"(?:\d+|{'|'.join((*ONES, *TENS, *SIZES, *TIMES))})"
_RUN = re.compile(rf"(?i)(?<![\w.]){_NUMBER}(?:[\s,-]+(?:and\s+)?{_NUMBER})*(?![\w@])")
_SHORTEST_RUN = 2
"""One number word alone is part of a sentence: "one order"."""


def written(text: str) -> str:
    """The text with runs of spoken digits as digits, each run one number; other words stay."""
    return _english(chinese_written(fold(text)))


def _english(text: str) -> str:
    return _RUN.sub(_said, text)


def _said(found: re.Match[str]) -> str:
    """A run of one number word, or of written numbers that are no single digits, stays as it was written."""
    words = [word.casefold() for word in re.findall(r"[a-zA-Z]+|\d+", found[0]) if word.casefold() != "and"]
    if words[-1] in TIMES:  # "two double beds"
        return found[0]
    if len(words) < _SHORTEST_RUN or (all(word.isdigit() for word in words) and any(len(word) > 1 for word in words)):
        return found[0]
    return digits_of(words)


def is_number(word: str) -> bool:
    return word.isdigit() or word in ONES or word in TENS or word in TIMES or word in SIZES


def digits_of(words: Sequence[str]) -> str:
    """ "double four" is 44, "forty two" 42, "one zero" 10; with hundred and thousand it is one cardinal number."""
    if any(word in SIZES for word in words):
        return str(_cardinal(words))
    said, times, after_ten = "", 1, False
    for word in words:
        if word in TIMES:
            times = TIMES[word]
            continue
        number = word if word.isdigit() else str(_value(word))
        if after_ten and len(number) == 1 and number != "0" and not word.isdigit():
            said = said[:-1] + number
        else:
            said += number * times
        after_ten, times = word in TENS, 1
    return said


def _value(word: str) -> int:
    return ONES.get(word, TENS.get(word, MISHEARD.get(word, 0)))


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


def chinese_written(text: str) -> str:
    return _ZH_RUN.sub(lambda run: _zh_digits(run[0]), text)


def _zh_digits(run: str) -> str:
    figures = [figure for figure in run if figure in ZH or figure in ZH_SIZES]
    if len(figures) < _SHORTEST_RUN:
        return run
    if not any(figure in ZH_SIZES for figure in figures):
        return "".join(str(ZH[figure]) for figure in figures)
    total, part, number = 0, 0, 0
    for figure in figures:
        if figure in ZH:
            number = ZH[figure]
        elif figure == "万":
            total, part, number = total + (part + number) * 10_000, 0, 0
        else:
            part, number = part + (number or 1) * ZH_SIZES[figure], 0
    return str(total + part + number)
