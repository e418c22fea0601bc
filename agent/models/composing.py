"""An answer composed by the models: the router's choice first; where that one fails, what the router prefers then."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from agent.budget import TOTAL_MS
from agent.costs import Costs
from agent.grounding.evidence import Passage
from agent.grounding.evidence import passages as as_evidence
from agent.grounding.guard import Guard
from agent.grounding.injections import speaks_to_a_model
from agent.grounding.rules import Rule
from agent.models.cascade import RELEASED, Cascade, Tier
from agent.models.chat_model import estimated_tokens
from agent.models.grounded import Answering, Overdue
from agent.models.patience import Patience
from agent.models.prompt import messages
from agent.router import Route, route
from agent.turn import Source, Turn
from knowledge.answers.notation import on_page
from knowledge.entry import Entry
from knowledge.matching.retriever import Match

PASSAGES = 3


@dataclass
class Composing:
    """Of one turn."""

    cascade: Cascade
    turn: Turn
    matches: list[Match]
    earlier: list[tuple[str, str]]
    """The last questions with their answers."""
    costs: Costs
    now: Callable[[], datetime]
    rules: Sequence[Rule] = ()
    """What the company never wants said."""
    tried: tuple[Tier, ...] = ()
    cited: int | None = None
    """Which passage carried the last clause."""

    def route(self) -> Route:
        """Among everything that can be done now; a model that has been tried, is down or too dear is no candidate."""
        if not self.cascade.tiers or not self._passages:
            return self.route_without()
        models = self.cascade.candidates(turn=self.turn, prompt_tokens=self._prompt_tokens, tried=self.tried)
        return route(self._confidences, costs=replace(self.costs, models=models))

    def route_without(self) -> Route:
        return route(self._confidences, costs=replace(self.costs, models=()))

    async def clauses(self) -> AsyncGenerator[str | Overdue, None]:
        """Nothing where no model had a word that may be released; Overdue at most once, before the first clause."""
        was_told = False
        while (name := self.route().chosen.by) and (patience := self._patience()):
            if self.tried and not was_told and self._deadline_ms < self._share_ms:
                was_told = True
                yield Overdue()
            tier = self.cascade.tier(name)
            self.tried += (tier,)
            tier.breaker.begin()
            guard = Guard(self._evidence, self.turn.understood, self.rules)
            answering = Answering(tier.model, self._asked, guard, self.turn, patience, self.now)
            try:
                async with aclosing(answering.clauses()) as clauses:
                    async for clause in clauses:
                        self.cited = guard.cited
                        if not (was_told and isinstance(clause, Overdue)):
                            yield clause
                        was_told = was_told or isinstance(clause, Overdue)
            finally:
                self.cascade.note(tier, answering.outcome)
            if answering.outcome in RELEASED:
                return
            self.turn.silent_models.append(answering.silence)

    @property
    def source(self) -> Source:
        """Of the passage that carried the last clause."""
        return self._passages[self.cited or 0][0]

    def _patience(self) -> Patience | None:
        """The first model has what is left of the deadline; the next a share of its own, or None when time is up."""
        budget, left_ms = self.turn.budget, self._deadline_ms
        longest_ms = max(TOTAL_MS, budget.total_ms)
        if self.tried:
            left_ms = max(left_ms, min(self._share_ms, longest_ms - budget.elapsed_ms))
            if left_ms < self._share_ms / 2:
                return None
        first_by = budget.clock() + left_ms / 1000
        at_latest = max(first_by, budget.started + longest_ms / 1000)
        return Patience(budget.clock, first_by=first_by, at_latest=at_latest)

    @property
    def _deadline_ms(self) -> float:
        return self.turn.budget.deadline_ms("model")

    @property
    def _share_ms(self) -> float:
        return self.turn.budget.shares.get("model", 0)

    @cached_property
    def _confidences(self) -> list[float]:
        return [match.confidence for match in self.matches]

    @cached_property
    def _passages(self) -> list[tuple[Source, str]]:
        """Without those that give a model orders."""
        found = [(source_of(match.entry), on_page(match.entry.answer)) for match in self.matches]
        return [(source, text) for source, text in found if not speaks_to_a_model(f"{source.question}\n{text}")][
            :PASSAGES
        ]

    @cached_property
    def _evidence(self) -> list[Passage]:
        return as_evidence([(source.question, text) for source, text in self._passages])

    @cached_property
    def _asked(self) -> list[tuple[str, str]]:
        return messages(self.turn.question, passages=self._passages, earlier=self.earlier, lang=self.turn.lang)

    @cached_property
    def _prompt_tokens(self) -> int:
        return estimated_tokens("".join(text for _, text in self._asked))


def source_of(entry: Entry) -> Source:
    return Source(entry.id, entry.question, entry.url)
