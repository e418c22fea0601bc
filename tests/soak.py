"""Repeats that take long: `make soak`. Prints how often it tried, since silence would prove little."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Server
from tests.kills import chat_until_killed, missing_from_books

KILLS = 50


@pytest.mark.real
def test_fifty_kills_lose_no_answered_turn(
    make_server: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    server, answered, missing = make_server(), 0, 0
    for seed in range(100, 100 + KILLS):
        told = asyncio.run(chat_until_killed(server, seed=seed))
        answered += len(told.answers)
        missing += len(missing_from_books(server, told))
        server.start()
    with capsys.disabled():
        print(f"\n{KILLS} kills, {answered} answered turns, {missing} missing from the books")  # noqa: T201
    assert answered > KILLS
    assert missing == 0


@pytest.mark.real
def test_two_hundred_kills_of_two_writers_lose_and_double_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "tests.book_kills", "--rounds", "200", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
    with capsys.disabled():
        print(f"\n{done.stdout}{done.stderr}")  # noqa: T201
    assert done.returncode == 0
