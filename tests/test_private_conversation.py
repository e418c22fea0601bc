"""A customer gives away a card's number: it is in no database, no log and no prompt, and the question is answered."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from agent.turn import Turn, Who
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.privacy.mask import mask
from tests.doubles import ScriptedSearcher
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP
from tests.test_agent import MATTRESS
from tests.test_chat import SOFA, ScriptedIndex, hear, say
from web.app import create_app
from web.assembly import assemble
from web.calling.calls import PhoneCall
from web.settings import Settings

CARD = "4111 1111 1111 1111"
ASKED = f"I paid with {CARD}, I am jane@example.com. How long can I return a sofa?"
MASKED = "I paid with [card ••1111], I am [email]. How long can I return a sofa?"
GIVEN_AWAY = (CARD, CARD.replace(" ", ""), "jane@example.com")


class RecordingModelServer(ThreadingHTTPServer):
    """Speaks the OpenAI protocol, says one sentence and keeps what it was asked."""

    def __init__(self, says: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.says = says
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}/v1"


class _Answering(BaseHTTPRequestHandler):
    server: RecordingModelServer

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for delta, reason in (({"role": "assistant", "content": self.server.says}, None), ({}, "stop")):
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002
        return


@pytest.fixture
def model() -> Iterator[RecordingModelServer]:
    with RecordingModelServer("You have 30 days from delivery to return a sofa.") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="model")
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def client(tmp_path: Path, model: RecordingModelServer) -> Iterator[TestClient]:
    settings = Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        llm_base_url=model.url,
        llm_model="m",
        chat_first_words_ms=10_000,
        _env_file=None,
    )
    services = assemble(settings)
    services.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.65), (MATTRESS, 0.22)))  # type: ignore[assignment]
    services.agent._searcher = services.index.current
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def nothing_leaked(home: Path, model: RecordingModelServer, logged: str) -> None:
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(b"[card \xe2\x80\xa2\xe2\x80\xa21111]" in path.read_bytes() for path in files)
    for given in GIVEN_AWAY:
        assert [path for path in files if given.encode() in path.read_bytes()] == []
        assert given not in logged
        assert not any(given in asked for asked in model.asked)


def test_card_given_over_rest_is_nowhere_and_the_tool_still_has_the_address(
    client: TestClient, model: RecordingModelServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    answered = client.post("/api/v1/ask", json={"question": ASKED}).json()
    assert answered["question"] == MASKED
    assert answered["answer"] == "You have 30 days from delivery to return a sofa."
    assert answered["action"] == "model"
    assert "[card ••1111]" in json.dumps([json.loads(asked) for asked in model.asked], ensure_ascii=False)
    nothing_leaked(tmp_path / "home", model, "".join(capfd.readouterr()))
    vault = client.app.state.services.vault  # type: ignore[attr-defined]
    assert (
        vault.restore("send it to [email]", conversation=UUID(answered["conversation"]))
        == "send it to jane@example.com"
    )


def test_model_that_repeats_a_placeholder_says_the_placeholder(client: TestClient, model: RecordingModelServer) -> None:
    model.says = "You have 30 days from delivery to return a sofa, [email]."
    answered = client.post("/api/v1/ask", json={"question": ASKED}).json()
    assert "jane" not in json.dumps(answered)


def test_card_given_in_the_chat_is_nowhere_not_even_once_a_colleague_is_called(
    client: TestClient, model: RecordingModelServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    live = "ws://127.0.0.1/api/v1/desk/live?colleague=Ana"
    with client.websocket_connect(live) as desk, client.websocket_connect("/chat") as chat:
        say(chat, type="hello")
        say(chat, type="message", text=ASKED)
        assert hear(chat, "answer")["action"] == "model"
        say(chat, type="person")
        assert hear(chat, "status")["state"] == "waiting"
        conversation = desk.receive_json()["conversation"]
        say(chat, type="message", text=f"你好，我的卡号是{CARD}")
        desk.receive_json()
        lines = client.get(f"/api/v1/conversations/{conversation}").json()["transcript"]
    assert lines[0]["text"] == MASKED
    assert lines[-1]["text"] == "你好，我的卡号是[银行卡 ••1111]"
    nothing_leaked(tmp_path / "home", model, "".join(capfd.readouterr()))


def test_card_read_out_by_a_caller_is_masked_in_the_turn_and_forgotten_with_the_call(client: TestClient) -> None:
    services = client.app.state.services  # type: ignore[attr-defined]
    deaf = SimpleNamespace(hearing=lambda: None, transcriber=None, voice=None)

    async def hold() -> tuple[Turn, str | None, str | None]:
        async with PhoneCall(services, deaf, who=Who("phone")) as phone:  # type: ignore[arg-type]
            turn = phone._new_turn(
                f"it's four one one one{', one one one one' * 3}, call me on 503-555-0142", lang="en"
            )
            await phone._understand("no, five oh three, 503-555-0199", "en")
            assert services.vault.value("[phone 2]", conversation=turn.conversation) is None
            known = services.vault.value("[phone]", conversation=turn.conversation)
        return turn, known, services.vault.value("[phone]", conversation=turn.conversation)

    turn, during, after = asyncio.run(hold())
    assert turn.question == "it's [card], call me on [phone]"
    assert (during, after) == ("503-555-0142", None)


def test_question_with_an_address_in_it_still_finds_its_answer() -> None:
    """The words around a placeholder carry the question, as the demo's own wording shows."""
    retriever = Retriever.fit(SHOP, Vectors(LetterEmbeddings()))
    for plain, said in (
        ("How long can I return a sofa?", "I am jane@example.com, 503-555-0142. How long can I return a sofa?"),
        ("沙发多久可以退货？", "我是13800138000，沙发多久可以退货？"),
    ):
        found = retriever.search(mask(said).text)[0]
        assert found.entry.id == retriever.search(plain)[0].entry.id == "returns"
