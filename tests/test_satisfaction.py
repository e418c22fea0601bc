"""Customers rate a contact that is over; who was asked is counted beside who answered."""

from datetime import timedelta
from pathlib import Path
from statistics import mean, stdev
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from agent.history import Handling
from roi.books.tally import Scope
from roi.quality.satisfaction import Rating, Satisfaction, satisfaction
from tests.ledgers import FIRST, NOVEMBER, converse, empty_books
from tests.test_chat import hear, say
from tests.test_people_chat import LIVE, open_shop
from web.app import create_app
from web.desk.ratings import Ratings

WHOLE = Scope("default", NOVEMBER, with_demo=False)
SCORES = st.lists(st.integers(1, 5), max_size=8)


def found_for(ai: list[int], human: list[int], *, silent: int = 0) -> Satisfaction:
    engine = empty_books()
    ratings = Ratings(engine)
    with Session(engine) as session:
        alone = [converse(session, at=FIRST) for _ in range(len(ai) + silent)]
        taken = [converse(session, at=FIRST, handled_s=60) for _ in human]
        for visit in session.exec(select(Handling).where(col(Handling.conversation_id).in_(taken))):
            visit.taken_at = FIRST
        session.commit()
    for conversation in (*alone, *taken):
        assert ratings.ask(conversation, at=FIRST)
    for conversation, score in zip((*alone[: len(ai)], *taken), (*ai, *human), strict=True):
        assert ratings.rate(conversation, score=score, at=FIRST)
    with engine.connect() as connection:
        return satisfaction(connection, WHOLE)


@settings(max_examples=6)
@given(SCORES, SCORES, st.integers(0, 3))
def test_means_and_deviations_are_those_of_the_scores(ai: list[int], human: list[int], silent: int) -> None:
    found = found_for(ai, human, silent=silent)
    assert (found.ai_n, found.human_n) == (len(ai), len(human))
    assert (found.ai_asked, found.human_asked) == (len(ai) + silent, len(human))
    assert found.ai_mean == (pytest.approx(mean(ai)) if ai else None)
    assert found.human_sd == (pytest.approx(stdev(human)) if len(human) > 1 else None)


def test_who_waited_for_nobody_rates_the_agent_and_who_was_put_through_a_person() -> None:
    engine = empty_books()
    with Session(engine) as session:
        waited = converse(session, at=FIRST, handled_s=0)
        called = converse(session, at=FIRST, handled_s=0, channel="phone")
        session.commit()
    for conversation in (waited, called):
        Ratings(engine).rate(conversation, score=2, at=FIRST)
    with engine.connect() as connection:
        found = satisfaction(connection, WHOLE)
    assert (found.ai_n, found.human_n) == (1, 1)


def test_nobody_is_asked_twice_or_about_nothing_and_the_last_score_counts() -> None:
    engine = empty_books()
    ratings = Ratings(engine)
    with Session(engine) as session:
        once = converse(session, at=FIRST)
        empty = converse(session, at=FIRST, asked=False)
        session.commit()
    assert not ratings.ask(uuid4(), at=FIRST)
    assert not ratings.ask(empty, at=FIRST)
    assert ratings.ask(once, at=FIRST)
    assert not ratings.ask(once, at=FIRST)
    for score in (2, 5, None):
        ratings.rate(once, score=score, at=FIRST + timedelta(minutes=1))
    with Session(engine) as session:
        assert [row.score for row in session.exec(select(Rating))] == [5]


def test_chat_asks_once_at_the_end_and_takes_only_ones_own(tmp_path: Path) -> None:
    services = open_shop(tmp_path)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        with client.websocket_connect("/chat") as chat:
            say(chat, type="hello")
            say(chat, type="message", text="how long can I return a sofa?")
            hear(chat, "answer")
            say(chat, type="message", text="thanks")
            asked = hear(chat, "ask_rating")
            for score in (0, 6, "five"):
                say(chat, type="rate", conversation=asked["conversation"], score=score)
                assert hear(chat, "error")["code"] == "malformed"
            say(chat, type="rate", conversation=str(uuid4()), score=3)
            assert hear(chat, "error")["code"] == "not_yours"
            say(chat, type="rate", conversation=asked["conversation"], score=4)
            say(chat, type="message", text="goodbye")
            assert hear(chat, "status")["state"] == "closed"
            say(chat, type="message", text="one more")
            assert next_of(chat) != "ask_rating"
        with client.websocket_connect("/chat") as stranger:
            say(stranger, type="hello")
            hear(stranger, "welcome")
            say(stranger, type="rate", conversation=asked["conversation"], score=1)
            assert hear(stranger, "error")["code"] == "not_yours"
    with Session(services.engine) as session:
        assert [(str(row.conversation_id), row.score) for row in session.exec(select(Rating))] == [
            (asked["conversation"], 4)
        ]


def next_of(chat: object) -> str:
    return str(chat.receive_json()["type"])  # type: ignore[attr-defined]


def test_customer_is_asked_after_a_colleague_closed_and_a_caller_by_rest(tmp_path: Path) -> None:
    services = open_shop(tmp_path)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        with client.websocket_connect(LIVE), client.websocket_connect("/chat") as chat:
            say(chat, type="hello")
            say(chat, type="message", text="I want to talk to a person")
            conversation = hear(chat, "answer")["conversation"]
            hear(chat, "status")
            for deed, more in (("take", {}), ("close", {"outcome": "solved"})):
                path = f"/api/v1/desk/conversations/{conversation}/{deed}"
                assert client.post(path, json={"colleague": "Ana", **more}).is_success
            assert hear(chat, "ask_rating")["conversation"] == conversation
        rating = f"/api/v1/conversations/{conversation}/rating"
        assert client.post(rating, json={"score": 7}).status_code == 422
        assert client.post(f"/api/v1/conversations/{uuid4()}/rating", json={"score": 3}).status_code == 404
        assert client.post(rating, json={"score": 3}).status_code == 204
    with Session(services.engine) as session:
        assert session.get_one(Rating, UUID(conversation)).score == 3
