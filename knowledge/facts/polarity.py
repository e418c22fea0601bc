"""Denials, and the yes or no an answer begins with, in English and Chinese."""

import re
from typing import Literal

Verdict = Literal["yes", "no"]
_EN_NOT = re.compile(
    r"\b(?:not|no|never|cannot|nor|without|neither|none|nothing|nobody|unable|except|refuse to|fail to)\b|n't\b",
    re.IGNORECASE,
)
_ZH_NOT = re.compile(
    r"(?<!能)(?<!是)(?<!要)(?<!会)不(?!客气|好意思|同|仅|但|管|论|妨|错|断|锈)|(?<!能)(?<!是)不(?=能|是|要|会)"
    r"|没有?|无(?!论|线|缝)|未|勿|(?<!除)非(?!常)|(?<![特个级区])别(?!的|处|人|针)|除外"
)
_YES = re.compile(
    r"^\W*(?:yes|yeah|sure|of course|certainly|absolutely|definitely|可以|能(?!量)|支持|是的|有的|会的|当然)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no\b(?! (?:problem|later|more|less|need))|unfortunately|sorry|"
    r"不可以|不能|不支持|不行|不会|没有|抱歉|很抱歉|暂不|无法)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^\W*(?:sure|of course|certainly|absolutely|definitely|当然|好的?|没问题)(?! ?可以| not)\b", re.IGNORECASE
)
_POLAR = re.compile(
    r"^\W*(?:(?:so|and|but|hi|hello|ok|please|then)[, ]+)*(?:can|could|may|do|does|did|is|are|was|will|would|should|must|have|has|am|any chance)\b"
    r"|吗|能不能|可不可以|是不是|有没有|要不要|会不会|行不行|可以不",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^\W*(?:(?P<yes>(?:yes|yeah|yep|sure|of course|certainly|absolutely|definitely|correct)\b(?: (?:of course|indeed|you can|it is)(?=\W*$|,))?"
    r"|(?:是的?|对的?|可以的?|能|会的?|有的?|行|好的?|没问题|当然(?:可以)?|支持)(?=[，,。.！!；\s]|$))"
    r"|(?P<no>(?:no|nope|unfortunately not|sorry, no|not at all)\b(?=\W|$)(?! (?:problem|later|more|less|need|one|longer|extra|charge|fee|cost|account|matter)\b)"
    r"|(?:抱歉[，,])?(?:不|不是|不可以|不能|不会|没有|不行|不用|不需要|不支持|不必)(?=[，,。.！!；\s]|$)))[\s,.!;:，。！；、]*",
    re.IGNORECASE,
)  # fmt: skip


def denials(text: str) -> int:
    return len(_EN_NOT.findall(text)) + len(_ZH_NOT.findall(text))


def denies(text: str) -> bool:
    """Two denials cancel out."""
    return bool(denials(text) % 2)


def leaning(sentence: str) -> int:
    """1 where a sentence sounds like a yes from its first words on, -1 like a no, else 0."""
    return 1 if _YES.match(sentence) else -1 if _NO.match(sentence) else 0


def verdict(text: str) -> tuple[Verdict | None, str]:
    """The yes or no that stands by itself at the beginning, and what follows it."""
    match = _PREFIX.match(text)
    if match is None:
        return None, text
    return ("yes" if match["yes"] else "no"), text[match.end() :]


def is_courtesy(sentence: str) -> bool:
    """A "sure" or 好的, which is a yes only where one was asked for."""
    return bool(_COURTESY.match(sentence))


def asks_yes_or_no(question: str) -> bool:
    return any(_POLAR.search(part) for part in re.split(r"(?<=[.!?。！？,，])\s*", question))
