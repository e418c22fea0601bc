"""What a page is made of, ready to be placed: every text is written, every chart drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roi.charts.drawing import Drawing

Kind = Literal["text", "number", "short"]
"""Of a column: text wraps, numbers stand right, short ones stay on one line."""


@dataclass(frozen=True)
class Cell:
    text: str
    link: str | None = None


@dataclass(frozen=True)
class Table:
    heads: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False
    """Long and seldom read: a screen shows it on demand, paper always."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for _, kind in self.heads)


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    says: tuple[str, ...] = ()
    chart: Drawing | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    """As a list."""
    missing: str | None = None
    """Why there is nothing here yet, in a sentence."""
    link: Cell | None = None


@dataclass(frozen=True)
class Card:
    """One ratio. A refutation has the same form and size as a confirmation; only the word and its colour differ."""

    name: str
    verdict: str
    style: str
    value: str | None
    bounds: str | None
    because: str | None
    grade: str | None
    notes: tuple[str, ...] = ()
    """How much more is needed, and what the figure leaves out."""
    is_lead: bool = False
    """Of the ratio that the claim is about."""


@dataclass(frozen=True)
class Tile:
    name: str
    value: str
    note: str = ""
    link: str | None = None


@dataclass(frozen=True)
class Page:
    lang: str
    title: str
    subtitle: str
    ribbon: str | None
    headline: str
    style: str
    short: tuple[Cell, ...]
    """Why, and what to do next: a sentence each."""
    cards: tuple[Card, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    made: str
    digest: str
    names: dict[str, str] = field(default_factory=dict)
    """Of the page's own parts: the verdict, the table, …"""


def table(heads: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, kinds: str, folded: bool = False) -> Table:
    """`kinds` has a letter a column: t(ext), n(umber), s(hort)."""
    named: dict[str, Kind] = {"t": "text", "n": "number", "s": "short"}
    columns = tuple((head, named[letter]) for head, letter in zip(heads, kinds, strict=True))
    cells = tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
    return Table(columns, cells, folded)
