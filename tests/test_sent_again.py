"""A message of the widget that comes a second time, since the line was lost before the answer."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from tests.test_chat import hear, say
from tests.test_people_chat import LIVE, SOFA, open_shop
from web.app import create_app
from web.chat import sent_again
from web.chat.sent_again import OneAtATime, known_as
from web.services import Services

MESSAGE = {"type": "message", "text": "How long can I return a sofa?", "id": "m1"}


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return open_shop(tmp_path)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def lines(client: TestClient, conversation: str) -> list[str]:
    read = client.get(f"/api/v1/conversations/{conversation}").json()
    return [line["author"] for line in read["transcript"]]


def test_message_sent_again_on_a_new_line_is_answered_once_and_told_again(client: TestClient) -> None:
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        welcome = hear(chat, "welcome")
        say(chat, **MESSAGE)
        first = hear(chat, "answer")
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello", visitor=welcome["visitor"], conversation=welcome["conversation"])
        hear(chat, "welcome")
        say(chat, **MESSAGE)
        again = hear(chat, "answer")
        say(chat, **{**MESSAGE, "id": "m2"})
        assert hear(chat, "answer")["turn"] != first["turn"]
    assert (again["turn"], again["text"], again["source"]) == (first["turn"], first["text"], first["source"])
    assert lines(client, first["conversation"]) == ["customer", "dime"] * 2


def test_message_that_is_still_being_answered_elsewhere_waits_for_that_answer(client: TestClient) -> None:
    with client.websocket_connect("/chat") as one, client.websocket_connect("/chat") as two:
        say(one, type="hello")
        welcome = hear(one, "welcome")
        say(two, type="hello", visitor=welcome["visitor"], conversation=welcome["conversation"])
        hear(two, "welcome")
        say(one, **MESSAGE)
        say(two, **MESSAGE)
        assert hear(one, "answer")["turn"] == hear(two, "answer")["turn"]
    assert lines(client, welcome["conversation"]) == ["customer", "dime"]


def test_message_whose_answer_takes_too_long_elsewhere_is_told_to_wait_and_the_line_stays(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_again, "PATIENCE_S", 0)
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        conversation = hear(chat, "welcome")["conversation"]
        message = known_as(MESSAGE["id"], conversation=UUID(conversation))
        services.under_way._held[message] = (lock := asyncio.Lock(), 1)
        client.portal.call(lock.acquire)  # type: ignore[union-attr]
        say(chat, **MESSAGE)
        assert hear(chat, "error")["code"] == "busy"
        lock.release()
        say(chat, **MESSAGE)
        assert hear(chat, "answer")["source"]["id"] == SOFA.id


def test_somebody_elses_message_of_the_same_name_is_another_message(client: TestClient) -> None:
    turns = set()
    for _ in range(2):
        with client.websocket_connect("/chat") as chat:
            say(chat, type="hello")
            say(chat, **MESSAGE)
            turns.add(hear(chat, "answer")["turn"])
    assert len(turns) == 2


def test_hand_over_sent_again_waits_once_and_says_so_again(client: TestClient) -> None:
    with client.websocket_connect(LIVE), client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        for _ in range(2):
            say(chat, type="person", id="p")
            conversation = hear(chat, "answer")["conversation"]
            assert hear(chat, "status")["state"] == "waiting"
        for _ in range(2):
            say(chat, type="message", text="my sofa squeaks", id="s")
        say(chat, type="message", text="hello?", id="h")
        say(chat, type="close")
        assert hear(chat, "status")["state"] == "closed"
    assert lines(client, conversation) == ["customer", "dime", "customer", "customer"]


def test_goodbye_sent_again_opens_no_second_conversation(client: TestClient) -> None:
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        goodbyes = []
        for _ in range(2):
            say(chat, type="message", text="goodbye", id="g")
            goodbyes.append(hear(chat, "answer"))
            assert hear(chat, "status")["state"] == "closed"
    assert goodbyes[0]["turn"] == goodbyes[1]["turn"]


def test_answer_that_was_cut_off_is_given_anew(client: TestClient, services: Services) -> None:
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        say(chat, **MESSAGE)
        first = hear(chat, "answer")
        with services.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE turn SET interrupted = 1")
        for _ in range(2):
            say(chat, **MESSAGE)
            again = hear(chat, "answer")
            assert again["turn"] != first["turn"]
            assert again["text"].startswith(first["text"])
    assert lines(client, first["conversation"]) == ["customer", "dime"] * 2


@pytest.mark.parametrize("id_", ["", "x" * 65, 7])
def test_id_that_is_none_is_told(client: TestClient, id_: Any) -> None:
    with client.websocket_connect("/chat") as chat:
        say(chat, **{**MESSAGE, "id": id_})
        assert hear(chat, "error")["code"] == "malformed"


def test_nothing_is_remembered_of_messages_that_are_done() -> None:
    async def story() -> int:
        held, message = OneAtATime(), known_as("m", conversation=uuid4())
        order = []

        async def ask(name: str) -> None:
            async with held.hold(message):
                order.append(name)
                await asyncio.sleep(0)
                order.append(name)

        await asyncio.gather(ask("a"), ask("b"), ask("c"))
        assert order == ["a", "a", "b", "b", "c", "c"]
        return len(held._held)

    assert asyncio.run(story()) == 0
