"""From words to speech, behind one method; the engine is picked by language, and under all of them is a floor."""

import asyncio
import logging
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

import numpy as np

from agent.models.breaker import Breaker
from agent.models.clauses import whole_sentences
from agent.usage import Usage
from voice.audio import PER_MS, Samples, faded, trimmed
from voice.loudness import levelled
from voice.speakable import speakable

log = logging.getLogger(__name__)
_SENTENCE_ENDS = frozenset(".!?…。！？")
_CLAUSE_ENDS = frozenset(",;:—–，；：、")


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

    async def speak(self, text: str, *, lang: str, call: Hashable = None) -> Utterance:
        """A clause at a time; calls, by their key, take turns at a busy engine. Raises SynthesisFailed."""
        ...


def spoken(text: str, *, vendor: str, model: str) -> Usage:
    return Usage("tts", vendor, model, "spoken_character", Decimal(len(text)), datetime.now(UTC))


def pieces(text: str) -> list[str]:
    """What an engine says in one go: a clause stays whole, a long text becomes its sentences."""
    sentences = whole_sentences()
    return [*sentences.feed(text), *sentences.flush()]


FAILURES = 2
"""An engine that failed or was late so often is left alone for a while: no clause waits for it in vain."""


class Voices:
    """The engine for the language first, the floor when it fails or is late; what every engine gives is made even."""

    def __init__(self, by_lang: Mapping[str, Synthesizer], *, floor: Synthesizer, patience_s: float = 2.0) -> None:
        """`patience_s` comes on top of the time a clause of its length may take."""
        self._by_lang = dict(by_lang)
        self._floor = floor
        self._patience_s = patience_s
        self._breakers = {lang: Breaker(clock=_now_s, failures=FAILURES) for lang in by_lang}

    @property
    def voice_id(self) -> str:
        engines = [f"{lang}={engine.voice_id}" for lang, engine in sorted(self._by_lang.items())]
        return "+".join([*engines, self._floor.voice_id])

    async def speak(self, text: str, *, lang: str, call: Hashable = None, within_s: float | None = None) -> Utterance:
        """Beyond `within_s` the floor speaks, though the engine may be as well as ever."""
        lang = _language_spoken(text, lang)
        written_out = speakable(text, lang=lang)
        if lang in self._by_lang and self._breakers[lang].may_call:
            try:
                return _evened(await self._tried(written_out, lang=lang, call=call, within_s=within_s), after=text)
            except (SynthesisFailed, TimeoutError) as error:
                voice = self._by_lang[lang].voice_id
                log.warning("synthesizer_failed", extra={"voice": voice, "error": type(error).__name__})
        utterance = await self._floor.speak(written_out, lang=lang, call=call)
        return replace(_evened(utterance, after=text), is_makeshift=lang in self._by_lang)

    async def _tried(self, text: str, *, lang: str, call: Hashable, within_s: float | None) -> Utterance:
        breaker, patience_s = self._breakers[lang], self._patience_s + _expected_s(text)
        breaker.begin()
        try:
            async with asyncio.timeout(patience_s if within_s is None else within_s):
                utterance = await self._by_lang[lang].speak(text, lang=lang, call=call)
            if not len(utterance.samples) and any(character.isalnum() for character in text):
                raise SynthesisFailed("not a sound")
        except BaseException as error:
            if isinstance(error, SynthesisFailed) or (isinstance(error, TimeoutError) and within_s is None):
                breaker.fail()
            else:
                breaker.abandon()  # given up for reasons of our own
            raise
        breaker.succeed()
        return utterance


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _language_spoken(text: str, lang: str) -> str:
    """A clause of an answer in Chinese may be a name or an address in Latin letters, which a Mandarin voice mangles."""
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
    return "en" if lang == "zh" and not is_chinese and any(character.isalpha() for character in text) else lang


def _expected_s(text: str) -> float:
    """Kokoro needs 0.2 s a Chinese character, Piper 5 ms a letter, both more on a busy machine."""
    return sum(0.4 if character > "\u2fff" else 0.03 for character in text)


def _evened(utterance: Utterance, *, after: str) -> Utterance:
    samples = trimmed(levelled(utterance.samples), tail_ms=pause_after(after))
    return replace(utterance, samples=faded(samples))


def pause_after(text: str) -> int:
    """Milliseconds of quiet before the next clause begins, which brings 10 of its own."""
    last = text.rstrip().rstrip("\"'”’」』）)]")[-1:]
    if last in _SENTENCE_ENDS:
        return 240
    return 90 if last in _CLAUSE_ENDS else 30


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

    async def speak(
        self,
        text: str,
        *,
        lang: str,  # noqa: ARG002 - one tone for all
        is_fixed: bool = False,  # noqa: ARG002
        call: Hashable = None,  # noqa: ARG002
        within_s: float | None = None,  # noqa: ARG002 - no other voice stands behind it
    ) -> Utterance:
        await asyncio.sleep(self._latency_s)
        if any(word in text for word in self._fails_on):
            raise SynthesisFailed(text)
        self.said.append(text)
        tone = np.full(round(len(text.strip()) * self._ms_per_character * PER_MS), 0.1, dtype=np.float32)
        return Utterance(tone, (spoken(text, vendor="local", model="scripted"),))
