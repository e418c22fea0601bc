"""Charts as inline SVG, drawn here: they print, follow the page's light or dark colours, and need no script.

Colours are classes of the page's style sheet (ai, people, human, total); every chart has its table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH = 760
LABELS = 290
ROW = 34


@dataclass(frozen=True)
class Mark:
    """One labelled amount; `text` is how it is written, `kind` its colour."""

    label: str
    value: float
    text: str
    kind: str


def scale(marks: Sequence[Mark], *, title: str, unit: str) -> str:
    """Dots on a logarithmic scale: amounts lie powers of ten apart, and a bar on such a scale has no honest foot."""
    shown = [mark for mark in marks if mark.value > 0]
    if not shown:
        return ""
    low = floor(log10(min(mark.value for mark in shown)))
    high = max(low + 1, ceil(log10(max(mark.value for mark in shown))))
    left, right, bottom = LABELS, WIDTH - 110, ROW * len(shown) + 12

    def x(value: float) -> float:
        return left + (log10(value) - low) / (high - low) * (right - left)

    grid = "".join(
        line(x(10.0**n), 8, x(10.0**n), bottom, "grid")
        + text(x(10.0**n), bottom + 18, f"{10.0**n:,.{max(0, -n)}f}", "tick middle")
        for n in range(low, high + 1)
    )
    rows = "".join(
        text(left - 14, y + 4, mark.label, "label end")
        + line(left, y, x(mark.value), y, "stem")
        + f'<circle cx="{x(mark.value):.1f}" cy="{y}" r="7" class="{mark.kind}"/>'
        + text(x(mark.value) + 13, y + 4, mark.text, "value")
        for y, mark in zip(range(28, 28 + ROW * len(shown), ROW), shown, strict=True)
    )
    return svg(grid + rows + text(right, bottom + 36, unit, "tick end"), bottom + 44, title)


def bars(marks: Sequence[Mark], *, title: str) -> str:
    """Horizontal bars from zero, linear."""
    most = max((mark.value for mark in marks), default=0.0)
    if most <= 0:
        return ""
    left, right = LABELS, WIDTH - 130
    rows = "".join(
        text(left - 14, y + 4, mark.label, "label end")
        + rect(left, y - 11, max(1.0, mark.value / most * (right - left)), 22, mark.kind)
        + text(left + max(1.0, mark.value / most * (right - left)) + 10, y + 4, mark.text, "value")
        for y, mark in zip(range(24, 24 + ROW * len(marks), ROW), marks, strict=True)
    )
    return svg(line(left, 6, left, ROW * len(marks) + 8, "axis") + rows, ROW * len(marks) + 14, title)


def columns(marks: Sequence[Mark], *, title: str, top: str) -> str:
    """Columns over time from zero; `top` writes the largest. Labels where there is room."""
    most = max((mark.value for mark in marks), default=0.0)
    if most <= 0:
        return ""
    left, height, foot = 12, 110, 134
    step = (WIDTH - 2 * left) / len(marks)
    every = max(1, ceil(len(marks) / 10))
    drawn = "".join(
        rect(left + n * step + step * 0.12, foot - h, step * 0.76, h, mark.kind)
        + (text(left + (n + 0.5) * step, foot + 18, mark.label, "tick middle") if n % every == 0 else "")
        for n, mark in enumerate(marks)
        for h in [mark.value / most * height]
    )
    ruler = line(left, foot - height, WIDTH - left, foot - height, "grid") + text(left, foot - height - 7, top, "tick")
    return svg(ruler + drawn + line(left, foot, WIDTH - left, foot, "axis"), foot + 26, title)


def svg(inside: str, height: float, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{inside}</svg>"
    )


def text(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}"/>'


def rect(x: float, y: float, width: float, height: float, style: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{style}"/>'
