"""A server of our own for the callers: a process of its own, free ports, and an empty home with the demo knowledge,
in a folder without an `.env`: no company's database is called upon."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session, select

from agent.history import TurnRow
from roi.books.ledger import CostLine
from web.database import open_database
from web.settings import ROOT, Settings

STARTING_S = 300.0
STOPPING_S = 20.0


@dataclass(frozen=True)
class Composed:
    """What models had to do with the turns of a run."""

    turns: int
    asked: int
    """Turns in which one was."""
    spoke: int
    """Turns that it answered."""

    def __str__(self) -> str:
        return f"a model was asked in {self.asked} of {self.turns} turns, and answered {self.spoke}"


@dataclass(frozen=True)
class Serving:
    home: Path
    port: int
    telephone: int
    """AudioSocket's port."""
    process: int = 0
    """Its id."""

    def stages_ms(self) -> dict[str, float]:
        """Medians over all turns so far, as they were booked."""
        rows = self._booked(select(TurnRow.stages_ms))
        names = {name for row in rows for name in row}
        return {name: round(median(row[name] for row in rows if name in row), 1) for name in sorted(names)}

    def composed(self) -> Composed:
        asked = self._booked(select(CostLine.turn_id).where(CostLine.meter == "llm").distinct())
        actions = self._booked(select(TurnRow.action))
        return Composed(len(actions), asked=len(asked), spoke=actions.count("model"))

    def _booked(self, query: Any) -> list[Any]:
        engine = open_database(f"sqlite:///{self.home / 'dime.sqlite'}", lock_folder=self.home)
        with Session(engine) as session:
            rows = list(session.exec(query))
        engine.dispose()
        return rows


def model_named_in(settings: Settings) -> dict[str, str]:
    """Puts the model of these settings into every turn: it is taken to be always right, so that the router asks it.
    Raises ValueError where there is none."""
    if settings.llm_base_url is None or settings.llm_model is None:
        raise ValueError("--model needs DIME_LLM_BASE_URL and DIME_LLM_MODEL: there is no model to put in the loop.")
    return {
        "DIME_LLM_BASE_URL": settings.llm_base_url,
        "DIME_LLM_MODEL": settings.llm_model,
        "DIME_LLM_QUALITY": "1",
        "DIME_LLM_TIMEOUT_S": str(settings.llm_timeout_s),
    }


def engines_named_in(settings: Settings) -> dict[str, str]:
    """What makes a server hear and speak as these settings say, wherever it is started."""
    key = settings.llm_api_key or settings.openai_api_key
    named = {"DIME_WHISPER": settings.whisper, "DIME_PIPER_EN": settings.piper_en}
    found = {name: str(Path(value).resolve()) if value and Path(value).exists() else value
             for name, value in named.items()}  # fmt: skip
    return found | {
        "DIME_KOKORO_STYLE": settings.kokoro_style,
        "DIME_SPEECH_VENDOR": settings.speech_vendor or "",
        "DIME_LLM_API_KEY": key.get_secret_value() if key else "",
    }


@contextmanager
def serving(*, cache: Path, calls: int, program: str = "web.cli", **settings: str) -> Iterator[Serving]:
    """Ready to hold calls. Raises RuntimeError when it does not come up; `settings` are DIME_ variables, `program` is
    for those who want another `dime`."""
    with tempfile.TemporaryDirectory(prefix="dime-bench-") as folder:
        one = Serving(Path(folder) / "home", _free_port(), _free_port())
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIME_", "OPENAI_"))}
        ours = {
            "DIME_HOME": str(one.home),
            "DIME_CACHE": str(cache),
            "DIME_AUDIOSOCKET_PORT": str(one.telephone),
            "DIME_CALLS_MOST": str(calls + 1),
            "DIME_LOG_LEVEL": "WARNING",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        command = [sys.executable, "-m", program, "serve", "--port", str(one.port)]
        with (Path(folder) / "server.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=folder, env={**kept, **ours, **settings}, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                _await_engines(one, process, Path(folder) / "server.log")
                yield replace(one, process=process.pid)
            finally:
                process.terminate()
                try:
                    process.wait(STOPPING_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _await_engines(one: Serving, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTING_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended while starting: {log.read_text(errors='replace')[-500:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{one.port}/readyz", timeout=2) as reply:
                calls = json.load(reply)["calls"]
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            calls = {}
        if calls.get("engines") == "ready":
            return
        if calls.get("engines") == "failed":
            raise RuntimeError(f"the speech engines cannot be opened: {calls['trouble']}; see `dime doctor`")
        time.sleep(0.2)
    raise RuntimeError(f"the server was not ready for calls within {STARTING_S:.0f} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
