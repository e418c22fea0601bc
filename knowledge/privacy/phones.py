"""Telephone numbers as they are written. Google's numbering plans (phonenumbers) tell them from other numbers."""

import re
from collections.abc import Iterator

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberType,
    is_possible_number,
    number_type,
    parse,
)

from knowledge.privacy.digits import Run
from knowledge.privacy.kinds import Span
from knowledge.privacy.labels import label_before

_SHAPES = (
    (r"(?:\+|\b00) ?\d{1,3}[ ().-]{0,3}\d(?:[ ().-]{0,3}\d){5,12}", ()),
    (r"(?:1[ .-]?)?\(\d{3}\) ?[.-]?\d{3}[ .-]?\d{4}|(?:1[ .-])?\d{3}(?P<us>[ .-])\d{3}(?P=us)\d{4}", ("US",)),
    (r"1[3-9]\d(?P<cn>[ -]?)\d{4}(?P=cn)\d{4}", ("CN",)),
    (r"\(?0\d{1,4}\)?[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}", ("GB", "CN", "DE", "FR")),
)
_SHAPED = tuple(
    (re.compile(rf"(?<![A-Za-z0-9_$€£¥+/])(?<!\d[.,-])(?:{shape})(?![A-Za-z0-9_]|-\d)"), regions)
    for shape, regions in _SHAPES
)
_MOBILE = re.compile(r"1[3-9]\d{9}|07\d{9}")
_BRITISH_MOBILE = re.compile(r"07\d{9}")
"""Among them are those that the plan keeps for films, and customers' typing errors."""
_OF_FIRMS = frozenset(
    (PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.UAN)
)
_NOBODYS = _OF_FIRMS | {PhoneNumberType.UNKNOWN}
_LIKE_A_FIRMS = re.compile(r"1?8|400|0[389]")
_DIGITS = re.compile(r"\d")


def find_phones(text: str, rows: list[Run]) -> Iterator[Span]:
    for shape, regions in _SHAPED:
        for found in shape.finditer(text):
            if _is_phone(found[0], regions) and (found[0][0] == "+" or label_before(text, found.start()) != "ours"):
                yield Span("phone", *found.span())
    for run in rows:
        if run.is_spoken and _MOBILE.fullmatch(run.digits):
            place = run.span(0, 11)
            if label_before(text, place[0]) != "ours":
                yield Span("phone", *place)


def _is_phone(written: str, regions: tuple[str, ...]) -> bool:
    if not regions:
        number = _parsed("+" + written[2:] if written.startswith("00") else written, None)
        return number is not None and is_possible_number(number) and number_type(number) not in _OF_FIRMS
    if _BRITISH_MOBILE.fullmatch("".join(_DIGITS.findall(written))):
        return True
    return any((number := _parsed(written, region)) and number_type(number) not in _NOBODYS for region in regions)


def is_of_a_firm(digits: str) -> bool:
    """Free and shared-cost numbers are no person's."""
    return _LIKE_A_FIRMS.match(digits) is not None and any(
        (number := _parsed(digits, region)) and number_type(number) in _OF_FIRMS for region in ("US", "CN", "GB")
    )


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        return parse(written, region)
    except NumberParseException:
        return None
