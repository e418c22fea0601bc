"""Asks for what a tool needs, one thing at a time, and for a yes where it changes something. A pure machine: a reply
and how far the form has come go in; what comes next comes out. Values are in their normal form throughout.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from agent.acting.errand import Errand, Slot
from agent.acting.values import Flaw, flaw, mentioned, reply
from agent.telling.left_open import Form
from agent.understanding.replies import answers_yes, asks_something, bare, wish

TRIES = 3
"""A reply that is not understood as often as this ends at a colleague."""
_CORRECTS = re.compile(
    r"(?i)^\W*(?:no|nope|sorry|wait|actually|not|i mean|i meant|correction|it should|make (?:it|that)|change|rather)\b"
    r"|^\W*(?:不|错|应该|改|抱歉|等)|\bi mean|\binstead\b|\b(?:should|must) be\b|说错|改成|而是"
)
_SAYS_YES = re.compile(r"(?i)\b(?:yes|yeah|do it|go ahead|send it|book it)\b|是|好|可以|要")
_CANCELS = re.compile(
    r"(?i)\b(?:cancel (?:that|this|it)|never ?mind|forget (?:it|that|about it)|leave it|don't bother"
    r"|stop (?:that|this))\b"
    r"|不用了|算了|不要了|取消吧|别弄了|不办了"
)
_CANNOT_SAY = re.compile(
    r"(?i)\b(?:i (?:do not|don't|dont) (?:have|know|remember)|no idea|not sure|lost it|can't find|cannot find)\b"
    r"|不知道|不记得|忘了|找不到|没有单号|不清楚|不晓得"
)
_SHORTEST_TOPIC = 6
_LONGEST_REPLY = 8
"""Words; a longer message that gives no value may well be another question."""

Why = Literal["first", "unclear", "corrected", "noted"] | Flaw
"""noted: the reply gave something else that is needed; a flaw says what is wrong with what was given."""
_IDENTIFYING = ("proof", "email", "postcode")


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
    """cancelled by the customer; declined at the confirmation, where it may still be changed; or given up: a person
    goes on."""

    how: Literal["cancelled", "declined", "given_up"]


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
        return _next(errand, _filled(form, given), why="first")
    if (_CORRECTS.search(text) or not asks_something(text)) and (
        corrected := _changed(text, form, errand, today=today)
    ):
        return _next(errand, _filled(form, corrected), why="corrected")
    if _CANNOT_SAY.search(text):
        return Ended("given_up")
    if given := _mentioned(_open_slots(errand, form), text, lang=form.lang, today=today) or _told_ahead(
        text, slot, form, errand, today=today
    ):
        return _next(errand, replace(form, given={**form.given, **given}, misses=0), why="noted")
    wrong = flaw(text, slot, lang=form.lang, today=today)
    if wrong is None and (asks_something(text) or len(text.split()) > _LONGEST_REPLY):
        return None
    return missed(form, errand, wrong=wrong)


def missed(form: Form, errand: Errand, *, wrong: Flaw | None = None) -> Step:
    """The reply was nothing the form could use: it asks again, saying what was wrong where that is known, and after
    some tries gives up."""
    again = replace(form, misses=form.misses + 1, is_paused=False)
    if again.misses >= TRIES:
        return Ended("given_up")
    return _next(errand, again, why=wrong or "unclear")


def doubted(form: Form, errand: Errand) -> Asking:
    """After the tool found nothing by what was given: what says whose it is is asked for again, else the first thing.
    The rest stays, and may be corrected instead."""
    slot = next((slot for slot in errand.slots if slot.kind in _IDENTIFYING), errand.slots[0])
    kept = replace(form, stage="asking", asked=slot.name, doubted=slot.name, misses=0, is_paused=False)
    return Asking(kept, slot, "first")


def done(form: Form) -> Form:
    return replace(form, stage="done", asked=None, misses=0, is_paused=False)


def _next(errand: Errand, form: Form, *, why: Why) -> Step:
    missing = next((slot for slot in errand.slots if slot.name not in form.given or slot.name == form.doubted), None)
    if missing:
        return Asking(replace(form, stage="asking", asked=missing.name, is_paused=False), missing, why)
    if errand.changes:
        return Confirming(replace(form, stage="confirming", asked=None, is_paused=False), why)
    return Ready(form)


def _confirmed(text: str, form: Form, errand: Errand, *, today: date) -> Step | None:
    """Another value goes before the yes or no it is said with."""
    if corrected := _changed(text, form, errand, today=today):
        return _next(errand, _filled(form, corrected), why="corrected")
    match answers_yes(text):
        case True if not asks_something(text):
            return Ready(form)
        case False if not asks_something(text):
            return Ended("declined")
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
    if asks_something(text) or len(text.split()) > _LONGEST_REPLY:
        return None
    if form.stage == "confirming":
        if corrected := _changed(text, form, errand, today=today):
            return _next(errand, _filled(form, corrected), why="corrected")
        return _next(errand, form, why="first") if _CORRECTS.search(text) and _SAYS_YES.search(text) else None
    slot = errand.slot(form.asked)
    if slot and slot.kind not in ("text", "time"):
        given = _replied(text, slot, form, errand, today=today)
        return _next(errand, _filled(form, given), why="first") if given else None
    return None


def _corrected_after(text: str, form: Form, errand: Errand, *, today: date) -> Step | None:
    """ "No, 10043" after the answer: the same again for another order."""
    is_short = len(bare(text).split()) <= _LONGEST_REPLY
    if is_short and _CORRECTS.search(text) and (corrected := _changed(text, form, errand, today=today)):
        return _next(errand, _filled(form, corrected), why="corrected")
    return None


def _filled(form: Form, given: Mapping[str, str]) -> Form:
    return replace(form, given={**form.given, **given}, doubted=None, misses=0)


def _open_slots(errand: Errand, form: Form) -> tuple[Slot, ...]:
    return tuple(slot for slot in errand.slots if slot.name not in form.given and slot.name != form.asked)


def _replied(text: str, slot: Slot, form: Form, errand: Errand, *, today: date) -> dict[str, str]:
    """The value asked for, with what else the reply gives; nothing where it corrects an earlier one instead."""
    is_question = asks_something(text)
    if slot.kind == "text":
        found = None if is_question else reply(text, slot, lang=form.lang, today=today)
        return {slot.name: found} if found else {}
    read = mentioned if is_question else reply
    found = read(text, slot, lang=form.lang, today=today)
    if (
        found is None
        or found in _order_numbers(form, errand)
        or (_CORRECTS.search(text) and _changed(text, form, errand, today=today))
    ):
        return {}
    rest = {
        name: value
        for name, value in _mentioned(_open_slots(errand, form), text, lang=form.lang, today=today).items()
        if value != found
    }
    return {**rest, slot.name: found}


def _order_numbers(form: Form, errand: Errand) -> list[str]:
    """What was given already and is said again is no proof of anything."""
    return [form.given[slot.name] for slot in errand.slots if slot.kind == "order_number" and slot.name in form.given]


def _told_ahead(text: str, slot: Slot, form: Form, errand: Errand, *, today: date) -> dict[str, str]:
    """What it is about, said when we asked for the time."""
    topic = next((other for other in _open_slots(errand, form) if other.kind == "text"), None)
    if slot.kind != "time" or topic is None or asks_something(text) or len(bare(text)) < _SHORTEST_TOPIC:
        return {}
    found = reply(text, topic, lang=form.lang, today=today)
    return {topic.name: found} if found else {}


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
