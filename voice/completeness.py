"""Has the caller finished? From the words so far: a question that is understood has ended, "and my" goes on. Pure.

The strongest sign is that the agent would already answer: a question half said is seldom one that the knowledge holds.
"""

import re
from typing import Literal

Completeness = Literal["nothing", "understood", "likely", "whole", "open", "dictating"]

WAIT_MS: dict[Completeness, float] = {
    "nothing": 300,
    "understood": 250,
    "likely": 500,
    "whole": 1_100,
    "open": 1_600,
    "dictating": 1_500,
}
"""Callers think for up to a second in mid-sentence; what only looks whole is waited for that long."""
LIKELY = 0.3
"""Probability from which a question is taken for one of this knowledge."""
CERTAIN = 0.9
"""From which on a statement has ended, too: "I'd like a coffee" may go on, "How long does it take?" seldom."""

_TRAILS = re.compile(r"(?:[,，、;；:：\-–—]|\.\.\.|…)[\"'”’]*$")
_ASKS = re.compile(
    r"[?？][\"'”’」）)]*$|(?:吗|呢|么)[。]?$|多少|多久|几[点天个号]|怎么|什么|哪|能不能|可不可以|是不是|要不要"
)
_LAST = re.compile(r"[a-z']+(?=\W*$)", re.IGNORECASE)
_NEVER_LAST = frozenset(
    "a an the my your our his their its and or but because if whether while than every each some any i we they "
    "is are was were am um uh er hmm like i'm i've i'd we're they're i'll we'll it's that's there's what's "
    "which".split()
)
_SELDOM_LAST = frozenset(
    "of to in on at for with from by about into onto over under after before between through without until since "
    "can could will would shall should may might must did does has had be been being so then when where how what who "
    "want need wanna gonna please just also very really not don't can't won't didn't doesn't".split()
)
"""They end a question ("what is it for?"), but no other sentence."""
_POLITE_LAST = re.compile(r",? please[.!][\"'”’]*$", re.IGNORECASE)
_OPEN_ZH = re.compile(
    r"(?:和|跟|与|或者|还是|但是|可是|因为|所以|如果|要是|然后|还有|就是|那个|这个|我的|你们的|把|被|给|在|从|向|对于|关于|"
    r"我|我们|想|想要|要|需要|嗯|呃)[。，、]?$"
)
_NUMBER_WORD = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple|dash|hyphen|slash|dot|at|underscore|"
    r"[a-z]\b|\d+)"
)
_JOINT = r"[\s,.\-]+"
_DICTATED = re.compile(
    rf"(?:\b\d[\d\s,.\-]*|\b{_NUMBER_WORD}(?:{_JOINT}{_NUMBER_WORD}){{2,}}|\bdot{_JOINT}[a-z]+{_JOINT}at"
    r"|[零〇一二三四五六七八九幺两\d]{2,})[.。,，]?$|\b\d(?:[\s,.\-]+\d){2,}[?？]$",
    re.IGNORECASE,
)


def completeness(text: str, *, understood: float = 0.0, is_sure: bool = False) -> Completeness:
    """`understood` is the probability that the agent's answer to these words is right; `is_sure`: it would give it."""
    text = text.strip()
    if not re.search(r"\w", text):
        return "nothing"
    if _DICTATED.search(text):
        return "dictating"
    if is_dangling(text):
        return "open"
    asks = bool(_ASKS.search(text))
    if is_sure and (asks or understood >= CERTAIN):
        return "understood"
    return "likely" if asks and understood >= LIKELY else "whole"


def is_dangling(text: str) -> bool:
    """The words ask for more: they end in "and", "my", a comma, 因为."""
    if _TRAILS.search(text):
        return True
    last = _LAST.search(text)
    word = last.group().lower() if last else ""
    if word in _NEVER_LAST or (word in _SELDOM_LAST and not (_ASKS.search(text) or _POLITE_LAST.search(text))):
        return True
    return bool(_OPEN_ZH.search(text))
