"""MCP servers that Dime starts: kept for all calls, started anew when they die or are stuck, gone at the end."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from agent.acting.running import ToolFailed, run
from knowledge.library import Library
from tests.conftest import ROOT
from tests.test_chat import ScriptedIndex
from tests.test_people_chat import SOFA, ScriptedSearcher
from web.answering.errands import Errands
from web.app import create_app
from web.assembly import assemble
from web.settings import Settings
from web.tools.mcp import McpTool
from web.tools.mcp_servers import McpServers, StartedServer

COMMAND = [sys.executable, str(ROOT / "tests" / "mcp_shop.py")]
TOOL = """
[[tool]]
name = "{name}"
mcp = {command}
tool = "{tool}"
reads_only = true
phrasings = {{ en = ["{name} please"] }}
answer = {{ en = "{{text}}" }}
"""


@pytest.fixture
def servers() -> Iterator[McpServers]:
    made = McpServers()
    yield made
    made.close()


def used(servers: McpServers, name: str, *, command: list[str] | None = None, timeout_s: float = 30) -> str:
    tool = McpTool(command or COMMAND, name, servers)
    return asyncio.run(run(name, tool.open, {}, timeout_s=timeout_s))["text"]


def is_running(process: str) -> bool:
    with suppress(ProcessLookupError):
        os.kill(int(process.removeprefix("It is ").removesuffix(".")), 0)
        return True
    return False


@pytest.mark.real
def test_one_process_answers_all_calls_from_whatever_loop_and_is_gone_at_the_end(servers: McpServers) -> None:
    first = used(servers, "process")
    assert used(servers, "process") == first
    assert is_running(first)
    servers.close()
    assert not is_running(first)
    assert used(servers, "process") != first


@pytest.mark.real
def test_server_that_dies_in_a_call_is_started_anew_for_the_next(servers: McpServers) -> None:
    first = used(servers, "process")
    with pytest.raises(ToolFailed):
        used(servers, "dying")
    assert used(servers, "process") != first


@pytest.mark.real
def test_server_that_is_stuck_is_let_go_and_the_next_calls_are_answered(servers: McpServers) -> None:
    first = used(servers, "process")
    with pytest.raises(ToolFailed, match="longer than"):
        used(servers, "hanging", timeout_s=0.5)
    assert used(servers, "process", timeout_s=30) != first
    assert not is_running(first)


@pytest.mark.real
def test_more_calls_than_a_server_takes_fail_while_the_others_wait(servers: McpServers) -> None:
    tool = McpTool(COMMAND, "hanging", servers)
    tool.open()

    async def many() -> set[str]:
        calls = [asyncio.create_task(run("hanging", tool.open, {}, timeout_s=20)) for _ in range(10)]
        done, waiting = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        for call in waiting:
            call.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert waiting
        return {getattr(call.exception(), "failure", "") for call in done}

    assert asyncio.run(many()) == {"busy"}


@pytest.mark.real
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["/no/such/program"], "cannot be started"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "cannot be started"),
    ],
)
def test_server_that_cannot_be_started_is_told_so(servers: McpServers, command: list[str], told: str) -> None:
    for _ in range(2):
        with pytest.raises(ToolFailed, match=told):
            used(servers, "process", command=command)


def toolfile(folder: Path, **tools: tuple[list[str], str]) -> Path:
    path = folder / "tools.toml"
    path.write_text(
        "".join(
            TOOL.format(name=name, command=json.dumps(command), tool=tool) for name, (command, tool) in tools.items()
        )
    )
    return path


@pytest.mark.real
def test_tools_are_opened_at_the_start_and_a_dead_one_delays_nothing_and_is_told(tmp_path: Path) -> None:
    path = toolfile(
        tmp_path,
        living=(COMMAND, "opening"),
        dead=(["/no/such/program"], "any"),
        silent=([sys.executable, "-c", "import time; time.sleep(60)"], "any"),
    )
    services = assemble(Settings(home=tmp_path / "home", cache=tmp_path, _env_file=None, tools=str(path)))
    services.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.95)))  # type: ignore[assignment]
    services.index.trouble = None  # type: ignore[misc, method-assign, assignment]
    assert services.errands is not None
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        assert client.get("/readyz").status_code == 200
    with capture_logs() as logs:
        found = services.errands.open_all(patience_s=8)
    services.errands.close()
    assert found["living"] is None
    assert "cannot be started" in (found["dead"] or "")
    assert "did not open in time" in (found["silent"] or "")
    assert [line["tool"] for line in logs if line["event"] == "tool_unusable"] == ["dead", "silent"]
    assert set(services.errands.unusable) >= {"dead"}


def test_demo_companys_tools_are_none_to_be_opened(tmp_path: Path) -> None:
    services = assemble(Settings(home=tmp_path / "home", cache=tmp_path, _env_file=None))
    errands = Errands(Settings(home=tmp_path / "home", cache=tmp_path, _env_file=None), Library(services.engine))
    assert errands.open_all() == {}


def test_tool_that_opens_again_is_no_longer_told_to_be_unusable(tmp_path: Path) -> None:
    document = tmp_path / "shop.json"
    path = tmp_path / "tools.toml"
    path.write_text(
        """[[tool]]
name = "order_status"
openapi = "shop.json"
operation = "getOrder"
reads_only = true
phrasings = { en = ["where is my order"] }
answer = { en = "{status}" }
"""
    )
    settings = Settings(home=tmp_path / "home", cache=tmp_path, _env_file=None, tools=str(path))
    errands = Errands(settings, Library(assemble(settings).engine))
    errands.open_all()
    assert list(errands.unusable) == ["order_status"]
    document.write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "shop", "version": "1"},
                "servers": [{"url": "http://127.0.0.1:9"}],
                "paths": {"/orders": {"get": {"operationId": "getOrder", "responses": {}}}},
            }
        )
    )
    (errand,) = errands.offered().values()
    errand.open_tool()
    assert errands.unusable == {}


@pytest.mark.real
def test_what_waits_for_a_silent_server_ends_when_the_servers_are_closed(servers: McpServers) -> None:
    silent = servers.server([sys.executable, "-c", "import time; time.sleep(60)"])
    with ThreadPoolExecutor(1) as waiting:
        asked = waiting.submit(silent.tools)
        while not asyncio.run_coroutine_threadsafe(holding(silent), silent._loop).result(5):
            pass
        servers.close()
        with pytest.raises(ToolFailed, match="went away"):
            asked.result(10)
    assert silent._loop.is_closed()
    with pytest.raises(ToolFailed, match="gone"):
        silent.tools()


async def holding(server: StartedServer) -> bool:
    return server._holding is not None


@pytest.mark.real
def test_nothing_is_left_pending_when_the_servers_are_closed() -> None:
    """In a process of its own: what is left is reported when it is collected, at the end."""
    program = """
import sys, threading, time
from web.tools.mcp_servers import McpServers, StartedServer
servers = McpServers()
silent = servers.server([sys.executable, "-c", "import time; time.sleep(60)"])
threading.Thread(target=lambda: silent.tools(), daemon=True).start()
while silent._holding is None:
    time.sleep(0.01)
servers.close()
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "destroyed" not in done.stderr
