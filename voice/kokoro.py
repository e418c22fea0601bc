"""Mandarin by Kokoro-82M: phonemes from misaki's Chinese front end, the timbre of a Japanese speaker.

It needs about as long as it speaks (0.7 to 1.1 s a second), so answers are best rendered ahead of time.
"""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from voice.audio import resampled
from voice.onnx import load_session
from voice.synthesizer import SynthesisFailed, Utterance, spoken

KOKORO_HZ = 24_000
LONGEST = 500
"""Phonemes a model run accepts; a clause has far fewer."""


class KokoroSynthesizer:
    def __init__(self, folder: Path, *, style: str = "jf_alpha", threads: int = 2) -> None:
        self._folder = folder
        self._style = style
        self._threads = threads
        self._session: Any = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="kokoro")

    @property
    def voice_id(self) -> str:
        return f"kokoro-{self._style}"

    async def warm(self) -> None:
        await self.speak("您好。", lang="zh")

    async def speak(self, text: str, *, lang: str) -> Utterance:  # noqa: ARG002 - Mandarin only
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._speak, text)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _speak(self, text: str) -> Utterance:
        try:
            self._load()
            sounds, _ = self._phonemes(text)
            tokens = [self._vocabulary[sound] for sound in sounds if sound in self._vocabulary][:LONGEST]
            if not tokens:
                return Utterance(np.zeros(0, dtype=np.float32))
            inputs = {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": self._styles[min(len(tokens), len(self._styles)) - 1].reshape(1, 256),
                "speed": np.array([1.0], dtype=np.float32),
            }
            sound = np.ravel(self._session.run(None, inputs)[0]).astype(np.float32)
        except (ImportError, OSError, RuntimeError, KeyError, ValueError) as error:
            raise SynthesisFailed(f"{self.voice_id}: {error}") from error
        return Utterance(resampled(sound, from_hz=KOKORO_HZ), (spoken(text, vendor="local", model=self.voice_id),))

    def _load(self) -> None:
        if self._session is not None:
            return
        import jieba
        from misaki.zh import ZHG2P

        jieba.setLogLevel(logging.WARNING)
        self._phonemes = ZHG2P()
        self._vocabulary: dict[str, int] = json.loads((self._folder / "vocab.json").read_text(encoding="utf-8"))[
            "vocab"
        ]
        with np.load(self._folder / "voices_ja.npz") as styles:
            self._styles = np.asarray(styles[self._style], dtype=np.float32)
        self._session = load_session(self._folder / "kokoro-v1.0.int8.onnx", threads=self._threads)
