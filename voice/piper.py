"""Piper voices without the GPL package: phonemes from the espeak-ng program, the voice run by onnxruntime."""

import json
import re
import subprocess
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from voice.audio import Samples, resampled
from voice.onnx import load_session
from voice.pool import Pool
from voice.synthesizer import SynthesisFailed, Utterance, pieces, spoken

_CLAUSE = re.compile(r"([^,.;:!?。，；：！？、…]+)([,.;:!?。，；：！？、…]*)")
_MARK = {"。": ".", "，": ",", "、": ",", "；": ";", "：": ":", "！": "!", "？": "?", "…": "."}
ESPEAK_TIMEOUT_S = 10.0
"""It takes 30 ms; whoever speaks to a caller has overtaken it long before, rendering at the lowest priority has not."""


@dataclass(frozen=True, eq=False)
class _Voice:
    session: Any
    card: dict[str, Any]


class PiperSynthesizer:
    """`voice` is the .onnx file; its .onnx.json lies beside it and says rate, phonemes and scales."""

    def __init__(self, voice: Path, *, name: str = "piper-joe", threads: int = 2, workers: int = 1) -> None:
        self.pool: Pool[_Voice] = Pool(
            name, lambda: _load(voice, threads=threads), failure=SynthesisFailed, workers=workers, hung_after_s=30.0
        )

    @property
    def voice_id(self) -> str:
        return self.pool.name

    async def warm(self) -> None:
        await self.speak("Hello.", lang="en")

    async def speak(self, text: str, *, lang: str, call: Hashable = None) -> Utterance:  # noqa: ARG002 - a Piper voice speaks one language
        """A long text goes through the pool sentence by sentence, so that others get their turn in between."""
        try:
            sounds = [await self.pool.run(partial(_speak, text=piece), call=call) for piece in pieces(text)]
        except (OSError, subprocess.SubprocessError, RuntimeError, KeyError, ValueError) as error:
            raise SynthesisFailed(f"{self.voice_id}: {error}") from error
        samples = np.concatenate([np.zeros(0, dtype=np.float32), *sounds])
        return Utterance(samples, (spoken(text, vendor="local", model=self.voice_id),))

    async def close(self) -> None:
        self.pool.close()


def _load(path: Path, *, threads: int) -> _Voice:
    card = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    return _Voice(load_session(path, threads=threads), card)


def _speak(voice: _Voice, *, text: str) -> Samples:
    sounds = phonemes(text, voice=voice.card["espeak"]["voice"])
    if not sounds:
        return np.zeros(0, dtype=np.float32)
    ids = _ids(sounds, voice.card["phoneme_id_map"])
    card = voice.card["inference"]
    inputs = {
        "input": np.array([ids], dtype=np.int64),
        "input_lengths": np.array([len(ids)], dtype=np.int64),
        "scales": np.array([card["noise_scale"], card["length_scale"], card["noise_w"]], dtype=np.float32),
    }
    if voice.card.get("num_speakers", 1) > 1:
        inputs["sid"] = np.array([0], dtype=np.int64)
    sound = np.ravel(voice.session.run(None, inputs)[0]).astype(np.float32)
    return resampled(sound, from_hz=voice.card["audio"]["sample_rate"])


def _ids(sounds: str, table: dict[str, list[int]]) -> list[int]:
    """`^ _ p _ … $`: a pad after the start and after every phoneme the voice knows."""
    pad = table["_"]
    ids = [*table["^"], *pad]
    for sound in sounds:
        if sound in table:
            ids += [*table[sound], *pad]
    return [*ids, *table["$"]]


def phonemes(text: str, *, voice: str) -> str:
    """IPA with the punctuation put back, which espeak-ng drops and the voice breathes by."""
    clauses = [(words.strip(), marks) for words, marks in _CLAUSE.findall(text) if any(c.isalnum() for c in words)]
    if not clauses:
        return ""
    command = ["espeak-ng", "-q", "--ipa", "-v", voice, "--stdin"]
    page = "\n\n".join(words for words, _ in clauses)
    done = subprocess.run(command, input=page, capture_output=True, text=True, check=True, timeout=ESPEAK_TIMEOUT_S)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    if len(lines) != len(clauses):
        return ", ".join(lines) + "."
    return " ".join(line + _mark(marks) for line, (_, marks) in zip(lines, clauses, strict=True))


def _mark(marks: str) -> str:
    return _MARK.get(marks[0], marks[0]) if marks else ""
