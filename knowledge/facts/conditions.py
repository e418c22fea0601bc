"""What a statement hangs on: "if it is still sealed", "only in our stores", 如果, 只有, 除外."""

import re
from dataclasses import dataclass
from typing import Literal

Sort = Literal["if", "only", "except", "when"]
_MARKERS: tuple[tuple[Sort, str], ...] = (
    ("except", r"\b(?:unless|except(?: for)?|other than|apart from|excluding|excluded|exceptions?)\b|除非|除外|例外|除了?(?!锈|湿|尘|此)|不包括"),
    ("only", r"\b(?:only(?: if| when| for| once)?|just for|solely|exclusively|as long as|provided(?: that)?)\b|只有|只能|只限|仅限?|只(?!要)|才|限(?=门店)"),
    ("if", r"\b(?:if|in case|whether or not)\b|如果|若(?!干)|要是|的话|只要|前提"),
    ("when", r"\b(?:when|once(?! a\b| per\b| for\b| between\b| every\b)|until|while|after|before|till|as soon as)\b|直到|(?<![小有同及随平按准届])时(?=[，,才])"),
)  # fmt: skip
_MARKER = re.compile("|".join(f"(?P<{sort}>{words})" for sort, words in _MARKERS), re.IGNORECASE)
_ENDS = re.compile(r"[,，](?!\d{3})|[;；:：]|\b(?:but|then)\b|[.。!！?？]")


@dataclass(frozen=True)
class Condition:
    sort: Sort
    text: str
    """From its marker to the next comma; in Chinese, where 的话 and 才 follow, from the comma before."""
    start: int
    end: int


def conditions(statement: str) -> list[Condition]:
    found: list[Condition] = []
    for match in _MARKER.finditer(statement):
        sort = next(sort for sort, _ in _MARKERS if match[sort])
        end = next((stop.start() for stop in _ENDS.finditer(statement, match.end())), len(statement))
        start = match.start()
        if not match[0].isascii():
            before = [stop.end() for stop in _ENDS.finditer(statement, 0, start)]
            start = before[-1] if before else 0
        found.append(Condition(sort, statement[start:end].strip(), start, end))
    return found
