"""What a page shows becomes what it says: lines join to paragraphs, larger or bold lines are headings, and what every
page repeats at its edge is left out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from knowledge.reading.blocks import Block, Heading, Place, Prose, Table
from knowledge.reading.questions import asks, is_one_question
from knowledge.reading.tables import looks_like_header

_EDGE = 0.08
"""Share of the page's height where headers and footers stand."""
_REPEATED = 0.3
"""On more than this share of the pages (and two) a line at the edge belongs to no page."""
_LARGER = 1.1
_LONGEST_HEADING_WORDS = 25
_LONGEST_BOLD_HEADING_WORDS = 14
_BOLD_LEVEL = 8
_MOST_SIZES = 6
_POINT = re.compile(r"^(?:[•◦▪●■‣·*–—-]|\(?\d{1,2}[.)]|\(?[a-z]\)|[①-⑳])\s+")
_BULLET = re.compile(r"^[•◦▪●■‣·*–—-]\s+")
_MARKED = re.compile(r"^(?:Q|A|Question|Answer|问|答|问题|答案|回答)\s*\d*\s*[:：.]", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"\W*\d{1,4}\s*(?:(?:of|/|von)\s*\d{1,4})?\W*|.*\b(?:page|seite)\s+\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?\W*|.*第\s*\d{1,4}\s*页.*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$|…\s*\d{1,4}$")
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；…][\"'”’)）]*$")
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True)
class Line:
    """Measures are in points; tops grow downwards."""

    text: str
    top: float
    bottom: float
    left: float
    right: float
    size: float
    is_bold: bool = False
    part: int = 0
    """On a page in columns, where it comes in reading order."""


@dataclass(frozen=True)
class Grid:
    """A ruled table."""

    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    rows: tuple[tuple[str, ...], ...]
    part: int = 0

    @property
    def top(self) -> float:
        return self.box[1]


@dataclass(frozen=True)
class Page:
    number: int
    height: float
    lines: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()
    is_picture: bool = False


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    lines = _without_edges(pages)
    body = _body_size([line for page in lines for line in page])
    sizes = sorted({line.size for page in lines for line in page if line.size > body * _LARGER}, reverse=True)
    levels = {size: min(rank, _MOST_SIZES) for rank, size in enumerate(sizes, 1)}
    leading = _leading(lines, body)
    joining = _Joining(levels, body, leading)
    for page, kept in zip(pages, lines, strict=True):
        things: list[Line | Grid] = [*kept, *page.grids]
        for thing in sorted(things, key=lambda thing: (thing.part, thing.top)):
            joining.add(thing, page.number)
        joining.turn_page()
    joining.end()
    return joining.blocks


