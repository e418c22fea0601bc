"""The real engines for tests, loaded once; a missing weight fails a test with the command that mends it."""

import os
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from voice.audio import Samples, Speech, level_dbfs
from voice.engines import Choices, Engines, open_engines
from voice.kokoro import KokoroSynthesizer
from voice.piper import PiperSynthesizer
from voice.weights import KOKORO, PIPER, WHISPER, find
from voice.whisper import WhisperTranscriber

CACHE = Path(os.environ.get("DIME_CACHE") or Path(__file__).parent.parent / ".cache")
RECORDINGS = Path(__file__).parent / "recordings"


@cache
def whisper() -> WhisperTranscriber:
    return WhisperTranscriber(str(find(WHISPER, CACHE)))


@cache
def piper() -> PiperSynthesizer:
    return PiperSynthesizer(find(PIPER, CACHE) / PIPER.files[0].name)


@cache
def kokoro() -> KokoroSynthesizer:
    return KokoroSynthesizer(find(KOKORO, CACHE))


async def with_engines(story: Callable[[Engines], Coroutine[Any, Any, None]], cache_folder: Path) -> None:
    """Engines as web opens them, with a cache for rendered speech of the test's own."""
    for weights in (WHISPER, PIPER, KOKORO):
        find(weights, CACHE)
    (cache_folder / "weights").symlink_to(CACHE.resolve() / "weights")
    engines = open_engines(Choices(cache_folder))
    try:
        await engines.warm()
        await story(engines)
    finally:
        await engines.close()


def mixed(speech: Samples, noise: Samples, *, snr_db: float, seed: int = 0) -> Speech:
    """Speech over noise that begins somewhere and repeats."""
    start = int(np.random.default_rng(seed).integers(len(noise)))
    bed = np.resize(np.roll(noise, -start), len(speech))
    gain = 10 ** ((level_dbfs(speech) - snr_db - level_dbfs(bed)) / 20)
    return Speech((speech + bed * gain).astype(np.float32))


def words_of(text: str) -> list[str]:
    return "".join(c.lower() if c.isalnum() or c.isspace() else " " for c in text.replace("'", "")).split()


def word_errors(said: str, heard: str) -> int:
    """Edits between two texts, counted in words."""
    a, b = words_of(said), words_of(heard)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]
