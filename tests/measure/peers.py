"""Dime beside pipecat and livekit, in turns: the pipeline's own time, and the CPU of a call before any model.

    python -m tests.measure.peers --peers FOLDER [--python peers-env/bin/python] [--rounds 3] [--turns 30]

FOLDER holds the peers' own scripts; they need an environment of their own, which --python names. All three are given
the same sound in real time, and recogniser, model, voice and VAD that only wait; none has a socket. Dime speaks through
Asterisk's WebSocket dialect, on which as with the peers nothing is sent while nothing is said, and through AudioSocket,
which carries silence too and gives a frame for a frame. The last row is an event loop that wakes for every frame and
does nothing: what remains of each CPU figure above it is the call's.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.conftest import ROOT
from web.bench.machine import machine

PEERS = {"pipecat": "pipecat-ai", "livekit": "livekit-agents"}
"""The name of the script, FOLDER/NAME_overhead.py, and of the package it needs."""
ENVIRONMENT = "peers-env"
LONGEST_S = 900
_CPU = re.compile(r"turns_ok=(\d+) missed=(\d+) .*cpu_per_session=([\d.]+)%")
_AFTER_VAD = re.compile(r"^\s*after_vad\s+median=\s*(-?[\d.]+) ms\s+p95=\s*(-?[\d.]+) ms", re.MULTILINE)


class Missing(Exception):
    """The message says what, and how to get it."""


@dataclass(frozen=True)
class Run:
    """What one script printed."""

    turns: int
    missed: int
    median_ms: float | None
    """From the VAD's stop to the first sound that leaves, without the engines' delays; None where nobody answers."""
    p95_ms: float | None
    cpu_percent: float
    """Of one core, for one call, while sound streams."""


def read(printed: str) -> Run:
    """Raises ValueError where a script has told no figures."""
    cpu, after_vad = _CPU.search(printed), _AFTER_VAD.search(printed)
    if cpu and not int(cpu[1]) and not int(cpu[2]):
        return Run(0, 0, None, None, float(cpu[3]))
    if cpu is None or after_vad is None:
        raise ValueError(f"no figures in what was printed: {printed[-400:].strip() or 'nothing'}")
    return Run(int(cpu[1]), int(cpu[2]), float(after_vad[1]), float(after_vad[2]), float(cpu[3]))


def table(runs: dict[str, list[Run]]) -> list[str]:
    """Of each contender the median of its runs, and in brackets the lowest and the highest."""
    lines = [f"{'':22}{'own time, median':>26}{'own time, p95':>26}{'CPU of a core':>26}{'n':>10}{'missed':>8}"]
    for name, told in runs.items():
        columns = (
            _spread([run.median_ms for run in told], "ms"),
            _spread([run.p95_ms for run in told], "ms"),
            _spread([run.cpu_percent for run in told], "%", digits=2),
        )
        turns, missed = sum(run.turns for run in told), sum(run.missed for run in told)
        lines.append(f"{name:22}{''.join(f'{column:>26}' for column in columns)}{turns:>10}{missed:>8}")
    return lines


def _spread(told: Sequence[float | None], unit: str, *, digits: int = 1) -> str:
    values = [value for value in told if value is not None]
    if not values:
        return "-"
    return f"{median(values):.{digits}f} {unit} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def commands(peers: Path, python: Path, *, turns: int) -> dict[str, list[str]]:
    own = [sys.executable, "-m", "tests.measure.overhead", "--turns", str(turns), "--door"]
    scripts = {name: [str(python), "-B", str(peers / f"{name}_overhead.py"), "1", str(turns), "0"] for name in PEERS}
    return {
        "dime": [*own, "asterisk"],
        **scripts,
        "dime over AudioSocket": [*own, "audiosocket"],
        "a loop, no call": [*own, "nobody"],
    }


def versions(peers: Path, python: Path) -> str:
    """Of the packages that are measured. Raises Missing."""
    for name in PEERS:
        if not (script := peers / f"{name}_overhead.py").is_file():
            raise Missing(f"{script} is missing: name the folder that holds the peers' scripts with --peers.")
    packages = " ".join(PEERS.values())
    mend = f"python3 -m venv {ENVIRONMENT} && {ENVIRONMENT}/bin/pip install {packages}, and name it with --python."
    if not python.is_file():
        raise Missing(f"{python} is missing: {mend}")
    found = [f"{package} {_version(python, package) or 'missing'}" for package in PEERS.values()]
    if any(told.endswith(" missing") for told in found):
        raise Missing(f"{python} has not all of the peers ({', '.join(found)}): {mend}")
    return ", ".join(found)


def _version(python: Path, package: str) -> str:
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    told = subprocess.run([python, "-c", asked], check=False, capture_output=True, text=True, timeout=60)
    return told.stdout.strip() if told.returncode == 0 else ""


@dataclass(frozen=True)
class Busy:
    """Processor seconds since the machine came up, of everybody and of what this process has started."""

    everybody_s: float
    ours_s: float
    at_s: float

    @classmethod
    def now(cls) -> "Busy":
        ticks = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
        idle = int(ticks[3]) + int(ticks[4])
        ours = resource.getrusage(resource.RUSAGE_CHILDREN)
        everybody_s = (sum(map(int, ticks[:8])) - idle) / os.sysconf("SC_CLK_TCK")
        return cls(everybody_s, ours.ru_utime + ours.ru_stime, time.monotonic())

    def others_since(self, before: "Busy") -> float:
        """How many cores were busy with the work of others."""
        ours_s = self.ours_s - before.ours_s
        return max(0.0, self.everybody_s - before.everybody_s - ours_s) / (self.at_s - before.at_s)


def run(command: list[str]) -> Run:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LONGEST_S, cwd=ROOT)
    if done.returncode:
        raise Missing(f"{command[1:3]} failed: {done.stderr[-400:].strip()}")
    return read(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--python", type=Path, default=Path(ENVIRONMENT, "bin/python"), metavar="PATH")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=30, help="the first of a run is not counted")
    wanted = parser.parse_args()
    if wanted.rounds < 1 or wanted.turns < 2:
        parser.error("at least one round, and two turns, of which the first is not counted")
    peers, python = wanted.peers.resolve(), wanted.python.absolute()
    try:
        print(f"{machine()}; {versions(peers, python)}", flush=True)
        runs = measured(commands(peers, python, turns=wanted.turns), rounds=wanted.rounds)
    except (Missing, ValueError) as why:
        sys.exit(str(why))
    print("\n".join(table(runs)))
    print("One call; 500 ms of speech, then silence; 100 ms each for the recogniser, the model and the voice.")


def measured(contenders: dict[str, list[str]], *, rounds: int) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(1, rounds + 1):
        for name, command in contenders.items():
            before = Busy.now()
            told = run(command)
            runs[name].append(told)
            others = Busy.now().others_since(before)
            own = "" if told.median_ms is None else f"{told.median_ms:.1f} ms, p95 {told.p95_ms:.1f} ms, "
            print(
                f"round {number} {name:22} {own}{told.cpu_percent:.2f} %, n {told.turns};"
                f" others kept {others:.2f} cores busy, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    return runs


if __name__ == "__main__":
    main()
