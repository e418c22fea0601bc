"""Finds the gutter of a page set in two columns, so that its lines are read down and not across."""

from collections.abc import Sequence
from dataclasses import dataclass

_MIDDLE = (0.4, 0.6)
"""Shares of the page's width between which a gutter may lie."""
_STEP = 4.0
_GUTTER = 9.0
"""Points without a letter; a space between words takes fewer."""
_FEWEST_LINES = 8
_FEWEST_LETTERS = 22
"""In a line of either column on average: less is a list of labels and figures, which is read across."""
_CROSSING = 0.25


@dataclass(frozen=True)
class Letter:
    left: float
    right: float
    top: float


@dataclass(frozen=True)
class Columns:
    """Parts of the page in reading order: what crosses the gutter, left of it, right of it, what crosses it next, …"""

    gutter: float
    crossing: tuple[float, ...]
    """Tops of the lines that cross it, downwards."""

    def part(self, left: float, right: float, top: float) -> int:
        above = sum(crossing < top - 2 for crossing in self.crossing)
        if any(abs(crossing - top) <= 2 for crossing in self.crossing):
            return 3 * above
        return 3 * above - 1 if (left + right) / 2 > self.gutter else 3 * above - 2


def find_columns(letters: Sequence[Letter], width: float) -> Columns | None:
    """None for a page in one column."""
    lines: dict[int, list[Letter]] = {}
    for letter in letters:
        lines.setdefault(round(letter.top / 3), []).append(letter)
    if len(lines) < _FEWEST_LINES:
        return None
    best: Columns | None = None
    at = _MIDDLE[0] * width
    while at <= _MIDDLE[1] * width:
        found = _columns_at(at, list(lines.values()))
        if found and (best is None or len(found.crossing) < len(best.crossing)):
            best = found
        at += _STEP
    return best


def _columns_at(gutter: float, lines: Sequence[Sequence[Letter]]) -> Columns | None:
    crossing, left_letters, right_letters, left_lines, right_lines = [], 0, 0, 0, 0
    for line in lines:
        left = [letter for letter in line if (letter.left + letter.right) / 2 <= gutter]
        right = [letter for letter in line if (letter.left + letter.right) / 2 > gutter]
        ends = max((letter.right for letter in left), default=0.0)
        begins = min((letter.left for letter in right), default=gutter + _GUTTER)
        if begins - max(ends, gutter - _GUTTER) < _GUTTER and begins - ends < _GUTTER:
            crossing.append(min(letter.top for letter in line))
            if len(crossing) > _CROSSING * len(lines):
                return None
            continue
        left_letters, right_letters = left_letters + len(left), right_letters + len(right)
        left_lines, right_lines = left_lines + bool(left), right_lines + bool(right)
    if min(left_lines, right_lines) < _FEWEST_LINES:
        return None
    if min(left_letters / left_lines, right_letters / right_lines) < _FEWEST_LETTERS:
        return None
    return Columns(gutter, tuple(sorted(crossing)))
