"""Takes out of a text what says who somebody is, or opens a door. Prices, dates, order and product numbers stay."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.privacy.addresses import find_addresses
from knowledge.privacy.digits import runs
from knowledge.privacy.emails import find_emails
from knowledge.privacy.folding import folded, spelling
from knowledge.privacy.kinds import PLACEHOLDER, Kind, Span, is_chinese, placeholder
from knowledge.privacy.named import find_named
from knowledge.privacy.numbers import find_accounts, find_cards, find_ids
from knowledge.privacy.phones import find_phones
from knowledge.privacy.secrets import find_secrets

_BY_DIGITS = (find_ids, find_cards, find_accounts, find_named, find_phones, find_addresses)
"""In order: the first to recognise something says what it is."""
_FEWEST_DIGITS = _SHORTEST = 3
_LOOKS = 6
"""At most so often, or a hostile text that uncovers one thing after the other would cost the square of its length."""
_HAS_DIGIT = re.compile("[0-9零〇一幺二两三四五六七八九十百]")
_MAY_HOLD_MORE = re.compile(r"[\d@＠]|pass|pwd|key|token|密码|口令|[零〇一幺二两三四五六七八九十]{2}", re.IGNORECASE)
Naming = Callable[[Kind, str], str | None]
"""What stands in place of a value; None leaves it."""


@dataclass(frozen=True)
class Found:
    kind: Kind
    value: str
    placeholder: str


@dataclass(frozen=True)
class Masked:
    text: str
    found: tuple[Found, ...] = ()


def mask(text: str, *, naming: Naming | None = None) -> Masked:
    """The text without them. What is masked already is left, so that masking twice changes nothing."""
    name = naming or numbered(is_chinese=is_chinese(text))
    found: list[tuple[int, int, Found]] = []
    pieces = _between([match.span() for match in PLACEHOLDER.finditer(text)], start=0, end=len(text))
    for _ in range(_LOOKS):
        left: list[tuple[int, int]] = []
        for start, end in pieces:
            taken = []
            for span in _recognised(text[start:end]):
                first, last = start + span.start, start + span.end
                if put := name(span.kind, text[first:last]):
                    taken.append((first, last))
                    found.append((first, last, Found(span.kind, text[first:last], put)))
            if taken:  # what is left is looked at by itself, as it will be when it is masked again
                left += _between(taken, start=start, end=end)
        pieces = [piece for piece in left if _MAY_HOLD_MORE.search(text, *piece)]
    if not found:
        return Masked(text)
    found.sort(key=lambda one: one[0])
    parts, done = [], 0
    for first, last, one in found:
        parts += [text[done:first], one.placeholder]
        done = last
    return Masked("".join([*parts, text[done:]]), tuple(one for _, _, one in found))


def numbered(*, is_chinese: bool) -> Naming:
    """The first of a kind without a number, another one as the second."""
    given: dict[str, str] = {}
    counts = Counter[str]()

    def name(kind: Kind, value: str) -> str:
        key = spelling(kind, value)
        if key not in given:
            first = placeholder(kind, folded(value), is_chinese=is_chinese)
            counts[first] += 1
            given[key] = placeholder(kind, folded(value), number=counts[first], is_chinese=is_chinese)
        return given[key]

    return name


def _recognised(text: str) -> list[Span]:
    """In order, none within another; what overlaps is one, of the kind recognised first."""
    plain = folded(text)
    found = [list(find_secrets(plain)), list(find_emails(plain))]
    rows = runs(plain, at_least=_FEWEST_DIGITS)
    if rows or _HAS_DIGIT.search(plain):
        found += [list(find(plain, rows)) for find in _BY_DIGITS]
    ranked = sorted((span.start, span.end, rank, span.kind) for rank, spans in enumerate(found) for span in spans)
    merged: list[tuple[int, int, int, Kind]] = []
    for start, end, rank, kind in ranked:
        if merged and start < merged[-1][1]:
            before = merged.pop()
            first, named = min((rank, kind), before[2:])
            merged.append((before[0], max(before[1], end), first, named))
        else:
            merged.append((start, end, rank, kind))
    return [Span(kind, start, end) for start, end, _, kind in merged]


def _between(taken: list[tuple[int, int]], *, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches that are left, without those too short to hold anything."""
    edges = [start, *(edge for span in taken for edge in span), end]
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if last - first >= _SHORTEST]
