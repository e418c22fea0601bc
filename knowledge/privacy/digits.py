"""Rows of digits however they are written or said: 4111-1111, ４１１１, "four one double one", 四一一一."""

import re
from dataclasses import dataclass, field

from knowledge.number_words import ONES, TENS, TIMES, ZH

_SAID = {word: str(value) for word, value in (ONES | TENS | ZH).items()}
_TOKEN = re.compile(f"[0-9]+|[A-Za-z]+|[{''.join(ZH)}]")
_GAP = re.compile(
    "[\\s\u00ad\u200b-\u200f\u2060\ufe0f\ufeff\u20e3.,，、。·•_()（）\u2010-\u2015\u2212-]{0,4}"
    "|[ ,]{1,2}(?:uh|um|er)[ ,.]{1,2}|[，、]?[嗯呃][，、]?",
    re.IGNORECASE,
)
_LONGEST_GAP = 8


@dataclass
class Run:
    """One row. `places` has for each digit where in the text it stands; several digits may stand in one word."""

    digits: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)
    begins: list[bool] = field(default_factory=list)
    """Whether a group (a written number, a spoken word) begins with this digit."""
    is_spoken: bool = False

    def is_whole(self, start: int, end: int) -> bool:
        """Whether no group is cut by this stretch."""
        return self.begins[start] and (end == len(self.digits) or self.begins[end])

    def is_one(self, start: int, end: int) -> bool:
        """Whether the stretch lies within one group."""
        return not any(self.begins[start + 1 : end])

    def groups(self, start: int, end: int) -> tuple[int, int]:
        """The groups that the stretch touches, whole."""
        while not self.begins[start]:
            start -= 1
        while end < len(self.digits) and not self.begins[end]:
            end += 1
        return start, end

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start][0], self.places[end - 1][1]


def runs(text: str, *, at_least: int) -> list[Run]:
    """The rows of so many digits; `text` has only ASCII digits (mask.folded)."""
    found: list[Run] = []
    run, times, last_end, is_tens = Run(), 1, 0, False
    for token in _TOKEN.finditer(text):
        word = token[0].lower()
        said = word if word.isdecimal() else _SAID.get(word)
        if said is None and word not in TIMES:
            continue
        if run.digits and not _belong_together(text[last_end : token.start()]):
            found.append(run)
            run, times, is_tens = Run(), 1, False
        last_end = token.end()
        if said is None:
            times = TIMES[word]
            continue
        if word is said:
            _put(run, said * times, [(place, place + 1) for place in range(token.start(), token.end())] * times)
        elif is_tens and len(said) == 1 and said != "0":  # forty-one
            run.digits = run.digits[:-1] + said
            run.places[-2:] = [(run.places[-2][0], token.end())] * 2
        else:
            run.is_spoken = True
            _put(run, said * times, [token.span()] * (len(said) * times))
        times, is_tens = 1, word in TENS
    found.append(run)
    return [run for run in found if len(run.digits) >= at_least]


def _belong_together(gap: str) -> bool:
    return len(gap) <= _LONGEST_GAP and _GAP.fullmatch(gap) is not None


def _put(run: Run, digits: str, places: list[tuple[int, int]]) -> None:
    run.digits += digits
    run.places += places
    run.begins += [True] + [False] * (len(digits) - 1)
