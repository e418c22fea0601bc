"""Stands between the customer and the agent's decisions: acknowledges, hands over, arranges call-backs.

What the agent decided is seen before a word of it is out; only what these reasons change is said otherwise.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agent.events import AgentEvent, Cited, Decided, Finished, HandedOver, Said
from agent.people import call_back
from agent.people.asked_again import in_short, is_the_same
from agent.people.call_back import CallBack
from agent.people.contact import says_more
from agent.people.grave import grave
from agent.people.handing_over import ANGER, GRAVE, MISSES, POLICY, REPEATED, is_for_a_person, reason_to_hand_over
from agent.people.mood import mood_of
from agent.people.words import acknowledgement, joined, sentence
from agent.telling.left_open import LeftOpen
from agent.telling.phrases import Phrase, phrase
from agent.turn import Turn, Who
from agent.understanding.courtesy import courtesy
from agent.understanding.language import ANSWERED, language_of
from agent.understanding.replies import asks_anywhere
from knowledge.entry import Entry

if TYPE_CHECKING:
    from agent.earlier import Earlier

Find = Callable[[str, str], Entry | None]
"""The entry of an id in a language."""


async def _nowhere(turn: Turn, contact: str, wish: str) -> None:
    """A call-back that nobody keeps."""


@dataclass(frozen=True)
class _Changed:
    """What is said instead, and why a person takes over if one does."""

    words: str
    handed_over: str | None = None

    def events(self, turn: Turn) -> list[AgentEvent]:
        decided = Decided(turn.action or "handoff", turn.confidence if turn.confidence is not None else 1.0)
        cited: list[AgentEvent] = [Cited(turn.source)] if turn.source else []
        given: list[AgentEvent] = [HandedOver(self.handed_over)] if self.handed_over else []
        return [decided, *cited, Said(turn.answer), *given, Finished()]


@dataclass(frozen=True)
class People:
    """What web knows of the colleagues, asked anew each turn."""

    is_staffed: Callable[[Who], bool] = lambda _: True
    """Whether this customer can be handed over now."""
    back_at: Callable[[str], str] = lambda lang: ""  # noqa: ARG005
    """When somebody is there again, as a sentence in this language; empty where that is not known."""
    note_call_back: Callable[[Turn, str, str], Awaitable[None]] = _nowhere
    """Keeps a contact and the wished time; done before the customer is told so."""
    restore: Callable[[Turn], str] = lambda turn: turn.question
    """What the customer said with what was masked in it: a number to call."""
    topics: frozenset[str] = field(default_factory=frozenset)
    """Tags, intents and entries that always go to a person."""

    async def attend(
        self, turn: Turn, answering: AsyncGenerator[AgentEvent, None], *, earlier: "list[Earlier]", find: Find
    ) -> AsyncGenerator[AgentEvent, None]:
        """The agent's events, changed where the customer's state asks for it; `answering` is closed in any case."""
        try:
            turn.mood = mood_of(turn.question, turn.manner)
            if (step := _arranging(turn, earlier, reply=self.restore(turn))) is not None:
                async for event in self._arrange(turn, step):
                    yield event
                return
            async for event in answering:
                match event:
                    case Decided():
                        lead = _lead(turn, earlier)
                        if (changed := await self._changed(turn, answering, earlier=earlier, find=find)) is not None:
                            turn.answer = lead + changed.words
                            for instead in changed.events(turn):
                                yield instead
                            return
                        turn.reason = REPEATED if _is_repeated(turn, earlier) else turn.reason
                        turn.answer = lead + turn.answer
                        yield event
                        if lead:
                            yield Said(lead)
                    case Finished() if turn.action == "model" and turn.reason == REPEATED:
                        offer = f" {sentence('else_person', lang=turn.lang)}"
                        turn.answer += offer
                        yield Said(offer)
                        yield event
                    case _:
                        yield event
        finally:
            await answering.aclose()

    def _reason(self, turn: Turn, earlier: "list[Earlier]", *, find: Find) -> str | None:
        """Why this turn goes to a person; None if it does not."""
        if turn.action == "handoff":
            return turn.reason or "asked_for_person"
        if grave(turn.question):
            return GRAVE
        if self._is_policy(turn, find):
            return POLICY
        return reason_to_hand_over(
            REPEATED if _is_repeated(turn, earlier) else turn.reason or "",
            turn.mood,
            asks=asks_anywhere(turn.understood),
            reasons_before=[past.reason for past in earlier],
            moods_before=_moods_since_hand_over(earlier),
        )

    def _is_policy(self, turn: Turn, find: Find) -> bool:
        """What would be answered, asked about or composed is a matter that the company wants a person for."""
        if turn.action not in ("answer", "model", "clarify") or turn.reason == "unclear":
            return False
        named = [turn.source.id if turn.source else None, turn.nearest]
        langs = dict.fromkeys((turn.lang, *ANSWERED))
        found = [
            next(filter(None, (find(name, lang) for lang in langs)), None) for name in dict.fromkeys(named) if name
        ]
        return any(is_for_a_person(entry, self.topics) for entry in found if entry)

    async def _changed(
        self, turn: Turn, answering: AsyncGenerator[AgentEvent, None], *, earlier: "list[Earlier]", find: Find
    ) -> "_Changed | None":
        """What is said in place of the agent's answer; None where that stands."""
        reason = self._reason(turn, earlier, find=find)
        if reason is None:
            if turn.action != "answer" or not _is_repeated(turn, earlier):
                return None
            turn.reason = REPEATED
            return _Changed(_shorter(await _whole(turn, answering), lang=turn.lang))
        if turn.action == "handoff":
            words = await _whole(turn, answering)
            turn.left_open = _set_aside(turn.left_open)
        else:
            kept = await _kept_words(turn, answering, reason)
            words = joined(kept, phrase(self.handing_over(turn), lang=turn.lang), lang=turn.lang)
        turn.action, turn.reason = "handoff", reason
        return _Changed(joined(words, self.without_people(turn), lang=turn.lang), handed_over=reason)

    def handing_over(self, turn: Turn) -> Phrase:
        """Nobody is promised a colleague who is not there."""
        if self.is_staffed(turn.who):
            return "handing_over"
        return "call_again" if turn.who.channel == "phone" else "nobody_at_desk"

    def without_people(self, turn: Turn) -> str:
        """Nobody there: when they are back, and by phone the offer to call, which a chat makes with a form."""
        if self.is_staffed(turn.who):
            return ""
        if turn.call_back_in_words:
            turn.left_open = replace(_set_aside(turn.left_open), call_back=CallBack(is_written=True))
            return joined(self.back_at(turn.lang), phrase("leave_contact", lang=turn.lang), lang=turn.lang)
        if turn.who.channel != "phone":
            return self.back_at(turn.lang)
        turn.left_open = replace(_set_aside(turn.left_open), call_back=CallBack())
        return self.offered_call_back(has_caller_id=turn.caller is not None, lang=turn.lang)

    def offered_call_back(self, *, has_caller_id: bool, lang: str) -> str:
        """When somebody is there, and the question that begins arranging a call-back by phone."""
        return joined(self.back_at(lang), call_back.asked_for(has_caller_id=has_caller_id, lang=lang), lang=lang)

    async def _arrange(self, turn: Turn, step: call_back.Step) -> AsyncGenerator[AgentEvent, None]:
        arranged = turn.left_open.call_back
        turn.left_open = replace(turn.left_open, call_back=step.after)
        turn.action, turn.reason, turn.answer = "answer", step.reason, step.text
        if step.is_agreed and arranged:
            await self.note_call_back(turn, step.contact or arranged.number, arranged.wish)
        yield Decided("answer", 1.0)
        yield Said(step.text)
        yield Finished()


