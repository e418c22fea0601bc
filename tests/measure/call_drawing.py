"""One call as a picture: what the caller said and what they heard, on one axis, with each turn's stages between them.

Pure: samples and turns in, SVG out. Colours follow the reader's light or dark page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np

from voice.audio import RATE_HZ, Samples

WIDTH, HEIGHT = 1200, 360
LEFT, RIGHT = 64, 1188
CALLER_Y, DIME_Y, HALF = 102, 240, 34
BAR_Y, BAR = 148, 12
SHOWN_PEAK = 0.9
"""The same for both sides, so that one that is softer looks softer."""
LATIN_PX, HAN_PX = 6.4, 12.4
LINES = 2
STAGES = {
    "end_of_turn": "wait for more",
    "transcribe": "transcribe",
    "retrieve": "retrieve",
    "model": "model",
    "speak": "speak",
    "line": "line",
}
"""As the books name them; the line is what is left until the first sound at the ear."""

_STYLE = """
text{font:12px system-ui,sans-serif;fill:var(--ink)} .title{font-size:14px;font-weight:600}
.soft{fill:var(--soft)} .small{font-size:10.5px} .ms{font-weight:600}
:root{--paper:#fff;--ink:#1d2430;--soft:#667085;--rule:#d9dee7;--caller:#b4541a;--dime:#20639b;
--end_of_turn:#98a2b3;--transcribe:#7a5af8;--retrieve:#0e9384;--model:#c11574;--speak:#2e90fa;--line:#dc9a0b}
@media (prefers-color-scheme:dark){:root{--paper:#12161d;--ink:#e6e9ef;--soft:#98a2b3;--rule:#303846;--caller:#f29d62;
--dime:#6cb2f0;--end_of_turn:#98a2b3;--transcribe:#a594ff;--retrieve:#2ed3b7;--model:#f670c7;--speak:#53b1fd;
--line:#fdb022}}"""


@dataclass(frozen=True)
class Words:
    """Said or heard from here on."""

    at_s: float
    text: str
    is_aside: bool = False
    """No turn's: a prompt of ours, or a sound that is no question."""


@dataclass(frozen=True)
class Answered:
    """One turn's way from the last word said to the first one heard."""

    asked_to_s: float
    stages: tuple[tuple[str, float, float], ...]
    """Name, where it begins on the axis in seconds, how many ms it took."""
    first_sound_s: float | None

    @property
    def mouth_to_ear_ms(self) -> float | None:
        return None if self.first_sound_s is None else (self.first_sound_s - self.asked_to_s) * 1000

    @property
    def line_ms(self) -> float:
        return max(0.0, (self.mouth_to_ear_ms or 0.0) - sum(ms for _, _, ms in self.stages))


@dataclass(frozen=True, eq=False)
class Drawn:
    title: str
    caller: Samples
    dime: Samples
    """Both 16 kHz, on one timeline."""
    said: Sequence[Words]
    answered: Sequence[Words]
    turns: Sequence[Answered]

    @property
    def seconds(self) -> float:
        return max(len(self.caller), len(self.dime), RATE_HZ) / RATE_HZ


def draw(call: Drawn) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(call.title)}"><style>{_STYLE}</style>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="var(--paper)"/>',
        f'<text class="title" x="12" y="21">{escape(call.title)}</text>',
        *_legend(call),
        *_axis(call.seconds),
        *_lane("caller", call.caller, CALLER_Y, call.seconds),
        *_lane("dime", call.dime, DIME_Y, call.seconds),
        *(line for turn in call.turns for line in _turn(turn, call.seconds)),
        *_figures(call.turns, call.seconds),
        *_lettering(call.said, call.seconds, y=44),
        *_lettering(call.answered, call.seconds, y=292),
        "</svg>\n",
    ]
    return "\n".join(parts)


def envelope(samples: Samples, columns: int, *, seconds: float) -> list[tuple[float, float]]:
    """The lowest and the highest sample of each column."""
    padded = np.pad(samples, (0, max(0, round(seconds * RATE_HZ) - len(samples))))
    edges = np.linspace(0, len(padded), columns + 1).astype(int)
    return [(float(part.min(initial=0.0)), float(part.max(initial=0.0)))
            for part in (padded[a:b] for a, b in pairwise(edges))]  # fmt: skip


def shortened(text: str, width_px: float, *, lines: int = LINES) -> list[str]:
    """As many words as fit into so many lines; the last ends in an ellipsis where some do not."""
    rest, found = " ".join(text.split()), list[str]()
    while rest and len(found) < lines:
        line = _fitting(rest, width_px)
        if not line:
            return [*found[:-1], f"{found[-1].rstrip()}…"] if found else ["…"]
        rest = rest[len(line) :].lstrip()
        found.append(line.rstrip())
    if rest and found:
        last = found[-1]
        while last and _width(f"{last}…") > width_px:
            last = last[:-1]
        found[-1] = f"{last.rstrip(' ,.;')}…"
    return found


def _fitting(text: str, width_px: float) -> str:
    """The longest beginning that fits, cut between words; a Chinese sign is a word."""
    if _width(text) <= width_px:
        return text
    best, used = 0, 0.0
    for at, sign in enumerate(text):
        used += _width(sign)
        if used > width_px:
            break
        if text[at + 1 : at + 2] == " " or _is_wide(sign):
            best = at + 1
    return text[:best]


def _width(text: str) -> float:
    return sum(HAN_PX if _is_wide(sign) else LATIN_PX for sign in text)


def _is_wide(sign: str) -> bool:
    return "⺀" <= sign <= "\uffef"


def _x(at_s: float, seconds: float) -> float:
    return LEFT + (RIGHT - LEFT) * min(max(at_s / seconds, 0.0), 1.0)


def _lane(name: str, samples: Samples, y: int, seconds: float) -> Iterator[str]:
    """One closed outline: the highest of each column to the right, the lowest back; each point told from the last one,
    which takes half the bytes."""
    columns = envelope(samples, RIGHT - LEFT, seconds=seconds)
    highs, lows = [_tenths(high) for _, high in columns], [_tenths(low) for low, _ in reversed(columns)]
    there = " ".join(f"1 {(after - before) / 10:g}" for before, after in pairwise(highs))
    back = " ".join(f"-1 {(after - before) / 10:g}" for before, after in pairwise(lows))
    label = {"caller": "caller", "dime": "Dime"}[name]
    yield f'<text class="soft" x="12" y="{y + 4}">{label}</text>'
    yield f'<path d="M{LEFT} {y}H{RIGHT}" stroke="var(--rule)"/>'
    outline = f"M{LEFT} {y + highs[0] / 10:g}l{there}v{(lows[0] - highs[-1]) / 10:g}l{back}z"
    yield f'<path class="{name}" d="{outline}" fill="var(--{name})" stroke="var(--{name})" stroke-width=".6"/>'


def _tenths(value: float) -> int:
    """Of a pixel, downwards."""
    return round(-10 * HALF * min(max(value / SHOWN_PEAK, -1.0), 1.0))


def _axis(seconds: float) -> Iterator[str]:
    step = next(step for step in (1, 2, 5, 10, 20, 30, 60, 1e9) if seconds / step <= 24)
    y = HEIGHT - 26
    yield f'<path d="M{LEFT} {y}H{RIGHT}" stroke="var(--rule)"/>'
    for n in range(int(seconds / step) + 1):
        x = f"{_x(n * step, seconds):.1f}"
        yield f'<path d="M{x} 62V{y + 4}" stroke="var(--rule)" stroke-width=".5"/>'
        unit = " s" if n == 0 else ""
        yield f'<text class="soft small" x="{x}" y="{y + 17}" text-anchor="middle">{n * step:g}{unit}</text>'


def _legend(call: Drawn) -> Iterator[str]:
    """Of the stages that there are."""
    there = {name for turn in call.turns for name, _, _ in turn.stages} | {"line"}
    x = float(RIGHT)
    for name in reversed([name for name in STAGES if name in there] if call.turns else []):
        x -= len(STAGES[name]) * LATIN_PX + 24
        yield f'<rect x="{x:.0f}" y="12" width="10" height="10" fill="var(--{name})"/>'
        yield f'<text class="soft small" x="{x + 14:.0f}" y="21">{STAGES[name]}</text>'


def _turn(turn: Answered, seconds: float) -> Iterator[str]:
    """To scale: what the server measured, on the bar from the last word said to the first one heard."""
    begin = _x(turn.asked_to_s, seconds)
    if turn.first_sound_s is not None:
        width = _x(turn.first_sound_s, seconds) - begin
        yield f'<rect class="bar" x="{begin:.1f}" y="{BAR_Y}" width="{width:.1f}" height="{BAR}" fill="var(--line)"/>'
        end = begin + width
        yield f'<path d="M{end:.1f} {BAR_Y}V{DIME_Y - HALF}" stroke="var(--ink)" stroke-dasharray="2 2"/>'
    yield f'<path d="M{begin:.1f} {CALLER_Y + HALF}V{BAR_Y + BAR}" stroke="var(--ink)" stroke-dasharray="2 2"/>'
    for name, at_s, ms in turn.stages:
        x, width = _x(at_s, seconds), max(0.4, _x(at_s + ms / 1000, seconds) - _x(at_s, seconds))
        yield (f'<rect class="stage" x="{x:.1f}" y="{BAR_Y}" width="{width:.1f}" height="{BAR}" '
               f'fill="var(--{name})"><title>{STAGES.get(name, name)} {ms:.0f} ms</title></rect>')  # fmt: skip


def _figures(turns: Sequence[Answered], seconds: float) -> Iterator[str]:
    """Under each bar how long it is, and of what it is made; a step lower where the turn before leaves no room."""
    free_from = [0.0, 0.0]
    for turn in turns:
        x = _x(turn.asked_to_s if turn.first_sound_s is None else turn.first_sound_s, seconds) + 5
        told = "no answer" if turn.mouth_to_ear_ms is None else f"{turn.mouth_to_ear_ms:.0f} ms"
        summed = [(name, ms) for name, _, ms in turn.stages] + [("line", turn.line_ms)]
        spent = [(name, f"{ms:.0f}") for name, ms in summed if ms >= 0.5]
        wide = 6 + (len(told) + sum(len(ms) + 3 for _, ms in spent)) * LATIN_PX
        x = min(x, RIGHT - wide)
        row = next((row for row, free in enumerate(free_from) if free <= x), 1)
        free_from[row] = x + wide
        shown = '<tspan class="soft"> + </tspan>'.join(
            f'<tspan style="fill:var(--{name})">{ms}</tspan>' for name, ms in spent
        )
        yield (f'<text x="{x:.1f}" y="{BAR_Y + BAR + 14 + 14 * row}"><tspan class="ms">{told}</tspan>'
               f'<tspan class="soft small"> = </tspan><tspan class="small">{shown}</tspan></text>')  # fmt: skip


def _lettering(words: Sequence[Words], seconds: float, *, y: int) -> Iterator[str]:
    """Where it is said, as much as there is room for until the next words."""
    ordered = sorted(words, key=lambda one: one.at_s)
    begins = [*(_x(one.at_s, seconds) for one in ordered), float(RIGHT)]
    for one, (_, end) in zip(ordered, pairwise(begins), strict=True):
        x = _x(one.at_s, seconds)
        style = ' class="soft" font-style="italic"' if one.is_aside else ""
        for number, line in enumerate(shortened(one.text, max(24.0, end - x - 8))):
            title = f"<title>{escape(one.text)}</title>"
            yield f'<text{style} x="{x:.1f}" y="{y + 15 * number}">{escape(line)}{title}</text>'
