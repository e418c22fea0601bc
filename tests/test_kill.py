"""A kill -9 after an answer loses nothing, and one in the middle of a write tears nothing. Many run in `make soak`."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Server
from tests.kills import chat_until_killed, missing_from_books


@pytest.mark.real
def test_no_answered_turn_is_missing_after_kills_and_the_server_goes_on(make_server: Callable[..., Server]) -> None:
    server = make_server()
    answered = 0
    for seed in range(2):
        told = asyncio.run(chat_until_killed(server, seed=seed))
        assert missing_from_books(server, told) == []
        answered += len(told.answers)
        server.start()
    assert answered > 0


@pytest.mark.real
def test_writers_killed_at_any_moment_leave_whole_turns_and_whole_chains(tmp_path: Path) -> None:
    """Two at once, as a server and a command are."""
    command = [sys.executable, "-m", "tests.book_kills", "--rounds", "3", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
