"""What tests share: services on a fresh home with a quick embedding, and one real server for the slow journeys."""

import os
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partialmethod
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings
from sqlalchemy import Engine, inspect

from tests.forked import Dime
from web import database
from web.database import open_database

# Two workers with two threads each stand in each other's way.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

# Starlette's client calls from "testclient", which is no address: here it is on this machine.
TestClient.__init__ = partialmethod(TestClient.__init__, client=("127.0.0.1", 50_000))  # type: ignore[assignment]

settings.register_profile("dime", deadline=None, max_examples=25)
settings.register_profile("soak", deadline=None, max_examples=1_000)
settings.load_profile("dime")
ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("DIME_CACHE", ROOT / ".cache")).resolve()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own DIME_ variables and keys must not reach a test."""
    for name in list(os.environ):
        if name.startswith("DIME_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file at the newest schema, made by the migrations themselves."""
    folder = tmp_path_factory.mktemp("schema")
    open_database(f"sqlite:///{folder / 'new.sqlite'}", lock_folder=folder).dispose()
    with closing(sqlite3.connect(folder / "new.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return (folder / "new.sqlite").read_bytes()


@pytest.fixture(autouse=True)
def _laid_schema(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _migrated: bytes) -> None:
    """New databases are copied rather than migrated anew, which takes most of a small test's time. The tests of the
    schema itself migrate."""
    if request.module.__name__.endswith("test_schema"):
        return
    upgrade = database._upgrade

    def lay(engine: Engine) -> None:
        if engine.dialect.name != "sqlite" or inspect(engine).get_table_names():
            upgrade(engine)
            return
        raw = engine.raw_connection()
        with closing(sqlite3.connect(":memory:")) as laid:
            laid.deserialize(_migrated)
            laid.backup(raw.driver_connection)
        raw.close()

    monkeypatch.setattr(database, "_upgrade", lay)


def environment(home: Path, **settings: str) -> dict[str, str]:
    """For a process of our own on a home of its own, sharing weights, vectors and what was fitted."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIME_", "OPENAI_"))}
    ours = {"DIME_HOME": str(home), "DIME_CACHE": str(CACHE), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    ours |= {"DIME_CALLS_MOST": "0"}  # who calls says so: every server would load its speech engines
    ours["DIME_RENDER_AHEAD"] = "0"  # what no test listens to would be spoken beside them all
    return {**kept, **ours, **settings}


def run_dime(*arguments: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user runs it."""
    with TemporaryFile() as out, TemporaryFile() as err, Path(os.devnull).open("rb") as nothing:
        streams = (nothing.fileno(), out.fileno(), err.fileno())
        running = Dime(*arguments, env=environment(home, **settings), streams=streams)
        try:
            code = running.wait(timeout=300)
        finally:
            running.kill()
        told, troubles = (stream.seek(0) or stream.read().decode() for stream in (out, err))
    return subprocess.CompletedProcess(["dime", *arguments], code, told, troubles)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A real `dime serve` on a port of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.log = (self.home / "server.log").open("a")
        streams = (self.log.fileno(),) * 3
        arguments = ("serve", "--port", str(self.port))
        self.process = Dime(*arguments, env=environment(self.home, **self.settings), streams=streams)
        try:
            self.wait_until_ready()
        except AssertionError:
            self.kill()
            raise

    def wait_until_ready(self, patience_s: float = 400) -> None:
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as response:
                    if response.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the server did not become ready:\n{(self.home / 'server.log').read_text()[-3000:]}")

    def kill(self) -> None:
        """As a power cut would: no shutdown handler runs."""
        self.process.kill()
        self.process.wait(timeout=20)
        self.log.close()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("home"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def server_url(server: Server) -> str:
    return server.url


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Servers for tests that kill or configure theirs."""
    made: list[Server] = []

    def make(**settings: str) -> Server:
        home = tmp_path / f"home-{len(made)}"
        home.mkdir()
        made.append(Server(home, **settings))
        made[-1].start()
        return made[-1]

    yield make
    for running in made:
        if running.process.poll() is None:
            running.stop()
