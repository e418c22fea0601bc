"""Doors that only ask and answer, REST and OpenAI's protocol: a call-back is taken in words, a colleague is heard."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from agent.people.contact import contact_in, says_more
from agent.transcript import Line
from tests.test_guided_chat import shop
from tests.test_people_chat import LIVE
from web.app import create_app
from web.chat.at_desk import not_shown

Ask = Callable[..., dict[str, Any]]
PERSON = {"en": "I want to talk to a person", "zh": "转人工"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(shop(tmp_path)), base_url="http://127.0.0.1") as client:
        yield client


def by_rest(client: TestClient) -> Ask:
    conversation: dict[str, str] = {}

    def ask(text: str) -> dict[str, Any]:
        answered: dict[str, Any] = client.post("/api/v1/ask", json={"question": text, **conversation}).json()
        conversation["conversation"] = answered["conversation"]
        return answered

    return ask


def by_openai(client: TestClient) -> Ask:
    said: list[dict[str, str]] = []

    def ask(text: str) -> dict[str, Any]:
        said.append({"role": "user", "content": text})
        completion = client.post("/v1/chat/completions", json={"model": "dime", "messages": said}).json()
        said.append(completion["choices"][0]["message"])
        return {**completion["dime"], "answer": said[-1]["content"]}

    return ask


def callbacks(client: TestClient) -> list[tuple[str, str]]:
    return [(row["contact"], row["note"]) for row in client.get("/api/v1/desk/callbacks").json()]


@pytest.mark.parametrize("door", [by_rest, by_openai])
def test_with_nobody_at_the_desk_a_call_back_is_offered_and_taken_in_words(
    client: TestClient, door: Callable[[TestClient], Ask]
) -> None:
    ask = door(client)
    assert "phone number or an e-mail address" in ask(PERSON["en"])["answer"]
    assert ask("ok")["reason"] == "call_back"
    noted = ask("ada@example.org, about my sofa")
    assert (noted["reason"], noted["answer"]) == ("call_back_noted", "Noted. We will get back to you.")
    assert callbacks(client) == [("ada@example.org", "[email], about my sofa")]
    assert ask("bob@example.org")["reason"] != "call_back_noted"


def test_the_same_in_chinese(client: TestClient) -> None:
    ask = by_rest(client)
    offered = ask(PERSON["zh"])
    assert offered["answer"].endswith("请留下电话或邮箱，我们会尽快与您联系。")
    assert offered["callback"]
    assert ask("13800138000")["answer"] == "已记录，我们会尽快与您联系。"
    assert callbacks(client) == [("13800138000", "")]


def test_call_back_that_is_not_wanted_is_not_noted_and_another_question_is_answered(client: TestClient) -> None:
    ask = by_rest(client)
    ask(PERSON["en"])
    assert ask("standing desk stuck")["source"]["id"]
    ask(PERSON["en"])
    assert ask("no thanks")["reason"] == "call_back_declined"
    assert callbacks(client) == []


def test_while_a_person_has_the_conversation_rest_brings_their_words_and_says_nothing_of_its_own(
    client: TestClient,
) -> None:
    ask = by_rest(client)
    with client.websocket_connect(LIVE):
        handed = ask(PERSON["en"])
        assert (handed["state"], handed["callback"]) == ("waiting", False)
        at = f"/api/v1/desk/conversations/{handed['conversation']}"
        waiting = ask("standing desk stuck")
        assert (waiting["answer"], waiting["reason"]) == ("You are in the queue for a colleague.", "with_colleague")
        client.post(f"{at}/take", json={"colleague": "Ana"})
        assert ask("hello?")["answer"] == "A colleague has your message and answers here."
        for text in ("Ana here.", "Which desk?"):
            client.post(f"{at}/reply", json={"colleague": "Ana", "text": text})
        heard = ask("the oak one")
        assert (heard["answer"], heard["state"], heard["turn"]) == ("Ana here.\n\nWhich desk?", "colleague", None)
        assert ask("and now?")["answer"] == "A colleague has your message and answers here."
    read = client.get(f"/api/v1/conversations/{handed['conversation']}").json()
    said = [line["text"] for line in read["transcript"] if line["author"] == "customer"]
    assert said == [PERSON["en"], "standing desk stuck", "hello?", "the oak one", "and now?"]


def by_name(client: TestClient) -> Ask:
    """Sends no history, and names the conversation."""

    def ask(text: str) -> dict[str, Any]:
        body = {"model": "dime", "messages": [{"role": "user", "content": text}], "metadata": {"conversation": "n7"}}
        completion = client.post("/v1/chat/completions", json=body).json()
        return {**completion["dime"], "answer": completion["choices"][0]["message"]["content"]}

    return ask


@pytest.mark.parametrize("door", [by_rest, by_openai, by_name])
@pytest.mark.parametrize("is_asked_before", [True, False])
def test_what_a_colleague_says_and_closes_with_is_brought_before_the_next_answer_and_once(
    client: TestClient, door: Callable[[TestClient], Ask], is_asked_before: bool
) -> None:
    ask = door(client)
    with client.websocket_connect(LIVE):
        at = f"/api/v1/desk/conversations/{ask(PERSON['en'])['conversation']}"
        client.post(f"{at}/take", json={"colleague": "Ana"})
        client.post(f"{at}/reply", json={"colleague": "Ana", "text": "It is"})
        if is_asked_before:
            assert ask("the oak one")["answer"] == "It is"
        for text in ("It is on its way.", "Bye!"):
            client.post(f"{at}/reply", json={"colleague": "Ana", "text": text})
        client.post(f"{at}/close", json={"colleague": "Ana", "outcome": "solved"})
    brought = ["It is on its way.", "Bye!"] if is_asked_before else ["It is", "It is on its way.", "Bye!"]
    heard = ask("thank you")
    assert heard["answer"].startswith("\n\n".join([*brought, "You are welcome"]))
    assert heard["reason"] == "thanks"
    assert ask("hello")["answer"].startswith("Hello")


def test_what_a_colleague_said_to_one_of_two_who_asked_alike_is_told_to_neither(client: TestClient) -> None:
    with client.websocket_connect(LIVE):
        for text in ("For you, Ada.", "For you, Bob."):
            at = f"/api/v1/desk/conversations/{by_openai(client)(PERSON['en'])['conversation']}"
            client.post(f"{at}/take", json={"colleague": "Ana"})
            client.post(f"{at}/reply", json={"colleague": "Ana", "text": text})
            client.post(f"{at}/close", json={"colleague": "Ana", "outcome": "solved"})
        ask = by_openai(client)
        at = f"/api/v1/desk/conversations/{ask(PERSON['en'])['conversation']}"
        client.post(f"{at}/take", json={"colleague": "Ana"})
        client.post(f"{at}/close", json={"colleague": "Ana", "outcome": "solved"})
    assert ask("hello")["answer"].startswith("Hello")


SAID = st.lists(st.sampled_from(["Yes.", "Yes. We have it.", "Yes.\n\nWe have it.", "We have it.", "No."]), max_size=6)


@given(SAID, st.lists(st.booleans(), max_size=6), st.integers(0, 6))
def test_each_reply_is_brought_once_whatever_stands_in_another(replies: list[str], cuts: list[bool], more: int) -> None:
    """However they fell into answers, what came since is what is left."""
    lines = [Line("colleague", text, datetime(2026, 3, 1, tzinfo=UTC)) for text in replies]
    shown: list[str] = []
    for text, is_new in zip(replies, [True, *cuts], strict=False):
        if is_new:
            shown.append(text)
        else:
            shown[-1] += f"\n\n{text}"
    count = min(len(replies), len(cuts) + 1)
    assert not_shown(lines[: max(count, min(len(lines), more))], ["Which desk?", *shown]) == [
        line.text for line in lines[count : max(count, more)]
    ]


def test_desk_lists_what_the_customer_came_for(client: TestClient) -> None:
    with client.websocket_connect(LIVE):
        ask = by_rest(client)
        for text in ("do you rent out boats?", "yes please", "are you there?"):
            ask(text)
        other = by_rest(client)
        for text in (PERSON["en"], "my sofa squeaks", "hello?"):
            other(text)
        guided = by_rest(client)
        for text in ("standing desk stuck", "no", PERSON["en"], "anybody?"):
            guided(text)
        rows = client.get("/api/v1/desk/conversations").json()
    assert [row["matter"] for row in rows] == ["do you rent out boats?", "my sofa squeaks", "standing desk stuck"]
    assert [row["last"] for row in rows] == ["are you there?", "hello?", "anybody?"]


@pytest.mark.parametrize("is_staffed", [True, False])
def test_choices_of_before_are_not_offered_again_after_a_hand_over(client: TestClient, is_staffed: bool) -> None:
    ask = by_rest(client)
    assert ask("standing desk stuck")["choices"] == ["yes", "no"]
    if is_staffed:
        with client.websocket_connect(LIVE):
            handed = ask(PERSON["en"])
    else:
        handed = ask(PERSON["en"])
    assert (handed["action"], handed["choices"]) == ("handoff", [])


@pytest.mark.parametrize(
    ("reply", "contact"),
    [
        ("+1 503 555 0188", "+1 503 555 0188"),
        ("5035550188", "5035550188"),
        ("please write to ada@example.org", "ada@example.org"),
        ("my order 200123 has not come", ""),
        ("yes", ""),
        ("12345", ""),
    ],
)
def test_contact_is_found_among_words(reply: str, contact: str) -> None:
    assert contact_in(reply) == contact


@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_look_for_a_contact_in(text: str) -> None:
    contact = contact_in(text)
    assert contact in text or set(contact) <= set("+0123456789")


def test_note_of_a_call_back_is_what_was_written_beside_the_contact() -> None:
    assert not says_more("[phone ••0188].")
    assert says_more("[phone ••0188], after five")
    assert says_more("[电话 ••0188] 五点后")
