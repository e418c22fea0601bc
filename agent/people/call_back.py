"""Arranging a call-back by ear: the number, the time, whether both were understood, and a message; or in writing, where
a contact needs no reading back. A pure machine.

None where a reply is about something else: then it is answered like any other question.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from agent.people.contact import LONGEST, SHORTEST, contact_in, says_more
from agent.people.spoken_digits import digits_in
from agent.people.words import sentence
from agent.telling.phrases import phrase
from agent.understanding.courtesy import courtesy
from agent.understanding.replies import answers_yes, asks_something

Stage = Literal["number", "time", "confirm", "message"]
_LONGEST_WISH = 80
_ANY_TIME = re.compile(
    r"\b(?:any ?time|whenever|as soon as possible|asap|soon|no preference|i don't mind|doesn't matter)\b"
    r"|随时|都可以|都行|尽快|无所谓|什么时候都",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(?:this|same|my) (?:number|one|phone)\b|(?:这个|本机|现在的|来电)(?:号码|电话|手机)?", re.IGNORECASE
)
_NO = re.compile(
    r"^\W*(?:no|nope|no,? thanks?|no thank you|don't|never mind|不用了?|不要|不必|算了|不了)\W*$", re.IGNORECASE
)


@dataclass(frozen=True)
class CallBack:
    """How far the arranging is; kept with the turn."""

    stage: Stage = "number"
    number: str = ""
    wish: str = ""
    """When, in the caller's words; empty is any time."""
    misses: int = 0
    is_written: bool = False


@dataclass(frozen=True)
class Step:
    """What is said next. `is_agreed` on the way out: to be stored; `after` None: the matter is closed."""

    text: str
    reason: Literal["call_back", "call_back_noted", "call_back_declined", "message_left"]
    after: CallBack | None
    is_agreed: bool = False
    contact: str = ""
    """Where to, as it was written; by ear it is the number before."""


def asked_for(*, has_caller_id: bool, lang: str) -> str:
    return sentence("ask_number_or_this" if has_caller_id else "ask_number", lang=lang)


def go_on(reply: str, before: CallBack, *, caller: str | None, lang: str) -> Step | None:
    """`caller` is the number the call comes from, where the line tells it."""
    if before.is_written:
        return _written(reply, before, lang=lang)
    if _NO.match(reply) and before.stage != "confirm":
        if before.stage == "time":
            return _confirm(replace(before, wish=""), lang=lang)
        if before.stage == "message":
            return None
        return Step(sentence("declined", lang=lang), "call_back_declined", None)
    match before.stage:
        case "number":
            return _number(reply, before, caller=caller, lang=lang)
        case "time":
            return _time(reply, before, lang=lang)
        case "confirm":
            return _confirmed(reply, before, caller=caller, lang=lang)
        case "message":
            return _message(reply, before, lang=lang)


def _written(reply: str, before: CallBack, *, lang: str) -> Step | None:
    if contact := contact_in(reply):
        text = phrase("callback_noted", lang=lang)
        return Step(text, "call_back_noted", None, is_agreed=True, contact=contact)
    if _NO.match(reply):
        return Step(sentence("declined", lang=lang), "call_back_declined", None)
    if answers_yes(reply) and not before.misses:
        return Step(phrase("leave_contact", lang=lang), "call_back", replace(before, misses=1))
    return None


def _number(reply: str, before: CallBack, *, caller: str | None, lang: str) -> Step | None:
    number = digits_in(reply)
    if SHORTEST <= len(number.lstrip("+")) <= LONGEST:
        return _ask_time(replace(before, number=number), lang=lang)
    if caller and not number and (_THIS.search(reply) or answers_yes(reply)):
        return _ask_time(replace(before, number=caller), lang=lang)
    if before.misses or (asks_something(reply) and not number):
        return None
    text = sentence("number_unclear" if number or not answers_yes(reply) else "ask_number", lang=lang)
    return Step(text, "call_back", replace(before, misses=1))


def _ask_time(after: CallBack, *, lang: str) -> Step:
    if after.wish:  # the number alone was wrong
        return _confirm(after, lang=lang)
    return Step(sentence("ask_time", lang=lang), "call_back", replace(after, stage="time", misses=0))


def _time(reply: str, before: CallBack, *, lang: str) -> Step | None:
    if asks_something(reply) and len(reply) > _LONGEST_WISH / 2:
        return None
    wish = "" if _ANY_TIME.search(reply) else " ".join(reply.split()).strip(" .。!！,，")[:_LONGEST_WISH]
    return _confirm(replace(before, wish=wish), lang=lang)


def _confirm(after: CallBack, *, lang: str) -> Step:
    name: Literal["confirm", "confirm_any_time"] = "confirm" if after.wish else "confirm_any_time"
    text = sentence(name, lang=lang).format(number=" ".join(after.number), time=after.wish)
    return Step(text, "call_back", replace(after, stage="confirm", misses=0))


def _confirmed(reply: str, before: CallBack, *, caller: str | None, lang: str) -> Step | None:
    number = digits_in(reply)
    if SHORTEST <= len(number.lstrip("+")) <= LONGEST:  # "no, 503 ..."
        return _confirm(replace(before, number=number), lang=lang)
    agreed = answers_yes(reply)
    if agreed:
        after = replace(before, stage="message", misses=0)
        return Step(sentence("noted", lang=lang), "call_back_noted", after, is_agreed=True)
    if agreed is False or not before.misses:
        again = CallBack() if agreed is False else replace(before, misses=1)
        text = asked_for(has_caller_id=caller is not None, lang=lang) if agreed is False else ""
        return Step(text, "call_back", again) if text else replace(_confirm(before, lang=lang), after=again)
    return None


def _message(reply: str, before: CallBack, *, lang: str) -> Step | None:
    """Whatever tells a colleague something; a question is answered, and a courtesy ends the matter."""
    if courtesy(reply) == "yes" and not before.misses:
        return Step(sentence("say_message", lang=lang), "call_back", replace(before, misses=1))
    if asks_something(reply) or courtesy(reply) is not None or not says_more(reply):
        return None
    return Step(sentence("message_left", lang=lang), "message_left", None, is_agreed=True)
