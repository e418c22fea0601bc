"""Recognises the wish for a person, or to be spared one, inside longer messages too.

A person is also who carries a sofa or must be at home, so what is wanted of them counts, not the word.
"""

import re
from typing import Literal

_STAFF = r"(?:human|agent|rep|representative|colleague|operator|advis[eo]r|manager|supervisor|boss|employee)s?"
_SOMEBODY = r"(?:person|someone|somebody)"
_BOT = r"(?:(?:chat|ro)?bots?|machines?|computers?|ai)"
_TALK = r"(?:talk|speak|chat|deal)\w*"
_BUSY = r"(?:\w+ed|at|in|there|to (?!talk|speak|help|call|chat|answer|look))"
"""Behind "person": somebody who does a thing, and not one to talk to."""
_REFUSED = re.compile(
    rf"\b(?:no|not|don'?t|do not|without|rather not)\b(?:(?!{_BOT}).){{0,20}}\b(?:{_SOMEBODY}|{_STAFF})\b"
    r"|(?:不用|不要|不需要|不必|别).{0,4}(?:转|人工|真人|客服)",
    re.IGNORECASE,
)
_WANTED = re.compile(
    "|".join(
        (
            rf"\b(?:{_TALK}|(?:transfer|escalate|connect|hand|complain)\w*|(?:get|give|put|pass) me)\b.{{0,24}}"
            rf"\b(?:{_SOMEBODY}|{_STAFF})\b",
            rf"\b{_TALK} (?:to|with) .{{0,12}}\b(?:anyone|anybody|staff|support)\b",
            r"\b(?:real|live|actual) (?:person|human|agent)\b",
            r"\b(?:someone|somebody|anyone|anybody) (?:real|human)\b",
            r"\b(?:human agent|customer service rep\w*)\b",
            r"\b(?:want|need|prefer|rather have|(?:can|could|may) i (?:have|get))\s+(?:a |an |the |some )?"
            rf"(?:person(?!\s+{_BUSY})|{_STAFF})\b(?! (?:discount|price))",
            r"\b(?:transfer me|(?:put|patch) me through|connect me (?:to|with))\b",
            r"\bput (?:a human|a person|someone|somebody) on\b",
            rf"\b{_TALK} (?:to|with) (?:a |an |this |some )?{_BOT}\b",
            rf"\bno (?:more )?{_BOT}\b(?!\s+(?!please|pls|now)\w)",
            r"^\W*(?:\w+\W+){0,3}?(?:a |an )?(?:human|person|agent|operator|representative|colleague)(?: being)?"
            r"(?: please| pls| now| instead)?\W*$",
            r"(?:转|接|找|要|叫|换|给).{0,4}(?:人工|真人|活人|客服|专员|经理|主管|领导|负责人)|人工(?:客服|服务)|真人客服",
            r"^\W*(?:转?人工|换人|(?:我|想|要|帮|给|快|马上|直接|能不能)*[找换]个?人)\W*$",
            r"[找换]个?人来?[跟和]我(?:说|讲|聊|谈)|[跟和][真活]?人(?:说话|聊|讲话|谈)|有没有(?:真人|活人|人工)",
            r"(?:不想|不要|不愿|别|懒得|受够).{0,4}(?:机器人?|AI)(?:说|聊|讲|谈|了|\W*$)",
        )
    ),
    re.IGNORECASE,
)
_WHO_THERE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|ok|wait)\W+)*(?:are (?:you|u)|r u|is this|am i|who)\b", re.IGNORECASE
)
"""Asks who is there, and wants nobody else yet."""


def wish_for_a_person(text: str) -> Literal["person", "no"] | None:
    """`no` for who wants none; None where a person is not spoken of."""
    if _WHO_THERE.match(text) or not _WANTED.search(text):
        return None
    return "no" if _REFUSED.search(text) else "person"
