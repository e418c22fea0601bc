"""Piper voices without the GPL package: phonemes from the espeak-ng program, the voice's ONNX file run by onnxruntime."""

import asyncio
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from voice.audio import resampled
from voice.onnx import load_session
from voice.synthesizer import SynthesisFailed, Utterance, spoken

_CLAUSE = re.compile(r"([^,.;:!?。，；：！？、…]+)([,.;:!?。，；：！？、…]*)")
_MARK = {"。": ".", "，": ",", "、": ",", "；": ";", "：": ":", "！": "!", "？": "?", "…": "."}
ESPEAK_TIMEOUT_S = 2.0


class PiperSynthesizer:
    """`voice` is the .onnx file; its .onnx.json lies beside it and says rate, phonemes and scales."""

    def __init__(self, voice: Path, *, name: str = "piper-joe", threads: int = 2) -> None:
        self._path = voice
        self._name = name
        self._threads = threads
        self._session: Any = None
        self._card: dict[str, Any] = {}
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="piper")

    @property
    def voice_id(self) -> str:
        return self._name

    async def warm(self) -> None:
        await self.speak("Hello.", lang="en")

    async def speak(self, text: str, *, lang: str) -> Utterance:  # noqa: ARG002 - a Piper voice speaks one language
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._speak, text)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _speak(self, text: str) -> Utterance:
        try:
            self._load()
            ids = self._ids(phonemes(text, voice=self._card["espeak"]["voice"]))
            scales = self._card["inference"]
            inputs = {
                "input": np.array([ids], dtype=np.int64),
                "input_lengths": np.array([len(ids)], dtype=np.int64),
                "scales": np.array(
                    [scales["noise_scale"], scales["length_scale"], scales["noise_w"]], dtype=np.float32
                ),
            }
            if self._card.get("num_speakers", 1) > 1:
                inputs["sid"] = np.array([0], dtype=np.int64)
            sound = np.ravel(self._session.run(None, inputs)[0]).astype(np.float32)
        except (OSError, subprocess.SubprocessError, RuntimeError, KeyError, ValueError) as error:
            raise SynthesisFailed(f"{self._name}: {error}") from error
        samples = resampled(sound, from_hz=self._card["audio"]["sample_rate"])
        return Utterance(samples, (spoken(text, vendor="local", model=self._name),))

    def _load(self) -> None:
        if self._session is None:
            self._card = json.loads(self._path.with_name(self._path.name + ".json").read_text(encoding="utf-8"))
            self._session = load_session(self._path, threads=self._threads)

    def _ids(self, sounds: str) -> list[int]:
        """`^ _ p _ … $`: a pad after the start and after every phoneme the voice knows."""
        table: dict[str, list[int]] = self._card["phoneme_id_map"]
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
