"""A `dime` whose own speech engine goes bad once it is told to: `python -m tests.bad_engines serve`.

It runs in the engine's thread, under the real pool, watchdog and deadlines. BAD_ENGINE and BAD_FAULT say which and how;
the engine is bad while the file BAD_WHILE exists, and adds a byte to it whenever somebody meets that.
"""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from voice import piper
from voice.whisper import WhisperTranscriber
from web import cli

Fault = Literal["stalled", "killed", "slow"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
SLOWER = 10


def misbehaving(
    work: Callable[..., Any],
    fault: Fault,
    *,
    is_bad: Callable[[], bool],
    met: Callable[[], None],
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Callable[..., Any]:
    """The same, but while it is bad it never comes back, dies on the job, or takes ten times as long."""

    def work_badly(*arguments: Any, **wishes: Any) -> Any:
        if not is_bad():
            return work(*arguments, **wishes)
        met()
        if fault == "slow":
            began_s = clock()
            result = work(*arguments, **wishes)
            sleep((SLOWER - 1) * (clock() - began_s))
            return result
        while fault == "stalled" and is_bad():
            sleep(0.1)
        raise RuntimeError(fault)

    return work_badly


def main() -> None:
    flag, fault = Path(os.environ["BAD_WHILE"]), next(fault for fault in FAULTS if fault == os.environ["BAD_FAULT"])

    def met() -> None:
        with flag.open("ab") as file:
            file.write(b".")

    bad = partial(misbehaving, fault=fault, is_bad=flag.exists, met=met)
    if os.environ["BAD_ENGINE"] == "transcriber":
        WhisperTranscriber._transcribe = bad(WhisperTranscriber._transcribe)  # type: ignore[method-assign]
    else:
        piper._speak = bad(piper._speak)
    cli.main()


if __name__ == "__main__":
    main()
