"""Ratios with their intervals on a scale of powers, and a line at the claim: on which side of it does each lie?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from typing import Literal

from roi.charts.drawing import SMALL, WIDTH, Drawing, Words, circle, drawing, label, label_width, line, rect, width_of

ROW = 34.0
MOST_ROWS = 40
Shape = Literal["confirmed", "refuted", "inconclusive", "unknown"]
"""Told apart by form too: a full dot, a full square, an open dot, nothing."""


@dataclass(frozen=True)
class ForestRow:
    name: str
    value: float | None
    lower: float | None
    upper: float | None
    text: str
    shape: Shape


@dataclass(frozen=True)
class Forest:
    title: str
    rows: tuple[ForestRow, ...]
    claim: float
    claim_text: str
    unit: str


def forest(of: Forest) -> Drawing | None:
    rows = of.rows[:MOST_ROWS]
    known = [v for row in rows for v in (row.value, row.lower, row.upper) if v is not None and v > 0]
    if not known:
        return None
    low, high = min(*known, of.claim) / 1.25, max(*known, of.claim) * 1.25
    names = label_width((row.name for row in rows), most=270)
    texts = max(width_of(row.text, is_bold=True) for row in rows)
    left, right, top = names + 18, WIDTH - texts - 22, 26.0
    foot = top + ROW * len(rows)

    def x(value: float) -> float:
        inside = min(max(value, low), high)
        return left + (log10(inside) - log10(low)) / (log10(high) - log10(low)) * (right - left)

    def parts() -> Iterator[str | Words]:
        for tick in ticks(low, high, x=x):
            yield line(x(tick), top, x(tick), foot, "grid")
            yield Words(x(tick), foot + 16, figure(tick), "middle", "soft", small=True)
        yield line(x(of.claim), top - 4, x(of.claim), foot, "claim")
        half = width_of(of.claim_text, is_bold=True) / 2
        yield Words(min(max(x(of.claim), half), WIDTH - half), top - 10, of.claim_text, "middle", "strong")
        yield Words(right, foot + 34, of.unit, "end", "soft", small=True)
        for n, row in enumerate(rows):
            middle = top + ROW * n + ROW / 2
            yield from label(row.name, right=names, middle=middle, most=names)
            yield from interval(row, middle)
            yield Words(WIDTH, middle + 4.5, row.text, "end", "strong" if row.value is not None else "soft")

    def interval(row: ForestRow, y: float) -> Iterator[str]:
        lower, upper = row.lower if row.lower is not None else 0.0, row.upper
        if row.lower is not None or upper is not None:
            yield line(x(max(lower, low)), y, x(upper if upper is not None else high), y, "whisker")
            if row.lower is not None and lower >= low:
                yield line(x(lower), y - 5, x(lower), y + 5, "whisker")
            if upper is not None:
                yield line(x(upper), y - 5, x(upper), y + 5, "whisker")
        if row.value is not None and row.value > 0:
            if row.shape == "refuted":
                yield rect(x(row.value) - 6, y - 6, 12, 12, "refuted")
            else:
                yield circle(x(row.value), y, 6.5, row.shape)

    told = "; ".join(f"{row.name}: {row.text}" for row in rows)
    return drawing(of.title, foot + 42, parts(), tells=f"{told}. {of.claim_text}")


def ticks(low: float, high: float, *, x: Callable[[float], float]) -> Sequence[float]:
    """1, 2, 5, 10 … where their figures have room, else the powers of ten, else every so many powers."""
    powers = range(floor(log10(low)), floor(log10(high)) + 1)
    steps = [(1.0, 2.0, 5.0), (1.0,)]
    sets = [[m * 10.0**p for p in powers for m in fine if low <= m * 10.0**p <= high] for fine in steps]
    sets += [sets[1][::every] for every in range(2, len(sets[1]) + 1)]
    for found in sets:
        wide = [width_of(figure(tick), SMALL) for tick in found]
        if all(x(b) - x(a) >= (wide[n] + wide[n + 1]) / 2 + 8 for n, (a, b) in enumerate(pairwise(found))):
            return found
    return sets[-1][:1]


def figure(tick: float) -> str:
    return f"{tick:,.0f}" if tick >= 1 else f"{tick:g}"
