"""A cost over time, as it was booked and at today's prices, with the days on which prices or releases changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from roi.charts.drawing import WIDTH, Drawing, Words, circle, drawing, line, path, width_of

TOP, FOOT, RIGHT = 46.0, 226.0, WIDTH - 14


@dataclass(frozen=True)
class Point:
    """One day or month; None where there was nothing to count."""

    name: str
    value: float | None
    repriced: float | None = None


@dataclass(frozen=True)
class Mark:
    """What happened at the point of that place; its number stands in the chart and its words in the table."""

    at: int
    text: str


@dataclass(frozen=True)
class Trend:
    title: str
    points: tuple[Point, ...]
    value: str
    """What the full line is, and what the dashed one is."""
    repriced: str
    write: Callable[[float], str]
    """An amount of the vertical axis, short."""
    marks: tuple[Mark, ...] = ()


def trend(of: Trend) -> Drawing | None:
    amounts = [v for point in of.points for v in (point.value, point.repriced) if v is not None]
    if not amounts:
        return None
    steps = rounds(min(0.0, *amounts), max(0.0, *amounts))
    low, high = steps[0], steps[-1]
    left = max(width_of(of.write(step), 11.5) for step in steps) + 12

    def x(n: int) -> float:
        return left + 10 + (n / (len(of.points) - 1) if len(of.points) > 1 else 0.5) * (RIGHT - left - 20)

    def y(value: float) -> float:
        return FOOT - (value - low) / (high - low) * (FOOT - TOP)

    def parts() -> Iterator[str | Words]:
        for step in steps:
            yield line(left, y(step), RIGHT, y(step), "axis" if step == 0 else "grid")
            yield Words(left - 8, y(step) + 4, of.write(step), "end", "soft", small=True)
        yield from names()
        for number, mark in enumerate(of.marks, 1):
            yield from flag(number, mark)
        yield from drawn([point.repriced for point in of.points], "repriced")
        yield from drawn([point.value for point in of.points], "booked")
        yield from legend()

    def drawn(values: Sequence[float | None], style: str) -> Iterator[str]:
        """Broken where there was nothing; a point without neighbours is a dot."""
        for run in runs(values):
            if len(run) > 1:
                yield path([(x(n), y(v)) for n, v in run], style)
            if len(run) == 1 or (style == "booked" and len(of.points) <= 45):
                yield from (circle(x(n), y(v), 3, "dot") for n, v in run)

    def names() -> Iterator[Words]:
        widest = max(width_of(point.name, 11.5) for point in of.points) + 14
        every = max(1, ceil(len(of.points) * widest / (RIGHT - left)))
        for n in range(0, len(of.points), every):
            half = width_of(of.points[n].name, 11.5) / 2
            yield Words(min(max(x(n), half), WIDTH - half), FOOT + 18, of.points[n].name, "middle", "soft", small=True)

    def flag(number: int, mark: Mark) -> Iterator[str | Words]:
        """Numbers of the same days are set in up to three heights."""
        earlier = [m for m in of.marks[: number - 1] if abs(x(m.at) - x(mark.at)) < 16]
        height = TOP - 8 + 13 * (len(earlier) % 3)
        yield line(x(mark.at), height + 3, x(mark.at), FOOT, "mark")
        yield circle(x(mark.at), height - 4, 8, "flag")
        yield Words(x(mark.at), height, str(number), "middle", "strong", small=True)

    def legend() -> Iterator[str | Words]:
        yield line(left, 10, left + 22, 10, "booked")
        yield Words(left + 28, 14, of.value, small=True)
        if any(point.repriced is not None for point in of.points):
            after = left + 28 + width_of(of.value, 11.5) + 24
            yield line(after, 10, after + 22, 10, "repriced")
            yield Words(after + 28, 14, of.repriced, small=True)

    return drawing(of.title, FOOT + 28, parts(), tells=of.value)


def runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = []
    for n, value in enumerate(values):
        if value is None:
            continue
        if n and values[n - 1] is not None and found:
            found[-1].append((n, value))
        else:
            found.append([(n, value)])
    return found


def rounds(low: float, high: float) -> list[float]:
    """Three to six round steps that hold both, zero among them."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** floor(log10(span / 4))
    step = next(m * power for m in (1, 2, 5, 10) if span / (m * power) <= 5)
    first, last = floor(low / step), ceil(high / step)
    steps = [n * step for n in range(first, max(last, first + 1) + 1)]
    assert all(a < b for a, b in pairwise(steps))
    return steps
