"""The first minute needs no password on this machine, and lets no web page, proxy or stranger in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from web.app import create_app
from web.assembly import assemble
from web.settings import Settings

DESK = "/api/v1/desk/conversations"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    services = assemble(Settings(home=tmp_path, cache=tmp_path, _env_file=None))
    yield TestClient(create_app(services), base_url="http://127.0.0.1:8000")


@pytest.fixture
def guarded(tmp_path: Path) -> TestClient:
    settings = Settings(home=tmp_path, cache=tmp_path, admin_token="s3cret-token", _env_file=None)
    return TestClient(create_app(assemble(settings)), base_url="http://127.0.0.1:8000")


def test_this_machine_gets_in_without_a_password(client: TestClient) -> None:
    assert client.get(DESK).status_code == 200
    assert client.get(DESK, headers={"Host": "localhost:8000"}).status_code == 200
    assert client.get(DESK, headers={"Host": "[::1]:8000"}).status_code == 200
    assert client.get(DESK, headers={"Origin": "http://127.0.0.1:8000"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "dime.example.org"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": "192.168.1.5:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Forwarded-Port": "443"},
    ],
    ids=lambda headers: next(iter(headers.items())).__repr__(),
)
def test_others_stay_out(client: TestClient, headers: dict[str, str]) -> None:
    for path in (DESK, "/desk", "/roi", "/api/v1/conversations/00000000-0000-0000-0000-000000000000"):
        assert client.get(path, headers=headers).status_code == 401


@pytest.mark.parametrize("peer", ["203.0.113.7", "192.168.1.5", "2001:db8::7", "testclient"])
def test_a_stranger_who_writes_our_host_stays_out(client: TestClient, peer: str) -> None:
    stranger = TestClient(client.app, base_url="http://127.0.0.1:8000", client=(peer, 50_000))
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert stranger.get(DESK, headers={"Host": host}).status_code == 401


def test_loopback_of_either_kind_gets_in(client: TestClient) -> None:
    for peer in ("127.0.0.1", "127.0.0.2", "::1"):
        here = TestClient(client.app, base_url="http://localhost:8000", client=(peer, 50_000))
        assert here.get(DESK).status_code == 200


def test_widgets_own_door_is_open_to_all(client: TestClient) -> None:
    outside = {"Host": "dime.example.org", "Origin": "https://shop.example"}
    assert client.get("/widget.js", headers=outside).status_code == 200
    with client.websocket_connect("/chat", headers=outside) as socket:
        socket.send_text("{}")
        assert socket.receive_json()["type"] == "error"


def test_stranger_at_the_desks_socket_is_turned_away(client: TestClient) -> None:
    with client.websocket_connect("ws://dime.example.org/api/v1/desk/live?colleague=Eve") as socket:
        assert socket.receive()["code"] == 4401


def test_with_a_token_set_even_this_machine_must_show_it(guarded: TestClient) -> None:
    assert guarded.get(DESK).status_code == 401
    assert guarded.get(DESK, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert guarded.get(DESK, headers={"Authorization": "Bearer s3cret-token"}).status_code == 200
    assert guarded.get(DESK, params={"token": "密码"}).status_code == 401
    outside = {"Authorization": "Bearer s3cret-token", "Host": "dime.example.org"}
    assert guarded.get(DESK, headers=outside).status_code == 200


def test_token_in_the_pages_address_is_remembered_in_a_cookie(guarded: TestClient) -> None:
    assert guarded.get("/desk?token=s3cret-token").status_code == 200
    assert guarded.get(DESK).status_code == 200
