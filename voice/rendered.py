"""Speech of fixed text, kept on disk under the hash of text, language and voice: the second time it starts at once.

Only what the company wrote is kept; what a model composed may hold a customer's words.
"""

import asyncio
import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from agent.models.clauses import clauses
from voice.audio import RATE_HZ, Samples
from voice.synthesizer import SynthesisFailed, Synthesizer, Utterance

log = logging.getLogger(__name__)


class Voice(Protocol):
    """What a call speaks with."""

    async def speak(self, text: str, *, lang: str, is_fixed: bool = False) -> Utterance: ...


class RenderedVoice:
    def __init__(self, engine: Synthesizer, folder: Path) -> None:
        self._engine = engine
        self._folder = folder

    async def speak(self, text: str, *, lang: str, is_fixed: bool = False) -> Utterance:
        """What is on disk costs nothing, so it carries no usage."""
        path = self._path(text, lang)
        if (samples := await asyncio.to_thread(_read, path)) is not None:
            return Utterance(samples)
        utterance = await self._engine.speak(text, lang=lang)
        if is_fixed and len(utterance.samples) and not utterance.is_makeshift:
            await asyncio.to_thread(_write, path, utterance.samples)
        return utterance

    async def render(self, answer: str, *, lang: str) -> int:
        """Speaks an answer ahead of time, clause by clause as a call will; returns how many clauses were new."""
        new = 0
        for clause in clauses(answer):
            if not self._path(clause, lang).exists():
                try:
                    await self.speak(clause, lang=lang, is_fixed=True)
                    new += 1
                except SynthesisFailed as error:
                    log.warning("render_failed", extra={"error": str(error)})
        return new

    def _path(self, text: str, lang: str) -> Path:
        key = hashlib.sha256("\0".join([" ".join(text.split()), lang, self._engine.voice_id]).encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.flac"


def _read(path: Path) -> Samples | None:
    try:
        samples, rate_hz = soundfile.read(path, dtype="float32")
    except (OSError, soundfile.SoundFileError):
        return None
    return np.asarray(samples, dtype=np.float32) if rate_hz == RATE_HZ else None


def _write(path: Path, samples: Samples) -> None:
    """Whole or not at all, also when two calls render the same clause."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        soundfile.write(file, samples, RATE_HZ, format="FLAC", subtype="PCM_16")
    Path(name).replace(path)
