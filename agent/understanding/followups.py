"""Recognises a question that leans on the one before: "and for a table?", "how long does it take?", "那沙发呢?".

Pure: it says how a question leans and what it could mean when it stands alone; which of that is meant, the knowledge
decides by what it has an answer to.
"""

import re
from dataclasses import dataclass
from typing import Literal

from agent.understanding.words import content_words

Leaning = Literal["swap", "correction", "pronoun", "silent"]
"""`swap` puts a new thing into the last question, `correction` too; `pronoun` asks something else of the same thing,
`silent` may do so without a word that shows it ("do I have to book?", "要提前约吗")."""

_LEAD = re.compile(
    r"^\W*(?:(?:ok|okay|right|so|oh|ah|hmm|well|yes|yeah|cool|great|thanks)\W+)*"
    r"(?P<lead>(?:and|but|or|also|then|plus)\b\W*(?:what|how)\s+about\b|(?:what|how)\s+about\b|what\s+if\s+it'?s\b"
    r"|(?:and|but|or|also|then|plus)\b(?:\s+(?:if|when|for|in|on|to|with|after)\b)?|same\s+for\b)\W*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_MEANT = re.compile(
    r"^\W*(?:(?:no|nope|sorry|wait|oops|actually|not that|ah|oh)\W+)*"
    r"(?:i\s+(?:mean|meant|was (?:asking|talking) about|am (?:asking|talking) about)|i'?m (?:asking|talking) about"
    r"|i said)\b\W*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_BUT = re.compile(r"^\W*(?:no\W+)?not\s+(?:the|a|an|my)?\s*\w+\W+(?:but\s+|rather\s+)?(?P<rest>.+)$", re.IGNORECASE)
_ZH_LEAD = re.compile(
    r"^\W*(?:好的?|嗯|哦|行)?\W*(?P<lead>那么|那|还有|如果是|要是|换成|换了?|至于|或者|还是)\W*(?P<rest>.+)$", re.DOTALL
)
_ZH_MEANT = re.compile(
    r"^\W*(?:不是|不对|错了|哦不|抱歉|对不起)?\W*(?:我(?:是)?说的?是|我(?:问|指)的是|我是(?:说|问|指)|应该是)\W*(?P<rest>.+)$",
    re.DOTALL,
)
_ZH_NOT = re.compile(r"^\W*不是.{1,8}?\W*[,,]?\s*是(?P<rest>.+)$", re.DOTALL)
_ZH_TAIL = re.compile(r"(?:来着|呢|的话|怎么样|怎么办|如何|可以吗|行吗|行不行)?\W*$")
_EN_TAIL = re.compile(r"(?:\s+(?:then|instead|too|either|as well|please|though))*\W*$", re.IGNORECASE)
_EDGE = re.compile(
    r"^(?:(?:for|in|on|to|with|from|at|by|of|the|a|an|my|our|your|any|some|its|it's)\s+)+", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:what|when|where|which|who|why|how|can|could|do|does|did|will|would|is|are|was|may|must|should|have|has)\b"
    r"|吗|么|多少|多久|多长|几|怎么|什么|哪|谁|为何|能|可以|会|要",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|it's|its|that|this|they|them|their|those|these|one|ones|there|then)\b|它|这个|那个|这些|那些|这样|那样|这|那|其",
    re.IGNORECASE,
)
_MOST_SWAPPED = 6
"""Words, and two more characters of Chinese: more is a question of its own."""
_MOST_LEANING = 9
_MOST_POINTING = 14
"""In a longer message "it" points to something in the message itself."""
_FEW = 2
_WHOLE = 3
"""Content words of a question that needs none before it."""
_SPACELESS = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class FollowUp:
    leaning: Leaning
    said: str
    """What is new in it: "table" of "and for a table?"."""


def follow_up(text: str) -> FollowUp | None:
    """None for a question that stands alone."""
    for pattern in (_MEANT, _ZH_MEANT, _NOT_BUT, _ZH_NOT):
        if match := pattern.match(text.strip()):
            return FollowUp("correction", _core(match["rest"]))
    for pattern in (_LEAD, _ZH_LEAD):
        if match := pattern.match(text.strip()):
            core = _core(match["rest"])
            if not _is_thing(core) and _is_whole(core):
                return FollowUp("silent", core)
            return FollowUp("swap" if _is_thing(core) else "pronoun", core)
    core = _core(text)
    if text.strip().endswith("呢") or _is_bare(core):
        return FollowUp("swap" if _is_thing(core) else "pronoun", core)
    if len(content_words(core)) < _FEW or (_PRONOUN.search(text) and _is_short(core, words=_MOST_POINTING)):
        return FollowUp("pronoun", core)
    return FollowUp("silent", core) if _is_short(core, words=_MOST_LEANING) else None


def leans(text: str) -> bool:
    """Whether its words show that it leans on another question; without a dictionary, which would have to be loaded."""
    leads = (_MEANT, _ZH_MEANT, _NOT_BUT, _ZH_NOT, _LEAD, _ZH_LEAD)
    return bool(_PRONOUN.search(text)) or any(lead.match(text.strip()) for lead in leads)


def standing_alone(leaning: FollowUp, topic: str, *, replaced: list[str]) -> list[str]:
    """What the question may mean: the new thing in the place of each of `replaced`, and both one after the other."""
    beside = f"{topic} {leaning.said}"
    swapped = [_swap(topic, word, leaning.said) for word in replaced]
    return [*swapped, beside]


def _swap(topic: str, word: str, new: str) -> str:
    if _SPACELESS.search(word):
        return topic.replace(word, new, 1)
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: new, topic, count=1)


def _core(text: str) -> str:
    tail = _ZH_TAIL if _SPACELESS.search(text) else _EN_TAIL
    return _EDGE.sub("", tail.sub("", text.strip())).strip()


def _is_thing(core: str) -> bool:
    """A thing without a verb of asking around it."""
    return bool(core) and _is_short(core, words=_MOST_SWAPPED) and not _ASKS.search(core)


def _is_whole(core: str) -> bool:
    """It asks by itself, of things it names."""
    return _PRONOUN.search(core) is None and len(content_words(core)) >= _WHOLE


def _is_short(core: str, *, words: int) -> bool:
    return len(core) <= words + 2 if _SPACELESS.search(core) else len(core.split()) <= words


def _is_bare(core: str) -> bool:
    """No more than a thing: "the bed", "西雅图"."""
    return _is_thing(core) and (len(core) <= 4 if _SPACELESS.search(core) else len(core.split()) <= _FEW)
