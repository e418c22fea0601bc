"""Answers a turn: recognise courtesy and language, retrieve, route, answer, guard. It says nothing it cannot source."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from agent.acting.actor import Actor
from agent.events import AgentEvent, Cited, Decided, Finished, HandedOver, Said
from agent.models.chat_model import ChatModel
from agent.models.grounded import grounded_clauses
from agent.models.prompt import messages
from agent.router import Costs, Route, route
from agent.telling.aloud import said_aloud
from agent.telling.entry_telling import Find, Told, begin, go_on, go_on_anyway, put_aside
from agent.telling.left_open import LeftOpen
from agent.telling.phrases import Phrase, other_language, phrase
from agent.turn import Action, Channel, Source, Turn
from agent.understanding.courtesy import Courtesy, courtesy
from agent.understanding.language import ANSWERED, language_of
from agent.understanding.subject import subject
from knowledge.answers.notation import on_page
from knowledge.answers.sides import for_eye
from knowledge.entry import Entry
from knowledge.matching.retriever import Match

PASSAGES = 3
OFFERED = ("unknown", "other_language", "model_silent", "tool_failed")
"""Reasons of a previous turn after which "yes" means: yes, a person please."""


class Searcher(Protocol):
    """What the agent needs of the knowledge; synchronous, since it runs in a thread."""

    def search(self, question: str, *, lang: str | None = None, limit: int = 5) -> list[Match]: ...

    def entry(self, id: str, lang: str) -> Entry | None: ...  # noqa: A002


@dataclass(frozen=True)
class Earlier:
    """A previous turn of the same conversation, as far as the agent looks back."""

    question: str
    answer: str
    reason: str | None
    lang: str
    left_open: LeftOpen = field(default_factory=LeftOpen)


class Agent:
    def __init__(
        self,
        *,
        searcher: Callable[[], Searcher],
        costs: Callable[[Channel], Costs],
        model: ChatModel | None = None,
        actor: Actor | None = None,
        is_staffed: Callable[[], bool] = lambda: True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Knowledge, costs and whether a colleague is there are asked anew each turn: they change under the agent."""
        self._searcher = searcher
        self._costs = costs
        self._model = model
        self._actor = actor
        self._is_staffed = is_staffed
        self._now = now

    async def answer(self, turn: Turn, *, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        """Fills the turn and tells what may be released, ending with Finished."""
        previous = earlier[-1].lang if earlier else turn.who.lang
        turn.lang = language_of(turn.question, previous=previous)
        turn.left_open = earlier[-1].left_open if earlier else turn.left_open
        if told := (self._actor and await self._actor.go_on(turn)) or self._going_on(turn):
            for event in self._telling(turn, told):
                yield event
        elif polite := courtesy(turn.question):
            for event in self._courteous(turn, polite, earlier=earlier):
                yield event
        elif not turn.question.strip():
            yield self._decide(turn, "clarify", "empty")
            yield self._say(turn, phrase("empty", lang=turn.lang))
        elif turn.lang not in ANSWERED:
            yield self._decide(turn, "unknown", "other_language")
            yield self._say(turn, other_language(turn.lang))
        else:
            async with aclosing(self._from_knowledge(turn, earlier=earlier)) as events:
                async for event in events:
                    yield event
        yield Finished()

    def _courteous(self, turn: Turn, polite: Courtesy, *, earlier: list[Earlier]) -> list[AgentEvent]:
        offered = bool(earlier) and earlier[-1].reason in OFFERED
        if polite == "person" or (polite == "yes" and offered):
            reason = "asked_for_person" if polite == "person" else "accepted_offer"
            said = self._say(turn, phrase(self._handing_over(turn), lang=turn.lang))
            return [self._decide(turn, "handoff", reason), said, HandedOver(reason)]
        name: Phrase = polite if polite in ("greeting", "goodbye", "thanks") else "anything_else"
        return [self._decide(turn, "answer", polite), self._say(turn, phrase(name, lang=turn.lang))]

    def _going_on(self, turn: Turn) -> Told | None:
        """A reply to what the turn before left open; the wish for a person goes before."""
        if turn.left_open == LeftOpen() or courtesy(turn.question) == "person":
            return None
        return go_on(turn.question, turn.left_open, find=self._searcher().entry)

    def _telling(self, turn: Turn, told: Told) -> list[AgentEvent]:
        """What an entry says now, in the words for this channel."""
        turn.left_open = told.left_open
        if told.lang:
            turn.lang, turn.confidence = told.lang, told.confidence
        if told.action == "handoff":
            said = self._say(turn, phrase(self._handing_over(turn), lang=turn.lang))
            return [self._decide(turn, "handoff", told.reason), said, HandedOver(told.reason)]
        if told.action == "unknown" and not told.text:
            turn.nearest = told.entry.id if told.entry else None
            return self._unknown(turn, reason=told.reason)
        turn.source = _source(told.entry) if told.entry else None
        cited = [Cited(turn.source)] if turn.source else []
        return [self._decide(turn, told.action, told.reason), *cited, self._say(turn, _worded(turn, told))]

    def _handing_over(self, turn: Turn) -> Phrase:
        """Nobody is promised a colleague who is not there."""
        if self._is_staffed():
            return "handing_over"
        return "call_again" if turn.who.channel == "phone" else "nobody_at_desk"

    async def _from_knowledge(self, turn: Turn, *, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        with turn.budget.stage("retrieve"):
            searcher = self._searcher()
            found = await asyncio.to_thread(searcher.search, subject(turn.question), lang=turn.lang, limit=5)
            matches = [match for match in found if match.entry.answer]
            choice = route([match.confidence for match in matches], costs=self._costs_of(turn))
        turn.candidates = choice.candidates
        turn.confidence = matches[0].confidence if matches else 0.0
        turn.nearest = matches[0].entry.id if matches else None
        if told := await self._instead(turn, found, choice, find=searcher.entry):
            for event in self._telling(turn, told):
                yield event
        elif choice.action == "model" and self._model is not None:
            async with aclosing(self._from_model(turn, matches, earlier=earlier, model=self._model)) as events:
                async for event in events:
                    yield event
        elif choice.action == "answer":
            for event in self._verbatim(turn, matches[0], reason="confident"):
                yield event
        else:
            for event in self._unknown(turn, reason="unknown"):
                yield event

    async def _instead(self, turn: Turn, found: list[Match], choice: Route, *, find: Find) -> Told | None:
        """A tool that is meant rather than any entry, or what was left open, where no entry answers."""
        is_answered = choice.action == "answer"
        if self._actor:
            costs = self._costs_of(turn)
            if told := await self._actor.take_up(turn, found, costs=costs, is_answered=is_answered):
                return told
        return None if is_answered else go_on_anyway(turn.question, turn.left_open, find=find)

    async def _from_model(
        self, turn: Turn, matches: list[Match], *, earlier: list[Earlier], model: ChatModel
    ) -> AsyncGenerator[AgentEvent, None]:
        """Releases the model's clauses that the passages carry; late or ungrounded, the router's next best answers."""
        passages = [(_source(match.entry), on_page(match.entry.answer)) for match in matches[:PASSAGES]]
        evidence = [f"{source.question}\n{text}" for source, text in passages]
        asked = messages(
            turn.question,
            passages=passages,
            earlier=[(past.question, past.answer) for past in earlier[-2:]],
            lang=turn.lang,
        )
        async with aclosing(grounded_clauses(model, asked, evidence=evidence, turn=turn, now=self._now)) as clauses:
            async for clause in clauses:
                if turn.action is None:
                    turn.left_open = put_aside(turn.left_open)
                    turn.source = _best_source(clause, passages)
                    yield self._decide(turn, "model", "composed")
                    yield Cited(turn.source)
                yield self._say(turn, clause)
        if turn.action is None:
            for event in self._without_model(turn, matches):
                yield event

    def _without_model(self, turn: Turn, matches: list[Match]) -> list[AgentEvent]:
        costs = replace(self._costs_of(turn), model_call=None)
        if route([match.confidence for match in matches], costs=costs).action == "answer":
            return self._verbatim(turn, matches[0], reason="model_silent")
        return self._unknown(turn, reason="model_silent")

    def _verbatim(self, turn: Turn, match: Match, *, reason: str) -> list[AgentEvent]:
        told = begin(match.entry, turn.question, before=turn.left_open, confidence=match.confidence, reason=reason)
        return self._telling(turn, told)

    def _unknown(self, turn: Turn, *, reason: str) -> list[AgentEvent]:
        turn.left_open = replace(put_aside(turn.left_open), choices=())
        return [self._decide(turn, "unknown", reason), self._say(turn, phrase("unknown", lang=turn.lang))]

    def _decide(self, turn: Turn, action: Action, reason: str) -> Decided:
        turn.action, turn.reason = action, reason
        return Decided(action, turn.confidence if turn.confidence is not None else 1.0)

    def _say(self, turn: Turn, text: str) -> Said:
        turn.answer += text
        return Said(text)

    def _costs_of(self, turn: Turn) -> Costs:
        costs = self._costs(turn.who.channel)
        return costs if self._model is not None else replace(costs, model_call=None)


def _source(entry: Entry) -> Source:
    return Source(entry.id, entry.question, entry.url)


def _worded(turn: Turn, told: Told) -> str:
    """Shown as Markdown, or said as sentences."""
    if turn.who.channel == "chat":
        return for_eye(told.text)
    return said_aloud(told.text, choices=told.left_open.choices, lang=turn.lang)


def _best_source(clause: str, passages: list[tuple[Source, str]]) -> Source:
    """The passage that shares most words with the clause."""
    words = set(clause.lower().split()) | set(clause)
    return max(passages, key=lambda passage: len(words & (set(passage[1].lower().split()) | set(passage[1]))))[0]
