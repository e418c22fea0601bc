"""Speech of fixed text, kept on disk under the hash of text, language and voice: the second time it starts at once.

Only what the company wrote is kept; what a model composed may hold a customer's words.
"""

import asyncio
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import soundfile

from agent.models.clauses import clauses
from agent.usage import Usage
from voice.audio import RATE_HZ, Samples
from voice.speakable import speakable
from voice.synthesizer import SynthesisFailed, Utterance

log = logging.getLogger(__name__)
Result = TypeVar("Result")


MOST_BYTES = 512 * 1024 * 1024
"""Some eight hours of speech."""
_RECIPE = "3"
"""Counts up when what is done to an engine's sound changes."""


class Voice(Protocol):
    """What a call speaks with."""

    async def speak(
        self,
        text: str,
        *,
        lang: str,
        is_fixed: bool = False,
        call: Hashable = None,
        within_s: float | None = None,
    ) -> Utterance:
        """`within_s` is for who cannot wait: beyond it the clause is said by whatever voice is at hand."""
        ...


class Speaker(Protocol):
    """Engines with one under them that is never late."""

    @property
    def voice_id(self) -> str: ...

    async def speak(
        self, text: str, *, lang: str, call: Hashable = None, within_s: float | None = None
    ) -> Utterance: ...


class RenderedVoice:
    def __init__(self, engine: Speaker, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self.beside: Callable[[Usage], None] = lambda _: None
        """Told of what was used to render ahead, for no turn."""
        # Not the loop's own threads: an announcement must not wait for whatever else blocks those.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="rendered")

    async def speak(
        self,
        text: str,
        *,
        lang: str,
        is_fixed: bool = False,
        call: Hashable = None,
        within_s: float | None = None,
    ) -> Utterance:
        """What is on disk costs nothing, so it carries no usage."""
        path = self._path(text, lang)
        if (samples := await self._aside(_read, path)) is not None:
            return Utterance(samples)
        utterance = await self._engine.speak(text, lang=lang, call=call, within_s=within_s)
        if is_fixed and len(utterance.samples) and not utterance.is_makeshift:
            await self._keep(path, utterance.samples)
        return utterance

    async def _keep(self, path: Path, samples: Samples) -> None:
        """A disk that is full must not swallow what has been spoken."""
        try:
            await self._aside(_write, path, samples)
        except (OSError, soundfile.SoundFileError) as error:
            log.error("rendered_not_kept", extra={"error": str(error)})

    def is_rendered(self, clause: str, *, lang: str) -> bool:
        return self._path(clause, lang).exists()

    async def render(self, answer: str, *, lang: str) -> int:
        """Speaks an answer ahead of time, clause by clause as a call will; returns how many clauses were new."""
        new = 0
        for clause in clauses(answer):
            if not self.is_rendered(clause, lang=lang):
                try:
                    utterance = await self.speak(clause, lang=lang, is_fixed=True)
                    new += 1
                    for used in utterance.usage:
                        self.beside(used)
                except SynthesisFailed as error:
                    log.warning("render_failed", extra={"error": str(error)})
        return new

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def prune(self, *, most_bytes: int = MOST_BYTES) -> int:
        """Removes what was spoken longest ago, beyond a bound; returns how many clauses. Blocking."""
        found = [(stat.st_mtime, stat.st_size, path) for path in self._folder.rglob("*.flac") if (stat := _stat(path))]
        excess, removed = sum(size for _, size, _ in found) - most_bytes, 0
        for _, size, path in sorted(found):
            if excess <= 0:
                break
            path.unlink(missing_ok=True)
            excess, removed = excess - size, removed + 1
        return removed

    async def _aside(self, work: Callable[..., Result], *wishes: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *wishes)

    def _path(self, text: str, lang: str) -> Path:
        """By the words as they are read out: a changed rule of reading renders anew what it concerns, and only that."""
        said = " ".join(speakable(text, lang=lang).split())
        key = hashlib.sha256("\0".join([said, lang, self._engine.voice_id, _RECIPE]).encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.flac"


def _stat(path: Path) -> os.stat_result | None:
    """None when another process was quicker."""
    try:
        return path.stat()
    except OSError:
        return None


def _read(path: Path) -> Samples | None:
    try:
        samples, rate_hz = soundfile.read(path, dtype="float32")
        os.utime(path)  # what is spoken stays
    except (OSError, soundfile.SoundFileError):
        return None
    return np.asarray(samples, dtype=np.float32) if rate_hz == RATE_HZ else None


def _write(path: Path, samples: Samples) -> None:
    """Whole or not at all, also when two calls render the same clause."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            soundfile.write(file, samples, RATE_HZ, format="FLAC", subtype="PCM_16")
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
