"""What is called by a name of its own: addresses, and runs of capitalised words; in Chinese, Latin words and titles."""

import re

from knowledge.facts.claim import Claim
from knowledge.facts.words import content

_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?:https?://|www\.)[^\s,;)。，；）]+"
    r"|\b[A-Za-z0-9-]+\.(?:com|net|org|shop|store|info|io|co|cn|de|uk)\b(?:/[^\s,;)。，；）]*)?"
)
_RUN = re.compile(r"[A-Z][\w'’&-]*(?:(?:\s+(?:&\s+|of\s+)?)[A-Z][\w'’&-]*)+|[A-Z][\w'’&-]*")
_TITLED = re.compile(r"[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|经理|老师|医生|律师|总监|主任)")


def addresses(text: str) -> list[Claim]:
    return [
        Claim("address", match[0].rstrip(".").lower(), start=match.start(), end=match.end(), text=match[0])
        for match in _ADDRESS.finditer(text)
    ]


def names(text: str) -> list[Claim]:
    """A capital at a sentence's beginning is none, unless a second one follows."""
    named = {word.start for word in content(text) if word.is_named}
    is_latin_rare = sum(sign >= "\u3400" for sign in text) > len(text) / 4
    found: list[Claim] = []
    for match in _RUN.finditer(text):
        if is_latin_rare or any(match.start() <= start < match.end() for start in named):
            found.append(Claim("name", match[0].lower(), start=match.start(), end=match.end(), text=match[0]))
    found += [
        Claim("name", match[0], start=match.start(), end=match.end(), text=match[0]) for match in _TITLED.finditer(text)
    ]
    return found
