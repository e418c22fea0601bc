"""Recognises that somebody asks the same once more: the answer before did not help. Pure."""

import re
from itertools import pairwise

from agent.models.clauses import whole_sentences

_ALIKE = 0.6
_WORD = re.compile(r"[㐀-鿿]|[a-z0-9']+")
_EMPTY = frozenset("a an the is are do does did i you my me to of for please can could would it and so but".split())


def is_the_same(question: str, before: str) -> bool:
    """By the words that carry meaning; a follow-up ("and for a table?") brings words of its own."""
    one, other = _words(question), _words(before)
    if not one or not other:
        return question.strip().casefold() == before.strip().casefold()
    return len(one & other) / len(one | other) >= _ALIKE


def in_short(answer: str) -> str:
    """The answer's first sentence, and its second where the first is but a word or two; never half of it."""
    sentences = whole_sentences()
    parts = [*sentences.feed(answer), *sentences.flush()]
    short = parts[0] if parts else ""
    if len(parts) > 1 and len(short) < (12 if _is_chinese(short) else 30):
        short += parts[1]
    return short.strip()


def _words(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    pairs = {a + b for a, b in pairwise(found) if not (a + b).isascii()}
    return {word for word in found if word.isascii() and word not in _EMPTY} | pairs


def _is_chinese(text: str) -> bool:
    return bool(re.search(r"[㐀-鿿]", text))
