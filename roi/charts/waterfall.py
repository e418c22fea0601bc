"""From what the period would have cost to what it cost: a bar for each kind of cost, from where the last one ended."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from roi.charts.drawing import WIDTH, Drawing, Words, drawing, label, label_width, line, rect, width_of

ROW = 32.0
MOST_STEPS = 24


@dataclass(frozen=True)
class Step:
    """`amount` is a change, or where the sum stands for a total; `kind` is its colour (total, ai, people, saving)."""

    name: str
    amount: float
    text: str
    """As the reader's locale writes the amount."""
    kind: str
    is_total: bool = False


@dataclass(frozen=True)
class Waterfall:
    title: str
    steps: tuple[Step, ...]
    write: Callable[[float], str]
    rest: str = "…"
    """What the smallest are called together, where there are too many to draw, and how their sum is written."""


@dataclass(frozen=True)
class Bar:
    step: Step
    start: float
    end: float


def waterfall(of: Waterfall) -> Drawing | None:
    bars = laid(lumped(of))
    if not bars:
        return None
    low = min(0.0, *(min(bar.start, bar.end) for bar in bars))
    high = max(0.0, *(max(bar.start, bar.end) for bar in bars))
    if low == high:
        return None
    names = label_width((bar.step.name for bar in bars), most=250)
    left = names + 14
    right = WIDTH - max(width_of(bar.step.text, is_bold=bar.step.is_total) for bar in bars) - 12

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    def parts() -> Iterator[str | Words]:
        height = ROW * len(bars)
        yield line(x(0), 2, x(0), height + 2, "axis")
        for n, bar in enumerate(bars):
            middle = ROW * n + ROW / 2 + 2
            if bar.step.is_total and n:
                yield line(0, middle - ROW / 2, WIDTH, middle - ROW / 2, "grid")
            begin, size = min(x(bar.start), x(bar.end)), abs(x(bar.end) - x(bar.start))
            yield rect(begin, middle - 10, max(1.5, size), 20, bar.step.kind)
            if n + 1 < len(bars):
                yield line(x(bar.end), middle + 10, x(bar.end), middle + ROW - 10, "link")
            yield from label(bar.step.name, right=names, middle=middle, most=names)
            yield Words(WIDTH, middle + 4.5, bar.step.text, "end", "strong" if bar.step.is_total else "")

    told = "; ".join(f"{bar.step.name}: {bar.step.text}" for bar in bars if bar.step.is_total)
    return drawing(of.title, ROW * len(bars) + 6, parts(), tells=told)


def laid(steps: Sequence[Step]) -> list[Bar]:
    bars, stand = [], 0.0
    for step in steps:
        start, stand = (0.0, step.amount) if step.is_total else (stand, stand + step.amount)
        bars.append(Bar(step, start, stand))
    return bars


def lumped(of: Waterfall) -> list[Step]:
    """Too many changes to read: the smallest become one, where the first of them stood."""
    changes = sorted((step for step in of.steps if not step.is_total), key=lambda step: abs(step.amount))
    small = changes[: max(0, len(of.steps) - MOST_STEPS + 1)] if len(of.steps) > MOST_STEPS else []
    if not small:
        return list(of.steps)
    gone = {id(step) for step in small}
    first = next(n for n, step in enumerate(of.steps) if id(step) in gone)
    amount = sum(step.amount for step in small)
    together = Step(f"{of.rest} ({len(small)})", amount, of.write(amount), small[-1].kind)
    kept = [*of.steps[:first], together]
    return kept + [step for step in of.steps[first:] if id(step) not in gone]
