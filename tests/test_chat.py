"""The widget's socket on the real application, a real database and a scripted knowledge."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from starlette.testclient import WebSocketTestSession

from agent.history import Handling
from agent.turn import Who
from roi.books.ledger import CostLine
from tests.doubles import ScriptedSearcher, entry
from web.app import create_app
from web.assembly import assemble
from web.desk import desk
from web.desk.desk import NotAtDesk, TakenByAnother
from web.services import Services
from web.settings import Settings

SOFA = entry("You have 30 days from delivery to return a sofa.")


class ScriptedIndex:
    """Stands where the live index stands, always ready."""

    is_ready = True

    def __init__(self, searcher: ScriptedSearcher) -> None:
        self.searcher = searcher

    def current(self) -> ScriptedSearcher:
        return self.searcher

    async def follow(self) -> None:
        return None


@pytest.fixture
def services(tmp_path: Path) -> Services:
    made = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None))
    made.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.95)))  # type: ignore[assignment]
    made.agent._searcher = made.index.current  # type: ignore[assignment]
    return made


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def say(socket: WebSocketTestSession, **event: Any) -> None:
    socket.send_text(json.dumps({"v": 1, **event}))


def hear(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    """The next event of this kind; others before it are passed over."""
    for _ in range(50):
        event: dict[str, Any] = socket.receive_json()
        if event["type"] == kind:
            return event
    raise AssertionError(f"no {kind} among 50 events")


def reads(client: TestClient, conversation: str, text: str) -> None:
    """A colleague replies to what they see: waits until it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        transcript = client.get(f"/api/v1/conversations/{conversation}").json()["transcript"]
        if any(line["text"] == text for line in transcript):
            return
        time.sleep(0.02)
    raise AssertionError(f"nobody reads {text}")


