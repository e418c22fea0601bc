"""Conversations with the agent on a scripted knowledge and model: the caller says, the agent answers, usage shows."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agent.agent import Agent
from agent.costs import Costs
from agent.earlier import Earlier
from agent.events import AgentEvent, Cited, Finished, HandedOver, Said
from agent.models.chat_model import ChatModel
from agent.turn import Turn, Who
from tests.doubles import ScriptedModel, ScriptedSearcher, entry

SOFA = entry("You have 30 days from delivery to return a sofa. Pickup costs $99.")
MATTRESS = entry(
    "A mattress can be returned only sealed, within 30 days.", slug="mattress", question="Return a mattress?"
)


def ask(agent: Agent, question: str, *, earlier: list[Earlier] | None = None) -> tuple[Turn, list[AgentEvent]]:
    turn = Turn(question, uuid4(), Who("chat"), at=datetime(2026, 3, 1, tzinfo=UTC))

    async def collect() -> list[AgentEvent]:
        return [event async for event in agent.answer(turn, earlier=earlier or [])]

    return turn, asyncio.run(collect())


def agent_with(searcher: ScriptedSearcher, model: ScriptedModel | None = None) -> Agent:
    costs = Costs(wrong_answer=25, handoff=5, asking=None)
    chat = ChatModel(model, vendor="local", name="scripted") if model else None
    return Agent(searcher=lambda: searcher, costs=lambda _: costs, model=chat)


def test_sure_match_is_answered_verbatim_with_its_source() -> None:
    turn, events = ask(agent_with(ScriptedSearcher((SOFA, 0.95))), "how long do I have to return a sofa?")
    assert turn.action == "answer"
    assert turn.answer == SOFA.answer
    assert [type(event) for event in events[1:]] == [Cited, Said, Finished]
    assert turn.source is not None
    assert turn.source.id == "sofa-returns"


def test_unsure_match_is_not_answered_but_a_person_is_offered() -> None:
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.4))), "do you rent out sofas?")
    assert (turn.action, turn.reason) == ("unknown", "unknown")
    assert "do not know" in turn.answer
    assert "person" in turn.answer
    assert turn.source is None


def test_empty_knowledge_is_an_honest_unknown() -> None:
    turn, _ = ask(agent_with(ScriptedSearcher()), "anything?")
    assert turn.action == "unknown"


def test_entry_without_an_answer_is_never_said() -> None:
    turn, _ = ask(agent_with(ScriptedSearcher((entry(""), 0.99))), "how long?")
    assert turn.action == "unknown"


def test_wish_for_a_person_is_handed_over_at_once() -> None:
    searcher = ScriptedSearcher((SOFA, 0.99))
    turn, events = ask(agent_with(searcher), "can I talk to a human?")
    assert turn.action == "handoff"
    assert HandedOver("asked_for_person") in events
    assert searcher.asked == []


@pytest.mark.parametrize(("reason", "action"), [("unknown", "handoff"), ("confident", "answer")])
def test_yes_means_a_person_only_after_the_offer(reason: str, action: str) -> None:
    earlier = [Earlier("do you rent sofas?", "I do not know.", reason, "en")]
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.9))), "yes please", earlier=earlier)
    assert turn.action == action


def test_third_language_is_told_so_in_that_language_and_offered_a_person() -> None:
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.99))), "Wie lange kann ich ein Sofa zurückgeben?")
    assert (turn.action, turn.reason, turn.lang) == ("unknown", "other_language", "de")
    assert "Englisch" in turn.answer


def test_chinese_question_without_answer_is_refused_in_chinese() -> None:
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.2))), "你们出租沙发吗?")
    assert turn.lang == "zh"
    assert "抱歉" in turn.answer


def test_model_composes_when_several_entries_share_the_chance() -> None:
    model = ScriptedModel(pieces=["You have 30 days ", "from delivery to return a sofa. ", "Pickup costs $99."])
    turn, events = ask(agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model), "returning things?")
    assert turn.action == "model"
    assert turn.answer == "You have 30 days from delivery to return a sofa. Pickup costs $99."
    assert [event.text for event in events if isinstance(event, Said)] == [
        "You have 30 days from delivery to return a sofa. ",
        "Pickup costs $99.",
    ]


def test_invented_clause_is_withheld_and_the_rest_stands() -> None:
    model = ScriptedModel(pieces=["You have 30 days to return a sofa. ", "Pickup costs $15. ", "Bye."])
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model), "returning things?")
    assert turn.answer.strip() == "You have 30 days to return a sofa."


@pytest.mark.parametrize(
    "model",
    [
        ScriptedModel(pieces=["You have 90 days to return a sofa."]),
        ScriptedModel(pieces=["UNKNOWN"]),
        ScriptedModel(pieces=["You"], fails_at=0),
        ScriptedModel(pieces=[]),
    ],
    ids=["invents", "refuses", "fails", "says nothing"],
)
def test_useless_model_leaves_the_verbatim_answer_or_an_honest_unknown(model: ScriptedModel) -> None:
    sure, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.85), (MATTRESS, 0.15)), model), "returning things?")
    unsure, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model), "returning things?")
    assert (sure.action, sure.answer) == ("answer", SOFA.answer)
    assert (unsure.action, unsure.reason) == ("unknown", "model_silent")


def test_stalled_model_is_overtaken_and_its_prompt_is_still_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.budget.Budget.deadline_ms", lambda *_: 20)
    model = ScriptedModel(pieces=["never"], stalls_at=0)
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model), "returning things?")
    assert turn.action == "unknown"
    assert [usage.unit for usage in turn.usage] == ["input_token", "input_token"]
    assert all(usage.estimated for usage in turn.usage)


def test_withheld_answer_is_on_the_turn_before_the_customer_hears_another() -> None:
    """The books take the turn at its first words; what is metered later would be in none."""
    model = ScriptedModel(pieces=["You have 90 days to return it. ", "Bye."])
    agent = agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model)
    turn = Turn("returning things?", uuid4(), Who("chat"), at=datetime(2026, 3, 1, tzinfo=UTC))

    async def used_at_first_words() -> list[str]:
        async for event in agent.answer(turn, earlier=[]):
            if isinstance(event, Said):
                return [usage.unit for usage in turn.usage]
        return []

    assert asyncio.run(used_at_first_words()) == ["input_token", "input_token", "output_token"]


def test_prompt_that_was_mostly_cached_is_booked_as_reported() -> None:
    """The bound booked first is then too much for the dearer bucket, and is taken back."""
    reported = {
        "input_tokens": 400, "output_tokens": 12, "total_tokens": 412, "input_token_details": {"cache_read": 399},
    }  # fmt: skip
    model = ScriptedModel(pieces=["You have 30 days to return a sofa."], usage=reported)
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model), "returning things?")
    used = {
        unit: sum(usage.quantity for usage in turn.usage if usage.unit == unit)
        for unit in ("input_token", "cached_token", "output_token")
    }
    assert used == {"input_token": 1, "cached_token": 399, "output_token": 12}
    assert [usage.raw["total_tokens"] for usage in turn.usage if usage.raw] == [412]


def test_servers_own_token_counts_are_what_is_booked() -> None:
    reported = {"input_tokens": 400, "output_tokens": 12, "total_tokens": 412}
    model = ScriptedModel(pieces=["You have 30 days to return a sofa."], usage=reported)
    turn, _ = ask(agent_with(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)), model), "returning things?")
    used = {
        unit: sum(usage.quantity for usage in turn.usage if usage.unit == unit)
        for unit in ("input_token", "output_token")
    }
    assert used == {"input_token": 400, "output_token": 12}


def test_small_talk_is_replied_to_unless_the_company_knows_the_thing() -> None:
    searcher = ScriptedSearcher((entry("Sofas come in grey."), 0.3))
    assert ask(agent_with(searcher), "do you like grey?")[0].reason == "small_talk"
    searcher.names = lambda words: words == "grey"  # type: ignore[method-assign]
    assert ask(agent_with(searcher), "do you like grey?")[0].action == "unknown"
