"""Whether a figure is meant as the most or the least: "up to 3", "from $75", 最多, 满, 以内."""

import re

from knowledge.facts.claim import Bound

_MOST_BEFORE = re.compile(
    r"(?:\b(?:up to|at most|no more than|not more than|no later than|maximum(?: of)?|max\.?|within|under|below|less than|"
    r"fewer than|until|by|before)(?: an?| the| about)?\s*|(?:最多|最晚|最迟|不超过|不到|低于|少于|至多|限)(?:只|可|能|为|是)?)$"
)
_LEAST_BEFORE = re.compile(
    r"(?:\b(?:at least|no less than|not less than|minimum(?: of)?|over|above|more than|hotter than|deeper than|exceeding|"
    r"from|starting at|after|since)(?: an?| the| about)?\s*|(?:至少|最少|起码|超过|多于|高于|满|不少于|大于)(?:要|需)?(?:提前)?)$"
)
_MOST_AFTER = re.compile(r"(?:\s(?:or (?:less|under|fewer|below)|at most)\b|(?:之)?(?:以)?内|以下|之内)")
_LEAST_AFTER = re.compile(r"(?:\s(?:or (?:more|over|above|longer)|and (?:up|over)|at least)\b|以上|起(?!来))")
_LOOKED_AT = 24


def bound_at(text: str, start: int, end: int) -> Bound | None:
    before, after = text[max(0, start - _LOOKED_AT) : start], text[end : end + _LOOKED_AT]
    if _MOST_BEFORE.search(before) or _MOST_AFTER.match(after):
        return "most"
    if _LEAST_BEFORE.search(before) or _LEAST_AFTER.match(after):
        return "least"
    return None
