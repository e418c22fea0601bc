"""Numbers that are known by their check digits and their form: cards, identity cards, bank accounts."""

import re
from collections.abc import Iterator

from knowledge.privacy.checksums import Luhn, is_iban, is_resident_id
from knowledge.privacy.digits import Run
from knowledge.privacy.kinds import Span
from knowledge.privacy.labels import label_before

_SHORTEST, _LONGEST = 13, 19
_SCHEMES = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|(?:6\d|5[06-8])\d{14,17}|9558\d{15}"
)
"""How the numbers of cards begin, and how long they are: Visa, Mastercard, American Express, Diners, JCB, UnionPay,
Discover, Maestro."""
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.](?:19|20)\d\d)(?!\d)")
_EVENLY = re.compile(r"\d{3,}(?P<between>[ -])\d{3,}(?:(?P=between)\d{3,})*")
_CHECK_LETTER = re.compile(r"[\s-]{0,2}[xX×](?![A-Za-z0-9])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,9}(?![A-Za-z0-9])", re.IGNORECASE)
_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])")
_INSURANCE = re.compile(r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z]{2} \d\d \d\d \d\d [A-D](?![A-Za-z0-9])", re.IGNORECASE)
_PASSPORT = re.compile(
    r"(?:\bpassport|护照)"
    r"(?:\s|[:：#]|\b(?:number|no|nr|is)\b|号码|号|是|为|\.)*([A-Z]{1,3}[ -]?\d{6,9})(?![A-Za-z0-9])",
    re.IGNORECASE,
)


def find_ids(text: str, rows: list[Run]) -> Iterator[Span]:
    for run in rows:
        yield from _residents(run, text)
    for pattern in (_SSN, _INSURANCE):
        yield from (Span("id", *found.span()) for found in pattern.finditer(text))
    yield from (Span("id", *found.span(1)) for found in _PASSPORT.finditer(text))


def find_cards(text: str, rows: list[Run]) -> Iterator[Span]:
    for run in rows:
        yield from _cards(run, text)


def find_accounts(text: str, _rows: list[Run]) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        if end := _end_of_iban(found):
            yield Span("account", found.start(), end)


def _residents(run: Run, text: str) -> Iterator[Span]:
    for start in range(len(run.digits) - 14):
        if not run.begins[start]:
            continue
        for length in (18, 17, 15):
            end = start + length
            if end > len(run.digits) or not run.is_whole(start, end):
                continue
            number, (first, last) = run.digits[start:end], run.span(start, end)
            if length == 17:
                letter = _CHECK_LETTER.match(text, last)
                number, last = number + "X", letter.end() if letter else last
                if not letter:
                    continue
            if length == 15 and (not run.is_one(start, end) or label_before(text, first) == "ours"):
                continue
            if is_resident_id(number):
                yield Span("id", first, last)


def _cards(run: Run, text: str) -> Iterator[Span]:
    """Stretches of 13 to 19 digits that pass Luhn's test. Within a longer number only what begins as a card does."""
    count = len(run.digits)
    if count < _SHORTEST:
        return
    luhn = Luhn(run.digits)
    is_free = [True] * count
    found = []
    for start in range(count - _SHORTEST + 1):
        for end in range(min(count, start + _LONGEST), start + _SHORTEST - 1, -1):
            if luhn.holds(start, end) and (rank := _rank(run, start, end, text)) is not None:
                found.append((rank, start, start - end, end))
    if run.is_spoken and not found and label_before(text, run.places[0][0]) != "ours":  # a digit was misheard
        yield Span("number", *run.span(0, count))
    for rank, start, _, end in sorted(found):
        if all(is_free[start:end]):
            first, last = (start, end) if rank == 0 else run.groups(start, end)
            is_free[first:last] = [False] * (last - first)
            place = run.span(first, last)
            yield Span("card" if rank == 0 and label_before(text, place[0]) != "ours" else "number", *place)


def _rank(run: Run, start: int, end: int, text: str) -> int | None:
    """0: a card's number; 1: one hidden in a longer number; 2: any other number that passes; None: chance."""
    is_scheme = _SCHEMES.fullmatch(run.digits, start, end) is not None
    is_whole = run.is_whole(start, end)
    if is_scheme and is_whole:
        return None if _DATE.search(text[slice(*run.span(start, end))]) else 0
    if run.is_one(start, end):
        return 1 if is_scheme else 2 if is_whole else None
    if not is_whole or run.is_spoken or _DATE.search(text[slice(*run.span(start, end))]):
        return None
    return 2 if _EVENLY.fullmatch(text[slice(*run.span(start, end))]) else None


def _end_of_iban(found: re.Match[str]) -> int | None:
    """Where it ends, when it is one: the words after it may look like a part of it."""
    end = found.end()
    while end > found.start() + 14:
        if is_iban(re.sub("[ -]", "", found.string[found.start() : end])):
            return end
        end = found.start() + max(
            found[0].rfind(" ", 0, end - found.start()), found[0].rfind("-", 0, end - found.start())
        )
    return None
