"""dime say: how a sentence sounds on the telephone."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer

from web.commands.console import tell
from web.commands.opening import open_settings

EDGE_MS = 500
"""Nobody speaks at the first moment of a call."""


def say(
    text: Annotated[str, typer.Argument(help="What is to be said.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Write it here: WAV, 16 kHz.")],
    lang: Annotated[Literal["en", "zh"], typer.Option(help="The language it is in.")] = "en",
) -> None:
    """Speak a text with the voice that callers hear: to check an entry, or to have a question for `dime call`."""
    import numpy as np
    import soundfile

    from agent.models.clauses import clauses
    from voice.audio import PER_MS, RATE_HZ, silence
    from voice.engines import open_engines
    from web.calling.calls import choices_of

    if not text.strip():
        raise ValueError("there is nothing to say")

    async def spoken() -> None:
        engines = open_engines(choices_of(open_settings(log_level="WARNING")))
        try:
            await engines.warm(lang)
            parts = [(await engines.voice.speak(clause.strip(), lang=lang)).samples for clause in clauses(text)]
        finally:
            await engines.close()
        whole = np.concatenate([silence(EDGE_MS), *parts, silence(EDGE_MS)])
        soundfile.write(out, whole, RATE_HZ, subtype="PCM_16")
        tell(f"{len(whole) / PER_MS / 1000:.1f} s in {out}")

    asyncio.run(spoken())
