"""How cheap the whole can become, were the AI free: 1 / (1 - automation), with the claim's line and where you are."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from roi.charts.drawing import WIDTH, Drawing, Words, circle, drawing, line, path, width_of

TOP, FOOT, LEFT, RIGHT = 30.0, 250.0, 46.0, WIDTH - 16


@dataclass(frozen=True)
class Here:
    """Automation as a share of 1; `ratio` is None where only the ceiling over it is known."""

    automation: float
    ratio: float | None
    text: str
    most: float | None = None
    """Automation if every contact of which nothing is known was resolved: the truth lies on the curve between."""


@dataclass(frozen=True)
class Ceiling:
    title: str
    claim: float
    claim_text: str
    across: str
    """What the horizontal axis counts, with its unit."""
    up: str
    here: Here | None = None


def ceiling(of: Ceiling) -> Drawing:
    high = max(25.0, of.claim * 2.5)
    last = 1 - 1 / high

    def x(automation: float) -> float:
        return LEFT + min(max(automation, 0.0), 1.0) * (RIGHT - LEFT)

    def y(ratio: float) -> float:
        return FOOT - log(min(max(ratio, 1.0), high)) / log(high) * (FOOT - TOP)

    def parts() -> Iterator[str | Words]:
        for share in range(0, 101, 10):
            yield line(x(share / 100), TOP, x(share / 100), FOOT, "grid")
            yield Words(x(share / 100), FOOT + 16, f"{share}%", "end" if share == 100 else "middle", "soft", small=True)
        for ratio in (one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if one <= high):
            yield line(LEFT, y(ratio), RIGHT, y(ratio), "grid")
            yield Words(LEFT - 8, y(ratio) + 4, f"{ratio}", "end", "soft", small=True)
        yield path([(x(n / 200 * last), y(1 / (1 - n / 200 * last))) for n in range(201)], "curve")
        if of.claim > 1:
            needed = 1 - 1 / of.claim
            yield line(LEFT, y(of.claim), RIGHT, y(of.claim), "claim")
            yield line(x(needed), y(of.claim), x(needed), FOOT, "claim")
        yield Words(LEFT + 8, y(of.claim) - 7, of.claim_text, tone="strong")
        if of.here is not None:
            yield from where(of.here)
        yield Words(LEFT - 34, 14, of.up, tone="soft", small=True)
        yield Words(RIGHT, FOOT + 34, of.across, "end", "soft", small=True)

    def where(here: Here) -> Iterator[str | Words]:
        """The words stand above the curve: left of the point where there is room, else right of it and higher."""
        top = 1 / (1 - here.automation) if here.automation < 1 else high
        at, of_curve = x(here.automation), y(top)
        own = y(here.ratio) if here.ratio is not None else of_curve
        yield line(at, min(own, of_curve), at, FOOT, "stem")
        if here.most is not None and here.most > here.automation:
            till = min(here.most, last)
            shares = [here.automation + n / 100 * (till - here.automation) for n in range(101)]
            yield path([(x(share), y(1 / (1 - share))) for share in shares], "span")
            yield circle(x(till), y(1 / (1 - till)), 5, "open")
        yield circle(at, of_curve, 5, "open")
        if here.ratio is not None:
            yield circle(at, own, 6.5, "here")
        wide = width_of(here.text, is_bold=True)
        is_left = at - wide - 8 > LEFT
        ends = min(last, (at + wide - LEFT) / (RIGHT - LEFT))
        base = (of_curve if is_left else y(1 / (1 - ends))) - 12
        if y(of.claim) - 26 < base < y(of.claim) + 18:
            base = y(of.claim) - 26
        yield Words(
            at - 2 if is_left else at + 2, max(base, TOP - 2), here.text, "end" if is_left else "start", "strong"
        )

    told = of.here.text if of.here else ""
    return drawing(of.title, FOOT + 42, parts(), tells=told)
