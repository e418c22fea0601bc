"""Finds the value of a condition in what a customer says: on being asked, unasked, or as a correction."""

import re
from collections.abc import Sequence

from agent.understanding.replies import asks_something, bare, choice_of
from knowledge.answers.conditions import Conditional, Value

OTHER = ""
"""The customer said that none of the values is the one."""

_NEGATED = re.compile(r"(?:\b(?:not|no longer|never|isn't|outside)(?: in| to| from)?|\bfrom|不在|不是|不到|没在)\s*$")
_AROUND = re.compile(
    r"\b(?:actually|no|sorry|wait|i|im|we|i'm|we're|i am|we are|live|living|lives|meant|mean|in|it's|it is|its|for|to"
    r"|from|and|what about|how about|my|our|the|a|an|is|country|state|product|rather|correction|correct|oh|um|uh|well"
    r"|please|here|but|now|then|at|based|moved|have|it|that|that's|ordered|order|one|resident|of|yes|yeah|ok|okay)\b"
    r"|其实|不对|不是|我是说|我说的是|我们|我|住在|住|人在|在|是|那|呢|的|应该|更正|改成|换成|到|寄到|送到|说错了|抱歉|这里|这边|啊|哦|如果"
)
_NOTHING = re.compile(
    r"^(?:other|another(?: one| country| state)?|none(?: of (?:these|those|them))?|neither|elsewhere"
    r"|somewhere else|something else|i don't know|don't know|no idea|not sure|i'm not sure|skip"
    r"|其他|其它|别的|都不是|以上都不是|不知道|不清楚|不确定|没有)$"
)
_VALUE_LIKE_WORDS = 3


def named(text: str, values: Sequence[Value]) -> Value | None:
    """The one value a text names, longest name first; None where it names none, or several."""
    rest = f" {bare(text)} "
    found: dict[Value, None] = {}
    names = [(bare(name), value) for value in values for name in value.names]
    for name, value in sorted(names, key=lambda pair: -len(pair[0])):
        for match in _occurrences(name, rest):
            if not _NEGATED.search(rest[: match.start()].rstrip()):
                found[value] = None
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return next(iter(found)) if len(found) == 1 else None


def corrected(text: str, values: Sequence[Value]) -> Value | None:
    """A value with nothing around it that asks for something else: "actually in Germany", "and to Austria?"."""
    value = named(text, values)
    return value if value is not None and not _left_over(text, value) else None


def replied(text: str, values: Sequence[Value], *, choices: Sequence[str]) -> str | None:
    """The value's name in a reply to our question; OTHER for none of them; None where the reply says neither."""
    if value := corrected(text, values):
        return value.name
    if _NOTHING.match(bare(text)):
        return OTHER
    if (at := choice_of(text, choices)) is not None:
        return next((value.name for value in values if value.is_called(choices[at])), OTHER)
    if value := _mistyped(text, values):
        return value.name
    value = named(text, values)
    return value.name if value is not None and not asks_something(text) else None


def replied_freely(text: str, values: Sequence[Value]) -> str | None:
    """The same for a reply that the knowledge has no answer to: "France" is a value, though none of ours."""
    if value := named(text, values):
        return value.name
    words = _AROUND.sub(" ", bare(text)).split()
    is_value_like = 1 <= len(words) <= _VALUE_LIKE_WORDS and sum(map(len, words)) <= 30
    return OTHER if is_value_like and not asks_something(text) else None


def named_unasked(text: str, conditional: Conditional) -> dict[str, str]:
    """The conditions a question settles by itself: "how long is delivery to Austria?"."""
    conditions = dict.fromkeys(part.condition for part in conditional.parts)
    found = {condition: named(text, conditional.values(condition)) for condition in conditions}
    return {condition: value.name for condition, value in found.items() if value is not None}


def _occurrences(name: str, text: str) -> list[re.Match[str]]:
    """As whole words, or anywhere in a script that has no spaces."""
    if not name:
        return []
    has_spaces = not re.search(r"[\u2e80-\uffff]", name)
    return list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)" if has_spaces else re.escape(name), text))


def _left_over(text: str, value: Value) -> list[str]:
    rest = f" {bare(text)} "
    for name in sorted((bare(name) for name in value.names), key=len, reverse=True):
        for match in reversed(_occurrences(name, rest)):
            rest = rest[: match.start()] + " " + rest[match.end() :]
    return _AROUND.sub(" ", rest).split()


def _mistyped(text: str, values: Sequence[Value]) -> Value | None:
    """One letter wrong in a word of five or more, and only one value it can be: Austira."""
    words = [word for word in _AROUND.sub(" ", bare(text)).split() if len(word) >= 5]
    near = [value for value in values if any(_is_near(bare(name), word) for name in value.names for word in words)]
    return near[0] if len(near) == 1 else None


def _is_near(name: str, word: str) -> bool:
    """One letter changed, missing, too many, or two swapped."""
    if len(name) < 5 or abs(len(name) - len(word)) > 1 or name == word:
        return False
    start = next((at for at, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word)))
    a, b = name[start:], word[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
