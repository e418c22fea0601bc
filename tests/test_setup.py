"""What stands outside the packages keeps its word: constraints, Makefile, CI, container, a fresh machine's steps."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pytest

from tests.conftest import CACHE, ROOT, free_port
from tests.measure.licences import forbidden_imports
from web.settings import Settings

NOBODY = 65534


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def test_container_passes_on_every_setting_but_the_images_own(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = re.findall(r"^      (\w+): \$\{(\w+):([-?])", text("compose.yaml"), re.MULTILINE)
    names = {inside for inside, outside, _ in passed if inside == outside}
    assert len(names) == len(passed)
    known = {f"DIME_{name.upper()}" for name in Settings.model_fields}
    the_images_own = {"DIME_HOME", "DIME_CACHE", "DIME_HOST", "DIME_PORT"}
    assert names == known - the_images_own - {"DIME_OPENAI_API_KEY"} | {"OPENAI_API_KEY"}
    default = Settings(_env_file=None)
    for name in names:
        monkeypatch.setenv(name, "")
    assert Settings(_env_file=None) == default  # what is not set arrives empty


def test_constraints_pin_versions_and_name_no_host() -> None:
    lines = text(".ci/constraints.txt").splitlines()
    odd = [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!]+", line)]
    assert odd == []


def test_constraints_pin_every_dependency() -> None:
    def plain(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;! ]", name)[0]).lower()

    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values()), "misaki"]
    pinned = {plain(line) for line in text(".ci/constraints.txt").splitlines()}
    assert {plain(name) for name in wanted} - pinned == set()


def test_make_alone_lists_every_verb() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, env=environment, timeout=30)
    assert {line.split()[1] for line in told.stdout.splitlines()} == targets


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    commands = [line for line in text(".ci/run").splitlines() if line and not line.startswith("#")]
    assert commands == ["exec make test"]


def test_wheel_holds_the_five_packages_that_the_arrows_are_drawn_between() -> None:
    tools = tomllib.loads(text("pyproject.toml"))["tool"]
    packages = ["agent", "voice", "knowledge", "roi", "web"]
    assert tools["hatch"]["build"]["targets"]["wheel"]["packages"] == packages
    assert tools["importlinter"]["root_packages"] == packages
    assert {path.split("/")[0] for path in tracked() if path.endswith("__init__.py")} == set(packages)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    ours = [path for path in tracked() if re.match(r"(agent|voice|knowledge|roi|web)/.*\.py$", path)]
    assert {path: n for path in ours if (n := len(text(path).splitlines())) > 300} == {}


def test_package_docstrings_are_all_that_init_files_hold() -> None:
    """A re-export would drag LangChain into the books."""
    for path in (path for path in tracked() if path.endswith("__init__.py")):
        assert re.fullmatch(r'\s*(""".*?""")?\s*', text(path), re.DOTALL), path


@pytest.mark.parametrize("name", [f"DIME_{field.upper()}" for field in Settings.model_fields])
def test_every_setting_stands_in_the_readme(name: str) -> None:
    assert re.search(rf"\b{name}\b", text("README.md"))


def test_no_module_of_ours_imports_a_package_under_the_gpl() -> None:
    assert forbidden_imports() == []


def test_import_of_such_a_package_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "voice").mkdir()
    (tmp_path / "voice/reader.py").write_text("def read():\n    from fitz import open\n")
    (tmp_path / "voice/pyttsx3_child.py").write_text("import pyttsx3\nimport av.audio\n")
    assert forbidden_imports(tmp_path) == ["voice/pyttsx3_child.py imports av", "voice/reader.py imports fitz"]


class Dockerfile:
    """Its instructions in order, continued lines joined."""

    def __init__(self) -> None:
        lines = [line for line in text("Dockerfile").replace("\\\n", " ").splitlines() if not line.startswith("#")]
        self.steps = [tuple(line.split(maxsplit=1)) for line in lines if line]

    def all(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.steps if name == instruction]

    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for rest in self.all("ENV") for pair in rest.split())

    def command(self) -> list[str]:
        command: list[str] = json.loads(self.all("CMD")[-1])
        return command

    def health_check(self) -> list[str]:
        command: list[str] = json.loads(self.all("HEALTHCHECK")[-1].split("CMD", 1)[1])
        return command


def test_container_drops_its_rights_before_it_installs_and_runs() -> None:
    steps = Dockerfile().steps
    user = steps.index(("USER", "dime"))
    assert steps.index(("RUN", "make install")) > user
    assert not [name for name, rest in steps[user:] if name == "USER" and rest != "dime"]


def test_container_takes_along_neither_secrets_nor_state() -> None:
    ignored = set(text(".dockerignore").split())
    assert ignored >= {".env", ".git", ".venv", ".cache", "var"}


@pytest.fixture
def bare_folder() -> Iterator[Path]:
    """A folder that a user without rights owns, with a space in its name; pytest's own are closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix="dime bare "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def copy_for_build(app: Path) -> None:
    ignored = text(".dockerignore").split()
    for path in tracked():
        parts = [path, *map(str, Path(path).parents)]
        if not any(fnmatch(part, pattern) for part in parts for pattern in ignored):
            (app / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, app / path)


