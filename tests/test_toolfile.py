"""A company's own tools: the file that names them, a real OpenAPI server and a real MCP server."""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import HTMLResponse

from agent.acting.errand import Errand
from agent.acting.running import ToolFailed, run
from agent.acting.wording import outcome
from tests.conftest import ROOT, free_port
from web.naming import SettingError
from web.tools.openapi import find, read
from web.tools.toolfile import read_toolfile

ORDER = """
[[tool]]
name = "order_status"
openapi = "shop.json"
operation = "get_order"
reads_only = true
phrasings.en = ["where is my order"]
answer.en = "Order {order} is {status} and due on {due:date}."
answer.zh = "订单{order}:{status},{due:date}。"
[[tool.slot]]
name = "order"
kind = "order_number"
"""


def written(folder: Path, text: str = ORDER) -> Path:
    path = folder / "tools.toml"
    path.write_text(text)
    return path


def shop() -> FastAPI:
    """A company's order system: each operation, well-behaved or not."""
    app = FastAPI()
    cancelled: dict[str, str] = {}

    @app.get("/orders/{order}", operation_id="get_order")
    def get_order(order: str, lang: str = "en") -> dict[str, str]:
        if order == "404":
            raise HTTPException(404)
        return {"order": order, "status": f"packed ({lang})", "due": "2026-11-28"}

    @app.post("/cancellations", operation_id="cancel", openapi_extra={})
    def cancel(body: dict[str, Any], idempotency_key: str = Header()) -> dict[str, Any]:
        cancelled.setdefault(idempotency_key, body["order"])
        return {"outcome": "cancelled", "count": len(cancelled), "order": body["order"]}

    @app.get("/html", operation_id="html")
    def html() -> HTMLResponse:
        return HTMLResponse("<html>maintenance</html>")

    @app.get("/large", operation_id="large")
    def large() -> dict[str, str]:
        return {"status": "x" * 10_000_000}

    @app.get("/broken", operation_id="broken")
    def broken() -> None:
        raise HTTPException(500, "stack trace")

    @app.get("/nothing", operation_id="nothing", status_code=204)
    def nothing() -> None:
        return None

    return app


@pytest.fixture(scope="module")
def shop_url() -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(shop(), host="127.0.0.1", port=port, log_level="error"))
    serving = threading.Thread(target=server.run)
    serving.start()
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            if server.started:
                break
            threading.Event().wait(0.05)
        yield url
    finally:
        server.should_exit = True
        serving.join(10)


def used(errand: Errand, timeout_s: float = 30, **arguments: str) -> dict[str, str]:
    return asyncio.run(run(errand.name, errand.open_tool, arguments, timeout_s=timeout_s))


def operation(folder: Path, url: str, name: str, **more: str) -> Errand:
    extra = "\n".join(f"{key} = {value}" for key, value in more.items())
    text = ORDER.replace('"shop.json"', f'"{url}/openapi.json"').replace('"get_order"', f'"{name}"')
    return read_toolfile(written(folder, text.replace("reads_only = true", extra or "reads_only = true")))[0]


@pytest.mark.real
def test_an_operation_of_an_openapi_document_runs(tmp_path: Path, shop_url: str) -> None:
    errand = operation(tmp_path, shop_url, "get_order")
    facts = used(errand, order="20001", lang="zh")
    assert outcome(errand, facts, lang="en") == "Order 20001 is packed (zh) and due on Saturday, November 28."
    assert outcome(errand, facts, lang="zh") == "订单20001:packed (zh),11月28日（星期六）。"
    assert errand.vendor == "local"


@pytest.mark.real
def test_a_404_is_not_found_and_a_path_stays_a_path(tmp_path: Path, shop_url: str) -> None:
    errand = operation(tmp_path, shop_url, "get_order")
    assert used(errand, order="404") == {"outcome": "not_found"}
    assert used(errand, order="../html") == {"outcome": "not_found"}


