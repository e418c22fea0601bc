"""What every chart is drawn with: shapes as SVG, words with their places, and how wide words will be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

WIDTH = 760.0
"""Units of every drawing; 760 are the width of a page's column, so that 13 units are about 9 points on paper."""
SIZE = 13.0
SMALL = 11.5
Anchor = Literal["start", "middle", "end"]
Tone = Literal["", "strong", "soft"]
SQUARE = frozenset("…“”‘’—")
"""Of full width where the type is a Chinese one."""
NARROW, WIDE = frozenset("iljtfrI.,:;|'!()[]{}/ -·"), frozenset("mwMWQ@%")


@dataclass(frozen=True)
class Words:
    x: float
    y: float
    """Of the base line."""
    text: str
    anchor: Anchor = "start"
    tone: Tone = ""
    small: bool = False

    @property
    def size(self) -> float:
        return SMALL if self.small else SIZE

    @property
    def left(self) -> float:
        width = width_of(self.text, self.size, is_bold=self.tone == "strong")
        return self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]

    @property
    def right(self) -> float:
        return self.left + width_of(self.text, self.size, is_bold=self.tone == "strong")

    def svg(self) -> str:
        style = " ".join(filter(None, (self.anchor, self.tone, "small" if self.small else "")))
        return f'<text x="{self.x:.1f}" y="{self.y:.1f}" class="{style}">{escape(self.text)}</text>'


@dataclass(frozen=True)
class Drawing:
    title: str
    height: float
    shapes: str
    words: tuple[Words, ...]
    tells: str = ""
    """What the picture shows, in a sentence, for those who do not see it."""

    def svg(self) -> str:
        """For a page, whose style sheet has the colours."""
        words = "".join(one.svg() for one in self.words)
        told = escape(f"{self.title}. {self.tells}" if self.tells else self.title)
        return (
            f'<svg viewBox="0 0 {WIDTH:.0f} {self.height:.0f}" role="img" aria-label="{told}">'
            f"<title>{escape(self.title)}</title>{self.shapes}{words}</svg>"
        )

    def picture(self, style: str) -> str:
        """The shapes alone, as a file with the colours inside: whoever prints it sets the words."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {self.height:.0f}">'
            f"<style>{style}</style>{self.shapes}</svg>"
        )


def drawing(title: str, height: float, parts: Iterable[str | Words], *, tells: str = "") -> Drawing:
    shapes: list[str] = []
    words: list[Words] = []
    for part in parts:
        if isinstance(part, Words):
            words.append(part)
        else:
            shapes.append(part)
    return Drawing(title, height, "".join(shapes), tuple(words), tells)


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}"/>'


def rect(x: float, y: float, width: float, height: float, style: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{style}"/>'


def circle(x: float, y: float, radius: float, style: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{style}"/>'


def path(points: Sequence[tuple[float, float]], style: str) -> str:
    drawn = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    return f'<path d="{drawn}" class="{style}"/>'


def width_of(text: str, size: float = SIZE, *, is_bold: bool = False) -> float:
    """About: rather too wide than too narrow. A Chinese sign is a square."""
    units = 0.0
    for sign in text:
        if ord(sign) >= 0x2E80 or sign in SQUARE:
            units += 1.0
        elif sign in NARROW:
            units += 0.36
        elif sign in WIDE:
            units += 0.98
        else:
            units += 0.72 if sign.isupper() else 0.63
    return units * size * (1.1 if is_bold else 1.0)


def wrapped(text: str, most: float, *, lines: int = 2, size: float = SIZE) -> list[str]:
    """In at most so many lines of that width; what does not fit ends in an ellipsis."""
    rows: list[str] = [""]
    for piece in pieces(text):
        if width_of(rows[-1] + piece.rstrip(), size) <= most or not rows[-1]:
            rows[-1] += piece
        else:
            rows.append(piece)
    rows = [row.strip() for row in rows]
    kept = rows[:lines]
    if len(rows) > lines:
        kept[-1] += "…"
    return [cut(row, most, size) for row in kept]


def pieces(text: str) -> list[str]:
    """Where a line may break: behind a blank, and on either side of a Chinese sign."""
    found = [""]
    for sign in text:
        is_sign = ord(sign) >= 0x3400 and ord(sign) < 0xFF00
        if is_sign or found[-1].endswith(" ") or (found[-1] and 0x3400 <= ord(found[-1][-1]) < 0xFF00):
            found.append(sign)
        else:
            found[-1] += sign
    return [piece for piece in found if piece]


def cut(text: str, most: float, size: float = SIZE) -> str:
    if width_of(text, size) <= most:
        return text
    kept = text.rstrip("…")
    while kept and width_of(kept + "…", size) > most:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def label_width(labels: Iterable[str], *, most: float) -> float:
    """What a column of labels needs, up to so much; longer ones are wrapped."""
    return min(most, max((width_of(label) for label in labels), default=0.0) + 4)


def label(text: str, *, right: float, middle: float, most: float) -> list[Words]:
    """A row's name, in one line or two around its middle."""
    rows = wrapped(text, most)
    top = middle + 4.5 - (len(rows) - 1) * 7.5
    return [Words(right, top + 15 * n, row, "end") for n, row in enumerate(rows)]


def spread(wanted: Sequence[float], *, apart: float, low: float, high: float) -> list[float]:
    """Places in the same order, near the wanted ones and at least so far apart, inside the limits while they fit."""
    if not wanted:
        return []
    apart = min(apart, (high - low) / max(1, len(wanted) - 1)) if len(wanted) > 1 else apart
    placed: list[float] = []
    for want in wanted:
        placed.append(max(want, low, placed[-1] + apart if placed else low))
    placed[-1] = min(placed[-1], high)
    for n in range(len(placed) - 2, -1, -1):
        placed[n] = min(placed[n], placed[n + 1] - apart)
    return placed
