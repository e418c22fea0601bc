"""Cuts a text into sentences, and sentences where what follows stands for itself: at a semicolon or a "but"."""

import re

_SENTENCE = re.compile(
    r"(?<=[!?])\s+|(?<=[^\W\d_]{2}[.])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bNo\.)(?<!\bvs\.)\s+(?![a-z])|(?<=[\d%)\"”][.])\s+(?=[A-Z\"“\u3400-\u9fff])|(?<=[。！？])|\n+"
)
_CONTRAST = re.compile(
    r"\s*[;；]\s*|[,，]\s*(?=(?:but|while|whereas|however|yet)\b|但|不过|而(?!且))|\s+(?=(?:but|whereas)\b)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\s*[,，](?!\d{3})\s*(?:and\s+|or\s+)?|\s+and\s+(?=(?:we|you|it|they|the|this|each|every|our|no|then)\b)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|^\s*(?:[-*+]|\d+\.)(?:\s+|$)|[*_`#>\[\]]", re.MULTILINE)


_GREETING = re.compile(
    r"^\W*(?:(?:hello|hi|dear customer|thank you for (?:asking|your (?:question|message))|please note(?: that)?|good (?:morning|afternoon|evening))\b|"
    r"(?:您好|你好|亲|尊敬的(?:顾客|客户)|感谢您的(?:咨询|提问)|请注意))[\s,.!:，。！：]*",
    re.IGNORECASE,
)


def without_greeting(text: str) -> str:
    return _GREETING.sub("", text)


def plain(text: str) -> str:
    """Without the marks of Markdown: what is bold says nothing else, and a link is its words."""
    return _MARKS.sub("", text)


def sentences(text: str) -> list[str]:
    return [part for sentence in _SENTENCE.split(text) if (part := sentence.strip())]


def statements(text: str) -> list[str]:
    return [part for sentence in sentences(text) for cut in _CONTRAST.split(sentence) if (part := cut.strip())]


def parts(statement: str) -> list[str]:
    """Between commas; a part may be a condition or half an enumeration."""
    return [part for cut in _PART.split(statement) if (part := cut.strip(" ,，.。!！"))]
