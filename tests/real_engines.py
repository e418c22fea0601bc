"""The real engines for tests, loaded once; a missing weight fails a test with the command that mends it."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from knowledge.matching.bundled import BundledEmbeddings
from knowledge.weights import find
from voice.audio import Samples, Speech, level_dbfs
from voice.engines import Engines
from voice.floor import Pyttsx3Synthesizer
from voice.kokoro import KokoroSynthesizer
from voice.piper import PiperSynthesizer
from voice.rendered import RenderedVoice
from voice.synthesizer import Voices
from voice.vad import load_silero
from voice.weights import KOKORO, PIPER, WHISPER
from voice.whisper import WhisperTranscriber

Result = TypeVar("Result")
CACHE = Path(os.environ.get("DIME_CACHE") or Path(__file__).parent.parent / ".cache")
RECORDINGS = Path(__file__).parent / "recordings"


@cache
def real_embeddings() -> BundledEmbeddings:
    return BundledEmbeddings(CACHE)


@cache
def whisper() -> WhisperTranscriber:
    # As patient as a machine is busy that runs all tests at once.
    return WhisperTranscriber(str(find(WHISPER, CACHE)), patience_s=120)


@cache
def piper() -> PiperSynthesizer:
    return PiperSynthesizer(find(PIPER, CACHE) / PIPER.files[0].name)


@cache
def kokoro() -> KokoroSynthesizer:
    return KokoroSynthesizer(find(KOKORO, CACHE))


def with_engines(story: Callable[[Engines], Coroutine[Any, Any, Result]], rendered: Path) -> Result:
    """Runs a story with the engines as web opens them; the loaded ones are shared, the rendered speech is not."""

    async def told() -> Result:
        floor = Pyttsx3Synthesizer()
        voice = RenderedVoice(Voices({"en": piper(), "zh": kokoro()}, floor=floor, patience_s=20), rendered)
        try:
            for engine in (whisper(), piper(), kokoro(), floor):
                await engine.warm()
            return await story(Engines(whisper(), voice, load_silero()))
        finally:
            await floor.close()

    return asyncio.run(told())


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
