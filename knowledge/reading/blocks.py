"""What every format with running text becomes first: headings, prose, tables and pairs, in reading order."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where in its document something stands."""

    line: int | None = None
    page: int | None = None
    anchor: str | None = None
    """The part of an address after #."""


NOWHERE = Place()


@dataclass(frozen=True)
class Heading:
    text: str
    level: int
    """0 for a document's title, then 1 to 9."""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Prose:
    """A paragraph, a list or a block of code, as Markdown."""

    text: str
    place: Place = NOWHERE


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[str, ...], ...]
    """Merged cells are filled."""
    has_header: bool = False
    """The format itself says that the first row names the columns."""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Pair:
    """A question with its answer, marked as such by the format: an accordion, a definition, Q: and A:."""

    question: str
    answer: str
    place: Place = field(default=NOWHERE, compare=False)


Block = Heading | Prose | Table | Pair
