"""The check digits that tell a number that identifies from any other: small enough to be written out."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)


class Luhn:
    """ISO/IEC 7812-1 for any stretch of one row of digits, each in constant time."""

    def __init__(self, digits: str) -> None:
        values = [int(digit) for digit in digits]
        self._even = _sums([_DOUBLED[value] if place % 2 else value for place, value in enumerate(values)])
        self._odd = _sums([value if place % 2 else _DOUBLED[value] for place, value in enumerate(values)])

    def holds(self, start: int, end: int) -> bool:
        sums = self._even if (end - 1) % 2 == 0 else self._odd
        return (sums[end] - sums[start]) % 10 == 0


def is_resident_id(text: str) -> bool:
    """A Chinese resident's number: 18 characters by GB 11643-1999, or the 15 digits used before."""
    if text[:2] not in _PROVINCES:
        return False
    if len(text) == 15:
        return text.isdecimal() and _is_date(f"19{text[6:12]}")
    if len(text) != 18 or not text[:17].isdecimal() or not _is_date(text[6:14]):
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(text, _RESIDENT_WEIGHTS, strict=False)) % 11
    return text[17].upper() == "10X98765432"[remainder]


def is_iban(text: str) -> bool:
    """ISO 13616: letters as two digits, the first four characters last, and 1 is left of a division by 97."""
    compact = text.upper()
    turned = compact[4:] + compact[:4]
    return 15 <= len(compact) <= 34 and int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _sums(values: Sequence[int]) -> list[int]:
    return list(accumulate(values, initial=0))


def _is_date(text: str) -> bool:
    try:
        return 1900 <= date(int(text[:4]), int(text[4:6]), int(text[6:])).year <= 2100
    except ValueError:
        return False
