"""A text without what only an eye can use: Markdown, pictographs, odd spaces, digits in other scripts.

What a model writes arrives clause by clause, so that half a link or an unclosed bold must not be read out either.
"""

import re
import unicodedata

_RULES = [
    (re.compile(r"```\w*|`+"), ""),
    (re.compile(r"!\[[^\]\n]*\]\([^()\s]*\)"), ""),
    (re.compile(r"\[([^\]\n]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"\]\((?:https?:|/|mailto:)[^()\s]*\)?"), ""),
    (re.compile(r"(?m)^\s*(?:#{1,6}|[-*+•‣◦▪>]|\|)[ \t]+(?=\S)"), ""),
    (re.compile(r"(?m)^\s*[-*_=|: ]{3,}\s*$"), ""),
    (re.compile(r"\*{2,}|(?<!\w)_{2,}|_{2,}(?!\w)|~~"), ""),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]+)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"\s*\|\s*(?=\S)"), ", "),
    (re.compile(r"(?m)\s*\|\s*$"), ""),
]
_KEPT = "²³"
"""Of square meters."""
_MARKS = "！，．：；？（）、。"
"""Full-width marks are how Chinese is punctuated; full-width letters, digits and signs are not."""


def unmarked(text: str) -> str:
    for rule, plain in _RULES:
        text = rule.sub(plain, text)
    text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))", "", text)
    text = re.sub(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+", " ", text)
    return "".join(_plain(mark, text[at - 1] if at else "") for at, mark in enumerate(text))


def _plain(mark: str, before: str) -> str:
    if mark.isascii() or mark in _KEPT or mark in _MARKS:
        return mark
    if mark.isdecimal():
        return str(unicodedata.decimal(mark))
    kind = unicodedata.category(mark)
    if kind == "No":
        written = unicodedata.normalize("NFKC", mark).replace("⁄", "/")
        return f" {written}" if before.isdecimal() else written if "/" in written else f"{written}, "
    if "\u3380" <= mark <= "\u33df":  # ㎡, ㎏
        return unicodedata.normalize("NFKC", mark)
    if kind in ("So", "Cf", "Cs", "Co", "Cn", "Me") and mark not in "°℃℉":
        return " " if kind == "So" else ""
    return unicodedata.normalize("NFKC", mark) if "\uff01" <= mark <= "\uffee" else mark
