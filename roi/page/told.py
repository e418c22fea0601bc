"""How the page speaks: in which language, with which figures, and where a figure leads."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from roi.grade import Grade
from roi.locales import Written
from roi.report import Report, Sum
from roi.words import say


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Keys of languages."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Links:
    """Where a figure leads on a page that is served; a file has none."""

    conversations: str
    """Address of the list of conversations."""
    knowledge: str
    query: Mapping[str, str] = field(default_factory=dict)
    """Of the report itself: the same period, language and data."""

    def to(self, **only: str) -> str:
        return f"{self.conversations}?{urlencode({**self.query, **only})}"


@dataclass(frozen=True)
class Told:
    lang: str
    written: Written
    links: Links | None = None

    def __call__(self, key: str, **figures: object) -> str:
        """KeyError for a key that has no words: a report must not print codes."""
        spoken = sentences()[key]
        return spoken.get(self.lang, spoken["en"]).format(**figures)

    def joined(self, sentences: Iterable[str]) -> str:
        """As one paragraph; Chinese sets no blank between sentences."""
        return ("" if self.lang == "zh" else " ").join(sentences)

    def channel(self, name: str) -> str:
        return self(name) if name in ("chat", "phone", "email") else name

    def grade(self, grade: Grade) -> str:
        return say("grade", grade, self.lang)

    def to(self, **only: str) -> str | None:
        return self.links.to(**only) if self.links else None

    def sum(self, of: Sum) -> str:
        known = self.written.money(of.known)
        return known if of.is_complete else self("at_least", amount=known)

    def each(self, of: Report, part: Sum) -> str:
        each = of.each(part)
        if each is None:
            return "–"
        known = self.written.money(each)
        return known if part.is_complete else self("at_least", amount=known)