class _Joining:
    """Takes lines and tables in order and puts together what belongs together."""

    def __init__(self, levels: dict[float, int], body: float, leading: float) -> None:
        self.blocks: list[Block] = []
        self._levels = levels
        self._body = body
        self._leading = leading
        self._lines: list[Line] = []
        self._page = 1
        self._kind: tuple[str, int] = ("prose", 0)
        self._turned = False

    def add(self, thing: Line | Grid, page: int) -> None:
        if isinstance(thing, Grid):
            self.end()
            self._table(thing, page)
            return
        kind = self._kind_of(thing)
        if self._lines and (kind != self._kind or self._breaks(self._lines[-1], thing)):
            self.end()
        if not self._lines:
            self._page, self._kind = page, kind
        self._lines.append(thing)
        self._turned = False

    def turn_page(self) -> None:
        self._turned = True

    def end(self) -> None:
        lines, self._lines = self._lines, []
        if not lines:
            return
        text, place = _joined(lines), Place(page=self._page)
        what, level = self._kind
        if what == "heading" and len(text.split()) <= _LONGEST_HEADING_WORDS and any(map(str.isalpha, text)):
            self.blocks.append(Heading(text, level, place))
            return
        last = self.blocks[-1] if self.blocks else None
        if _BULLET.match(text):
            text = "- " + _BULLET.sub("", text)
        if _POINT.match(text) and isinstance(last, Prose) and _POINT.match(last.text) and not is_one_question(text):
            self.blocks[-1] = Prose(f"{last.text}\n{text}", last.place)
        else:
            self.blocks.append(Prose(text, place))

    def _table(self, grid: Grid, page: int) -> None:
        """A table at the top of a page with the columns of the one at the end of the page before is the same."""
        last = self.blocks[-1] if self.blocks else None
        if self._turned and isinstance(last, Table) and _goes_on(last, grid):
            rows = grid.rows[1:] if grid.rows[0] == last.rows[0] else grid.rows
            self.blocks[-1] = Table((*last.rows, *rows), last.has_header, last.place)
        else:
            self.blocks.append(Table(grid.rows, place=Place(page=page)))
        self._turned = False

    def _kind_of(self, line: Line) -> tuple[str, int]:
        if level := self._levels.get(line.size):
            return "heading", level
        is_short = len(line.text.split()) <= _LONGEST_BOLD_HEADING_WORDS
        if line.is_bold and is_short and not line.text.endswith((".", ",", ";", "。")) and not _MARKED.match(line.text):
            return "heading", _BOLD_LEVEL
        return "prose", 0

    def _breaks(self, before: Line, line: Line) -> bool:
        if _POINT.match(line.text) or _MARKED.match(line.text):
            return self._kind[0] == "prose" or bool(_ENDS_SENTENCE.search(before.text))
        if self._turned or line.part != before.part:
            goes_on = not _ENDS_SENTENCE.search(before.text) and (line.text[:1].islower() or _CJK.match(line.text))
            return not goes_on or self._kind[0] == "heading"
        usual = self._leading * 1.3 if line.size <= self._body else line.size * 1.45
        if not 0 <= line.top - before.top <= usual:
            return True
        return asks(before.text) and is_one_question(_joined(self._lines)) and self._kind[0] == "prose"


def _goes_on(table: Table, grid: Grid) -> bool:
    first = grid.rows[0]
    return len(table.rows[0]) == len(first) and (table.rows[0] == first or not looks_like_header(grid.rows))


def _joined(lines: Sequence[Line]) -> str:
    """Lines as one: hyphens at line ends go, and Chinese needs no space."""
    text = lines[0].text
    for line in lines[1:]:
        if text.endswith("\u00ad") or (re.search(r"[a-z]-$", text) and line.text[:1].islower()):
            text = text[:-1] + line.text
        elif _CJK.match(text[-1:]) and _CJK.match(line.text):
            text += line.text
        else:
            text = f"{text} {line.text}"
    return text.replace("\u00ad", "").strip()


def _without_edges(pages: Sequence[Page]) -> list[list[Line]]:
    """Each page's lines without headers, footers, page numbers and tables of contents."""
    body = _body_size([line for page in pages for line in page.lines])
    edges = [{line: _repeating(line, body) for line in page.lines if _is_at_edge(line, page)} for page in pages]
    count = Counter(key for edge in edges for key in set(edge.values()))
    often = max(2, _REPEATED * len(pages))
    return [
        [
            line
            for line in page.lines
            if not _CONTENTS.search(line.text)
            and not (line in edge and (count[edge[line]] >= often or _PAGE_NUMBER.fullmatch(line.text)))
        ]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _is_at_edge(line: Line, page: Page) -> bool:
    return line.bottom < _EDGE * page.height or line.top > (1 - _EDGE) * page.height


def _repeating(line: Line, body: float) -> str:
    """What is the same on every page: small print but for its figures. "Chapter 2" in large print is no "Chapter 1"."""
    return re.sub(r"\d+", "#", line.text) if line.size <= body * _LARGER else line.text


def _body_size(lines: Sequence[Line]) -> float:
    """The size most words are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def _leading(pages: Sequence[Sequence[Line]], body: float) -> float:
    """The usual distance between the tops of two lines of a paragraph."""
    gaps = [
        below.top - above.top
        for lines in pages
        for above, below in pairwise(lines)
        if above.size == below.size == body and 0 < below.top - above.top < 2.2 * body
    ]
    return median(gaps) if gaps else body * 1.3
