"""`dime` for tests, forked from a process that has imported everything: importing takes most of a short command's time.

What runs is web.cli.main with the arguments, environment and streams it is given, in a process of its own that ends as
Python ends. `python -m tests.forked FD` is the process that is forked; a few tests start Python anew, as users do.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MESSAGE_BYTES = 200_000
PATIENCE_S = 300
"""For all the imports on a busy machine; after that an answer takes milliseconds."""


class Forks:
    """The process that is forked, seen from the tests."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.settimeout(PATIENCE_S)
        self._turn = Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())], pass_fds=[theirs.fileno()], cwd=ROOT
            )

    def ask(self, question: dict[str, Any], streams: tuple[int, ...] = ()) -> Any:
        with self._turn:
            socket.send_fds(self._ours, [json.dumps(question).encode()], streams)
            answer = self._ours.recv(MESSAGE_BYTES)
        if not answer:
            raise RuntimeError(f"the process that is forked ended with {self._process.wait(timeout=20)}")
        return json.loads(answer)


@cache
def _forks() -> Forks:
    """One for each worker, which ends with it."""
    return Forks()


class Dime:
    """One `dime`, with what tests use of subprocess.Popen."""

    def __init__(self, *arguments: str, env: Mapping[str, str], streams: tuple[int, int, int]) -> None:
        self.returncode: int | None = None
        self.pid: int = _forks().ask({"run": arguments, "env": dict(env)}, streams)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = _forks().ask({"poll": self.pid})
        return self.returncode

    def wait(self, timeout: float) -> int:
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("dime", timeout)
            time.sleep(0.02)
        return code

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _forked(line: socket.socket) -> list[str] | None:
    """Forks for whoever asks. Returns the arguments in the child, None in the parent once nobody can ask any more."""
    while True:
        message, streams, _, _ = socket.recv_fds(line, MESSAGE_BYTES, 3)
        if not message:
            return None
        asked = json.loads(message)
        if "poll" in asked:
            ended, status = os.waitpid(asked["poll"], os.WNOHANG)
            line.send(json.dumps(os.waitstatus_to_exitcode(status) if ended else None).encode())
            continue
        if not (pid := os.fork()):
            line.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            os.environ.clear()
            os.environ.update(asked["env"])
            return [str(argument) for argument in asked["run"]]
        for stream in streams:
            os.close(stream)
        line.send(json.dumps(pid).encode())


if __name__ == "__main__":
    # What follows is imported for the children; without threads, which a fork does not take along.
    import alembic.command  # noqa: F401
    import langchain_core.tools  # noqa: F401
    import scipy.optimize  # noqa: F401

    import web.app
    import web.assembly
    import web.calling.calls
    import web.calling.pipe  # noqa: F401
    from agent.understanding.language import language_of
    from web.cli import main

    language_of("warm up")
    gc.freeze()
    if (arguments := _forked(socket.socket(fileno=int(sys.argv[1])))) is not None:
        sys.argv = ["dime", *arguments]
        main()
