"""The whole on PostgreSQL: an errand, a hand-over, a call-back, a gap and the report, on a real server."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.conftest import Server, run_dime
from tests.postgresql import debian, running
from tests.test_acting_journey import Widget


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    with running(debian(), folder) as started:
        yield started.url


def desk(server: Server) -> str:
    return server.url.replace("http", "ws") + "/api/v1/desk/live?colleague=Ana"


@pytest.mark.real
def test_conversation_with_an_errand_and_a_person_is_in_the_report(
    database: str, make_server: Callable[..., Server]
) -> None:
    server = make_server(DIME_DATABASE=database)
    with (
        httpx.Client(base_url=f"{server.url}/api/v1", timeout=30) as rest,
        connect(server.url.replace("http", "ws") + "/chat") as socket,
    ):
        socket.send(json.dumps({"type": "hello", "lang": "en"}))
        widget = Widget(socket)
        said = (
            "what is the capital of France?",
            "could you send me a return label for 10043",
            "97205",
            "Yes",
        )
        answers = [widget.say(text) for text in said]
        assert [answer["reason"] for answer in answers] == ["unknown", "form", "confirm", "tool_return_label"]
        socket.send(json.dumps({"type": "callback", "contact": "+1 503 555 0188", "wish": "to\0morrow", "note": "\0"}))
        conversation = answers[0]["conversation"]
        with connect(desk(server)):
            assert widget.say("I want to talk to a person")["action"] == "handoff"
            while json.loads(socket.recv(timeout=60)).get("state") != "waiting":
                pass
            (row,) = rest.get("/desk/conversations").json()
            assert (row["id"], row["matter"]) == (conversation, "what is the capital of France?")
            at = f"/desk/conversations/{conversation}"
            for deed, more in (("take", {}), ("reply", {"text": "Hel\0lo."}), ("close", {"outcome": "solved"})):
                rest.post(f"{at}/{deed}", json={"colleague": "Ana", **more}).raise_for_status()
        assert [call["wish"] for call in rest.get("/desk/callbacks").json()] == ["tomorrow"]
        actions = rest.get("/actions", params={"conversation": conversation}).json()
        assert [(action["tool"], action["result"], action["changes"]) for action in actions] == [
            ("return_label", "label_sent", True),
            ("return_check", "small", False),
        ]
        (gap,) = rest.get("/knowledge/gaps").json()["gaps"]
        assert gap["question"] == "what is the capital of France?"
        read = rest.get(f"/conversations/{conversation}").json()
        assert (read["outcome"], read["transcript"][-1]["text"]) == ("solved", "Hello.")
        assert httpx.get(f"{server.url}/roi", timeout=60).status_code == 200

    made = run_dime("roi", "report", "--format", "json", home=server.home, DIME_DATABASE=database)
    assert made.returncode == 0, made.stderr
    report = json.loads(made.stdout)
    assert "request" in json.dumps(report)
    lines = run_dime("roi", "report", "--format", "csv", home=server.home, DIME_DATABASE=database)
    rows = list(csv.DictReader(io.StringIO(lines.stdout)))
    assert {row["conversation_id"] for row in rows} == {conversation}
    assert "escalation" in {row["kind"] for row in rows}
    ruled = run_dime("knowledge", "rules", "add", "Never promise a date.", home=server.home, DIME_DATABASE=database)
    assert ruled.returncode == 0, ruled.stderr