def without_rights() -> list[str]:
    if os.geteuid():
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]


@pytest.mark.real
@pytest.mark.soak
def test_dockerfile_steps_lead_to_a_healthy_server_in_an_empty_folder(bare_folder: Path) -> None:
    """What `docker build` and `docker run` would do, without rights: COPY, RUN make install, CMD, HEALTHCHECK.

    No image is built, so this cannot show that the base image is there, that its apt has espeak-ng and make, that its
    Python 3.12 agrees with the constraints, that useradd and VOLUME do what they say, or how large the image is. The
    packages come from the index; the weights are copied from DIME_CACHE instead of fetched.
    """
    file, port = Dockerfile(), str(free_port())
    assert file.all("COPY") == ["--chown=dime . ."]
    assert file.all("RUN")[2:] == ["make install"]
    app, home, cache = bare_folder / "app", bare_folder / "data", bare_folder / "app" / ".cache"
    for folder in (app, home, cache):
        folder.mkdir()
    copy_for_build(app)
    for part in ("weights", "vectors", "learnt"):
        if (CACHE / part).is_dir():
            shutil.copytree(CACHE / part, cache / part, ignore=shutil.ignore_patterns("smollm2", ".lock"))
    if without_rights():
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", bare_folder], check=True, timeout=60)
    # The CI's own Python stands first, for machines where Debian's is not 3.11 or 3.12.
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTP", "LANG"))},
        **file.environment(),
        "PATH": f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(bare_folder),
        "PIP_NO_COMPILE": "1",
        "DIME_HOME": str(home),
        "DIME_CACHE": str(cache),
        "DIME_PORT": port,
        "DIME_ADMIN_TOKEN": "only-for-this-test",
    }

    def run(command: list[str], timeout_s: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*without_rights(), *command],
            cwd=app,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    installed = run(file.all("RUN")[2].split(), 900)
    assert installed.returncode == 0, installed.stderr[-3000:]
    again = run(file.all("RUN")[2].split(), 60)
    assert again.returncode == 0, again.stderr[-3000:]
    assert "installing" not in again.stderr

    log = (bare_folder / "server.log").open("w+")
    server = subprocess.Popen([*without_rights(), *file.command()], cwd=app, env=environment, stdout=log, stderr=log)
    try:
        check = [part.replace(":8000/", f":{port}/") for part in file.health_check()]
        until = time.monotonic() + 120
        while run(check, 30).returncode and time.monotonic() < until and server.poll() is None:
            pass
        log.seek(0)
        assert run(check, 30).returncode == 0, log.read()[-3000:]
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()
    owners = {path.stat().st_uid for path in home.rglob("*")}
    assert owners == {NOBODY if not os.geteuid() else os.geteuid()}
