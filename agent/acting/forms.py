"""Asks for what a tool needs, one thing at a time, and for a yes where it changes something. A pure machine: a reply
and how far the form has come go in; what comes next comes out. Values are in their normal form throughout.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from agent.acting.errand import Errand, Slot
from agent.acting.values import mentioned, reply
from agent.telling.left_open import Form
from agent.understanding.replies import answers_yes, asks_something, bare, wish

TRIES = 3
"""A reply that is not understood as often as this ends at a colleague."""
_CORRECTS = re.compile(
    r"(?i)^\W*(?:no|nope|sorry|wait|actually|not|i mean|i meant|correction|it should|make (?:it|that)|change|rather)\b"
    r"|^\W*(?:不|错|应该|改|抱歉|等)|\bi mean|\binstead\b|说错|改成|而是"
)
_CANCELS = re.compile(
    r"(?i)\b(?:cancel (?:that|this|it)|never ?mind|forget (?:it|that|about it)|leave it|don't bother"
    r"|stop (?:that|this))\b"
    r"|不用了|算了|不要了|取消吧|别弄了|不办了"
)
_CANNOT_SAY = re.compile(
    r"(?i)\b(?:i (?:do not|don't|dont) (?:have|know|remember)|no idea|not sure|lost it|can't find|cannot find)\b"
    r"|不知道|不记得|忘了|找不到|没有单号|不清楚|不晓得"
)
_LONGEST_REPLY = 8
"""Words; a longer message that gives no value may well be another question."""

Why = Literal["first", "unclear", "corrected"]


@dataclass(frozen=True)
class Asking:
    """The form asks for a slot, or asks again."""

    form: Form
    slot: Slot
    why: Why


@dataclass(frozen=True)
class Confirming:
    """All is there; what will be done is read back and waits for a yes."""

    form: Form
    why: Why


@dataclass(frozen=True)
class Ready:
    """The tool may run."""

    form: Form


@dataclass(frozen=True)
class Ended:
    """cancelled by the customer, or given up: a person goes on."""

    how: Literal["cancelled", "given_up"]


Step = Asking | Confirming | Ready | Ended


def begin(errand: Errand, text: str, *, lang: str, today: date, before: Form | None = None) -> Step:
    """Takes what the message gives already, and from a form before it whatever has the same name and kind."""
    slots = {slot.name for slot in errand.slots}
    kept = {name: value for name, value in before.given.items() if name in slots} if before else {}
    found = _mentioned(errand.slots, text, lang=lang, today=today)
    return _next(errand, Form(errand.name, lang, kept | found), why="first")


def go_on(text: str, form: Form, errand: Errand, *, today: date, is_offered: bool = False) -> Step | None:
    """None where the message is about something else. `is_offered`: we have just asked whether to go on."""
    if form.stage == "done":
        return _corrected_after(text, form, errand, today=today)
    if form.is_paused:
        return _resumed(text, form, errand, today=today, is_offered=is_offered)
    if _CANCELS.search(text) or wish(text) == "stop":
        return Ended("cancelled")
    if form.stage == "confirming":
        return _confirmed(text, form, errand, today=today)
    slot = errand.slot(form.asked)
    if slot is None:
        return None
    if given := _replied(text, slot, form, errand, today=today):
        return _next(errand, replace(form, given={**form.given, **given}, misses=0), why="first")
    if _CORRECTS.search(text) and (corrected := _changed(text, form, errand, today=today)):
        return _next(errand, replace(form, given={**form.given, **corrected}, misses=0), why="corrected")
    if _CANNOT_SAY.search(text):
        return Ended("given_up")
    if asks_something(text) or len(text.split()) > _LONGEST_REPLY:
        return None
    return missed(form, errand)


def missed(form: Form, errand: Errand) -> Step:
    """The reply was nothing the form could use: it asks again, and after some tries gives up."""
    again = replace(form, misses=form.misses + 1, is_paused=False)
    if again.misses >= TRIES:
        return Ended("given_up")
    return _next(errand, again, why="unclear")


def restarted(form: Form, errand: Errand) -> Asking:
    """From the first question on, after the tool found nothing by what was given."""
    first = errand.slots[0]
    return Asking(replace(form, given={}, stage="asking", asked=first.name, misses=0), first, "first")


def done(form: Form) -> Form:
    return replace(form, stage="done", asked=None, misses=0, is_paused=False)


def _next(errand: Errand, form: Form, *, why: Why) -> Step:
    missing = next((slot for slot in errand.slots if slot.name not in form.given), None)
    if missing:
        return Asking(replace(form, stage="asking", asked=missing.name, is_paused=False), missing, why)
    if errand.changes:
        return Confirming(replace(form, stage="confirming", asked=None, is_paused=False), why)
    return Ready(form)


def _confirmed(text: str, form: Form, errand: Errand, *, today: date) -> Step | None:
    """Another value goes before the yes or no it is said with."""
    if corrected := _changed(text, form, errand, today=today):
        return _next(errand, replace(form, given={**form.given, **corrected}, misses=0), why="corrected")
    match answers_yes(text):
        case True if not asks_something(text):
            return Ready(form)
        case False if not asks_something(text):
            return Ended("cancelled")
        case _:
            return None if asks_something(text) or len(text.split()) > _LONGEST_REPLY else missed(form, errand)


def _resumed(text: str, form: Form, errand: Errand, *, today: date, is_offered: bool) -> Step | None:
    """A form put aside is taken up by "continue" or by the value it asked for; by a yes only right after the offer,
    and that yes confirms nothing."""
    wanted = wish(text)
    says_yes = answers_yes(text) if is_offered else None
    if wanted == "go_on" or says_yes:
        return _next(errand, form, why="first")
    if is_offered and (wanted == "stop" or says_yes is False):
        return Ended("cancelled")
    slot = errand.slot(form.asked)
    if slot and slot.kind != "text" and not asks_something(text) and len(text.split()) <= _LONGEST_REPLY:
        given = _replied(text, slot, form, errand, today=today)
        return _next(errand, replace(form, given={**form.given, **given}), why="first") if given else None
    return None


def _corrected_after(text: str, form: Form, errand: Errand, *, today: date) -> Step | None:
    """ "No, 10043" after the answer: the same again for another order."""
    is_short = len(bare(text).split()) <= _LONGEST_REPLY
    if is_short and _CORRECTS.search(text) and (corrected := _changed(text, form, errand, today=today)):
        return _next(errand, replace(form, given={**form.given, **corrected}, misses=0), why="corrected")
    return None


def _replied(text: str, slot: Slot, form: Form, errand: Errand, *, today: date) -> dict[str, str]:
    """The value asked for, with what else the reply gives; nothing where it corrects an earlier one instead."""
    is_question = asks_something(text)
    if slot.kind == "text":
        is_usable = not is_question and bool(text.strip())
        return {slot.name: found} if is_usable and (found := reply(text, slot, lang=form.lang, today=today)) else {}
    read = mentioned if is_question else reply
    found = read(text, slot, lang=form.lang, today=today)
    if found is None or (_CORRECTS.search(text) and _changed(text, form, errand, today=today)):
        return {}
    others = tuple(other for other in errand.slots if other.name not in form.given and other != slot)
    rest = {
        name: value for name, value in _mentioned(others, text, lang=form.lang, today=today).items() if value != found
    }
    return {**rest, slot.name: found}


def _changed(text: str, form: Form, errand: Errand, *, today: date) -> dict[str, str]:
    """Slots that have a value and are named with another one."""
    known = tuple(slot for slot in errand.slots if slot.name in form.given)
    found = {**_mentioned(known, text, lang=form.lang, today=today), **_chosen(known, text, form, today=today)}
    return {name: value for name, value in found.items() if value != form.given[name]}


def _chosen(slots: tuple[Slot, ...], text: str, form: Form, *, today: date) -> Mapping[str, str]:
    """Another of a choice's options, in a reply that says neither yes nor no alone."""
    if answers_yes(text) is not None and len(bare(text).split()) < 2:
        return {}
    choices = [slot for slot in slots if slot.kind == "choice"]
    read = {slot.name: reply(text, slot, lang=form.lang, today=today) for slot in choices}
    return {name: value for name, value in read.items() if value}


def _mentioned(slots: tuple[Slot, ...], text: str, *, lang: str, today: date) -> dict[str, str]:
    found = {slot.name: mentioned(text, slot, lang=lang, today=today) for slot in slots}
    return {name: value for name, value in found.items() if value}
