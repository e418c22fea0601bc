"""Every figure of this project, with the machine it comes from: matching, speech, turns, chat and the books.

    python -m tests.measure [PART...] [--data ../shared/data] [--peers FOLDER [--python PATH]]

Each part is a process of its own, so that the memory and the threads of one do not stand in the figures of another.
What a caller hears by telephone is told by `dime bench`, what survives a kill by `make soak`.
"""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from web.bench.machine import machine


@dataclass(frozen=True)
class Part:
    name: str
    needs: tuple[str, ...] = ()
    """Inside the data folder; what is missing is said, and the rest is measured."""
    has_peers: bool = False
    """Measured only beside peers, when their folder is named."""


PARTS = (
    Part(
        "knowledge",
        ("banking77", "clinc150", "hwu64", "stackfaq", "zh_question_pairs", "egret_wenda_zh", "dstc_kb", "tau_bench"),
    ),
    Part("scale", ("banking77", "clinc150", "hwu64", "stackfaq", "zh_question_pairs", "egret_wenda_zh", "dstc_kb")),
    Part("gaps", ("banking77/train.csv",)),
    Part("voice", ("audio/manifest.jsonl", "audio/noise")),
    Part("turns", ("audio/en", "audio/noise")),
    Part("speech"),
    Part("demo"),
    Part("stores"),
    Part("conversing"),
    Part("cascade"),
    Part("attacks"),
    Part("grounding"),
    Part("chat"),
    Part("stalled"),
    Part("overtaken"),
    Part("composed"),
    Part("lasting"),
    Part("books"),
    Part("quarters"),
    Part("peers", has_peers=True),
)


def missing_data(part: Part, data: Path) -> list[str]:
    return [need for need in part.needs if not (data / need).exists()]


def measure(part: Part, data: Path, *, beside: list[str]) -> bool:
    module = f"tests.measure.{part.name}"
    print(f"\n== {part.name}: {machine()}", flush=True)
    if find_spec(module) is None:
        print(f"{module} is missing")
        return False
    for need in missing_data(part, data):
        print(f"Missing: {data / need} (name the folder with --data); what needs it is left out.", flush=True)
    if part.has_peers and not beside:
        print("Left out: name the folder of the peers' scripts with --peers.")
        return True
    began = time.monotonic()
    options = [*(["--data", str(data)] if part.needs else []), *(beside if part.has_peers else [])]
    done = subprocess.run([sys.executable, "-m", module, *options], check=False, timeout=3 * 3600)
    print(f"-- {part.name} took {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(part.name for part in PARTS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--peers", type=Path, metavar="FOLDER")
    parser.add_argument("--python", type=Path, metavar="PATH", help="the interpreter that has the peers")
    wanted = parser.parse_args()
    if unknown := set(wanted.parts) - {part.name for part in PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    chosen = [part for part in PARTS if not wanted.parts or part.name in wanted.parts]
    beside = ["--peers", str(wanted.peers)] if wanted.peers else []
    beside += ["--python", str(wanted.python)] if wanted.peers and wanted.python else []
    failed = [part.name for part in chosen if not measure(part, wanted.data, beside=beside)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
