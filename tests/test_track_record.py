"""What a model has shown of itself outlives the server: how often it is let out, and what customers thought of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from agent.costs import ASSUMED_QUALITY
from agent.models.cascade import ASSUMED_WEIGHT, REMEMBERED, Rates, Thumbs, Tier, believed
from agent.models.chat_model import ChatModel
from agent.turn import Turn, Who
from agent.usage import Usage
from tests.doubles import ScriptedModel
from tests.test_cascade_chat import RIGHT, opened
from web.app import create_app
from web.commands.ask import _known_of
from web.reporting.track_record import Called, called
from web.services import Services

pytestmark = pytest.mark.slow

RATES = Rates(1e-7, 1e-7)
WRONG = "You have 90 days from delivery."


def tier(name: str, *pieces: str) -> Tier:
    return Tier(ChatModel(ScriptedModel(pieces=list(pieces)), vendor="acme", name=name), rates=lambda: RATES)


@contextmanager
def served(folder: Path, *tiers: Tier) -> Iterator[tuple[Services, TestClient]]:
    """As a start does, with nothing in memory."""
    services = opened(folder, *tiers, chat_first_words_ms=10_000)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield services, client
    services.engine.dispose()


def ask(client: TestClient, times: int = 1) -> list[dict[str, str]]:
    return [client.post("/api/v1/ask", json={"question": "How long to return a sofa?"}).json() for _ in range(times)]


def test_release_rate_is_the_same_after_a_restart(tmp_path: Path) -> None:
    with served(tmp_path, tier("small", WRONG), tier("large", RIGHT)) as (services, client):
        assert {answer["action"] for answer in ask(client, times=4)} == {"model"}
        before = {each.name: (each.released, each.calls) for each in services.cascade.tiers}
    assert before["small"][0] < 0.9 < before["large"][0]
    with served(tmp_path, tier("small", WRONG), tier("large", RIGHT)) as (services, _):
        assert {each.name: (each.released, each.calls) for each in services.cascade.tiers} == before


def test_server_without_models_recalls_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as (services, client):
        services.track_record.recall()
        assert ask(client)[0]["action"] == "answer"


def test_thumbs_move_the_assumed_quality_and_may_be_taken_back(tmp_path: Path) -> None:
    with served(tmp_path, tier("small", RIGHT)) as (services, client):
        rated = [(UUID(a["conversation"]), UUID(a["turn"])) for a in ask(client, times=3)]
        small = services.cascade.tiers[0]
        assert (small.believed_quality, "right 0.93 (assumed)" in _known_of(small)) == (ASSUMED_QUALITY, True)
        for conversation, turn in rated:
            services.conversations.thumb(conversation, turn=turn, helpful=False)
        services.track_record.refresh()
        assert small.thumbs.given == 0, "read at the start a moment ago"
        later = services.now() + timedelta(hours=1)
        services.track_record._now = lambda: later
        services.track_record.refresh()
        assert small.believed_quality == pytest.approx(ASSUMED_QUALITY * ASSUMED_WEIGHT / (ASSUMED_WEIGHT + 3))
        assert services.cascade.candidates()[0].quality == small.believed_quality
        assert "right 0.81 (assumed 0.93, moved by 3 thumbs)" in _known_of(small)
        services.conversations.thumb(rated[0][0], turn=rated[0][1], helpful=None)
    with served(tmp_path, tier("small", RIGHT), tier("large", RIGHT)) as (services, _):
        assert [each.thumbs for each in services.cascade.tiers] == [Thumbs(down=2), Thumbs()]


def test_customer_who_left_before_the_first_word_says_nothing_about_the_last_model(tmp_path: Path) -> None:
    """Nor do demo customers about any."""
    services = opened(tmp_path, tier("small"), tier("large"))
    for who in (Who("chat"), Who("chat", demo=True)):
        turn = Turn("?", uuid4(), who, at=services.now(), interrupted=True)
        for seconds, name in enumerate(("small", "large")):
            at = services.now() + timedelta(seconds=seconds)
            turn.usage += [Usage("llm", "acme", name, "input_token", Decimal(tokens), at) for tokens in (90, 10)]
        services.books.write(turn, finished=True)
    services.track_record.recall()
    assert [each.calls for each in services.cascade.tiers] == [1, 0]


@given(st.floats(0.01, 1), st.integers(0, 500), st.integers(0, 500))
def test_believed_quality_lies_between_what_is_assumed_and_what_was_rated(assumed: float, up: int, down: int) -> None:
    thumbs = Thumbs(up, down)
    share = up / thumbs.given if thumbs.given else assumed
    quality = believed(assumed, thumbs)
    assert min(assumed, share) - 1e-9 <= quality <= max(assumed, share) + 1e-9
    assert (
        believed(assumed, replace(thumbs, up=up + 1))
        >= quality - 1e-9
        >= believed(assumed, replace(thumbs, down=down + 1)) - 2e-9
    )


@given(st.lists(st.lists(st.sampled_from(["small", "large"]), unique=True, min_size=1), max_size=3 * REMEMBERED))
def test_lines_are_put_together_to_the_turns_they_belong_to(turns: Sequence[list[str]]) -> None:
    """A call has a line or two, and the last model called is the one that answered."""
    ids = [uuid4() for _ in turns]
    lines = [
        (id_, "acme", name, "model", None)
        for id_, names in zip(ids, turns, strict=True)
        for name in names
        for _ in (1, 2)
    ]
    found = called(lines)
    assert [[model for _, model in turn.models] for turn in found] == list(turns)
    assert [turn.answered_by for turn in found] == [("acme", names[-1]) for names in turns]


def test_turn_that_no_model_answered_counts_against_all_it_called() -> None:
    turn = Called((("acme", "small"), ("acme", "large")), "answer")
    assert (turn.judged, turn.answered_by) == (turn.models, None)
