"""Runs errands for a customer: the form, the confirmation, the tool, the audit, and what is said of it.

A tool runs only when its turn is the customer's own, whole message: nothing here is ever started ahead.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import structlog

from agent.acting.audit import NOT_FOUND, RUNNING, Audit
from agent.acting.choosing import wanted
from agent.acting.errand import Errand
from agent.acting.forms import Asking, Confirming, Ended, Ready, Step, begin, done, doubted, go_on, missed
from agent.acting.running import ToolFailed, run
from agent.acting.values import masked, options
from agent.acting.wording import MissingField, confirmation, not_found, outcome, question, sentence
from agent.costs import Costs
from agent.telling.entry_telling import Told, put_aside
from agent.telling.lead_words import lead_word
from agent.telling.left_open import Form, LeftOpen
from agent.turn import Turn
from agent.understanding.courtesy import courtesy
from agent.understanding.language import ANSWERED
from agent.understanding.replies import asks_something
from agent.usage import Usage
from knowledge.matching.retriever import Match

log = structlog.get_logger()
MOST_MISSES = 3
"""So often a customer may name an order that is not found, or not theirs; then a person goes on."""
_FAILED = frozenset({RUNNING, "cancelled", "raised", "timeout", "busy", "empty", "too_large", "unusable"})
_NO_REPLIES = ("person", "greeting", "thanks", "goodbye")
_LATIN_WORDS_OF_A_SENTENCE = 3


@dataclass(frozen=True)
class Veil:
    """Personal data rest veiled: arguments are read from restored text, held concealed, restored for the tool."""

    restore: Callable[[str], str] = lambda text: text
    conceal: Callable[[str], str] = lambda text: text


class Actor:
    def __init__(
        self,
        *,
        errands: Callable[[], Mapping[str, Errand]],
        audit: Callable[[], Audit],
        today: Callable[[], date],
        timeout_s: float,
        veil: Callable[[Turn], Veil] = lambda _: Veil(),
    ) -> None:
        """`errands` by id, asked anew each turn."""
        self._errands = errands
        self._audit = audit
        self._today = today
        self._timeout_s = timeout_s
        self._veil = veil

    async def go_on(self, turn: Turn) -> Told | None:
        """A reply to the form that is open; None where there is none, or the message is about something else."""
        form, errand = self._open_form(turn)
        if form is None or errand is None or _is_no_reply(turn.question, form):
            return None
        text = self._veil(turn).restore(turn.question)
        form = replace(form, lang=_lang_of(text, turn, form))
        is_offered = turn.left_open.offers(lead_word("go_on", lang=form.lang))
        step = go_on(text, form, errand, today=self._today(), is_offered=is_offered)
        if isinstance(step, Ended) and step.how == "cancelled" and asks_something(text):
            turn.left_open = self._without(turn)  # "never mind, what does delivery cost?"
            return None
        return await self._take(turn, step, errand, form) if step else None

    async def take_up(self, turn: Turn, found: Sequence[Match], *, costs: Costs, is_answered: bool) -> Told | None:
        """The errand the question wants; or another try at the open form, where the knowledge has no answer either."""
        text = self._veil(turn).restore(turn.question)
        today = self._today()
        chosen = wanted(found, self._errands(), costs=costs)
        form, open_errand = self._open_form(turn)
        if chosen:
            errand, sums = chosen
            turn.candidates.append(sums)
            step = begin(errand, text, lang=turn.lang, today=today, before=form)
            return await self._take(turn, step, errand, Form(errand.name, turn.lang, confidence=sums.p))
        if form and open_errand and not form.is_paused and form.stage != "done" and not is_answered:
            return await self._take(turn, missed(form, open_errand), open_errand, form)
        return None

    def _open_form(self, turn: Turn) -> tuple[Form | None, Errand | None]:
        """Its values restored; an errand that is no longer offered leaves nothing to go on with."""
        form = turn.left_open.form
        if form is None:
            return None, None
        restore = self._veil(turn).restore
        errand = next((each for each in self._errands().values() if each.name == form.errand), None)
        return replace(form, given={name: restore(value) for name, value in form.given.items()}), errand

    async def _take(self, turn: Turn, step: Step, errand: Errand, origin: Form) -> Told:
        """What the step says. Confidence and language stay those the form began with."""
        is_spoken = turn.who.channel == "phone"
        lang = origin.lang
        if isinstance(step, Asking | Confirming) and (told := await self._check(turn, errand, step.form, origin)):
            return told
        match step:
            case Asking():
                choices = options(step.slot, lang=lang)
                left = self._leaving(turn, step.form, origin, choices=choices)
                return Told("clarify", "form", left, question(step, lang=lang), lang=lang, confidence=origin.confidence)
            case Confirming():
                choices = (sentence("yes", lang=lang), sentence("no", lang=lang))
                text = confirmation(errand, step.form, why=step.why, lang=lang, is_spoken=is_spoken)
                left = self._leaving(turn, step.form, origin, choices=choices)
                return Told("clarify", "confirm", left, text, lang=lang, confidence=origin.confidence)
            case Ready():
                return await self._run(turn, errand, replace(step.form, lang=lang, confidence=origin.confidence))
            case Ended(how="declined"):
                left = replace(put_aside(turn.left_open), choices=())
                return Told("answer", "form_declined", left, sentence("declined", lang=lang), lang=lang)
            case Ended(how="cancelled"):
                text = sentence("cancelled", lang=lang)
                return Told("answer", "form_cancelled", self._without(turn), text, lang=lang)
            case Ended():
                return Told("handoff", "form_failed", self._without(turn), lang=lang)
            case _:
                assert_never(step)

    async def _check(self, turn: Turn, errand: Errand, form: Form, origin: Form) -> Told | None:
        """What speaks against the errand, as soon as that can be known; None where nothing does."""
        if errand.check is None or form.doubted:
            return None
        needed = {slot.name: form.given.get(slot.name) for slot in errand.check.slots}
        before, _ = self._open_form(turn)
        known = before.given if before and before.errand == errand.name else {}
        if None in needed.values() or needed == {name: known.get(name) for name in needed}:
            return None
        check = replace(errand.check, told={**errand.check.told, **errand.told})
        begun = replace(form, lang=origin.lang, confidence=origin.confidence)
        result, told = await self._asked(turn, check, begun)
        return None if result in errand.fit else told

    async def _run(self, turn: Turn, errand: Errand, form: Form) -> Told:
        _, told = await self._asked(turn, errand, form)
        return told

    async def _asked(self, turn: Turn, errand: Errand, form: Form) -> tuple[str, Told]:
        """What came of the tool, and what is said of it."""
        arguments = {slot.name: form.given[slot.name] for slot in errand.slots}
        audit = self._audit()
        if await asyncio.to_thread(audit.misses, turn) >= MOST_MISSES:
            return NOT_FOUND, Told("handoff", "not_identified", self._without(turn), lang=form.lang)
        key = audit.key(turn.conversation, errand.name, arguments) if errand.changes else None
        kept = {slot.name: masked(form.given[slot.name], slot) for slot in errand.slots}
        action, before = await asyncio.to_thread(audit.begin, turn, errand.name, kept, key=key)
        if before is not None and "idempotency_key" not in errand.takes:
            if before == NOT_FOUND:
                return before, await self._not_found(turn, errand, form)
            return before, self._not_again(turn, form, before)
        result, text, began = "cancelled", "", time.perf_counter()
        try:
            sent = {**arguments, **_extras(errand, turn, key)}
            facts = await run(errand.name, errand.open_tool, sent, timeout_s=self._timeout_s)
            result = facts.get("outcome", "done")
            if result != NOT_FOUND:
                text = outcome(errand, facts, lang=form.lang, is_spoken=turn.who.channel == "phone")
        except (ToolFailed, MissingField) as error:
            result = error.failure if isinstance(error, ToolFailed) else "unusable"
            log.warning("tool_failed", tool=errand.name, turn=str(turn.id), result=result, why=str(error)[:200])
            return result, self._failed(turn, form)
        finally:
            turn.usage.append(Usage("tool", errand.vendor, errand.name, "call", Decimal(1), turn.at))
            spent_ms = (time.perf_counter() - began) * 1000
            await asyncio.shield(asyncio.to_thread(audit.end, action, result=result, milliseconds=spent_ms))
        if result == NOT_FOUND:
            return result, await self._not_found(turn, errand, form)
        left = self._leaving(turn, done(form), form)
        told = Told("answer", f"tool_{errand.name}", left, text, lang=form.lang, confidence=form.confidence)
        return result, told

    async def _not_found(self, turn: Turn, errand: Errand, form: Form) -> Told:
        """The same words whether there is no such order or it is somebody else's."""
        if not errand.slots or await asyncio.to_thread(self._audit().misses, turn) >= MOST_MISSES:
            return Told("handoff", "not_identified", self._without(turn), lang=form.lang)
        step = doubted(form, errand)
        text = not_found(errand, step, lang=form.lang, is_spoken=turn.who.channel == "phone")
        left = self._leaving(turn, step.form, form)
        return Told("clarify", "not_found", left, text, lang=form.lang, confidence=form.confidence)

    def _not_again(self, turn: Turn, form: Form, before: str) -> Told:
        if before in _FAILED:
            return self._failed(turn, form)
        left = self._leaving(turn, done(form), form)
        return Told("answer", f"tool_{form.errand}", left, sentence("done_already", lang=form.lang), lang=form.lang)

    def _failed(self, turn: Turn, form: Form) -> Told:
        """A plain sentence and the offer of a person; what went wrong is for the log."""
        text = sentence("failed", lang=form.lang)
        return Told("unknown", "tool_failed", self._without(turn), text, lang=form.lang)

    def _leaving(self, turn: Turn, form: Form, origin: Form, *, choices: tuple[str, ...] = ()) -> LeftOpen:
        conceal = self._veil(turn).conceal
        given = {name: conceal(value) for name, value in form.given.items()}
        kept = replace(form, given=given, lang=origin.lang, confidence=origin.confidence)
        return replace(put_aside(turn.left_open), form=kept, choices=choices)

    def _without(self, turn: Turn) -> LeftOpen:
        return replace(put_aside(turn.left_open), form=None, choices=())


def _is_no_reply(text: str, form: Form) -> bool:
    """Thanks before a yes is none: nothing has been done yet."""
    polite = courtesy(text)
    return polite in _NO_REPLIES and not (polite == "thanks" and form.stage == "confirming" and not form.is_paused)


def _extras(errand: Errand, turn: Turn, key: str | None) -> dict[str, Any]:
    extras = {"idempotency_key": key, "conversation": str(turn.conversation)}
    return {name: extras[name] for name in errand.takes}


def _lang_of(text: str, turn: Turn, form: Form) -> str:
    """A number or an address has no language of its own; a sentence switches."""
    if turn.lang not in ANSWERED or turn.lang == form.lang:
        return form.lang
    if turn.lang == "zh":
        return "zh"
    words = [word for word in text.split() if word.isalpha()]
    return "en" if len(words) >= _LATIN_WORDS_OF_A_SENTENCE else form.lang
