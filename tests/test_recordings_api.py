"""Recordings at rest: listed, played, deleted by conversation or customer, and by themselves after some days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from agent.turn import Turn, Who
from tests.conftest import run_dime
from voice.recording.file import RecordingFile
from web.app import create_app
from web.assembly import assemble
from web.services import Services
from web.settings import Settings

TODAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Still the 22nd in the shop's Los Angeles."""


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None), now=lambda: TODAY)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    yield TestClient(create_app(services), base_url="http://127.0.0.1")


def recorded(services: Services, *, days_ago: int = 0, customer: str | None = None) -> UUID:
    """A conversation with a turn and a second of sound."""
    conversation = uuid4()
    services.books.write(Turn("how long?", conversation, Who("phone", customer=customer), at=TODAY), finished=True)
    day = date(2026, 11, 22) - timedelta(days=days_ago)
    file = RecordingFile(services.recordings.folder / day.isoformat() / f"{conversation}{RecordingFile.SUFFIX}")
    file.append(np.zeros((16_000, 2), dtype=np.float32))
    file.close()
    return conversation


def test_a_recording_is_listed_with_its_conversation_and_played_by_range(
    client: TestClient, services: Services
) -> None:
    conversation = recorded(services)
    recorded(services)
    (one,) = client.get(f"/api/v1/conversations/{conversation}").json()["recordings"]
    assert len(client.get("/api/v1/recordings").json()) == 2
    whole = client.get(one["url"])
    assert whole.headers["content-type"] == "audio/ogg"
    assert len(whole.content) == one["bytes"]
    part = client.get(one["url"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"OggS")


def test_deleting_takes_one_conversations_and_says_so_without_a_name(client: TestClient, services: Services) -> None:
    gone, stays = recorded(services, customer="c1" * 8), recorded(services)
    with capture_logs() as logs:
        assert client.delete(f"/api/v1/recordings/{gone}").json() == {"deleted": 1}
    assert [(line["event"], line["count"], line["by"]) for line in logs] == [("recordings_deleted", 1, "api")]
    assert not any("c1c1" in str(line) for line in logs)
    assert client.get(f"/api/v1/recordings/{gone}").json() == []
    assert len(client.get(f"/api/v1/recordings/{stays}").json()) == 1
    assert client.delete(f"/api/v1/recordings/{gone}").json() == {"deleted": 0}


def test_a_customers_recordings_are_deleted_together(client: TestClient, services: Services) -> None:
    key = services.caller("+1 503 555 0177")
    for _ in range(2):
        recorded(services, customer=key)
    stays = recorded(services, customer=services.caller("+1 503 555 0100"))
    assert client.delete("/api/v1/recordings", params={"customer": key}).json() == {"deleted": 2}
    assert [one.conversation for one in services.recordings.listed()] == [stays]


@pytest.mark.parametrize("params", [{}, {"customer": ""}])
def test_nobody_deletes_everything_by_leaving_the_customer_out(
    client: TestClient, services: Services, params: dict[str, str]
) -> None:
    recorded(services)
    assert client.delete("/api/v1/recordings", params=params).status_code == 422
    assert len(services.recordings.listed()) == 1


def test_strangers_hear_nothing(client: TestClient, services: Services) -> None:
    conversation = recorded(services)
    outside = {"Host": "dime.example.org"}
    (one,) = client.get(f"/api/v1/recordings/{conversation}").json()
    for path in ("/api/v1/recordings", f"/api/v1/recordings/{conversation}", one["url"]):
        assert client.get(path, headers=outside).status_code == 401
    assert client.delete(f"/api/v1/recordings/{conversation}", headers=outside).status_code == 401
    assert len(services.recordings.listed()) == 1


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret", "secret", "a.ogg"])
def test_only_recordings_are_served(client: TestClient, services: Services, name: str) -> None:
    conversation = recorded(services)
    assert services.secret
    assert client.get(f"/api/v1/recordings/{conversation}/{name}").status_code in (404, 405)


def test_what_is_older_than_its_days_is_deleted_and_nothing_else(services: Services) -> None:
    kept, old = recorded(services, days_ago=30), recorded(services, days_ago=31)
    strange = services.recordings.folder / "2020-01-01" / "notes.txt"
    strange.parent.mkdir()
    strange.write_text("somebody's")
    assert services.recordings.sweep(days=30) == 1
    assert [one.conversation for one in services.recordings.listed()] == [kept]
    assert services.recordings.listed(old) == []
    assert not (services.recordings.folder / "2026-10-22").exists()
    assert strange.exists()


def test_a_home_without_recordings_has_none(services: Services) -> None:
    assert services.recordings.listed() == []
    assert services.recordings.sweep(days=30) == 0
    assert services.recordings.delete([uuid4()], by="api") == 0


@pytest.mark.real
def test_the_command_lists_and_deletes(services: Services) -> None:
    home = services.settings.home
    conversation = recorded(services, customer=services.caller("+1 503 555 0177"))
    other = recorded(services)
    assert str(conversation) in run_dime("recordings", "list", home=home).stdout
    both = run_dime("recordings", "delete", str(other), "--caller", "1", home=home)
    assert (both.returncode, both.stderr.splitlines()[-1]) == (
        1, "dime: give a conversation, or --customer, or --caller",
    )  # fmt: skip
    gone = run_dime("recordings", "delete", "--caller", "+1 503 555 0177", "--json", home=home)
    assert gone.stdout.strip() == '{"deleted": 1}'
    assert "event=recordings_deleted" in gone.stderr
    assert "0177" not in gone.stderr
    assert [one.conversation for one in services.recordings.listed()] == [other]
