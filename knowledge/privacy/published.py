"""What the knowledge itself tells everybody: the company's telephone, its addresses. A customer may quote them."""

import re
from collections.abc import Iterable

from knowledge.privacy.kinds import Kind
from knowledge.privacy.mask import folded, mask

_NOT_DIGIT = re.compile(r"\D")
_NOT_WORD = re.compile(r"[\W_]")
_SUBSCRIBER = 9
"""The last digits of a telephone number, the same with and without the country's code."""
_MAY_HOLD = re.compile(r"@|\d[\d\s().-]{5}|\d.{0,80}(?i:st|ave|blvd|rd|ln|dr|way|street|road|box)\b|\d号")


def published(texts: Iterable[str]) -> frozenset[str]:
    """The values in these texts, as `key` spells them."""
    return frozenset(
        key(found.kind, found.value) for text in texts if _MAY_HOLD.search(text) for found in mask(text).found
    )


def key(kind: Kind, value: str) -> str:
    """One spelling of a value, however it is written."""
    plain = folded(value).casefold()
    return f"{kind} {_NOT_DIGIT.sub('', plain)[-_SUBSCRIBER:] if kind == 'phone' else _NOT_WORD.sub('', plain)}"
