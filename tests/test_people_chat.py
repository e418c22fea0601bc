"""An upset customer at the widget's socket, and what desk, API and metrics make of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from tests.doubles import ScriptedSearcher, entry
from tests.test_chat import ScriptedIndex, hear, say
from web.app import create_app
from web.assembly import assemble
from web.database import migrations, open_database
from web.services import Services
from web.settings import Settings

SOFA = entry("You have 30 days from delivery to return a sofa.")
LIVE = "ws://127.0.0.1/api/v1/desk/live?colleague=Ana"
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def open_shop(tmp_path: Path, *, now: datetime = MONDAY_NOON, p: float = 0.95, **settings: str) -> Services:
    made = assemble(
        Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None, time_zone="UTC", **settings),  # type: ignore[arg-type]
        now=lambda: now,
    )
    made.index = ScriptedIndex(ScriptedSearcher((SOFA, p)))  # type: ignore[assignment]
    made.agent._searcher = made.index.current  # type: ignore[assignment]
    return made


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return open_shop(tmp_path)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def test_angry_customer_is_acknowledged_answered_and_at_last_handed_over_with_a_summary(client: TestClient) -> None:
    with client.websocket_connect(LIVE), client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        say(chat, type="message", text="This is ridiculous!! How long can I return a sofa?")
        first = hear(chat, "answer")
        assert first["text"].endswith(SOFA.answer)
        assert first["text"] != SOFA.answer
        say(chat, type="message", text="You are useless. What about my bed, reach me at ada@example.org")
        assert hear(chat, "answer")["action"] == "handoff"
        assert hear(chat, "status")["state"] == "waiting"
        (row,) = client.get("/api/v1/desk/conversations").json()
        assert (row["reason"], row["category"], row["mood"]) == ("anger", "anger", "angry")
        read = client.get(f"/api/v1/conversations/{row['id']}?lang=zh").json()
    assert read["handoff_category"] == read["summary"]["category"] == "anger"
    assert {line["label"] for line in read["summary"]["lines"]} >= {"原因", "客户", "咨询内容"}
    assert "ada@example.org" not in str(read["summary"])
    assert [line["mood"] for line in read["transcript"] if line["author"] == "customer"] == ["angry", "angry"]
    metrics = client.get("/metrics").text
    assert 'dime_moods_total{channel="chat",mood="angry"}' in metrics
    assert 'dime_handovers_total{category="anger",channel="chat"}' in metrics


def test_customers_own_page_never_learns_the_mood_that_was_read(client: TestClient) -> None:
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        visitor = hear(chat, "welcome")["visitor"]
        say(chat, type="message", text="气死我了,沙发多久可以退?")
        conversation = hear(chat, "answer")["conversation"]
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello", visitor=visitor, conversation=conversation)
        assert [line["mood"] for line in hear(chat, "welcome")["transcript"]] == [None, None]


def test_two_misses_are_handed_over_and_both_stay_gaps(tmp_path: Path) -> None:
    services = open_shop(tmp_path, p=0.1)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        conversation = client.post("/api/v1/ask", json={"question": "do you rent sofas?"}).json()["conversation"]
        second = client.post("/api/v1/ask", json={"question": "and boats?", "conversation": conversation}).json()
        assert (second["action"], second["reason"], second["mood"]) == ("handoff", "repeated_misses", "calm")
    with services.engine.connect() as connection:
        gaps = connection.execute(text("SELECT question FROM gap ORDER BY at")).scalars().all()
    assert sorted(gaps) == ["and boats?", "do you rent sofas?"]


@pytest.mark.parametrize(
    ("now", "state"), [(MONDAY_NOON, "waiting"), (datetime(2026, 11, 22, 12, tzinfo=UTC), "agent")]
)
def test_outside_the_hours_a_colleague_who_is_still_there_gets_nothing(
    tmp_path: Path, now: datetime, state: str
) -> None:
    services = open_shop(tmp_path, now=now, hours="mon-fri 09:00-18:00")
    with (
        TestClient(create_app(services), base_url="http://127.0.0.1") as client,
        client.websocket_connect(LIVE),
        client.websocket_connect("/chat") as chat,
    ):
        say(chat, type="hello")
        say(chat, type="person")
        answer = hear(chat, "answer")["text"]
        status = hear(chat, "status")
    assert (status["state"], status["callback"]) == (state, state == "agent")
    assert ("We are here again tomorrow at 9:00." in answer) == (state == "agent")


def test_call_back_has_a_time_and_is_closed_with_an_outcome(client: TestClient, services: Services) -> None:
    with client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        for wish in ("tomorrow", "on Friday"):  # sent twice: one call, at the time wished last
            say(chat, type="callback", contact="+1 503 555 0188", wish=wish)
            hear(chat, "status")
    (open_call,) = client.get("/api/v1/desk/callbacks").json()
    assert open_call["wish"] == "on Friday"
    done = f"/api/v1/desk/callbacks/{open_call['id']}/done"
    assert client.post(done, json={"outcome": "elsewhere"}).status_code == 422
    assert client.post(done, json={"outcome": "reached"}).status_code == 204
    assert client.post(done, json={"outcome": "dropped"}).status_code == 204
    assert client.get("/api/v1/desk/callbacks").json() == []
    with services.engine.connect() as connection:
        assert connection.execute(text("SELECT outcome FROM callback")).all() == [("reached",)]


def test_wrong_hours_are_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="DIME_HOURS: '9' is no time"):
        open_shop(tmp_path, hours="mon 9")


def test_handings_over_before_there_were_categories_have_one(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with engine.begin() as connection:
        command.upgrade(migrations(connection), "0002")
        connection.execute(text("INSERT INTO company VALUES ('default', 'Shop', 'UTC', 'USD')"))
        connection.execute(
            text(
                "INSERT INTO conversation (company, eligible, demo, at, id, state, last_at, handoff_reason) "
                "VALUES ('default', 1, 0, '2026-11-01', '0', 'waiting', '2026-11-01', 'guide')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO handling (id, conversation_id, reason, waiting_since) "
                "VALUES ('1', '0', 'asked_for_person', '2026-11-01')"
            )
        )
    engine.dispose()
    opened = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", lock_folder=tmp_path)
    with opened.connect() as connection:
        assert connection.execute(text("SELECT category FROM handling")).scalar() == "request"
        assert connection.execute(text("SELECT handoff_category FROM conversation")).scalar() == "policy"


def test_report_tells_why_people_were_wanted_in_the_same_words(client: TestClient) -> None:
    for question in ("a person please", "I want to talk to a human", "how long?"):
        client.post("/api/v1/ask", json={"question": question})
    period = "from=2026-11-23&to=2026-11-23"
    report = client.get(f"/api/v1/report?{period}").json()
    assert report["totals"]["handovers"] == {"request": 2}
    assert "Why a person was wanted" in client.get(f"/roi?{period}").text
    assert "handoff_category" in client.get(f"/api/v1/report/conversations.csv?{period}").text
