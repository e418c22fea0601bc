"""What a caller hears when all lines are taken: said at once, and then the line is hung up."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from agent.telling.phrases import phrase
from agent.understanding.language import ANSWERED
from voice.audio import Samples, silence
from voice.rendered import Voice
from voice.synthesizer import SynthesisFailed
from voice.wire import Key, Wire

LINES_TAKEN: Final = "lines_taken"
BETWEEN_MS = 400


async def say_lines_taken(line: Wire, voice: Voice, *, lang: str | None) -> None:
    """In the caller's language where that is known, else in all of ours. Raises ConnectionError."""
    words = await _spoken(voice, (lang,) if lang else ANSWERED)
    at = 0
    async for frame in line.frames():
        if isinstance(frame, Key):
            continue
        if at >= len(words):
            return
        piece = words[at : at + len(frame)]
        await line.play(np.pad(piece, (0, len(frame) - len(piece))))
        at += len(frame)


async def _spoken(voice: Voice, langs: Sequence[str]) -> Samples:
    pieces = [silence(BETWEEN_MS)]
    for lang in langs:
        try:
            pieces.append((await voice.speak(phrase(LINES_TAKEN, lang=lang), lang=lang, is_fixed=True)).samples)
        except SynthesisFailed:
            continue
        pieces.append(silence(BETWEEN_MS))
    return np.concatenate(pieces)
