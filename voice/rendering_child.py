"""Renders ahead of time in a process of its own, at the lowest priority, with one thread: calls never notice it.

`python -m voice.rendering_child` reads from stdin the choices of engines, then clauses, each a line of JSON; after each
clause it says on stdout, with its number, whether it is on disk. What it loaded is gone when it ends.
"""

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from voice.engines import Choices, open_voice

NICENESS = 19


async def main() -> None:
    os.nice(NICENESS)
    wished = json.loads(sys.stdin.readline())
    voice = open_voice(replace(Choices(cache=Path(wished.pop("cache"))), **wished, threads=1))
    for line in sys.stdin:
        clause = json.loads(line)
        await voice.render(clause["text"], lang=clause["lang"])
        is_there = voice.is_rendered(clause["text"], lang=clause["lang"])
        sys.stdout.write(f"{clause['number']} {'rendered' if is_there else 'failed'}\n")
        sys.stdout.flush()
    await voice.close()


if __name__ == "__main__":
    asyncio.run(main())
