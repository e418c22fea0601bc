"""Why an entry was found, in what a person can check: the phrasing that came nearest and the words they share."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entry import Entry
from knowledge.matching.lexical import Ngrams, terms
from knowledge.matching.retriever import Match


@dataclass(frozen=True)
class SharedWord:
    """A word of the question that the entry has too, in whatever form; in Chinese a character or a pair."""

    word: str
    rarity: float
    """Inverse document frequency among all phrasings and answers: near 0 for a word that is everywhere."""
    in_phrasing: bool
    in_answer: bool


@dataclass(frozen=True)
class Explanation:
    phrasing: str
    """The way of asking that came nearest by its words and letters."""
    words: tuple[SharedWord, ...]
    """The rarest first, since they say most."""


class Rarity:
    """How rare each term is in this knowledge."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        texts = [text for entry in entries for text in (*entry.phrasings, entry.answer) if text]
        self._size = len(texts)
        self._frequency = Counter(term for text in texts for term in set(terms(text)))

    def of(self, term: str) -> float:
        count = self._frequency.get(term, 0)
        return float(np.log1p((self._size - count + 0.5) / (count + 0.5)))


def explain(question: str, match: Match, *, rarity: Rarity) -> Explanation:
    phrasing = nearest_phrasing(question, match.entry)
    asked, answered = set(terms(phrasing)), set(terms(match.entry.answer))
    shared = [
        SharedWord(word, rarity.of(term), in_phrasing=term in asked, in_answer=term in answered)
        for term, word in _without_parts(_words(question), asked | answered).items()
    ]
    return Explanation(phrasing, tuple(sorted(shared, key=lambda word: -word.rarity)))


def nearest_phrasing(question: str, entry: Entry) -> str:
    letters = Ngrams(entry.phrasings)
    return entry.phrasings[int(letters.nearness(letters.embed([question]))[0].argmax())]


def _words(question: str) -> dict[str, str]:
    """Each term of the question and the word it was made from."""
    found: dict[str, str] = {}
    for word in re.findall(r"\w+", question):
        made = terms(word)
        for term in made:
            found.setdefault(term, word if len(made) == 1 else term)
    return found


def _without_parts(words: dict[str, str], known: set[str]) -> dict[str, str]:
    """Those that the entry has; a Chinese character that is there as part of a pair is not told again."""
    shared = {term: word for term, word in words.items() if term in known}
    pairs = [term for term in shared if len(term) == 2 and not term.isascii()]
    return {term: word for term, word in shared.items() if len(term) > 1 or not any(term in pair for pair in pairs)}