@pytest.mark.real
def test_a_key_is_sent_as_a_header_and_does_it_once(tmp_path: Path, shop_url: str) -> None:
    errand = operation(tmp_path, shop_url, "cancel", **{"confirm.en": '"Shall I?"', "takes_key": "true"})
    assert errand.changes
    for _ in range(2):
        assert used(errand, order="20001", idempotency_key="a")["count"] == "1"


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "failure"),
    [("html", "unusable"), ("large", "too_large"), ("broken", "raised"), ("nothing", "empty"), ("unheard", "unusable")],
)
def test_what_a_server_may_do_wrong_is_a_failure(tmp_path: Path, shop_url: str, name: str, failure: str) -> None:
    with pytest.raises(ToolFailed) as raised:
        used(operation(tmp_path, shop_url, name))
    assert raised.value.failure == failure


def test_a_server_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed):
        used(operation(tmp_path, f"http://127.0.0.1:{free_port()}", "get_order"), order="1")


def test_a_document_is_read_as_yaml_with_references(tmp_path: Path) -> None:
    document = tmp_path / "shop.yaml"
    document.write_text(
        """
openapi: 3.1.0
servers: [{url: https://shop.example/api/}]
paths:
  /orders/{order}:
    parameters: [{$ref: '#/components/parameters/Order'}]
    get: {operationId: get_order, parameters: [{name: lang, in: query}]}
components: {parameters: {Order: {name: order, in: path}}}
"""
    )
    found = find(read(str(document)), "get_order")
    assert (found.method, found.url) == ("GET", "https://shop.example/api/orders/{order}")
    assert found.places == {"order": "path", "lang": "query"}


@pytest.mark.parametrize("text", ["", "[]", "openapi: [", '{"paths": 3}', "\x00"])
def test_what_is_no_openapi_document_is_told_so(tmp_path: Path, text: str) -> None:
    document = tmp_path / "shop.json"
    document.write_text(text)
    with pytest.raises(ToolFailed, match=r"shop\.json"):
        read(str(document))


def served(folder: Path, name: str) -> Errand:
    command = json.dumps([sys.executable, str(ROOT / "tests" / "mcp_shop.py")])
    text = ORDER.replace('openapi = "shop.json"\noperation = "get_order"', f'mcp = {command}\ntool = "{name}"')
    return read_toolfile(written(folder, text))[0]


@pytest.mark.real
def test_a_tool_of_an_mcp_server_runs(tmp_path: Path) -> None:
    errand = served(tmp_path, "order_status")
    facts = used(errand, order="20001", proof="97205")
    assert outcome(errand, facts, lang="en") == "Order 20001 is packed and due on Saturday, November 28."
    assert used(errand, order="20001", proof="97206")["outcome"] == "not_found"
    assert used(served(tmp_path, "opening")) == {"text": "From 10 to 6."}


@pytest.mark.real
@pytest.mark.parametrize(("name", "failure"), [("failing", "raised"), ("unheard", "unusable")])
def test_what_an_mcp_server_may_do_wrong_is_a_failure(tmp_path: Path, name: str, failure: str) -> None:
    with pytest.raises(ToolFailed) as raised:
        used(served(tmp_path, name))
    assert raised.value.failure == failure


@pytest.mark.real
def test_an_mcp_tool_that_hangs_is_overtaken(tmp_path: Path) -> None:
    errand = served(tmp_path, "hanging")
    errand.open_tool()
    with pytest.raises(ToolFailed) as raised:
        used(errand, timeout_s=2)
    assert raised.value.failure == "timeout"


def without(line: str) -> Callable[[], str]:
    return lambda: "\n".join(each for each in ORDER.split("\n") if not each.startswith(line))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "tool"),
        ("[[tool]", "no TOML file"),
        (without("openapi")(), "either openapi or mcp"),
        (without("operation")(), "needs an operation"),
        (without("reads_only")(), "reads_only"),
        (without("phrasings")(), "phrasings"),
        (without("answer")(), "answer"),
        (ORDER.replace('"order_number"', '"number"'), "kind"),
        (ORDER.replace("reads_only", "readonly"), "readonly"),
        (ORDER + 'pattern = "("', "no regular expression"),
        (ORDER.replace('"order_number"', '"choice"'), "choice"),
        (ORDER.replace("reads_only = true", "reads_only = true\ntakes_key = true"), "takes_key"),
        (ORDER + ORDER, "two tools"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told) as raised:
        read_toolfile(written(tmp_path, text))
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        read_toolfile(tmp_path / "none.toml")
