"""Addresses of electronic mail, as they are written and as they are read aloud."""

import re
from collections.abc import Iterator

from knowledge.privacy.kinds import Span

_LETTER = "A-Za-z0-9\u00c0-\u024f"
# Groups are not possessive: Python before 3.11.5 keeps what their last, failed round had taken.
_WRITTEN = re.compile(
    rf"(?<![{_LETTER}._%+-])[{_LETTER}_%+'-]++(?:\.++[{_LETTER}_%+'-]++)*\s?@\s?[{_LETTER}-]++(?:\.[{_LETTER}-]++)+"
)
_WORD = r"[a-z0-9_-]{1,30}"
_SPOKEN = re.compile(
    rf"(?:\be-?mail(?: address)?\b|邮箱|邮件)[^@\n]{{0,20}}?(?:\b(?:is|to|at)\b|是|为|到|[:：])[ ]?"
    rf"({_WORD}(?: (?:dot|underscore|dash) {_WORD}){{0,4}} ?(?:\bat\b|艾特|圈a)"
    rf" ?{_WORD}(?: ?(?:\bdot\b|点) ?{_WORD}){{1,3}})",
    re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (Span("email", *found.span()) for found in _WRITTEN.finditer(text))
    yield from (Span("email", *found.span(1)) for found in _SPOKEN.finditer(text))
