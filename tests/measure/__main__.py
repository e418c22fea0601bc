"""Every figure of this project, with the machine it comes from: matching, voice, chat and the books.

    python -m tests.measure [PART...] [--data ../shared/data]

Each part is a process of its own, so that the memory and the threads of one do not stand in the figures of another.
"""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.measure.machine import machine


@dataclass(frozen=True)
class Part:
    name: str
    needs: tuple[str, ...] = ()
    """Inside the data folder; what is missing is said, and the rest is measured."""


PARTS = (
    Part(
        "knowledge",
        ("banking77", "clinc150", "hwu64", "stackfaq", "zh_question_pairs", "egret_wenda_zh", "dstc_kb", "tau_bench"),
    ),
    Part("scale", ("banking77", "clinc150", "hwu64", "stackfaq", "zh_question_pairs", "egret_wenda_zh", "dstc_kb")),
    Part("gaps", ("banking77/train.csv",)),
    Part("voice", ("audio/manifest.jsonl", "audio/noise")),
    Part("demo"),
    Part("conversing"),
    Part("attacks"),
    Part("grounding"),
    Part("chat"),
    Part("stalled"),
    Part("books"),
)


def missing_data(part: Part, data: Path) -> list[str]:
    return [need for need in part.needs if not (data / need).exists()]


def measure(part: Part, data: Path) -> bool:
    module = f"tests.measure.{part.name}"
    print(f"\n== {part.name}: {machine()}", flush=True)
    if find_spec(module) is None:
        print(f"{module} is missing")
        return False
    for need in missing_data(part, data):
        print(f"Missing: {data / need} (name the folder with --data); what needs it is left out.", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", module, *(["--data", str(data)] if part.needs else [])], check=False, timeout=3 * 3600
    )
    print(f"-- {part.name} took {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(part.name for part in PARTS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    wanted = parser.parse_args()
    if unknown := set(wanted.parts) - {part.name for part in PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    chosen = [part for part in PARTS if not wanted.parts or part.name in wanted.parts]
    failed = [part.name for part in chosen if not measure(part, wanted.data)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
