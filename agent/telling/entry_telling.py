"""What an entry says to this customer now: all of it, the part that fits, a question first, or a guide's next step.

Pure: an entry, a reply and what was left open go in; words, choices and what is left open now come out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from agent.telling.conditions import OTHER, corrected, named_unasked, replied, replied_freely
from agent.telling.guidance import Move, Moved, choices_at, move
from agent.telling.lead_words import lead_word
from agent.telling.left_open import Asked, LeftOpen, Walk
from agent.telling.offering import Chosen, chosen, taken_up
from agent.turn import Action
from agent.understanding.replies import answers_yes
from knowledge.answers.conditions import Conditional, Missing, Value, choose
from knowledge.answers.guide import Guide
from knowledge.answers.notation import read
from knowledge.entry import Entry


@dataclass(frozen=True)
class Told:
    """`text` is in the answer's notation; empty where the agent has a phrase of its own for the action."""

    action: Action
    reason: str
    left_open: LeftOpen
    text: str = ""
    entry: Entry | None = None
    """What was told, or what would have had to say it."""
    lang: str | None = None
    """Of a reply's answer: "no" and "2" have no language of their own, what they reply to has."""
    confidence: float | None = None
    also: tuple[Entry, ...] = ()
    """Further entries whose answers follow."""


_LONGEST_QUOTED = 80
Find = Callable[[str, str], Entry | None]
"""The entry of an id in a language; None once it is no longer answered."""


def begin(
    entry: Entry,
    question: str,
    *,
    before: LeftOpen,
    confidence: float | None,
    reason: str = "confident",
    said: str | None = None,
) -> Told:
    """Tells an entry from its beginning. A guide on its way is put aside, and taking it up again is offered.

    `question` may hold words of the one before; what the customer `said` now counts more than what is remembered.
    """
    reading = read(entry.answer)
    known = _remembered(before.known)
    if isinstance(reading, Conditional):
        known = named_unasked(question, reading) | known | named_unasked(question if said is None else said, reading)
    after = LeftOpen(known=known, walk=before.walk, form=before.form)
    return _tell(entry, after, confidence=confidence, reason=reason)


def go_on(reply: str, before: LeftOpen, *, find: Find) -> Told | None:
    """Understands a reply to what was left open; None where it is about something else."""
    if before.offered and (picked := chosen(reply, before) or _naming_a_value(reply, before, find=find)):
        return _picked(picked, before, reply, find=find)
    if len(before.offered) > 1 and answers_yes(reply):
        return Told("clarify", "close", before, lead_word("do_you_mean", lang=before.offered[0].lang))
    if before.suggested and (picked := taken_up(reply, before)):
        return _picked(picked, before, reply, find=find)
    if (asked := before.asked) and (entry := find(asked.entry, asked.lang)):
        values = _values(entry, asked.condition)
        if asked.is_answered:
            value = corrected(reply, values)
            named = value.name if value else None
        else:
            named = replied(reply, values, choices=[value.name for value in values])
        if named is not None:
            return _with_value(named, entry, before, asked)
    if (walk := before.walk) and (entry := find(walk.entry, walk.lang)):
        guide = _guide(entry, before)
        is_offered = before.offers(lead_word("go_on", lang=walk.lang))
        if guide and (moved := move(reply, guide, walk, is_offered=is_offered)):
            told = _moved(moved, guide, entry, before)
            return replace(told, lang=walk.lang, confidence=walk.confidence)
    return None


def go_on_anyway(reply: str, before: LeftOpen, *, find: Find) -> Told | None:
    """The same once the knowledge turned out not to answer it either; asks again once, then gives up."""
    asked, walk = before.asked, before.walk
    if asked and not asked.is_answered:
        entry = find(asked.entry, asked.lang)
        if entry and (value := replied_freely(reply, _values(entry, asked.condition))) is not None:
            return _with_value(value, entry, before, asked)
        if entry and not asked.misses:
            text = f"{lead_word('unclear', lang=asked.lang)} {question_of(entry, asked.condition)}"
            opened = replace(before, asked=replace(asked, misses=1))
            return Told("clarify", "unclear", opened, text, lang=asked.lang)
    elif walk and not walk.is_paused and not walk.misses and find(walk.entry, walk.lang):
        unclear = replace(before, walk=replace(walk, misses=1))
        return Told("clarify", "unclear", unclear, lead_word("unclear", lang=walk.lang), lang=walk.lang)
    return None


