"""What every set becomes: knowledge, the questions asked of it, and which labels answer each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from knowledge.entry import Entry
from knowledge.matching.lexical import terms


@dataclass(frozen=True)
class Asked:
    text: str
    right: frozenset[str]
    """Labels that answer it; none for a question out of scope."""
    but: str | None = None
    """The label that is the question itself, never counted as found."""


@dataclass(frozen=True)
class Trial:
    """Knowledge and what is asked of it."""

    entries: list[Entry]
    asked: list[Asked]


Threshold = Literal["FAQ", "validation", "151 classes", "95 % kept"]
"""Where the threshold comes from: the FAQ's own held-out phrasings; the validation part, balanced as the product does;
or the validation part as Larson et al. (2019) do it, the most right answers where out of scope is one class more."""
Figure = Literal["first", "share at 10"]
"""The right label comes first; or how many of several right ones are among the first ten."""


@dataclass(frozen=True)
class Task:
    """One line of the table."""

    name: str
    draw: Callable[[int], list[Trial]]
    """The trials of a seed; their questions are counted together."""
    has_seeds: bool = False
    published: dict[Threshold, str] = field(default_factory=lambda: {"FAQ": ""})
    """What others report, by the threshold they report it at: each is a line."""
    validation: list[Asked] = field(default_factory=list)
    figure: Figure = "first"
    split: Callable[[str], list[str]] = terms
    """How BM25, alone, cuts a text."""


Read = Callable[[Path], Iterator[Task]]
"""A set's reader. Raises FileNotFoundError where the set is not there."""


def clean(text: str) -> str:
    """One line, as a cell of a FAQ has it."""
    return " ".join(text.split())
