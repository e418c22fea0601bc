"""The floor under every voice: pyttsx3 over espeak-ng, in any language, in a child process.

A child, because pyttsx3 loads a GPL library into whoever imports it, and because it hangs: a hung child is killed.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Hashable
from pathlib import Path

import numpy as np
import soundfile

from voice.audio import resampled
from voice.pool import LONGEST_QUEUE
from voice.synthesizer import SynthesisFailed, Utterance, spoken

_CHILD = Path(__file__).with_name("pyttsx3_child.py")
_VOICE = {"zh": "cmn", "en": "en-us", "pt": "pt-br"}
"""espeak-ng's names where they differ from the language's own."""


class Pyttsx3Synthesizer:
    def __init__(self, *, words_a_minute: int = 165, patience_s: float = 5.0) -> None:
        self._words_a_minute = words_a_minute
        self._patience_s = patience_s
        self._child: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    @property
    def voice_id(self) -> str:
        return f"pyttsx3-{self._words_a_minute}"

    async def warm(self) -> None:
        await self.speak("Hello.", lang="en")

    async def speak(self, text: str, *, lang: str, call: Hashable = None) -> Utterance:  # noqa: ARG002 - 10 ms a sentence
        if not any(character.isalnum() for character in text):
            return Utterance(np.zeros(0, dtype=np.float32))
        if self._waiting >= LONGEST_QUEUE:
            raise SynthesisFailed(f"{self.voice_id} has too much to do")
        self._waiting += 1
        try:
            return await self._speak(text, lang=lang)
        finally:
            self._waiting -= 1

    async def _speak(self, text: str, *, lang: str) -> Utterance:
        async with self._one_at_a_time:
            with tempfile.TemporaryDirectory(prefix="dime-voice-") as folder:
                path = Path(folder, "said.wav")
                try:
                    async with asyncio.timeout(self._patience_s):
                        await self._ask({"text": text, "voice": _VOICE.get(lang, lang), "path": str(path)})
                    samples, rate_hz = await asyncio.to_thread(soundfile.read, path, dtype="float32")
                except BaseException as error:
                    # Also when cancelled: the next sentence must not read this one's reply.
                    self._kill()
                    if isinstance(error, (OSError, TimeoutError, soundfile.SoundFileError, SynthesisFailed)):
                        raise SynthesisFailed(f"{self.voice_id}: {type(error).__name__} {error}") from error
                    raise
        return Utterance(resampled(samples, from_hz=rate_hz), (spoken(text, vendor="local", model="pyttsx3"),))

    async def close(self) -> None:
        child = self._child
        self._kill()
        if child is not None:
            async with asyncio.timeout(2):
                await child.wait()

    async def _ask(self, wish: dict[str, str]) -> None:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, str(_CHILD), str(self._words_a_minute),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(wish).encode() + b"\n")
        await self._child.stdin.drain()
        reply = await self._child.stdout.readline()
        if reply.strip() != b"said":
            raise SynthesisFailed(reply.decode(errors="replace").strip() or "pyttsx3 ended")

    def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
        self._child = None