def put_aside(before: LeftOpen) -> LeftOpen:
    """Something else was answered: what was asked is dropped, a guide or a form waits to be taken up again."""
    walk = replace(before.walk, is_paused=True, misses=0) if before.walk else None
    form = before.form.paused() if before.form else None
    started = [waiting for waiting in (form and before.form, before.walk) if waiting and not waiting.is_paused]
    lang = started[0].lang if started else None
    offered = (lead_word("go_on", lang=lang), lead_word("stop", lang=lang)) if lang else ()
    return LeftOpen(known=before.known, walk=walk, form=form, choices=offered, topic=before.topic)


def tell_several(entries: Sequence[Entry], first: Told) -> Told:
    """The answers to the further questions of one message behind the first; what needs a dialogue of its own is
    offered in its turn."""
    plain = [entry for entry in entries if isinstance(read(entry.answer), str)]
    texts = [first.text, *(entry.answer for entry in plain)]
    later = tuple(entry.question for entry in entries if entry not in plain)
    opened = replace(first.left_open, choices=(*first.left_open.choices, *later))
    return replace(first, text="\n\n".join(texts), left_open=opened, also=tuple(plain))


def tell_beside(entries: Sequence[Entry], errand: Told, *, unsure: str, lang: str) -> Told:
    """An errand with the answers to the further questions of its message: before it, where it asks for something.
    `unsure` is one that has none."""
    plain = [entry for entry in entries if isinstance(read(entry.answer), str)]
    if not errand.text:
        return errand
    texts = [*(entry.answer for entry in plain), admitted(unsure, lang=lang) if unsure else "", errand.text]
    if errand.action != "clarify":
        texts = [texts[-1], *texts[:-1]]
    return replace(errand, text="\n\n".join(filter(None, texts)), also=tuple(plain))


def admitted(unsure: str, *, lang: str) -> str:
    """That a further question of the same message has no sure answer."""
    return lead_word("also_unsure", lang=lang).format(unsure.strip(" ?？.。,，")[:_LONGEST_QUOTED])


def _naming_a_value(reply: str, before: LeftOpen, *, find: Find) -> Chosen | None:
    """ "I'm in Idaho" chooses the entry whose answer hangs on the state."""
    meant = [offer for offer in before.offered if (entry := find(offer.entry, offer.lang)) and _takes(entry, reply)]
    return Chosen(tuple(meant)) if len(meant) == 1 else None


def _takes(entry: Entry, reply: str) -> bool:
    reading = read(entry.answer)
    if not isinstance(reading, Conditional):
        return False
    return any(corrected(reply, reading.values(part.condition)) for part in reading.parts)


def _picked(picked: Chosen, before: LeftOpen, reply: str, *, find: Find) -> Told:
    entries = [(entry, offer) for offer in picked.offers if (entry := find(offer.entry, offer.lang))]
    if not entries:
        return Told("unknown", "none_meant", replace(put_aside(before), suggested=before.further))
    (first, offer), *others = entries
    asked = before.topic.question if before.topic else first.question
    if _takes(first, reply):
        asked = f"{asked} {reply}"
    told = begin(first, asked, before=before, confidence=offer.confidence, reason="clarified")
    told = replace(told, lang=first.lang, confidence=offer.confidence)
    return tell_several([entry for entry, _ in others], told) if others else told


def _tell(entry: Entry, after: LeftOpen, *, confidence: float | None, reason: str) -> Told:
    reading = read(entry.answer)
    if not isinstance(reading, Conditional):
        return _say(reading, entry, after, confidence=confidence, reason=reason)
    part = choose(reading, after.known)
    if isinstance(part, Missing):
        asked = Asked(entry.id, entry.lang, part.condition, confidence)
        form = after.form.paused() if after.form else None
        opened = replace(after, asked=asked, form=form, choices=choices_of(entry, part.condition))
        return Told("clarify", "condition", opened, question_of(entry, part.condition))
    if not part:
        return Told("unknown", "unknown", after, entry=entry)
    # Of several conditions the one named last is the one a correction is about.
    conditions = [each.condition for each in reading.parts if each.condition in after.known]
    corrigible = Asked(entry.id, entry.lang, conditions[-1], confidence, is_answered=True) if conditions else None
    told = _say(read(part), entry, after, confidence=confidence, reason=reason)
    return replace(told, left_open=replace(told.left_open, asked=corrigible)) if not told.left_open.walk else told


