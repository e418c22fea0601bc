"""What the knowledge itself tells everybody: the company's telephone, its addresses. A customer may quote them."""

import re
from collections.abc import Iterable

from knowledge.privacy.folding import spelling
from knowledge.privacy.mask import mask

_MAY_HOLD = re.compile(r"@|\d[\d\s().-]{5}|\d.{0,80}(?i:st|ave|blvd|rd|ln|dr|way|street|road|box)\b|\d号")


def published(texts: Iterable[str]) -> frozenset[str]:
    """The values in these texts, as `spelling` has them."""
    return frozenset(
        spelling(found.kind, found.value) for text in texts if _MAY_HOLD.search(text) for found in mask(text).found
    )
