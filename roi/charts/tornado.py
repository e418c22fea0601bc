"""What moves the saving most: each input a little less and a little more, the largest effect on top."""

from collections.abc import Iterator
from dataclasses import dataclass

from roi.charts.drawing import WIDTH, Drawing, Words, drawing, label, label_width, line, rect, width_of

ROW = 34.0
MOST_ROWS = 14


@dataclass(frozen=True)
class Swing:
    """What the result changes by when the input is less, and when it is more."""

    name: str
    less: float
    more: float
    less_text: str
    more_text: str

    @property
    def reach(self) -> float:
        return max(abs(self.less), abs(self.more))


@dataclass(frozen=True)
class Tornado:
    title: str
    rows: tuple[Swing, ...]
    less: str
    """Names of the two changes, such as `-20 %` and `+20 %`."""
    more: str
    unit: str


def tornado(of: Tornado) -> Drawing | None:
    rows = sorted(of.rows, key=lambda row: -row.reach)[:MOST_ROWS]
    most = max((row.reach for row in rows), default=0.0)
    if most <= 0:
        return None
    names = label_width((row.name for row in rows), most=190)
    texts = max(width_of(text) for row in rows for text in (row.less_text, row.more_text)) + 10
    left, right, top = names + 16 + texts, WIDTH - texts, 30.0
    middle_x, half = (left + right) / 2, (right - left) / 2
    foot = top + ROW * len(rows)

    def x(value: float) -> float:
        return middle_x + value / most * half

    def parts() -> Iterator[str | Words]:
        yield rect(names + 16, 6, 12, 12, "less")
        yield Words(names + 34, 16.5, of.less)
        after = names + 34 + width_of(of.less) + 22
        yield rect(after, 6, 12, 12, "more")
        yield Words(after + 18, 16.5, of.more)
        yield Words(WIDTH, 16.5, of.unit, "end", "soft", small=True)
        for n, row in enumerate(rows):
            y = top + ROW * n + ROW / 2
            yield from label(row.name, right=names, middle=y, most=names)
            yield from bar(row, y)
        yield line(middle_x, top, middle_x, foot, "axis")

    def bar(row: Swing, y: float) -> Iterator[str | Words]:
        """Both to one side share the row; else each has its half."""
        is_shared = (row.less < 0) == (row.more < 0) and row.less != 0 and row.more != 0
        for n, (value, text, style) in enumerate(
            ((row.less, row.less_text, "less"), (row.more, row.more_text, "more"))
        ):
            size = 10.0 if is_shared else 20.0
            at = y - 11 + 11 * n if is_shared else y - 10
            yield rect(min(middle_x, x(value)), at, max(1.0, abs(x(value) - middle_x)), size, style)
            other = row.more if n == 0 else row.less
            is_left = value < 0 or (value == 0 and (other > 0 or (other == 0 and n == 0)))
            base = y - 1.5 + 11 * n if is_shared else y + 4.5
            if is_left:
                yield Words(x(value) - 6, base, text, "end", small=is_shared)
            else:
                yield Words(x(value) + 6, base, text, small=is_shared)

    told = "; ".join(f"{row.name}: {row.less_text} / {row.more_text}" for row in rows[:3])
    return drawing(of.title, foot + 6, parts(), tells=told)
