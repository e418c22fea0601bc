"""Where somebody may be reached, in what they write: an e-mail address, a telephone number."""

import re

from agent.people.spoken_digits import digits_in
from knowledge.privacy.kinds import PLACEHOLDER
from knowledge.privacy.mask import mask

SHORTEST, LONGEST = 6, 15
"""Digits of a telephone number; E.164 allows 15."""
_ONLY_A_NUMBER = re.compile(r"[\d\s()+\-./,，。]+")


def contact_in(reply: str) -> str:
    """The first one; empty where there is none. A number among other words must look like a telephone's."""
    found = (each.value for each in mask(reply).found if each.kind in ("email", "phone"))
    if contact := next(found, ""):
        return contact
    number = digits_in(reply) if _ONLY_A_NUMBER.fullmatch(reply) else ""
    return number if SHORTEST <= len(number.lstrip("+")) <= LONGEST else ""


def says_more(masked: str) -> bool:
    """Words, beside what was masked."""
    return re.search(r"[^\W\d]{2}|[\u4e00-\u9fff]", PLACEHOLDER.sub("", masked)) is not None
