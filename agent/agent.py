"""Answers a turn: recognise courtesy and language, retrieve, route, answer, guard. It says nothing it cannot source."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from agent.acting.actor import Actor
from agent.ahead import Ahead, Asked, Look
from agent.costs import Costs, threshold
from agent.earlier import Earlier, set_out
from agent.events import AgentEvent, Cited, Decided, Finished, HandedOver, Holding, Said
from agent.finding import Found, Searcher, find
from agent.grounding.rules import Rule
from agent.models.cascade import Cascade, alone
from agent.models.chat_model import ChatModel
from agent.models.composing import Composing, source_of
from agent.models.grounded import Overdue
from agent.people.attending import People
from agent.people.handing_over import HANDED_OVER
from agent.people.mood import mood_of
from agent.router import Route
from agent.telling.asking_back import ask_back, beside, unknown_words, was_asked_in_vain, worded
from agent.telling.entry_telling import Find, Told, go_on, go_on_anyway, put_aside, tell_beside
from agent.telling.left_open import Offer, Topic
from agent.telling.offering import announces_another, complains, suggest, without_suggestions
from agent.telling.phrases import Phrase, other_language, phrase
from agent.telling.script import traditional
from agent.telling.verbatim import verbatim
from agent.turn import Action, Channel, Turn
from agent.understanding.cleaning import says_something
from agent.understanding.courtesy import Courtesy, courtesy, without_thanks
from agent.understanding.language import ANSWERED, has_words
from agent.understanding.replies import asks_something
from knowledge.matching.retriever import Match

MOST_WEIGHED = 5
"""Entries that the router weighs and a model is shown; those behind them may be suggested beside a person."""
OFFERED = ("unknown", "other_language", "model_silent", "none_meant", "repeated", "tool_failed", *HANDED_OVER)
"""Reasons of a previous turn after which "yes" means: yes, a person please."""


class Agent:
    def __init__(
        self,
        *,
        searcher: Callable[[], Searcher],
        costs: Callable[[Channel], Costs],
        model: Cascade | ChatModel | None = None,
        people: People | None = None,
        actor: Actor | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        rules: Callable[[], Sequence[Rule]] = tuple,
        ahead: Ahead | None = None,
    ) -> None:
        """Knowledge, costs and whether a colleague is there are asked anew each turn: they change under the agent."""
        self.people = people or People()
        self._searcher = searcher
        self._costs = costs
        self._cascade = model if isinstance(model, Cascade) else alone(model)
        self._actor = actor
        self._now = now
        self._rules = rules
        self.ahead = ahead or Ahead()

    def answer(self, turn: Turn, *, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        """Fills the turn and tells what may be released, ending with Finished."""
        answering = self._decide_and_say(turn, earlier=earlier)
        return self.people.attend(turn, answering, earlier=earlier, find=self._searcher().entry)

    def prepare(self, guessed: Turn, *, earlier: list[Earlier]) -> None:
        """Begins to look up what a caller seems to be asking, and returns; `answer` takes what was found if the words
        stay. `guessed` is of their conversation, and is kept nowhere."""
        set_out(guessed, earlier)
        if says_something(guessed.question) and guessed.lang in ANSWERED:
            self.ahead.begin(guessed.conversation, *self._looked_up(guessed, earlier, self._costs(guessed.who.channel)))

    async def grasp(self, guessed: Turn, *, earlier: list[Earlier]) -> tuple[float, bool]:
        """How probably the words so far are answered rightly, and whether they would be. Prepares the answer."""
        set_out(guessed, earlier)
        polite = courtesy(guessed.understood)
        if polite == "greeting":  # more comes behind it
            return 0.0, False
        if polite not in (None, "small_talk") or self._going_on(guessed, earlier):
            return 1.0, True
        self.prepare(guessed, earlier=earlier)
        found = await self.ahead.peek(guessed.conversation)
        if found is None or not found.ranked:
            return 0.0, False
        return found.likelihood, found.likelihood >= threshold(self._costs(guessed.who.channel))

    async def _decide_and_say(self, turn: Turn, *, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        set_out(turn, earlier)
        polite = courtesy(turn.understood)
        if polite != "wait" and (
            told := (self._actor and await self._actor.go_on(turn)) or self._going_on(turn, earlier)
        ):
            events = self._telling(turn, told)
        else:
            events = self._simply(turn, polite, earlier=earlier)
        for event in events:
            yield event
        if not events:
            async with aclosing(self._from_knowledge(turn, earlier=earlier)) as found:
                async for event in found:
                    yield event
        if turn.is_traditional:
            turn.left_open = replace(turn.left_open, choices=tuple(map(traditional, turn.left_open.choices)))
        yield Finished()

    def _simply(self, turn: Turn, polite: Courtesy | None, *, earlier: list[Earlier]) -> list[AgentEvent]:
        """What needs no knowledge."""
        if polite and polite != "small_talk":
            return self._courteous(turn, polite, earlier=earlier)
        if announces_another(turn.understood):
            turn.left_open = without_suggestions(turn.left_open)
            return [self._decide(turn, "answer", "yes"), self._say(turn, phrase("anything_else", lang=turn.lang))]
        if complains(turn.understood):
            return self._unknown(turn, reason="none_meant")
        if not says_something(turn.question):
            words = phrase("empty" if turn.who.channel == "chat" else "not_understood", lang=turn.lang)
            return [self._decide(turn, "clarify", "empty"), self._say(turn, words)]
        if turn.lang not in ANSWERED and not polite:
            return [self._decide(turn, "unknown", "other_language"), self._say(turn, other_language(turn.lang))]
        return []

    def _courteous(self, turn: Turn, polite: Courtesy, *, earlier: list[Earlier]) -> list[AgentEvent]:
        offered = bool(earlier) and earlier[-1].reason in OFFERED
        turn.left_open = without_suggestions(turn.left_open)
        if polite == "person" or (polite == "yes" and offered):
            reason = "asked_for_person" if polite == "person" else "accepted_offer"
            said = self._say(turn, phrase(self._handing_over(turn), lang=turn.lang))
            return [self._decide(turn, "handoff", reason), said, HandedOver(reason)]
        name: Phrase = "anything_else" if polite == "yes" or polite == "no" else polite
        return [self._decide(turn, "answer", polite), self._say(turn, phrase(name, lang=turn.lang))]

    def _going_on(self, turn: Turn, earlier: Sequence[Earlier]) -> Told | None:
        """A reply to what the turn before left open; a wish for a person goes before, but for a choice that says so."""
        before = turn.left_open
        if before.suggested and earlier[-1].reason == "confident" and announces_another(turn.understood):
            return None  # what only stood beside an answer is not turned down
        if not (before.asked or before.walk or before.offered or before.suggested):
            return None
        if courtesy(turn.understood) == "person" and not before.offers(turn.understood):
            return None
        find = self._searcher().entry
        told = go_on(turn.understood, turn.left_open, find=find)
        return told or go_on(without_thanks(turn.understood), turn.left_open, find=find)

    def _telling(self, turn: Turn, told: Told) -> list[AgentEvent]:
        """What an entry says now, in the words for this channel."""
        topic = turn.left_open.topic
        turn.left_open = replace(told.left_open, topic=topic)
        if told.lang:
            turn.lang, turn.confidence = told.lang, told.confidence
        if told.action == "handoff":
            said = self._say(turn, phrase(self._handing_over(turn), lang=turn.lang))
            return [self._decide(turn, "handoff", told.reason), said, HandedOver(told.reason)]
        if told.action == "unknown" and not told.text:
            turn.nearest = told.entry.id if told.entry else None
            return self._unknown(turn, reason=told.reason, suggested=told.left_open.suggested)
        turn.source = source_of(told.entry) if told.entry else None
        cited = [Cited(source_of(entry)) for entry in (told.entry, *told.also) if entry]
        if told.entry:
            asked = topic.question if topic and not topic.leant else told.entry.question
            turn.left_open = replace(
                turn.left_open,
                topic=Topic(
                    asked, told.entry.question, told.entry.id, beside=tuple(entry.question for entry in told.also)
                ),
            )
        return [self._decide(turn, told.action, told.reason), *cited, self._say(turn, worded(turn, told))]

    def _handing_over(self, turn: Turn) -> Phrase:
        return self.people.handing_over(turn)

    async def _from_knowledge(self, turn: Turn, *, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        costs = self._costs(turn.who.channel)
        with turn.budget.stage("retrieve"):
            asked, look = self._looked_up(turn, earlier, costs)
            found = await self.ahead.found(turn, asked, look)
            if polite := found.courtesy(is_reply=turn.left_open.awaits_a_reply):
                for event in self._courteous(turn, polite, earlier=earlier):
                    yield event
                return
            matches = list(found.matches[:MOST_WEIGHED])
            composing = Composing(
                self._cascade,
                turn=turn,
                matches=matches,
                earlier=[(past.question, past.answer) for past in earlier[-2:]],
                costs=costs,
                now=self._now,
                rules=await asyncio.to_thread(self._rules) if self._cascade.tiers else (),
            )
            choice = composing.route()
        turn.candidates = choice.candidates
        turn.left_open = replace(turn.left_open, topic=found.topic)
        turn.confidence = matches[0].confidence if matches else 0.0
        turn.nearest = matches[0].entry.id if matches else None
        if told := await self._instead(turn, found, choice, costs=costs, find=asked.searcher.entry):
            for event in self._telling(turn, told):
                yield event
        elif choice.action == "model":
            async with aclosing(self._from_model(turn, found.matches, composing)) as events:
                async for event in events:
                    yield event
        elif choice.action == "answer":
            also, unsure = found.also, found.unsure
            told = verbatim(turn, matches, reason="confident", costs=costs, meant=found.meant, also=also, unsure=unsure)
            for event in self._telling(turn, told):
                yield event
        elif choice.action == "clarify" and not was_asked_in_vain(earlier):
            for event in self._ask_back(turn, found.matches, named=choice.offered):
                yield event
        else:
            for event in self._unknown(turn, reason="unknown", suggested=beside(found.matches, costs=costs)):
                yield event

    def _looked_up(self, turn: Turn, earlier: Sequence[Earlier], costs: Costs) -> tuple[Asked, Look]:
        topic = turn.left_open.topic if self._may_lean(turn) else None
        before = tuple(past.left_open.topic for past in earlier[:-1] if past.left_open.topic)
        asked = Asked(turn.understood, topic, before, turn.lang, threshold(costs), self._searcher())
        look = partial(
            find,
            asked.words,
            topic=topic,
            before=before,
            searcher=asked.searcher,
            lang=asked.lang,
            is_sure=lambda p: p >= asked.least,
        )
        return asked, look

    def _may_lean(self, turn: Turn) -> bool:
        """Neither a reply to us, nor a bare number, nor mere anger leans on the question before."""
        is_venting = mood_of(turn.question) == "angry" and not asks_something(turn.understood)
        return not (turn.left_open.awaits_a_reply or is_venting) and has_words(turn.understood)

    async def _instead(self, turn: Turn, found: Found, choice: Route, *, costs: Costs, find: Find) -> Told | None:
        """A tool that is meant rather than any entry, or what was left open, where no entry answers."""
        is_answered = choice.action == "answer"
        if self._actor and (
            told := await self._actor.take_up(turn, found.ranked, costs=costs, is_answered=is_answered)
        ):
            others = [match.entry for match in found.also]
            return tell_beside(others, told, unsure=found.unsure, lang=turn.lang) if found.is_errand else told
        return None if is_answered else go_on_anyway(turn.understood, turn.left_open, find=find)

    async def _from_model(
        self, turn: Turn, matches: Sequence[Match], composing: Composing
    ) -> AsyncGenerator[AgentEvent, None]:
        """Releases the models' clauses that the passages carry; late or ungrounded, the router's next best answers."""
        async with aclosing(composing.clauses()) as clauses:
            async for clause in clauses:
                if isinstance(clause, Overdue):
                    if turn.who.channel == "chat":
                        yield Holding(phrase("looking_up", lang=turn.lang))
                    continue
                if turn.action is None:
                    turn.left_open = put_aside(turn.left_open)
                    turn.source = composing.source
                    yield self._decide(turn, "model", "composed")
                    yield Cited(turn.source)
                yield self._say(turn, clause)
        if turn.action is None:
            for event in self._without_model(turn, matches, composing):
                yield event

    def _without_model(self, turn: Turn, matches: Sequence[Match], composing: Composing) -> list[AgentEvent]:
        choice = composing.route_without()
        turn.candidates += [one for one in choice.candidates if one not in turn.candidates and one.action == "clarify"]
        if choice.action == "answer":
            costs = self._costs(turn.who.channel)
            return self._telling(turn, verbatim(turn, matches, reason="model_silent", costs=costs))
        if choice.action == "clarify":
            return self._ask_back(turn, matches, named=choice.offered)
        return self._unknown(
            turn, reason="model_silent", suggested=beside(matches, costs=self._costs(turn.who.channel))
        )

    def _ask_back(self, turn: Turn, matches: Sequence[Match], *, named: int) -> list[AgentEvent]:
        return self._telling(turn, ask_back(turn, matches, named=named, costs=self._costs(turn.who.channel)))

    def _unknown(self, turn: Turn, *, reason: str, suggested: tuple[Offer, ...] = ()) -> list[AgentEvent]:
        """`suggested` is for the eye alone."""
        suggested = suggested if turn.who.channel == "chat" else ()
        turn.left_open = suggest(suggested, put_aside(turn.left_open))
        return [self._decide(turn, "unknown", reason), self._say(turn, unknown_words(suggested, lang=turn.lang))]

    def _decide(self, turn: Turn, action: Action, reason: str) -> Decided:
        turn.action, turn.reason = action, reason
        return Decided(action, turn.confidence if turn.confidence is not None else 1.0)

    def _say(self, turn: Turn, text: str) -> Said:
        text = traditional(text) if turn.is_traditional else text
        turn.answer += text
        return Said(text)
