"""Cuts a streamed answer into clauses: whole sentences to check, or shorter ones to speak, the first one soon.

What is cut does not depend on how the text arrived: a mark is judged only when what follows it is known.
"""

import re
from dataclasses import dataclass
from math import inf

_CLOSERS = "\"'”’」』）)]】》"
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st ave rd blvd apt no nos vs etc approx dept est ext fig inc ltd co corp tel min max "
    "e.g i.e a.m p.m u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri "
    "sat sun".split()
)
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*$")


@dataclass
class Sentences:
    """Feed it pieces as they come; it gives back clauses with their own spacing, which joined are the text again."""

    soft_after: float = 28
    """A comma ends the first clause from this length on; a Chinese character takes as long as five letters."""
    later_soft_after: float = 90
    longest: int = 220

    _rest: str = ""
    _is_first: bool = True

    def feed(self, piece: str) -> list[str]:
        self._rest += piece
        return self._cut(is_last=False)

    def flush(self) -> list[str]:
        found = self._cut(is_last=True)
        rest, self._rest = self._rest, ""
        self._is_first = True
        return [*found, rest] if rest.strip() else found

    def _cut(self, *, is_last: bool) -> list[str]:
        found: list[str] = []
        while (end := self._boundary(is_last=is_last)) is not None:
            clause, self._rest = self._rest[:end], self._rest[end:]
            found.append(clause)
            self._is_first = False
        return found

    def _boundary(self, *, is_last: bool) -> int | None:
        text = self._rest
        soft_after = self.soft_after if self._is_first else self.later_soft_after
        weight, has_word = 0.0, False
        for at, mark in enumerate(text):
            weight += 5 if _is_chinese(mark) else 1
            has_word = has_word or mark.isalnum()
            if weight > self.longest:
                return _last_space(text[:at]) or at
            if not has_word or mark not in "。！？；….!?;\n,，、:：":
                continue
            after = at + 1
            while after < len(text) and (text[after] in _CLOSERS or text[after] in "。！？!?."):
                after += 1
            follows = after
            while follows < len(text) and text[follows].isspace():
                follows += 1
            if follows == len(text):
                return None if not is_last or not text[follows:].strip() else follows
            if _ends(text, at, after, follows, is_soft_enough=weight >= soft_after):
                return follows
        return None


def _is_chinese(mark: str) -> bool:
    return "㐀" <= mark <= "鿿"


def whole_sentences() -> Sentences:
    """For checking what a model says: a sentence is the least that makes sense alone."""
    return Sentences(soft_after=inf, later_soft_after=inf, longest=400)


def clauses(text: str) -> list[str]:
    """Of a whole answer at once, the same as when it streams."""
    sentences = Sentences()
    return [*sentences.feed(text), *sentences.flush()]


def _ends(text: str, at: int, after: int, follows: int, *, is_soft_enough: bool) -> bool:
    """Whether the mark at `at` ends a clause; `follows` is where the next word begins."""
    mark, next_word = text[at], text[follows]
    has_space = follows > after
    if mark in "。！？；…\n":
        return True
    if mark in "，、：":
        return is_soft_enough and not next_word.isdigit()
    is_before_chinese = _is_chinese(next_word)
    if not has_space and not is_before_chinese:
        return False
    if mark in ",:":
        return is_soft_enough
    if mark == ".":
        return not next_word.islower() and not _is_abbreviation(text[:at], next_word)
    return True


def _is_abbreviation(before: str, next_word: str) -> bool:
    word = match.group().lower() if (match := _LAST_WORD.search(before)) else ""
    if word in ("no", "nos"):
        return next_word.isdigit()
    is_initial = len(word) == 1 and before[-1].isupper()
    return word in _ABBREVIATIONS or is_initial


def _last_space(text: str) -> int | None:
    """Where a text without marks may be cut between words."""
    cut = max(text.rfind(" "), text.rfind("\n"))
    return cut + 1 if cut > 0 and any(character.isalnum() for character in text[:cut]) else None
