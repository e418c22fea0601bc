"""Mandarin by Kokoro-82M: phonemes from misaki's Chinese front end, the timbre of a Japanese speaker.

It needs about as long as it speaks (0.7 to 1.1 s a second), so answers are best rendered ahead of time.
"""

import json
import logging
import subprocess
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from voice.audio import Samples, resampled
from voice.kokoro_english import LATIN, english_sounds
from voice.onnx import load_session
from voice.pool import Pool
from voice.synthesizer import SynthesisFailed, Utterance, pieces, spoken

KOKORO_HZ = 24_000
LONGEST = 500
"""Phonemes a model run accepts; a clause has far fewer."""


@dataclass(frozen=True, eq=False)
class _Voice:
    session: Any
    phonemes: Callable[[str], tuple[str, Any]]
    vocabulary: dict[str, int]
    styles: Samples


class KokoroSynthesizer:
    def __init__(self, folder: Path, *, style: str = "jf_alpha", threads: int = 2, workers: int = 1) -> None:
        self.pool: Pool[_Voice] = Pool(
            f"kokoro-{style}",
            lambda: _load(folder, style=style, threads=threads),
            failure=SynthesisFailed,
            workers=workers,
            hung_after_s=60.0,
        )

    @property
    def voice_id(self) -> str:
        return self.pool.name

    async def warm(self) -> None:
        await self.speak("您好。", lang="zh")

    async def speak(self, text: str, *, lang: str, call: Hashable = None) -> Utterance:  # noqa: ARG002 - Mandarin only
        """A long text goes through the pool sentence by sentence, so that others get their turn in between."""
        try:
            sounds = [await self.pool.run(partial(_speak, text=piece), call=call) for piece in pieces(text)]
        except (
            ImportError,
            OSError,
            subprocess.SubprocessError,
            RuntimeError,
            KeyError,
            ValueError,
            IndexError,
        ) as error:
            raise SynthesisFailed(f"{self.voice_id}: {error}") from error
        samples = np.concatenate([np.zeros(0, dtype=np.float32), *sounds])
        return Utterance(samples, (spoken(text, vendor="local", model=self.voice_id),))

    async def close(self) -> None:
        self.pool.close()


def _speak(voice: _Voice, *, text: str) -> Samples:
    sounds = "".join(_sounds(voice, part) for part in LATIN.split(text))
    tokens = [voice.vocabulary[sound] for sound in sounds if sound in voice.vocabulary]
    if not any(sound.isalpha() for sound in sounds):
        return np.zeros(0, dtype=np.float32)
    said = [_said(voice, tokens[start : start + LONGEST]) for start in range(0, len(tokens), LONGEST)]
    return resampled(np.concatenate(said), from_hz=KOKORO_HZ)


def _sounds(voice: _Voice, part: str) -> str:
    return english_sounds(part) if LATIN.fullmatch(part) else voice.phonemes(part)[0]


def _said(voice: _Voice, tokens: list[int]) -> Samples:
    inputs = {
        "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
        "style": voice.styles[min(len(tokens), len(voice.styles)) - 1].reshape(1, 256),
        "speed": np.array([1.0], dtype=np.float32),
    }
    return np.ravel(voice.session.run(None, inputs)[0]).astype(np.float32)


def _load(folder: Path, *, style: str, threads: int) -> _Voice:
    import jieba
    from misaki.zh import ZHG2P

    jieba.setLogLevel(logging.WARNING)
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with np.load(folder / "voices_ja.npz") as styles:
        chosen = np.asarray(styles[style], dtype=np.float32)
    session = load_session(folder / "kokoro-v1.0.int8.onnx", threads=threads)
    return _Voice(session, ZHG2P(), vocabulary, chosen)
