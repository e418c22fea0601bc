"""The cascade on the real application: a word of patience in the chat, caps that are told to everybody."""

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from agent.models.cascade import Rates, Tier
from agent.models.chat_model import ChatModel
from agent.turn import Turn, Who
from roi.pricing.prices import PriceBook
from tests.doubles import ScriptedModel, ScriptedSearcher, entry
from tests.test_chat import ScriptedIndex, hear, say
from tests.test_spending import PRICES
from web.app import create_app
from web.assembly import assemble
from web.services import Services
from web.settings import Settings

SOFA = entry("You have 30 days from delivery to return a sofa. Pickup costs $99.")
MATTRESS = entry("A mattress can be returned only sealed.", slug="mattress", question="Can I return a mattress?")
RIGHT = "You have 30 days from delivery to return a sofa."
USAGE = {"input_tokens": 30, "output_tokens": 10, "total_tokens": 40}


def opened(folder: Path, *tiers: Tier, prices: PriceBook = PRICES, **settings: object) -> Services:
    made = assemble(Settings(home=folder / "home", cache=folder / "cache", ask_back=False, _env_file=None, **settings))  # type: ignore[arg-type]
    made.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.85), (MATTRESS, 0.15)))  # type: ignore[assignment]
    made.agent._searcher = made.index.current  # type: ignore[assignment]
    made.books._prices = prices
    made.index.trouble = None  # type: ignore[method-assign, misc, assignment]
    made.cascade.tiers = tiers
    return made


def tier(name: str, *, rates: Rates | None, stalls: bool = False) -> Tier:
    model = ScriptedModel(pieces=[RIGHT], stalls_at=0 if stalls else None, usage=USAGE)
    return Tier(ChatModel(model, vendor="acme", name=name), rates=lambda: rates)


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Callable[..., tuple[Services, TestClient]]]:
    clients: list[TestClient] = []

    def open_(*tiers: Tier, **settings: object) -> tuple[Services, TestClient]:
        services = opened(tmp_path, *tiers, **settings)
        clients.append(TestClient(create_app(services), base_url="http://127.0.0.1"))
        return services, clients[-1].__enter__()

    yield open_
    for client in clients:
        client.__exit__(None, None, None)


Visit = Callable[..., tuple[Services, TestClient]]


def test_customer_is_asked_for_patience_while_the_second_model_is_asked(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.budget.Budget.deadline_ms", lambda *_: 50)
    services, client = visit(
        tier("small", rates=Rates(1e-5, 1e-5), stalls=True),
        tier("brain", rates=Rates(2e-5, 2e-5)),
        chat_first_words_ms=10_000,
    )
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", lang="en")
        say(socket, type="message", text="How long can I return a sofa?")
        assert hear(socket, "holding")["text"] == "One moment, I am looking that up."
        delta = hear(socket, "delta")
        answer = hear(socket, "answer")
    assert (delta["text"], answer["text"], answer["action"]) == (RIGHT, RIGHT, "model")
    lines = services.conversations.read(services.conversations.of_turn(UUID(answer["turn"])))
    assert [line.text for line in lines] == ["How long can I return a sofa?", RIGHT]


def test_after_the_days_cap_answers_are_verbatim_and_everybody_is_told(visit: Visit) -> None:
    _, client = visit(tier("brain", rates=Rates(0.001, 0.001)), day_cap=Decimal("0.5"))
    actions = [client.post("/api/v1/ask", json={"question": "How long to return a sofa?"}).json() for _ in range(3)]
    assert [answer["action"] for answer in actions] == ["model", "answer", "answer"]
    assert [weighed["action"] for weighed in actions[-1]["candidates"]] == ["answer", "handoff"]
    told = client.get("/readyz").json()
    assert told["models"] == [{"name": "brain", "breaker": "closed"}]
    assert told["spend"] == {"today": "0.400000000", "day_cap": "0.5", "conversation_cap": None, "reached": True}
    metrics = client.get("/metrics").text
    assert "dime_model_day_cap_reached 1.0" in metrics
    assert 'dime_model_calls_total{model="brain",outcome="released"}' in metrics


def test_conversation_with_a_cap_goes_on_verbatim_and_the_next_one_has_its_own(visit: Visit) -> None:
    _, client = visit(tier("brain", rates=Rates(0.001, 0.001)), conversation_cap=Decimal("0.5"))

    def actions() -> list[str]:
        first = client.post("/api/v1/ask", json={"question": "How long?"}).json()
        again = {"question": "How long to return a sofa?", "conversation": first["conversation"]}
        return [first["action"], client.post("/api/v1/ask", json=again).json()["action"]]

    assert actions() == ["model", "answer"]
    assert actions() == ["model", "answer"]


def test_model_without_a_price_is_not_called_under_a_cap(visit: Visit) -> None:
    _, client = visit(tier("brain", rates=None), day_cap=Decimal(5))
    assert client.post("/api/v1/ask", json={"question": "How long?"}).json()["action"] == "answer"


def test_caps_are_kept_by_phone_too(tmp_path: Path) -> None:
    """A call asks `answer` alone, so the books are looked into there."""
    services = opened(tmp_path, tier("brain", rates=Rates(0.001, 0.001)), day_cap=Decimal("0.0001"))

    async def story() -> Turn:
        async with services.turn("How long?", conversation=UUID(int=1), who=Who("phone")) as (turn, earlier):
            assert [event async for event in services.answer(turn, earlier=earlier)]
            return turn

    assert asyncio.run(story()).action == "answer"


def test_refusal_counts_once_a_turn_however_often_the_model_was_weighed(visit: Visit) -> None:
    def refused(client: TestClient) -> float:
        told = client.get("/metrics").text
        name = 'dime_model_refused_total{cap="day"} '
        return sum(float(line.removeprefix(name)) for line in told.splitlines() if line.startswith(name))

    _, client = visit(
        tier("brain", rates=Rates(0.001, 0.001)), tier("big", rates=Rates(0.01, 0.01)), day_cap=Decimal("0.0001")
    )
    before = refused(client)
    for asked in range(1, 3):
        client.post("/api/v1/ask", json={"question": "How long to return a sofa?"})
        assert refused(client) - before == asked