def _arranging(turn: Turn, earlier: "list[Earlier]", *, reply: str) -> call_back.Step | None:
    """A reply while a call-back is being arranged; the wish for a person or a goodbye goes before."""
    before = earlier[-1].left_open.call_back if earlier else None
    if before is None or (before.is_written and earlier[-1].left_open.awaits_a_reply):
        return None
    if courtesy(turn.question) in ("person", "goodbye", "wait"):
        return None
    lang = language_of(turn.question, previous=earlier[-1].lang) if says_more(turn.question) else earlier[-1].lang
    lang = lang if lang in ANSWERED else earlier[-1].lang
    step = call_back.go_on(reply, before, caller=turn.caller, lang=lang)
    if step is not None:
        turn.lang, turn.left_open = lang, earlier[-1].left_open
    return step


def _moods_since_hand_over(earlier: "list[Earlier]") -> list[str | None]:
    moods: list[str | None] = []
    for past in earlier:
        moods = [] if past.action == "handoff" else [*moods, past.mood]
    return moods


def _is_repeated(turn: Turn, earlier: "list[Earlier]") -> bool:
    """The same question led to the same answer within the turns that the agent looks back."""
    if turn.action not in ("answer", "model") or turn.source is None or turn.left_open.walk or turn.left_open.asked:
        return False
    return any(past.source == turn.source.id and is_the_same(turn.question, past.question) for past in earlier)


def _set_aside(before: LeftOpen) -> LeftOpen:
    """Nothing is asked any more, and what was given so far stays for the colleague."""
    walk = replace(before.walk, is_paused=True) if before.walk else None
    return replace(before, asked=None, walk=walk, choices=(), offered=(), further=(), suggested=())


def _lead(turn: Turn, earlier: "list[Earlier]") -> str:
    """The acknowledgement before an answer, with its space."""
    words = acknowledgement(turn.mood, lang=turn.lang, said_before=[past.answer for past in earlier])
    return f"{words} " if words and turn.lang != "zh" else words


async def _whole(turn: Turn, answering: AsyncGenerator[AgentEvent, None]) -> str:
    """All that the agent says to it, before anything is said."""
    async for _ in answering:
        pass
    return turn.answer.strip()


async def _kept_words(turn: Turn, answering: AsyncGenerator[AgentEvent, None], reason: str) -> str:
    """What is said before handing over: an answer that stands by itself is told, a miss is admitted."""
    is_open = turn.left_open.walk or turn.left_open.asked
    if reason in (POLICY, ANGER) and turn.action == "answer" and not is_open:
        return await _whole(turn, answering)
    turn.left_open, turn.source = _set_aside(turn.left_open), None
    if turn.reason == "other_language":
        return ""
    if reason in (POLICY, GRAVE):
        return sentence("policy", lang=turn.lang)
    return sentence("either_unknown" if reason == MISSES else "sorry_angry", lang=turn.lang)


def _shorter(whole: str, *, lang: str) -> str:
    """Once more, with the offer of a person; the agent takes a "yes" after it for one."""
    short = in_short(whole)
    said = joined(sentence("again", lang=lang), short, lang=lang) if short != whole else whole
    return joined(said, sentence("else_person", lang=lang), lang=lang)
