"""What a clause leaves out of a passage's statement, so that it says more than the statement does."""

import re
from collections.abc import Iterator

from agent.grounding.evidence import Passage, Statement
from agent.grounding.figured import carries
from knowledge.facts.claim import Claim
from knowledge.facts.conditions import Condition
from knowledge.facts.words import content, is_among, stem, stems

CONDITION_SHARE = 0.5
"""Of a condition's words, so many must be said when what hangs on it is said."""
LIMITS = ("duration", "date", "count")
"""Kinds of figures that bound what is granted: a clause may not grant it without any."""
_RUN = re.compile(r"[\u3400-\u9fff]{3,}")
_AND = re.compile("[和及与或]")


def omitted(said: Statement, known: Statement) -> Iterator[Claim]:
    """A condition, a limit or a day that the passage sets and the clause leaves out, or a condition it makes."""
    for condition in known.conditions:
        if not _is_kept(condition, said):
            yield Claim("condition", condition.text, text=condition.text)
    limits = [
        claim for claim in known.figures if claim.kind in LIMITS and (claim.bound == "most" or claim.low is not None)
    ]
    if limits and not said.figures:
        yield Claim("condition", limits[0].text, text=limits[0].text)
    yield from _days(said, known)
    sorts = {condition.sort for condition in known.conditions}
    for condition in said.conditions:
        if condition.sort not in sorts:
            yield Claim("condition", condition.text, text=condition.text)


def shortened(said: Statement, known: Statement) -> Iterator[str]:
    """Words that the passage never has without those beside them, said without: a gift card is not a card."""
    before: dict[str, list[str | None]] = {}
    words = content(known.text)
    for at, word in enumerate(words):
        last = words[at - 1] if at else None
        is_joined = last is not None and known.text[last.start + len(last.text) : word.start] == " "
        before.setdefault(word.stem, []).append(last.stem if last and is_joined else None)
    for word in content(said.text):
        needed = before.get(word.stem, [None])
        if None not in needed and not any(is_among(stem, said.stems) for stem in needed if stem):
            yield f"{needed[0]} {word.text}"


def cut_short(said: Statement, passage: Passage) -> Iterator[str]:
    """Names of the passage with other letters than there, and Chinese words that have lost their last character."""
    given = {word.text for word in content(passage.text) if word.is_named}
    for word in content(said.text):
        if word.text[0].isupper():
            alike = {_singular(name) for name in given if is_among(word.stem, frozenset({stem(name)}))}
            if alike and _singular(word.text) not in alike:
                yield word.text
    for run in _RUN.findall(_AND.sub(" ", passage.text)):
        cut = run[:-1]
        is_cut = cut in said.text and run not in said.text and cut not in passage.text.replace(run, "")
        if is_cut and content(run[-1]):
            yield cut


def _singular(name: str) -> str:
    return name.lower().replace("’", "'").removesuffix("'s").removesuffix("s")


def _is_kept(condition: Condition, said: Statement) -> bool:
    if not any(own.sort == condition.sort for own in said.conditions):
        return False
    words = stems(condition.text)
    return sum(is_among(word, said.stems) for word in words) >= CONDITION_SHARE * len(words)


def _days(said: Statement, known: Statement) -> Iterator[Claim]:
    """Weekdays of the part of the passage that a part of the clause repeats: Saturdays are not all days."""
    told = [claim for claim in said.figures if claim.kind == "weekday"]
    for part in said.parts:
        like = max(known.parts, key=part.likeness, default=None)
        if like is None or not part.likeness(like):
            continue
        for day in like.figures:
            if day.kind == "weekday" and not any(carries(day, one) for one in told):
                yield Claim("condition", day.text, text=day.text)
