"""Recognises what is no question: a greeting, thanks, small talk, the wish for a person, an answer to our offer.

A message is courtesy when known phrases and fillers cover all of it, so "ok great, thx, bye" needs no entry of its own.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from agent.understanding.person_wanted import wish_for_a_person
from agent.understanding.replies import bare
from agent.understanding.small_talk import small_talk

Polite = Literal[
    "greeting", "thanks", "fine", "how_are_you", "who_are_you", "what_can_you_do", "languages", "goodbye", "yes", "no",
    "small_talk", "wait",
]  # fmt: skip
Courtesy = Literal["person"] | Polite

_PHRASES = Path(__file__).with_name("courtesies.csv")
_RANK: tuple[Polite, ...] = (
    "goodbye", "who_are_you", "languages", "what_can_you_do", "how_are_you", "wait", "thanks", "no", "yes",
    "greeting", "fine",
)  # fmt: skip
"""Of several courtesies in one message the first of these is replied to."""
_DRAWN = re.compile(r"([a-z])\1+")
"""Letters drawn out: a word is known by its letters alone, "heyyy" as "hey" and "hmm" as "hm"."""
_FILLERS = frozenset(
    _DRAWN.sub(
        r"\1",
        "please pls there dime everyone all team guys mate then now well um uh oh ah so just very much a lot again sir "
        "madam buddy dear man really for that this it haha lol hmm anyway today "
        "请 问 吧 呀 啊 了 哦 呢 嗯 您 你 啦 哈 的 那 我 就 先 都 真的",
    ).split()
)
_MOST_CHARACTERS = 120
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCES = re.compile(r"[.!?,;。!?,;、…]+")
_ABOUT_LANGUAGES = 60
_LANGUAGES = re.compile(
    r"\b(?:can|could|may|do|would) (?:we|i|you|u) (?:please |also )?(?:speak|talk|write|chat|switch|continue|answer"
    r"|reply|go on)(?: to me)?(?: (?:in|to))? (?:english|chinese|mandarin)\b"
    r"|\b(?:speak|talk) (?:english|chinese|mandarin)(?: please)?\W*$"
    r"|\b(?:my|his|her) (?:english|chinese) is(?:n't| not) (?:good|great|so good|very good)\W*$"
    r"|(?:可以|能|能不能|可不可以|会|请|方便)(?:不能|用|跟我|和我)*(?:说|讲|用|写|打)(?:中文|英文|英语|汉语|普通话)",
    re.IGNORECASE,
)


def courtesy(text: str) -> Courtesy | None:
    """None for anything that carries a question; the wish for a person is found inside longer messages too."""
    polite = _polite(text)
    wish = wish_for_a_person(text) if polite != "who_are_you" else None
    return wish or polite


def without_thanks(text: str) -> str:
    """Without the sentences that are mere courtesy: "it works again, you're a star"; all where there is no other."""
    kept = [piece.strip() for piece in _SENTENCES.split(text) if piece.strip() and _polite(piece) is None]
    return ". ".join(kept) or text


def _polite(text: str) -> Polite | None:
    if len(text) > _MOST_CHARACTERS:
        return None
    kinds = _covered(_pieces(bare(text)))
    if found := next((kind for kind in _RANK if kind in kinds), None):
        return found
    if _LANGUAGES.search(text) and len(text) <= _ABOUT_LANGUAGES:
        return "languages"
    return "small_talk" if small_talk(text) is not None else None


def _pieces(plain: str) -> tuple[str, ...]:
    """Words, with or without their apostrophes, however long they are drawn ("heyyy"), and in Chinese characters."""
    words = _DRAWN.sub(r"\1", plain.replace("'", "")).split()
    return tuple(piece for word in words for piece in (word if _HAN.search(word) else [word]))


def _covered(pieces: tuple[str, ...]) -> frozenset[Polite]:
    """The kinds of the phrases that cover all pieces, with the fewest fillers; empty where nothing does."""
    phrases, longest = _known()
    best: list[tuple[int, frozenset[Polite]] | None] = [(0, frozenset())]
    for end in range(1, len(pieces) + 1):
        ways = []
        for start in range(max(0, end - longest), end):
            if (before := best[start]) and (kind := phrases.get(pieces[start:end])):
                ways.append((before[0], before[1] | {kind}))
        if (before := best[end - 1]) and pieces[end - 1] in _FILLERS:
            ways.append((before[0] + 1, before[1]))
        best.append(min(ways, key=lambda way: way[0]) if ways else None)
    return best[-1][1] if best[-1] else frozenset()


@cache
def _known() -> tuple[dict[tuple[str, ...], Polite], int]:
    """Phrases as their pieces, and how many the longest has."""
    phrases = {_pieces(bare(phrase)): kind for phrase, kind in listed()}
    return phrases, max(map(len, phrases))


@cache
def listed() -> tuple[tuple[str, Polite], ...]:
    """Every known phrase and its kind."""
    kinds: dict[str, Polite] = {kind: kind for kind in get_args(Polite)}
    with _PHRASES.open(encoding="utf-8", newline="") as file:
        return tuple(
            (phrase, kinds[row["kind"]]) for row in csv.DictReader(file) for phrase in row["phrases"].split("|")
        )
