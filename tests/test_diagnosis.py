"""dime doctor asks what is configured, and says what is wrong with it."""

import asyncio
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.models.chat_model import openai_compatible
from tests.bad_model_server import BadModelServer, Reply, dies, refuses, says, sends, stalls
from tests.conftest import free_port, run_dime
from tests.test_mcp_servers import COMMAND, toolfile
from web.answering.asking_models import trouble_with


@contextmanager
def serving(reply: Reply) -> Iterator[str]:
    """The address of a server in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = BadModelServer(reply)
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(5)
    try:
        yield server.url
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(8)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def trouble(url: str, *, patience_s: float = 5) -> str | None:
    model = openai_compatible(base_url=url, model="brain", api_key="key", vendor="acme", timeout_s=20)
    return trouble_with(model, patience_s=patience_s)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (refuses(401), "wrong key"),
        (refuses(403), "wrong key"),
        (refuses(404), "model unknown"),
        (refuses(429), "429"),
        (refuses(503), "503"),
        (dies(), "unreachable|protocol"),
        (sends(b"data: <html>\n\n"), "protocol"),
    ],
)
def test_what_is_wrong_with_a_model_is_one_sentence(reply: Reply, told: str) -> None:
    with serving(reply) as url:
        assert re.search(told, trouble(url) or "")


def test_server_that_gives_no_word_is_waited_for_shortly() -> None:
    with serving(stalls()) as url:
        assert trouble(url, patience_s=0.5) == "unreachable: its server gives no word within 0.5 s"


def test_nobody_there_is_unreachable_and_a_model_that_answers_is_fine() -> None:
    assert (trouble(f"http://127.0.0.1:{free_port()}/v1") or "").startswith("unreachable")
    with serving(says("Yes.")) as url:
        assert trouble(url) is None


@pytest.mark.real
@pytest.mark.parametrize(("reply", "code"), [(says("Yes."), 0), (refuses(401), 1)])
def test_doctor_asks_the_model_and_opens_the_tools(reply: Reply, code: int, tmp_path: Path) -> None:
    with serving(reply) as url:
        done = run_dime(
            "doctor",
            "--json",
            home=tmp_path / "home",
            DIME_LLM_BASE_URL=url,
            DIME_LLM_MODEL="brain",
            DIME_TOOLS=str(toolfile(tmp_path, open=(COMMAND, "opening"))),
        )
    findings = {finding["part"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == code
    assert findings["language model"]["ready"] == (code == 0)
    assert findings["tool open"]["ready"]


@pytest.mark.real
def test_doctor_fails_where_a_tool_cannot_be_opened(tmp_path: Path) -> None:
    path = toolfile(tmp_path, dead=([sys.executable, "-c", "raise SystemExit(3)"], "any"))
    done = run_dime("doctor", home=tmp_path / "home", DIME_TOOLS=str(path))
    assert done.returncode == 1
    assert "missing  tool dead" in done.stdout
