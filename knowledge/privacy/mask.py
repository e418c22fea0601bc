"""Takes out of a text what says who somebody is, or opens a door. Prices, dates, order and product numbers stay."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.privacy.addresses import find_addresses
from knowledge.privacy.digits import runs
from knowledge.privacy.emails import find_emails
from knowledge.privacy.kinds import PLACEHOLDER, Kind, Span, is_chinese, placeholder
from knowledge.privacy.named import find_named
from knowledge.privacy.numbers import find_accounts, find_cards, find_ids
from knowledge.privacy.phones import find_phones
from knowledge.privacy.secrets import find_secrets

_BY_DIGITS = (find_ids, find_cards, find_accounts, find_phones, find_named, find_addresses)
"""In order: the first to recognise something says what it is."""
_FEWEST_DIGITS = 3
_HAS_DIGIT = re.compile("[0-9零〇一幺二两三四五六七八九十百]")
_WIDE = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，：；！？"},
    **dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000), 0x20),
}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
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
    pieces = _between(text, [match.span() for match in PLACEHOLDER.finditer(text)], start=0, end=len(text))
    while pieces:
        start, end = pieces.pop()
        taken = []
        for span in _recognised(text[start:end]):
            first, last = start + span.start, start + span.end
            if put := name(span.kind, text[first:last]):
                taken.append((first, last))
                found.append((first, last, Found(span.kind, text[first:last], put)))
        if taken:  # what is left is looked at by itself, as it will be when it is masked again
            pieces += _between(text, taken, start=start, end=end)
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
    given: dict[tuple[Kind, str], str] = {}
    counts = Counter[str]()

    def name(kind: Kind, value: str) -> str:
        if (kind, value) not in given:
            first = placeholder(kind, folded(value), is_chinese=is_chinese)
            counts[first] += 1
            given[kind, value] = placeholder(kind, folded(value), number=counts[first], is_chinese=is_chinese)
        return given[kind, value]

    return name


def folded(text: str) -> str:
    """Full-width signs, other scripts' digits and hard spaces as ASCII, character for character."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text.translate(_WIDE))


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


def _between(text: str, taken: list[tuple[int, int]], *, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches that are left, without those that say nothing."""
    edges = [start, *(edge for span in taken for edge in span), end]
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if text[first:last].strip()]
