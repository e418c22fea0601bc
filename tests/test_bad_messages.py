"""Messages nobody should send, through every door that takes text: each gets words, and none a failure."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import run_dime
from tests.doubles import ScriptedSearcher, entry
from tests.test_chat import ScriptedIndex
from web.app import create_app
from web.assembly import assemble
from web.chat.messages import MAX_TEXT
from web.settings import Settings

SOFA = entry("You have 30 days from delivery to return a sofa.")
EMPTY = "Please type your question."
OTHER = "English and Chinese only"
MESSAGES = {
    '""': EMPTY,
    '"  \\n\\t "': EMPTY,
    '"😀😀👍🏽"': EMPTY,
    '"?!…"': EMPTY,
    '"\\u200b\\u2060\\ufeff"': EMPTY,
    '"\\u0000\\u0007\\u001b"': EMPTY,
    '"\\u202e\\u202d"': EMPTY,
    '"\\ud800"': EMPTY,
    '"\\udfff how long \\ud83d"': SOFA.answer,
    '"how\\u0000 lo\\u200bng?"': SOFA.answer,
    '"\\u202ehow long?"': SOFA.answer,
    '"dеlivеry of a ѕofа"': SOFA.answer,
    '"كم تكلفة التوصيل؟"': OTHER,
    '"כמה עולה משלוח?"': OTHER,
    '"𝓱𝓸𝔀 𝓵𝓸𝓷𝓰?"': SOFA.answer,
    '"H̷̡̛̰o̶̢͠w̴ ̵l̶o̶n̶g̵?"': SOFA.answer,
    '"x\'; DROP TABLE turn; --"': SOFA.answer,
    '"{{7*7}} ${7*7} %s%n"': SOFA.answer,
}
"""As JSON spells them, with what is answered where whatever is found answers."""
BROKEN: tuple[bytes, ...] = (
    b"",
    b"\xff\xfe\x00",
    b'{"question": "\xc3\x28"}',
    b"[" * 100_000,
    b'{"question":' * 20_000 + b"1" + b"}" * 20_000,
    b"1" * 5_000,
    b'{"question": 1e999}',
    b'{"question": null}',
    b'{"\\ud800": "\\ud800"}',
    json.dumps({"question": "x" * 100_000}).encode(),
    json.dumps({"question": "x" * 20_000}).encode(),
    json.dumps({"question": ["x"] * 20_000}).encode(),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    tmp_path = tmp_path_factory.mktemp("shop")
    services = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None))
    services.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.95)))  # type: ignore[assignment]
    services.agent._searcher = services.index.current  # type: ignore[assignment]
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def by_rest(client: TestClient, message: str) -> str:
    body = f'{{"question": {message}}}'.encode()
    answer = client.post("/api/v1/ask", content=body, headers={"Content-Type": "application/json"})
    if message == '""':
        assert answer.status_code == 422
        return EMPTY
    assert answer.status_code == 200
    return str(answer.json()["answer"])


def by_completion(client: TestClient, message: str) -> str:
    body = f'{{"model": "dime", "messages": [{{"role": "user", "content": {message}}}]}}'.encode()
    answer = client.post("/v1/chat/completions", content=body)
    assert answer.status_code == 200
    return str(answer.json()["choices"][0]["message"]["content"])


def by_socket(client: TestClient, message: str) -> str:
    with client.websocket_connect("/chat") as socket:
        socket.send_text(f'{{"type": "message", "text": {message}}}')
        while (event := socket.receive_json())["type"] not in ("answer", "error"):
            pass
    return str(event["text"])


@pytest.mark.parametrize("door", [by_rest, by_completion, by_socket])
@pytest.mark.parametrize("message", MESSAGES)
def test_a_strange_message_is_answered_in_words(client: TestClient, door: Any, message: str) -> None:
    assert MESSAGES[message] in door(client, message)


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_request_gets_a_clear_error(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 413, 422)
    assert answer.json()["detail"]
    assert len(answer.content) < 2_000


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[" * 30_000,
        "1" * 5_000,
        '{"type": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"type": "hello", "visitor": "\\ud800"}',
        '{"type": "callback", "contact": "\\ud800\\ud800\\ud800"}',
        '{"type": "message", "text": {"text": "hi"}}',
        json.dumps({"type": "message", "text": "x" * (MAX_TEXT + 1)}),
        json.dumps({"type": "message", "text": "x" * 100_000}),
    ],
)
def test_a_broken_frame_gets_an_error_and_the_conversation_lives_on(client: TestClient, frame: str) -> None:
    with client.websocket_connect("/chat") as socket:
        socket.send_text(frame)
        assert socket.receive_json()["type"] == "error"
        socket.send_json({"type": "message", "text": "how long?"})
        while (event := socket.receive_json())["type"] != "answer":
            assert event["type"] != "error"
    assert event["text"] == SOFA.answer


def test_what_is_kept_is_what_was_written_minus_what_does_not_print(client: TestClient) -> None:
    asked = client.post("/api/v1/ask", json={"question": "dеl\u200bivery\u0000 of a \u202esofa?"}).json()
    kept = client.get(f"/api/v1/conversations/{asked['conversation']}").json()["transcript"][0]["text"]
    assert kept == asked["question"] == "dеlivery of a sofa?"


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", EMPTY),
        pytest.param("😀", EMPTY, marks=pytest.mark.soak),
        ("\udcff\udcfe", EMPTY),
        ("ѕhipping for a lаmp?", "$9"),
        ("كم تكلفة التوصيل؟", OTHER),
    ],
)
def test_command_line_answers_strange_messages(question: str, words: str, tmp_path: Path) -> None:
    done = run_dime("ask", question, home=tmp_path)
    assert (done.returncode, words in done.stdout) == (0, True), done.stderr


@pytest.mark.real
def test_command_line_refuses_a_message_of_20_000_characters_in_one_sentence(tmp_path: Path) -> None:
    done = run_dime("ask", "x" * 20_000, home=tmp_path)
    assert done.returncode == 1
    assert "a question may have 4000 characters" in done.stderr
