"""The words of a text that say something: stems in English, characters and pairs of them in Chinese."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import Stemmer

from knowledge.facts.figures import figures

_STEMMER = Stemmer.Stemmer("english")
_TOKEN = re.compile(r"[^\W\d_\u3400-\u9fff][^\W_\u3400-\u9fff]*(?:['’][^\W\d_]+)?|[\u3400-\u9fff]+")
_GLUE = frozenset(
    "a an the and or but if then of to in on at by for from with as is are was were be been being am it its this that these those there "
    "here you your yours yourself we our us ours they their them i me my he she his her one ones can could will would may might shall "
    "should do does did done have has had having so such who which what where how why please also well very really just yes no not "
    "cannot can't don't doesn't didn't won't isn't aren't wasn't you'll we'll it's that's you're we're they're i'm there's let's "
    "sure hello hi dear sorry thank thanks kindly however simply note happy glad help question about per each up out into over get gets "
    "make any some than too own via while per around away per approximately roughly usually typically generally means mean "
    "customer customers company".split()
) - {"if", "some", "any", "over", "away", "each", "per", "generally", "usually"}  # fmt: skip
_GLUE_ZH = frozenset(
    "的了是在和与您你我们有就也都请可以吗呢吧能会把被给到得地着过这那您好哦啊呀嗯对为而且则将于并及以个它他她其之此所哪些么什不没"
)
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "cost charg fee price", "buy purchas bought", "send ship mail", "bring take", "item product", "start begin",
        "person human someon", "paid pay payment", "telephon phone", "e-mail email", "sofa couch", "piec item",
        "day daili", "week weekli", "need must requir", "receiv get got",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    text: str
    stem: str
    start: int
    is_named: bool = False
    """Written with a capital where no sentence begins."""


@lru_cache(maxsize=4_096)
def content(text: str) -> tuple[Word, ...]:
    """In order; glue and the words of figures are left out. A Chinese run is cut into characters."""
    taken = [(claim.start, claim.end) for claim in figures(text)]
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        if match[0][0] >= "\u3400":
            found += [
                Word(sign, sign, match.start() + at)
                for at, sign in enumerate(match[0])
                if sign not in _GLUE_ZH and not _is_in(match.start() + at, taken)
            ]
        elif not _is_in(match.start(), taken) and match[0].lower().replace("’", "'") not in _GLUE:
            found.append(Word(match[0], stem(match[0]), match.start(), _is_named(match, text)))
    return tuple(found)


def pairs(text: str) -> frozenset[str]:
    """Neighbouring Chinese characters, figures and glue left out: what tells a word from its characters mixed up."""
    found = set[str]()
    taken = [(claim.start, claim.end) for claim in figures(text) if not claim.is_loose]
    for run in re.finditer(r"[\u3400-\u9fff]+", text):
        kept = [(run.start() + at, sign) for at, sign in enumerate(run[0]) if not _is_in(run.start() + at, taken)]
        found |= {
            one + other
            for (at, one), (after, other) in pairwise(kept)
            if after == at + 1 and one not in _GLUE_ZH and other not in _GLUE_ZH
        }
    return frozenset(found)


def matter(text: str) -> frozenset[str]:
    """What it is about: Latin stems, and pairs of Chinese characters, since single ones stand in every text; they count
    where there is no pair."""
    found = stems(text)
    latin = frozenset(stem for stem in found if stem < "\u3400")
    return latin | (pairs(text) or found)


def mentioned(text: str) -> frozenset[str]:
    """All that another text's matter may be found among."""
    return stems(text) | pairs(text)


def stem(word: str) -> str:
    return str(_STEMMER.stemWord(word.lower().removesuffix("'s").removesuffix("’s")))


def stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in content(text))


def is_among(word: str, known: frozenset[str]) -> bool:
    """The stem itself, another ending of it, or a word that means the same."""
    if word in known:
        return True
    if word >= "\u3400":
        return False
    return any(_is_alike(word, other) for other in known)


@lru_cache(maxsize=50_000)
def _is_alike(one: str, other: str) -> bool:
    if any(one in group and other in group for group in _ALIKE):
        return True
    shared = next((at for at, (ours, theirs) in enumerate(zip(one, other, strict=False)) if ours != theirs), None)
    shortest = min(len(one), len(other))
    shared = shortest if shared is None else shared
    return shared >= max(5, shortest - 1) and max(len(one), len(other)) - shared <= 3


def _is_named(match: re.Match[str], text: str) -> bool:
    before = text[: match.start()].rstrip()
    return match[0][0].isupper() and bool(before) and before[-1] not in '.!?:;"“”。！？：；\n'


def _is_in(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)
