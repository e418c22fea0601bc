"""Understands short replies in both languages: which of the choices was meant, or which wish about the guide.

A sentence that asks something is no reply: it must reach the knowledge.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from knowledge.matching.folding import fold

Wish = Literal["next", "did", "back", "repeat", "stop", "go_on", "done", "not_helped"]
"""`did` means this step, `done` the whole guide."""

_FILLER = re.compile(
    r"\b(?:please|pls|sorry|ok|okay|well|um|uh|er|so|then|now|just|it's|it is|its|i think|i guess|i'd say"
    r"|the|a|an|that is|my|is)\b|[请吧呀啊了哦呢嗯的]",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[^\w\s'’]+|_")
_QUESTION = re.compile(
    r"[?？]|^\W*(?:(?:yes|no|ok|okay|and|but|so|well)\W+)*"
    r"(?:what|how|where|when|why|who|which|can|could|do|does|will|is|are)\b"
    r"|吗|怎么|多少|哪里|哪儿|什么|为什么|多久|几点",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.!,;:。！，；：\n]+|\b(?:and|but|so)\b")
_YES = re.compile(
    r"(?:yes|yeah|yep|yup|y|sure|correct|right|exactly|ok|okay|of course|i do|i did|i have|it is|it's on|it does|it did"
    r"|it has|they are|they do)\b|^(?:是|对|有|嗯|好|可以|能|行|亮了|动了|没错|在亮|会)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|nope|nah|n|not|nothing|never|none|i don't|i do not|i didn't|it isn't|it is not|it's not|isn't|it doesn't"
    r"|it does not|doesn't|it didn't|didn't|it hasn't|they aren't|they don't|still not|still nothing|still doesn't"
    r"|it still doesn't|it won't|won't|can't|i can't)\b|^(?:不|没|否|无|还是不|还是没|还没|仍然不|一点没)",
    re.IGNORECASE,
)
_LONGEST_REPLY = 9
"""Words; with more of them "no" is the beginning of a story."""
_WISHES: dict[Wish, str] = {
    "next": "next|next step|next one|go ahead|what's next|whats next|what next|and then|then|ready|ok|okay|yes|yeah"
    "|下一步|下一个|然后呢|接下来|接着|是|嗯|好|好的",
    "did": "done|i'm done|did it|i did|i did it|i did that|did that|done that|i have done that|i've done that"
    "|完成|做完了|做好了|弄好了|做了|好了|弄完了",
    "back": "back|go back|previous|previous step|step back|one step back|上一步|返回|回去|退回|上一个",
    "repeat": "repeat|repeat that|again|once more|say again|say that again|say it again|pardon|sorry|what|come again"
    "|can you repeat that|could you repeat that|what was that|重复|再说一遍|再说一次|重复一遍|再来一遍|没听清|什么",
    "stop": "stop|cancel|quit|exit|never mind|nevermind|forget it|enough"
    "|停|停止|停下|算了|不用了|退出|取消|先这样|不做了",
    "go_on": "continue|go on|carry on|resume|proceed|keep going|let's go on|lets go on|继续|接着来|接着做|往下",
    "done": "finished|all done|it works|works|works now|it works now|that works|that worked|that did it|that helped"
    "|(?:it|desk|lamp|light) (?:moves|runs|goes|works|is working|is moving|lights up)(?: again| now)*"
    "|it's (?:moving|working|back)(?: again| now)*"
    "|it worked|fixed|it's fixed|solved|problem solved|all good|it started"
    "|全部完成|搞定|搞定了|解决了|修好了|好使了|能用了|可以用了|正常了|成功了|没问题了",
    "not_helped": "(?:it |that |this )?(?:still )?(?:didn't|did not|doesn't|does not|hasn't|won't) "
    "(?:help|work|change anything|do anything|start|move)(?: either)?|no help|not helpful|no luck|no change"
    "|nothing changed|nothing happens|nothing happened|still (?:nothing|not working|broken|the same)"
    "|没用|没有用|没解决|没有解决|没帮助|没有帮助|没效果|没有效果|没变化|没有变化"
    "|没反应|没有反应|还是不行|还是一样|不管用|不行",
}
_ORDINALS = [
    ("first", "1st", "one", "1", "一", "第一", "第1"),
    ("second", "2nd", "two", "2", "二", "两", "第二", "第2"),
    ("third", "3rd", "three", "3", "三", "第三", "第3"),
    ("fourth", "4th", "four", "4", "四", "第四", "第4"),
    ("fifth", "5th", "five", "5", "五", "第五", "第5"),
    ("sixth", "6th", "six", "6", "六", "第六", "第6"),
]
_ORDINAL_FRAME = re.compile(
    r"^(?:the |option |number |choice |answer |选项|选)?(?P<word>[\w\u4e00-\u9fff]+?)"
    r"(?: one| option| choice|个|项|种)?$"
)
_POINTS_AT = re.compile(
    r"\bthe (?=(?:first|second|third) (?:one|question|thing|part)\b)(?P<word>\w+)|(?P<han>第[一二三])个"
)
_POINTED = re.compile(
    r"\b(?:the|that)? ?(?:one|option|choice|question|version)(?: about| for| on| with)?\b"
    r"|(?:关于|选|要)|[那这][个种条]|的问题|那种"
)
_ENDING = re.compile(r"(?<=\w{3})(?:ies|es|s|ing|ed|e|y)$")
_EMPTY = frozenset(
    "i me my we you your it is are be am do does did can could how what which when where who why to of in on at for "
    "from with and or if want wanted need mean meant would like about that this there".split()
)
_QUESTION_MARK = re.compile(r"[.!?:;,。!?:;,]")
_DENIED = re.compile(r"\b(?:no|not|nothing|none|never|nobody)\b|n't\b|[没不无]")
_ARTICLES = re.compile(r"\b(?:the|a|an)\b")


def asks_something(text: str) -> bool:
    return bool(_QUESTION.search(text))


def asks_anywhere(text: str) -> bool:
    """In any clause: "I am so done with you, where is my sofa"."""
    return any(asks_something(clause) for clause in _CLAUSES.split(text))


def bare(text: str) -> str:
    """Without punctuation, case and double spaces, and in one script."""
    return " ".join(_PUNCTUATION.sub(" ", fold(text).casefold().replace("’", "'")).split())


def wish(text: str) -> Wish | None:
    """What a whole reply wants of the guide; fillers around it do not matter."""
    plain = bare(text)
    for candidate in (plain, " ".join(_FILLER.sub(" ", plain).split())):
        for name in _WISHES:
            if candidate and re.fullmatch(_WISHES[name], candidate):
                return name
    return None


def choice_of(text: str, choices: Sequence[str], *, agrees: bool = True) -> int | None:
    """Which choice a reply means: its words, its number, a yes or no, or its words within a short sentence."""
    if text in choices:
        return list(choices).index(text)
    plain = bare(text)
    if not plain:
        return None
    labels = [bare(choice) for choice in choices]
    if plain in labels:
        return labels.index(plain)
    if (at := _ordinal(plain)) is not None and at < len(choices):
        return at
    if asks_something(text) and len(plain.split()) > 2:
        return None
    for is_meant in (_is_within, *([_agrees] if agrees else []), _holds):
        meant = [at for at, label in enumerate(labels) if is_meant(label, plain)]
        if len(meant) == 1:
            return meant[0]
    return _by_words(plain, labels)


def _ordinal(plain: str) -> int | None:
    frame = _ORDINAL_FRAME.match(plain)
    return next((at for at, names in enumerate(_ORDINALS) if frame and frame["word"] in names), None)


def ordinal_in(text: str) -> int | None:
    """Which of several a message points at: "how much was the second one again?"."""
    found = _POINTS_AT.search(bare(text))
    return next((at for at, names in enumerate(_ORDINALS) if found and (found["word"] or found["han"]) in names), None)


def _is_within(label: str, plain: str) -> bool:
    """A label of Latin letters as whole words; "not green" is not green. Yes and no are judged by `_agrees`."""
    label = " ".join(_ARTICLES.sub(" ", label).split())
    if not label or not _is_short(plain) or _YES.fullmatch(label) or _NO.fullmatch(label):
        return False
    found = re.search(rf"(?<!\w){re.escape(label)}(?!\w)" if label.isascii() else re.escape(label), plain)
    return found is not None and not re.search(
        r"\b(?:not|no|isn't|n't)\s*$|[不没]是?$", plain[: found.start()].rstrip()
    )


def _holds(label: str, plain: str) -> bool:
    """ "Green" means "the green light"."""
    said = " ".join(_ARTICLES.sub(" ", _FILLER.sub(" ", plain)).split())
    if not plain.isascii() and plain in label:
        return len(plain) > 1
    if len(said) < 2 or not _is_short(said):
        return False
    return bool(re.search(rf"(?<!\w){re.escape(said)}(?!\w)" if said.isascii() else re.escape(said), label))


def _by_words(plain: str, labels: Sequence[str]) -> int | None:
    """ "The warranty claim one" names what the label puts in other words: all its words, or where it points at a choice
    ("the … one", …那个) those that only one label has."""
    pointed = _POINTED.sub(" ", plain)
    words = _stems(_ARTICLES.sub(" ", _FILLER.sub(" ", pointed) if pointed.isascii() else pointed))
    if not words or not _is_short(plain) or _NO.match(plain):
        return None
    held = [words & _stems(label) for label in labels]
    for at, own in enumerate(held):
        others = set().union(*(other for i, other in enumerate(held) if i != at))
        is_all = own == words
        is_pointed = pointed != plain and bool(own - others) and len(own) * 2 >= len(words)
        if (is_all or is_pointed) and own - others and not others - own:
            return at
    return None


def _stems(text: str) -> set[str]:
    """Words without their endings, and pairs of Chinese characters."""
    words = {_ENDING.sub("", word) or word for word in re.findall(r"[a-z0-9]+", text) if word not in _EMPTY}
    han = "".join(re.findall(r"[\u3400-\u9fff]", text))
    return words | {a + b for a, b in pairwise(han)}


def _agrees(label: str, plain: str) -> bool:
    """Both say yes, or both say no; "it isn't" says no although it begins like a yes."""
    said = answers_yes(plain)
    return said is not None and said == answers_yes(label)


def answers_yes(text: str) -> bool | None:
    """True for yes, False for no, None for neither."""
    plain = bare(text)
    if not _is_short(plain):
        return None
    if _NO.match(plain):
        return False
    return True if _YES.match(plain) else None


def echoes(text: str, question: str) -> bool | None:
    """A statement in the question's own words says yes to it, and with a "not" in it no: "there's a box in its way"."""
    plain = bare(text)
    asked = _QUESTION_MARK.split(question.strip().rstrip("?？"))[-1]
    if asks_something(text) or not _is_short(plain) or not _stems(plain) & _stems(bare(asked)):
        return None
    return _DENIED.search(plain) is None


def _is_short(plain: str) -> bool:
    return len(plain.split()) <= _LONGEST_REPLY and sum(mark > "\u2e7f" for mark in plain) <= 12
