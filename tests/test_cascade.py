"""Two models over real connections: whatever one of them does, the customer gets the next best answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from agent.agent import Agent
from agent.budget import Budget
from agent.costs import Costs
from agent.events import AgentEvent, Holding, Said
from agent.models.breaker import Breaker
from agent.models.cascade import Cascade, Rates, Tier
from agent.models.chat_model import estimated_tokens, openai_compatible
from agent.models.prompt import messages
from agent.telling.phrases import phrase
from agent.turn import Source, Turn, Who
from tests.bad_model_server import (
    Asked,
    BadModelServer,
    Reply,
    calls_tool,
    dies,
    refuses,
    repeats,
    says,
    sends,
    stalls,
)
from tests.doubles import ScriptedSearcher, entry

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 1, tzinfo=UTC)
SOFA = entry("You have 30 days from delivery to return a sofa. Pickup costs $99.")
MATTRESS = entry(
    "A mattress can be returned only sealed, within 14 days.", slug="mattress", question="Can I return a mattress?"
)
RIGHT = "You have 30 days from delivery to return a sofa."
UNKNOWN = phrase("unknown", lang="en")
HALF = '{"choices":[{"index":0,"delta":{"content":"You have 30 days é"}}]}'.encode()
GARBAGE = {
    "no JSON": sends(b"data: {{{{\n\n"),
    "HTML": sends(b"<html><body>It works!</body></html>"),
    "nothing": sends(),
    "no choices": sends(b'data: {"choices": []}\n\n', b"data: [DONE]\n\n"),
    "half a UTF-8 character": sends(b"data: " + HALF[:-6] + b'"}}]}\n\n'),
    "half a surrogate pair": says("You have 30 days \ud83d"),
    "a lone surrogate": says("You have \ude00 30 days. "),
    "a NUL": says("You have 30 days\0 to return a sofa. "),
    "binary": sends(bytes(range(256)) * 20),
    "a tool nobody offered": calls_tool('{"order": 7}'),
    "broken arguments": calls_tool('{"order": '),
}
FAILING = {
    **GARBAGE,
    "429": refuses(429),
    "500": refuses(500),
    "401": refuses(401),
    "dies at once": dies(),
    "dies mid-stream": dies("You have ", "30"),
}
UNFOUNDED = {
    "invents": says("You have 90 days to return a sofa."),
    "does not know": says("UNKNOWN"),
    "goes round": repeats("you you you you "),
    "has no end": says("You have 30 days to return " * 10_000),
    "is stopped in the middle": says("You have 30 days", end="length"),
}


@dataclass
class Told:
    """What a customer saw, and what is left behind."""

    turn: Turn
    events: list[AgentEvent]
    cascade: Cascade

    @property
    def words(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Said)]

    def used(self, unit: str, model: str) -> Decimal:
        return sum((u.quantity for u in self.turn.usage if (u.unit, u.model) == (unit, model)), Decimal(0))


@dataclass
class Shop:
    """A small and a large model that behave as told, and an agent that is sure, or not, of what it finds."""

    small: list[Reply]
    large: list[Reply] = field(default_factory=list)
    is_sure: bool = False
    budget: Callable[[], Budget] = lambda: Budget.chat(10_000)
    may_spend: Callable[[Turn, float | None], bool] = lambda _turn, _cost: True
    outcomes: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, times: int = 1) -> Told:
        return asyncio.run(self._ask(times))

    async def _ask(self, times: int) -> Told:
        async with BadModelServer(*self.small) as small, BadModelServer(*(self.large or [says()])) as large:
            self.servers = small, large
            tiers = [self._tier(small, "small", Rates(1e-7, 4e-7))]
            if self.large:
                tiers.append(self._tier(large, "large", Rates(1e-5, 4e-5)))
            cascade = Cascade(
                tuple(tiers), self.may_spend, tell=lambda tier, outcome: self.outcomes.append((tier.name, outcome))
            )
            found = ((SOFA, 0.85), (MATTRESS, 0.15)) if self.is_sure else ((SOFA, 0.65), (MATTRESS, 0.22))
            costs = Costs(wrong_answer=25, handoff=5, asking=None)
            agent = Agent(searcher=lambda: ScriptedSearcher(*found), costs=lambda _: costs, model=cascade)
            before = asyncio.all_tasks()
            for _ in range(times):
                turn = Turn("How long can I return a sofa?", uuid4(), Who("chat"), at=AT, budget=self.budget())
                events = [event async for event in agent.answer(turn, earlier=[])]
            await small.closed()
            await large.closed()
            left = {task for task in asyncio.all_tasks() - before if not task.done() and "_serve" not in str(task)}
            assert not left, left
            return Told(turn, events, cascade)

    def _tier(self, server: BadModelServer, name: str, rates: Rates) -> Tier:
        model = openai_compatible(base_url=server.url, model=name, api_key="none", vendor="acme", timeout_s=20)
        return Tier(model, rates=lambda: rates, breaker=Breaker(clock=lambda: 0.0))


def hurried() -> Budget:
    return Budget.chat(300)


def test_small_model_answers_what_it_can_and_the_large_one_is_not_asked() -> None:
    shop = Shop([says(RIGHT)], large=[says(RIGHT)])
    told = shop.ask()
    assert (told.turn.action, told.turn.answer) == ("model", RIGHT)
    assert [len(server.asked) for server in shop.servers] == [1, 0]
    assert [c.by for c in told.turn.candidates] == [None, "small", "large", None]
    assert shop.outcomes == [("small", "released")]


@pytest.mark.parametrize("reply", [*FAILING.values(), *UNFOUNDED.values()], ids=[*FAILING, *UNFOUNDED])
def test_large_model_answers_where_the_small_one_fails(reply: Reply) -> None:
    shop = Shop([reply], large=[says(RIGHT)])
    told = shop.ask()
    assert (told.turn.action, told.turn.answer) == ("model", RIGHT)
    assert [len(server.asked) for server in shop.servers] == [1, 1]
    assert told.used("input_token", "small") > 0
    assert told.used("input_token", "large") > 0
    assert [outcome for _, outcome in shop.outcomes][-1] == "released"


@pytest.mark.parametrize("is_sure", [True, False])
@pytest.mark.parametrize("reply", [*FAILING.values(), *UNFOUNDED.values()], ids=[*FAILING, *UNFOUNDED])
def test_model_alone_that_fails_leaves_the_next_best_answer_and_its_prompt_on_the_bill(
    reply: Reply, is_sure: bool
) -> None:
    told = Shop([reply], is_sure=is_sure).ask()
    assert told.turn.reason == "model_silent"
    assert told.turn.answer == (SOFA.answer if is_sure else UNKNOWN)
    assert told.used("input_token", "small") >= estimated_tokens(SOFA.answer + MATTRESS.answer)
    assert not any(isinstance(event, Holding) for event in told.events)


@pytest.mark.parametrize("is_sure", [True, False])
@pytest.mark.parametrize("reply", [stalls(), stalls("You have")], ids=["before the first byte", "in the first clause"])
def test_stalled_model_is_overtaken(reply: Reply, is_sure: bool) -> None:
    shop = Shop([reply], is_sure=is_sure, budget=hurried)
    told = shop.ask()
    assert (told.turn.reason, told.turn.answer) == ("model_silent", SOFA.answer if is_sure else UNKNOWN)
    assert told.used("input_token", "small") > 0
    assert shop.outcomes == [("small", "late")]


def test_stalled_model_gives_way_to_the_other_after_a_word_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.budget.Budget.deadline_ms", lambda *_: 50)
    told = Shop([stalls()], large=[says(RIGHT)]).ask()
    kinds = [type(event) for event in told.events]
    assert kinds.index(Holding) < kinds.index(Said)
    assert told.turn.answer == RIGHT


def test_model_that_dies_after_a_released_clause_leaves_what_was_said() -> None:
    shop = Shop([dies(f"{RIGHT} ", "Pickup ")], large=[says(RIGHT)])
    told = shop.ask()
    assert told.turn.answer.strip() == RIGHT
    assert shop.outcomes == [("small", "cut")]
    assert len(shop.servers[1].asked) == 0


def test_model_that_repeats_a_clause_for_ever_is_stopped_at_the_second() -> None:
    shop = Shop([repeats("Pickup costs $99. ", first=[f"{RIGHT} "])])
    told = shop.ask()
    assert told.words == [f"{RIGHT} ", "Pickup costs $99. "]
    assert shop.outcomes == [("small", "released")]


def test_character_that_comes_in_two_halves_is_whole_again() -> None:
    told = Shop([says("You have 30 days from delivery \ud83d", "\ude00 to return a sofa.")]).ask()
    assert told.turn.answer == "You have 30 days from delivery \U0001f600 to return a sofa."


@pytest.mark.parametrize(
    "usage", [{"prompt_tokens": -5, "completion_tokens": 2}, {"prompt_tokens": 3, "completion_tokens": -2}]
)
def test_counts_that_cannot_be_are_not_booked(usage: dict[str, Any]) -> None:
    told = Shop([says(RIGHT, usage={"total_tokens": 1, **usage})]).ask()
    assert told.used("input_token", "small") >= estimated_tokens(SOFA.answer)


def test_breaker_leaves_a_failing_model_alone_and_the_router_goes_on_without_it() -> None:
    shop = Shop([refuses(500)], is_sure=True)
    told = shop.ask(times=5)
    assert len(shop.servers[0].asked) == 3
    assert told.cascade.tiers[0].breaker.state == "open"
    assert (told.turn.answer, told.turn.reason) == (SOFA.answer, "confident")
    assert [candidate.action for candidate in told.turn.candidates] == ["answer", "handoff"]


def test_models_whose_answers_are_withheld_are_not_taken_for_broken() -> None:
    shop = Shop([says("You have 90 days.")], is_sure=True)
    told = shop.ask(times=5)
    assert len(shop.servers[0].asked) == 5
    assert told.cascade.tiers[0].breaker.state == "closed"
    assert told.cascade.tiers[0].released < 0.9


def test_second_call_of_a_turn_is_counted_beside_the_first() -> None:
    asked_for: list[float] = []

    def once(_turn: Turn, cost: float | None) -> bool:
        asked_for.append(cost or 0.0)
        return cost is not None and cost <= max(asked_for[:2])

    shop = Shop([says("UNKNOWN")], large=[says(RIGHT)], may_spend=once)
    told = shop.ask()
    assert len(shop.servers[1].asked) == 0
    assert told.turn.answer == UNKNOWN
    small, large, *_, both = asked_for
    assert both == pytest.approx(small + large)


def test_a_second_models_call_is_booked_as_a_retry() -> None:
    told = Shop([says("UNKNOWN")], large=[says(RIGHT)]).ask()
    purposes = {used.model: used.purpose for used in told.turn.usage if used.meter == "llm"}
    assert purposes == {"small": "answer", "large": "retry"}


def test_customer_who_goes_away_leaves_no_connection_and_what_was_used() -> None:
    said: list[str] = []

    async def story(reply: Callable[[Asked], Awaitable[None]]) -> Turn:
        async with BadModelServer(reply) as server:
            model = openai_compatible(base_url=server.url, model="small", api_key="none", vendor="acme", timeout_s=20)
            costs = Costs(wrong_answer=25, handoff=5, asking=None)
            found = ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22))
            agent = Agent(searcher=lambda: found, costs=lambda _: costs, model=model)
            turn = Turn("returning?", uuid4(), Who("chat"), at=AT, budget=Budget.chat(10_000))
            events = agent.answer(turn, earlier=[])
            async for event in events:
                if isinstance(event, Said):
                    said.append(event.text)
                    break
            await events.aclose()
            await server.closed()
            return turn

    turn = asyncio.run(story(stalls(f"{RIGHT} ", "Pickup ")))
    assert said == [f"{RIGHT} "]
    assert [usage.unit for usage in turn.usage][-1] == "output_token"


def test_prompt_goes_from_what_never_changes_to_what_always_does() -> None:
    """Two questions that find the same passages in another order send the same bytes up to the question."""
    one, other = (Source("a", "A?"), "Yes."), (Source("b", "B?"), "No.")
    first = messages("What?", passages=[one, other], earlier=[], lang="en")
    again = messages("Why?", passages=[other, one], earlier=[("What?", "Yes.")], lang="en")
    assert first[0] == again[0]
    assert first[1] == again[1]
    assert [role for role, _ in again] == ["system", "human", "ai", "human"]
    assert again[-1] == ("human", "Why?")
