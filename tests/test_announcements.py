"""An editor announces something: every conversation is told once, first, in its language, while it is valid."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from knowledge.curating.announcing import Announcement, NotAnnounced, Told, due, moment, period, wording
from tests.doubles import ScriptedSearcher, entry
from tests.test_chat import ScriptedIndex, hear, say
from web.app import create_app
from web.assembly import assemble
from web.operating.housekeeping import watch
from web.services import Services
from web.settings import Settings

pytestmark = pytest.mark.slow

SOFA = entry("You have 30 days from delivery to return a sofa.")
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)
"""Noon in Los Angeles."""
ZONE = "America/Los_Angeles"
DOWN, DOWN_ZH = "Our website is down.", "我们的网站暂时无法访问。"


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_shop(tmp_path: Path, clock: Clock) -> Callable[[], Services]:
    """Opened twice, it is the same shop after a restart."""

    def opened() -> Services:
        settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None)
        made = assemble(settings, now=clock)
        made.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.95)))  # type: ignore[assignment]
        made.agent._searcher = made.index.current  # type: ignore[assignment]
        return made

    return opened


@pytest.fixture
def services(open_shop: Callable[[], Services]) -> Services:
    return open_shop()


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def announce(client: TestClient, text: str = DOWN, **more: Any) -> str:
    response = client.post("/api/v1/announcements", json={"text": text, **more})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def ask(client: TestClient, question: str = "how long?", **more: Any) -> dict[str, Any]:
    answered: dict[str, Any] = client.post("/api/v1/ask", json={"question": question, **more}).json()
    return answered


def transcript(client: TestClient, conversation: str) -> list[tuple[str, str]]:
    lines = client.get(f"/api/v1/conversations/{conversation}").json()["transcript"]
    return [(line["author"], line["text"]) for line in lines]


def test_widget_shows_it_on_opening_and_the_agent_does_not_say_it_again(client: TestClient) -> None:
    announce(client)
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", lang="en")
        welcome = hear(socket, "welcome")
        assert welcome["announcements"] == [{"text": DOWN, "lang": "en"}]
        say(socket, type="message", text="how long?")
        assert hear(socket, "typing")
        assert socket.receive_json()["type"] == "delta"
        answer = hear(socket, "answer")
    assert answer["text"] == SOFA.answer
    told = [("notice", DOWN), ("customer", "how long?"), ("dime", SOFA.answer)]
    assert transcript(client, answer["conversation"]) == told
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", visitor=welcome["visitor"], conversation=welcome["conversation"])
        again = hear(socket, "welcome")
    assert again["announcements"] == []
    assert [(line["author"], line["text"]) for line in again["transcript"]] == told


def test_widget_that_is_open_already_hears_it_before_the_next_answer_once(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        assert hear(socket, "welcome")["announcements"] == []
        say(socket, type="message", text="how long?")
        hear(socket, "answer")
        announce(client)
        say(socket, type="message", text="and for a bed?")
        hear(socket, "typing")
        assert socket.receive_json() == {"v": 1, "type": "announcement", "text": DOWN, "lang": "en"}
        assert hear(socket, "answer")["text"] == SOFA.answer
        say(socket, type="message", text="is pickup free?")
        hear(socket, "typing")
        assert socket.receive_json()["type"] == "delta"


def test_client_that_never_said_hello_hears_it_before_the_first_answer(client: TestClient) -> None:
    announce(client)
    with client.websocket_connect("/chat") as socket:
        say(socket, type="message", text="how long?")
        assert hear(socket, "announcement")["text"] == DOWN
        assert hear(socket, "answer")["text"] == SOFA.answer


def test_page_reloaded_before_the_first_question_still_shows_it(client: TestClient) -> None:
    announce(client)
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        first = hear(socket, "welcome")
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", visitor=first["visitor"], conversation=first["conversation"])
        assert hear(socket, "welcome")["announcements"] == [{"text": DOWN, "lang": "en"}]
        say(socket, type="message", text="how long?")
        conversation = hear(socket, "answer")["conversation"]
    assert [author for author, _ in transcript(client, conversation)] == ["notice", "customer", "dime"]


def test_rest_answer_begins_with_it_once_a_conversation_and_the_books_keep_them_apart(client: TestClient) -> None:
    announce(client)
    conversation = str(uuid4())
    first = ask(client, conversation=conversation)
    second = ask(client, "and for a bed?", conversation=conversation)
    assert first["answer"] == f"{DOWN}\n\n{SOFA.answer}"
    assert first["announcements"] == [DOWN]
    assert (second["answer"], second["announcements"]) == (SOFA.answer, [])
    assert transcript(client, conversation)[1:3] == [("notice", DOWN), ("dime", SOFA.answer)]
    assert ask(client)["announcements"] == [DOWN]


def test_question_about_its_matter_is_routed_as_ever(client: TestClient, services: Services) -> None:
    announce(client)
    services.index.searcher.found = ((SOFA, 0.1),)  # type: ignore[attr-defined]
    answered = ask(client, "is your website down?")
    assert answered["action"] == "unknown"
    assert answered["answer"].startswith(DOWN)


def test_chinese_conversation_is_told_in_chinese_and_not_a_second_time_when_it_turns_to_english(
    client: TestClient,
) -> None:
    announce(client), announce(client, DOWN_ZH)
    conversation = str(uuid4())
    assert ask(client, "沙发多久可以退?", conversation=conversation)["announcements"] == [DOWN_ZH]
    assert ask(client, "how long do I have?", conversation=conversation)["announcements"] == []


def test_customer_without_an_announcement_in_their_language_reads_the_one_there_is(client: TestClient) -> None:
    announce(client)
    assert ask(client, "沙发多久可以退?")["announcements"] == [DOWN]


def test_start_end_and_withdrawal_are_kept(client: TestClient, clock: Clock) -> None:
    announce(client, **{"from": "13:00", "until": "18:00"})
    assert ask(client)["announcements"] == []
    clock.at = NOON + timedelta(hours=1)
    assert ask(client)["announcements"] == [DOWN]
    clock.at = NOON + timedelta(hours=6)
    assert ask(client)["announcements"] == []
    other = announce(client, "We close early.")
    assert client.delete(f"/api/v1/announcements/{other}").status_code == 204
    assert client.delete(f"/api/v1/announcements/{other}").status_code == 404
    assert ask(client)["announcements"] == []
    listed = client.get("/api/v1/announcements?past=true").json()
    assert [one["state"] for one in listed] == ["over", "withdrawn"]
    assert client.get("/api/v1/announcements").json() == []


def test_it_is_still_there_after_a_restart_and_told_nobody_twice(
    client: TestClient, open_shop: Callable[[], Services]
) -> None:
    announce(client)
    conversation = ask(client)["conversation"]
    with TestClient(create_app(open_shop()), base_url="http://127.0.0.1") as after:
        assert ask(after, conversation=conversation)["announcements"] == []
        assert ask(after)["announcements"] == [DOWN]


def test_it_costs_nothing_that_is_not_said(client: TestClient, services: Services) -> None:
    announce(client)
    told = ask(client)
    row = services.conversations.find(UUID(told["conversation"]))
    assert row is not None
    assert services.books.cost_of(UUID(told["turn"])) is not None
    assert told["action"] == "answer"


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"text": "  \n"}, "needs words"),
        ({"text": "!!!"}, "needs words"),
        ({"text": "x" * 501}, "501"),
        ({"text": DOWN, "until": "11:59"}, "is past"),
        ({"text": DOWN, "until": "2026-11-22"}, "is past"),
        ({"text": DOWN, "until": "0h"}, "is past"),
        ({"text": DOWN, "until": "25:00"}, "is no time"),
        ({"text": DOWN, "until": "soon"}, "is no time"),
        ({"text": DOWN, "until": "2026-02-30"}, "is no time"),
        ({"text": DOWN, "until": "99999d"}, "more than a year"),
        ({"text": DOWN, "from": "2026-12-02", "until": "2026-12-01T10:00"}, "before it begins"),
        ({"text": DOWN, "lang": "de"}, "'de'"),
    ],
)
def test_what_cannot_be_announced_is_one_sentence_and_nothing_is_kept(
    client: TestClient, new: dict[str, str], words: str
) -> None:
    refused = client.post("/api/v1/announcements", json=new)
    assert refused.status_code == 422
    assert words in refused.json()["detail"]
    assert client.get("/api/v1/announcements?past=true").json() == []


def test_same_announcement_twice_is_refused_with_the_one_to_withdraw(client: TestClient) -> None:
    known = announce(client)
    refused = client.post("/api/v1/announcements", json={"text": f" {DOWN} "})
    assert refused.status_code == 422
    assert known[:8] in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/api/v1/announcements", "/api/v1/alerts"])
def test_stranger_neither_reads_nor_announces(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"origin": "https://elsewhere.example"}).status_code == 401
    assert client.post(path, json={"text": DOWN}, headers={"x-forwarded-for": "1.2.3.4"}).status_code in (401, 405)
    assert client.get("/api/v1/announcements").json() == []


def test_alert_is_listed_until_it_is_dismissed(client: TestClient, services: Services) -> None:
    services.index.searcher.found = ()  # type: ignore[attr-defined]
    services.trouble._retriever = OneTopic  # type: ignore[assignment]
    for _ in range(5):
        ask(client, "is your website down?")
    client.portal.call(watch, services)  # type: ignore[union-attr]
    (alert,) = client.get("/api/v1/alerts").json()
    assert (alert["count"], alert["question"], alert["is_going_on"]) == (5, "is your website down?", True)
    assert "dime_trouble_alerts_going_on 1.0" in client.get("/metrics").text
    assert client.post(f"/api/v1/alerts/{alert['id']}/dismiss").status_code == 204
    assert client.get("/api/v1/alerts").json() == []
    assert client.post(f"/api/v1/alerts/{uuid4()}/dismiss").status_code == 404


class OneTopic:
    """All that customers ask means the same, and is no chatter."""

    def meanings(self, questions: Sequence[str]) -> Any:
        import numpy as np

        return np.array([[1, 0] if "website" in question else [0, 1] for question in questions], dtype=np.float32)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("18:00", datetime(2026, 11, 24, 2, tzinfo=UTC)),
        ("18：00", datetime(2026, 11, 24, 2, tzinfo=UTC)),
        ("24:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2h", NOON + timedelta(hours=2)),
        ("90 min", NOON + timedelta(minutes=90)),
        ("2026-12-24", datetime(2026, 12, 25, 8, tzinfo=UTC)),
        ("2026-12-24T10:00", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("2026-12-24T10:00+01:00", datetime(2026, 12, 24, 9, tzinfo=UTC)),
    ],
)
def test_times_are_the_companys(words: str, meant: datetime) -> None:
    assert moment(words, since=NOON, zone=ZONE, is_end=True) == meant


def test_without_an_end_it_ends_with_the_companys_day() -> None:
    assert period(None, None, now=NOON, zone=ZONE) == (NOON, datetime(2026, 11, 24, 8, tzinfo=UTC))
    later = period("2026-12-24", None, now=NOON, zone=ZONE)
    assert later == (datetime(2026, 12, 24, 8, tzinfo=UTC), datetime(2026, 12, 25, 8, tzinfo=UTC))


def test_day_on_which_the_clocks_go_back_ends_an_hour_later() -> None:
    saturday_night = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert period(None, None, now=saturday_night, zone=ZONE)[1] == datetime(2026, 11, 2, 8, tzinfo=UTC)


@given(st.text(max_size=700))
def test_wording_is_one_sound_line_or_refused(text: str) -> None:
    try:
        told = wording(text)
    except NotAnnounced:
        return
    assert told == wording(told)
    assert told.encode()
    assert "\n" not in told
    assert len(told) <= 500


@given(st.text(max_size=30))
def test_any_words_for_a_time_are_a_time_or_refused_in_one_sentence(text: str) -> None:
    try:
        assert moment(text, since=NOON, zone=ZONE).tzinfo is not None
    except NotAnnounced as error:
        assert "is no time" in str(error)


@given(
    texts=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["en", "zh"]), st.integers(0, 5)), max_size=6),
    turns=st.lists(st.sampled_from(["en", "zh", "de"]), max_size=8),
    is_spoken=st.booleans(),
)
def test_conversation_is_never_told_the_same_twice_and_a_caller_never_in_another_language(
    texts: list[tuple[str, str, int]], turns: list[str], is_spoken: bool
) -> None:
    hour, told = timedelta(hours=1), list[Told]()
    known = [Announcement(uuid4(), lang, text, NOON + hour * at, NOON + hour * 99) for text, lang, at in texts]
    for number, lang in enumerate(turns):
        now = NOON + hour * number
        valid = [one for one in known if one.state(now) == "now"]
        news = due(valid, told, lang=lang, is_spoken=is_spoken, now=now)
        assert not is_spoken or all(told.lang == lang for told in news)
        assert bool(news or told) or not valid or is_spoken
        told += news
    assert len({one.text for one in told}) == len(told)