def _say(
    reading: Conditional | Guide | str, entry: Entry, after: LeftOpen, *, confidence: float | None, reason: str
) -> Told:
    if isinstance(reading, Guide):
        if (walk := after.walk) and walk.entry == entry.id and not walk.is_paused and reading.step(walk.step):
            return _at_step(walk, reading, entry, after)
        first = reading.steps[0]
        walk = Walk(entry.id, entry.lang, first.number, confidence=confidence)
        return _at_step(walk, reading, entry, after, intro=reading.intro)
    text = reading if isinstance(reading, str) else entry.answer
    aside = put_aside(after)
    offer = f"\n\n{lead_word('go_on_offer', lang=entry.lang)}" if aside.choices else ""
    return Told("answer", reason, aside, text + offer, entry)


def _at_step(walk: Walk, guide: Guide, entry: Entry, after: LeftOpen, *, intro: str = "") -> Told:
    step = guide.step(walk.step)
    assert step is not None, "a guide's branches arrive"
    text = f"{intro}\n\n{step.text}" if intro else step.text
    choices = choices_at(guide, step, lang=walk.lang)
    opened = replace(put_aside(after), walk=replace(walk, misses=0), choices=choices)
    return Told("answer", "guide", opened, text, entry)


def _moved(moved: Move, guide: Guide, entry: Entry, before: LeftOpen) -> Told:
    if isinstance(moved, Moved):
        return _at_step(moved.walk, guide, entry, before)
    paused = LeftOpen(before.known, walk=replace(moved.walk, is_paused=True))
    match moved.how:
        case "done":
            done = lead_word("guide_done", lang=moved.walk.lang)
            return Told("answer", "guide_done", LeftOpen(_remembered(before.known)), done, entry)
        case "stopped":
            return Told("answer", "guide_stopped", paused, lead_word("guide_stopped", lang=moved.walk.lang))
        case "colleague":
            return Told("handoff", "guide", paused)
        case _:
            assert_never(moved.how)


def _with_value(value: str, entry: Entry, before: LeftOpen, asked: Asked) -> Told:
    after = LeftOpen(known={**before.known, asked.condition: value}, walk=before.walk, form=before.form)
    told = _tell(entry, after, confidence=asked.confidence, reason="condition_named")
    told = replace(told, lang=asked.lang, confidence=asked.confidence)
    if told.left_open.walk:
        return told
    return replace(told, left_open=replace(told.left_open, known=_remembered(told.left_open.known)))


def _remembered(known: dict[str, str]) -> dict[str, str]:
    """ "None of these" answers one entry, but is no value that another could go by."""
    return {condition: value for condition, value in known.items() if value != OTHER}


def _values(entry: Entry, condition: str) -> tuple[Value, ...]:
    reading = read(entry.answer)
    return reading.values(condition) if isinstance(reading, Conditional) else ()


def question_of(entry: Entry, condition: str) -> str:
    """The writer's words to ask for a condition with, else our own."""
    reading = read(entry.answer)
    words = reading.question(condition) if isinstance(reading, Conditional) else ""
    return words or lead_word("which", lang=entry.lang).format(condition)


def choices_of(entry: Entry, condition: str) -> tuple[str, ...]:
    """The values to choose from, and that it is none of them."""
    return (*(value.name for value in _values(entry, condition)), lead_word("other", lang=entry.lang))


def _guide(entry: Entry, before: LeftOpen) -> Guide | None:
    """The entry, or its part that holds for this customer, where that is a guide still."""
    reading = read(entry.answer)
    if isinstance(reading, Conditional):
        part = choose(reading, before.known)
        reading = "" if isinstance(part, Missing) else read(part)
    return reading if isinstance(reading, Guide) else None