def test_question_is_streamed_then_given_whole_with_its_source(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", lang="en")
        assert hear(socket, "welcome")["transcript"] == []
        say(socket, type="message", text="how long do I have to return a sofa?")
        assert hear(socket, "delta")["text"] == SOFA.answer
        answer = hear(socket, "answer")
    assert answer["text"] == SOFA.answer
    assert answer["source"]["id"] == "sofa-returns"
    assert answer["action"] == "answer"


def test_answer_is_in_the_books_before_it_is_released(client: TestClient, services: Services) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        say(socket, type="message", text="how long do I have to return a sofa?")
        turn = UUID(hear(socket, "delta")["turn"])
        lines = services.conversations.read(services.conversations.of_turn(turn))
    assert [line.text for line in lines] == ["how long do I have to return a sofa?", SOFA.answer]
    assert services.books.cost_of(turn) is not None


def test_conversation_goes_on_after_a_reload_for_its_visitor_only(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        visitor = hear(socket, "welcome")["visitor"]
        say(socket, type="message", text="how long?")
        conversation = hear(socket, "answer")["conversation"]
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", visitor=visitor, conversation=conversation)
        again = hear(socket, "welcome")
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", visitor="somebody-else", conversation=conversation)
        stranger = hear(socket, "welcome")
    assert [line["text"] for line in again["transcript"]] == ["how long?", SOFA.answer]
    assert stranger["conversation"] != conversation
    assert stranger["transcript"] == []


def test_question_sent_again_after_a_lost_line_opens_no_second_conversation(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        first = hear(socket, "welcome")
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello", visitor=first["visitor"], conversation=first["conversation"])
        say(socket, type="message", text="how long?")
        assert hear(socket, "answer")["conversation"] == first["conversation"]


def test_customer_who_leaves_is_no_longer_waiting_at_the_desk(client: TestClient) -> None:
    live = "ws://127.0.0.1/api/v1/desk/live?colleague=Ana"
    with client.websocket_connect(live) as desk, client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        say(chat, type="person")
        assert hear(chat, "status")["state"] == "waiting"
        desk.receive_json()
        say(chat, type="close")
        assert hear(chat, "status")["state"] == "closed"
        desk.receive_json()
        assert client.get("/api/v1/desk/conversations").json() == []


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{not json", "malformed"),
        ("[" * 100_000, "too_long"),
        ("[" * 50_000, "malformed"),
        ('"text"', "malformed"),
        ('{"type": "dance"}', "unknown_type"),
        ('{"text": "no type"}', "unknown_type"),
        ('{"type": "message"}', "malformed"),
        (json.dumps({"type": "message", "text": "x" * 4_001}), "too_long"),
        (json.dumps({"type": "message", "text": "x" * 1_000_000}), "too_long"),
    ],
    ids=["not JSON", "huge", "deep", "no object", "unknown type", "no type", "no text", "long text", "1 MB"],
)
def test_bad_frame_gets_a_typed_error_and_the_connection_lives(client: TestClient, frame: str, code: str) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        socket.send_text(frame)
        assert hear(socket, "error")["code"] == code
        say(socket, type="message", text="how long?", unknown_field=1)
        assert hear(socket, "answer")["text"] == SOFA.answer


def test_sound_outside_a_call_is_refused_politely(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        socket.send_bytes(b"\0" * 320)
        assert hear(socket, "error")["code"] == "no_call"


def test_with_nobody_at_the_desk_a_callback_is_offered_and_noted(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        say(socket, type="person")
        status = hear(socket, "status")
        assert (status["state"], status["callback"]) == ("agent", True)
        say(socket, type="callback", contact="ada@example.org", note="about my sofa")
        assert hear(socket, "status")["state"] == "agent"
    noted = client.get("/api/v1/desk/callbacks").json()
    assert [(callback["contact"], callback["note"]) for callback in noted] == [("ada@example.org", "about my sofa")]
    assert client.post(f"/api/v1/desk/callbacks/{noted[0]['id']}/done").status_code == 204
    assert client.get("/api/v1/desk/callbacks").json() == []


def test_colleague_takes_over_replies_and_closes_with_an_outcome(client: TestClient) -> None:
    live = "ws://127.0.0.1/api/v1/desk/live?colleague=Ana"
    with client.websocket_connect(live) as desk, client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        say(chat, type="message", text="I want to talk to a person")
        assert hear(chat, "answer")["action"] == "handoff"
        assert hear(chat, "status")["state"] == "waiting"
        conversation = desk.receive_json()["conversation"]
        waiting = client.get("/api/v1/desk/conversations").json()
        assert [(row["id"], row["state"]) for row in waiting] == [(conversation, "waiting")]

        at = f"/api/v1/desk/conversations/{conversation}"
        assert client.post(f"{at}/reply", json={"colleague": "Ana", "text": "hi"}).status_code == 409
        assert client.post(f"{at}/take", json={"colleague": "Ana"}).status_code == 204
        assert client.post(f"{at}/take", json={"colleague": "Ben"}).status_code == 409
        assert hear(chat, "status")["state"] == "colleague"
        say(chat, type="message", text="my sofa squeaks")
        reads(client, conversation, "my sofa squeaks")
        client.post(f"{at}/reply", json={"colleague": "Ana", "text": "I will send somebody."})
        assert hear(chat, "colleague")["text"] == "I will send somebody."
        closed = client.post(f"{at}/close", json={"colleague": "Ana", "outcome": "solved"})
        assert closed.json()["handling_seconds"] >= 0
        assert hear(chat, "status")["state"] == "closed"

        say(chat, type="message", text="how long do I have?")
        assert hear(chat, "answer")["conversation"] != conversation
    read = client.get(f"/api/v1/conversations/{conversation}").json()
    assert read["outcome"] == "solved"
    assert [line["author"] for line in read["transcript"]][-2:] == ["customer", "colleague"]


def at_the_desk(services: Services, *, colleague: str) -> UUID:
    conversation, now = uuid4(), services.now()
    services.desk.queue(Who("chat"), conversation=conversation, reason="asked_for_person", at=now)
    services.desk.take(conversation, colleague=colleague, at=now)
    return conversation


def test_visit_that_the_customer_ends_while_a_colleague_closes_it_is_booked_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = at_the_desk(services, colleague="Ana")
    later = services.now() + timedelta(minutes=5)

    def meanwhile(*_: object) -> None:
        monkeypatch.undo()
        services.desk.leave(conversation, at=later)

    monkeypatch.setattr("web.desk.desk._check_taken", meanwhile)
    with pytest.raises(NotAtDesk):
        services.desk.close(conversation, colleague="Ana", outcome="solved", at=later)
    services.desk.leave(conversation, at=later)
    with Session(services.engine) as session:
        lines = session.exec(select(CostLine).where(CostLine.conversation_id == conversation)).all()
        (visit,) = session.exec(select(Handling).where(Handling.conversation_id == conversation)).all()
    assert [line.kind for line in lines] == ["escalation"]
    assert (visit.outcome, visit.handling_seconds) == ("left", pytest.approx(300, abs=5))


def test_visit_that_two_take_at_once_is_ones(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation, now = uuid4(), services.now()
    services.desk.queue(Who("chat"), conversation=conversation, reason="asked_for_person", at=now)

    def meanwhile(session: Session, wanted: UUID) -> Any:
        read = found(session, wanted)
        monkeypatch.undo()
        services.desk.take(conversation, colleague="Ben", at=now)
        return read

    found = desk._open_handling
    monkeypatch.setattr("web.desk.desk._open_handling", meanwhile)
    with pytest.raises(TakenByAnother):
        services.desk.take(conversation, colleague="Ana", at=now)
    with Session(services.engine) as session:
        (visit,) = session.exec(select(Handling).where(Handling.conversation_id == conversation)).all()
    assert visit.colleague == "Ben"


def test_thumb_is_kept_for_ones_own_answer_only(client: TestClient, services: Services) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        say(socket, type="message", text="how long?")
        answer = hear(socket, "answer")
        say(socket, type="feedback", turn=answer["turn"], helpful=True)
        say(socket, type="message", text="thanks")
        hear(socket, "answer")
    row = services.conversations.find(UUID(answer["conversation"]))
    assert row is not None
    assert row.helpful is True


def test_goodbye_closes_the_conversation(client: TestClient, services: Services) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        say(socket, type="message", text="bye")
        answer = hear(socket, "answer")
        assert hear(socket, "status")["state"] == "closed"
    row = services.conversations.find(UUID(answer["conversation"]))
    assert row is not None
    assert (row.state, row.closed_by) == ("closed", "customer")
