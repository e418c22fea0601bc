"""From words to speech, behind one method; the engine is picked by language, and under all of them is a floor."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

import numpy as np

from agent.usage import Usage
from voice.audio import PER_MS, Samples, faded, levelled, trimmed
from voice.speakable import speakable

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Utterance:
    """A clause as sound, 16 kHz, level and edges made even."""

    samples: Samples
    usage: tuple[Usage, ...] = ()
    is_makeshift: bool = False
    """Said by the floor since the proper voice failed: good enough now, not worth keeping."""


class SynthesisFailed(RuntimeError):
    """The engine could not say it; another may."""


class Synthesizer(Protocol):
    @property
    def voice_id(self) -> str:
        """Names engine, voice and settings: the same id and text give the same sound."""
        ...

    async def speak(self, text: str, *, lang: str) -> Utterance:
        """A clause at a time; raises SynthesisFailed."""
        ...


def spoken(text: str, *, vendor: str, model: str) -> Usage:
    return Usage("tts", vendor, model, "spoken_character", Decimal(len(text)), datetime.now(UTC))


class Voices:
    """The engine for the language first, the floor when it fails or is late; what every engine gives is made even."""

    def __init__(self, by_lang: Mapping[str, Synthesizer], *, floor: Synthesizer, patience_s: float = 2.0) -> None:
        """`patience_s` comes on top of the time a clause of its length may take."""
        self._by_lang = dict(by_lang)
        self._floor = floor
        self._patience_s = patience_s

    @property
    def voice_id(self) -> str:
        engines = [f"{lang}={engine.voice_id}" for lang, engine in sorted(self._by_lang.items())]
        return "+".join([*engines, self._floor.voice_id])

    async def speak(self, text: str, *, lang: str) -> Utterance:
        lang = _language_spoken(text, lang)
        written_out = speakable(text, lang=lang)
        if engine := self._by_lang.get(lang):
            try:
                async with asyncio.timeout(self._patience_s + _expected_s(written_out)):
                    return _evened(await engine.speak(written_out, lang=lang))
            except (SynthesisFailed, TimeoutError) as error:
                log.warning("synthesizer_failed", extra={"voice": engine.voice_id, "error": type(error).__name__})
        utterance = await self._floor.speak(written_out, lang=lang)
        return replace(_evened(utterance), is_makeshift=lang in self._by_lang)


def _language_spoken(text: str, lang: str) -> str:
    """A clause of an answer in Chinese may be a name or an address in Latin letters, which a Mandarin voice mangles."""
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
    return "en" if lang == "zh" and not is_chinese and any(character.isalpha() for character in text) else lang


def _expected_s(text: str) -> float:
    """Kokoro needs 0.2 s a Chinese character, Piper 5 ms a letter, both more on a busy machine."""
    return sum(0.4 if character > "\u2fff" else 0.03 for character in text)


def _evened(utterance: Utterance) -> Utterance:
    return replace(utterance, samples=faded(trimmed(levelled(utterance.samples))))


class ScriptedSynthesizer:
    """Says anything as a steady tone, so many milliseconds a character, after `latency_s`; fails on some words."""

    def __init__(
        self, *, ms_per_character: float = 50.0, latency_s: float = 0.0, fails_on: tuple[str, ...] = ()
    ) -> None:
        self._ms_per_character = ms_per_character
        self._latency_s = latency_s
        self._fails_on = fails_on
        self.said: list[str] = []

    @property
    def voice_id(self) -> str:
        return f"scripted-{self._ms_per_character}"

    async def speak(self, text: str, *, lang: str, is_fixed: bool = False) -> Utterance:  # noqa: ARG002 - one tone for all
        await asyncio.sleep(self._latency_s)
        if any(word in text for word in self._fails_on):
            raise SynthesisFailed(text)
        self.said.append(text)
        tone = np.full(round(len(text.strip()) * self._ms_per_character * PER_MS), 0.1, dtype=np.float32)
        return Utterance(tone, (spoken(text, vendor="local", model="scripted"),))
