"""The unit of knowledge: one question a company can answer, in one language, with the other ways people put it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["question", "passage", "tool"]
"""A passage is prose that answers whatever it answers; its question is the path of headings above it. A tool has no
answer of its own: it is run."""


@dataclass(frozen=True)
class Entry:
    """One answerable question. Entries that share an intent are the same thing asked in other words."""

    id: str
    question: str
    answer: str = ""
    """Empty when the FAQ only teaches which questions belong together."""
    variants: tuple[str, ...] = ()
    intent: str | None = None
    lang: str = "en"
    """Primary subtag: en, zh, de."""
    tags: tuple[str, ...] = ()
    url: str | None = None
    valid_from: date | None = None
    """The first day on which the answer may be given."""
    valid_until: date | None = None
    """The last day on which the answer may be given."""
    kind: Kind = "question"
    source: str = ""
    line: int | None = None
    page: int | None = None
    """In a document with pages, from 1."""

    @property
    def phrasings(self) -> tuple[str, ...]:
        return (self.question, *self.variants)

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says, wherever it stands in its source."""
        own = (
            self.id,
            self.question,
            self.answer,
            self.variants,
            self.intent,
            self.lang,
            self.tags,
            self.url,
            self.kind,
        )
        return (*own, self.valid_from, self.valid_until, self.page)

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or self.valid_until >= day
        )

    @property
    def label(self) -> str:
        """What a question is graded by: the intent where the FAQ has intents, else the id."""
        return self.intent or self.id
