"""Reads an answer's notation: conditions first, and in each part a guide or plain text."""

from collections.abc import Iterable
from functools import lru_cache

from knowledge.answers.broken import BrokenNotation
from knowledge.answers.conditions import Conditional, parse_conditional
from knowledge.answers.guide import Guide, parse_guide
from knowledge.answers.sides import for_eye
from knowledge.entry import Entry
from knowledge.problem import Problem

Reading = Conditional | Guide | str


@lru_cache(512)
def read(text: str) -> Reading:
    """Broken notation is plain text: what the writer meant is better shown than withheld."""
    try:
        return _parsed(text)
    except BrokenNotation:
        return text


def problems_of(entries: Iterable[Entry]) -> list[Problem]:
    """What is broken, by the entry's line in its document; the entries stay, shown as plain text."""
    problems = []
    for entry in entries:
        try:
            _check(_parsed(entry.answer))
        except BrokenNotation as broken:
            message = f"the answer is shown as plain text, since in its line {broken.line} {broken}"
            problems.append(Problem(entry.line, message, hides_entry=False))
    return problems


def on_page(text: str) -> str:
    """All of an answer as Markdown for a page that nobody can be asked on: a part is headed by its values."""
    reading = read(text)
    if not isinstance(reading, Conditional):
        return for_eye(text)
    parts = [f"**{', '.join(value.name for value in part.values)}:** {for_eye(part.text)}" for part in reading.parts]
    return "\n\n".join([*([for_eye(reading.general)] if reading.general else []), *parts])


def _parsed(text: str) -> Reading:
    return parse_conditional(text) or parse_guide(text) or text


def _check(reading: Reading) -> None:
    """A guide within a part is checked too; its lines are counted from the part's own beginning."""
    if isinstance(reading, Conditional):
        for text in (reading.general, *(part.text for part in reading.parts)):
            try:
                parse_guide(text)
            except BrokenNotation as broken:
                raise BrokenNotation(broken.line, f"of the part “{text[:30]}…” {broken}") from broken
