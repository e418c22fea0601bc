"""A guide and a condition over the widget's socket, on the real application and the demo company's own entries."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from knowledge.entry import Entry
from knowledge.matching.retriever import Match
from knowledge.reading.documents import read_document
from tests.conftest import ROOT
from tests.doubles import OneByOne
from tests.test_chat import ScriptedIndex, hear, say
from web.app import create_app
from web.assembly import assemble
from web.services import Services
from web.settings import Settings

ENTRIES = [entry for lang in ("en", "zh") for entry in read_document(ROOT / "knowledge/demo" / f"{lang}.csv").entries]


class VerbatimSearcher(OneByOne):
    """Surely finds the entry that has the question among its phrasings, and nothing else."""

    def search(self, question: str) -> list[Match]:
        return [Match(entry, 0.95, 0.95, {}) for entry in ENTRIES if question in entry.phrasings]

    def entry(self, id: str, lang: str) -> Entry | None:  # noqa: A002
        return next((entry for entry in ENTRIES if (entry.id, entry.lang) == (id, lang)), None)


def shop(folder: Path) -> Services:
    made = assemble(Settings(home=folder / "home", cache=folder / "cache", _env_file=None))
    made.index = ScriptedIndex(VerbatimSearcher())  # type: ignore[assignment, arg-type]
    made.agent._searcher = made.index.current  # type: ignore[assignment]
    return made


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(shop(tmp_path)), base_url="http://127.0.0.1") as client:
        yield client


def ask(socket: WebSocketTestSession, text: str) -> dict[str, Any]:
    say(socket, type="message", text=text)
    return hear(socket, "answer")


def test_guide_goes_on_after_a_reload_and_a_restart(tmp_path: Path) -> None:
    def served() -> TestClient:
        return TestClient(create_app(shop(tmp_path)), base_url="http://127.0.0.1")

    with served() as client, client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        visitor = hear(socket, "welcome")["visitor"]
        first = ask(socket, "standing desk stuck")
        assert (first["action"], first["choices"]) == ("answer", ["yes", "no"])
        second = ask(socket, "no")
    with served() as client, client.websocket_connect("/chat") as socket:
        say(socket, type="hello", visitor=visitor, conversation=second["conversation"])
        transcript = hear(socket, "welcome")["transcript"]
        assert transcript[-1]["choices"] == second["choices"] == ["yes", "no"]
        assert ask(socket, "yes")["text"].startswith("Take everything off the desk")


def test_condition_is_asked_with_buttons_and_remembered(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        asked = ask(socket, "furniture delivery weekdays by state")
        assert (asked["action"], asked["source"]) == ("clarify", None)
        assert asked["choices"] == ["Oregon", "Washington", "Idaho", "California", "Other"]
        assert "Tuesdays and Fridays" in ask(socket, "Idaho")["text"]
        assert "Tuesdays and Fridays" in ask(socket, "furniture delivery weekdays by state")["text"]


def test_thumb_on_a_step_puts_the_guide_aside(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        step = ask(socket, "standing desk stuck")
        say(socket, type="feedback", turn=step["turn"], helpful=True)
        assert ask(socket, "table not level")["text"].startswith("Turn the foot")
        assert ask(socket, "continue")["text"] == step["text"]


def test_colleague_sees_the_way_through_the_guide(client: TestClient) -> None:
    live = "ws://127.0.0.1/api/v1/desk/live?colleague=Ana"
    with client.websocket_connect(live), client.websocket_connect("/chat") as socket:
        say(socket, type="hello")
        ask(socket, "standing desk stuck")
        ask(socket, "no")
        handed_over = ask(socket, "no")
        assert (handed_over["action"], handed_over["reason"]) == ("handoff", "guide")
        assert hear(socket, "status")["state"] == "waiting"
        read = client.get(f"/api/v1/conversations/{handed_over['conversation']}").json()
    assert read["trodden"].splitlines()[0] == "Is the display on the control panel lit? — no"
    assert read["handoff_reason"] == "guide"


def test_api_gives_the_choices_and_goes_on_in_the_same_conversation(client: TestClient) -> None:
    asked = client.post("/api/v1/ask", json={"question": "各个州的家具送货日", "lang": "zh"}).json()
    assert asked["choices"][-2:] == ["加利福尼亚州", "其他"]
    again = {"question": "加州", "lang": "zh", "conversation": asked["conversation"]}
    assert client.post("/api/v1/ask", json=again).json()["answer"].startswith("加州周三到周六")


def test_widget_carries_the_renderer_within_its_walls(client: TestClient) -> None:
    script = client.get("/widget.js").text
    assert script.count("function rendered(") == 1
    assert script.index("(() => {") < script.index("function rendered(") < script.index("})();")


def test_help_page_shows_the_picture_and_no_notation(client: TestClient) -> None:
    client.app.state.services.library.add(read_document(ROOT / "knowledge/demo/en.csv"))  # type: ignore[attr-defined]
    page = client.get("/help/care-table-wobble").text
    assert '<img src="/static/demo/table-foot.svg" alt="A hand' in page
    assert "[spoken]" not in page
    assert client.get("/static/demo/table-foot.svg").headers["content-type"].startswith("image/svg")
