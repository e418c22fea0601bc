"""Opens the engines that plain choices name: a folder or server of one's own, else the laid weights, else the hub.

What is missing is said in one sentence with the command that mends it; a missing voice leaves the floor, never silence.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agent.usage import Usage
from agent.vendors import vendor_of
from knowledge.weights import MEND, laid
from voice.floor import Pyttsx3Synthesizer
from voice.hearing import Hearing
from voice.kokoro import KokoroSynthesizer
from voice.openai_audio import OpenAISynthesizer, OpenAITranscriber
from voice.piper import PiperSynthesizer
from voice.pool import Told
from voice.rendered import RenderedVoice
from voice.synthesizer import SynthesisFailed, Synthesizer, Voices
from voice.transcriber import Transcriber, TranscriptionFailed
from voice.vad import SileroVad, load_silero
from voice.weights import KOKORO, PIPER, WHISPER
from voice.whisper import WhisperTranscriber

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class _Engine(Protocol):
    async def warm(self) -> None: ...

    async def close(self) -> None: ...


UNHURRIED_S = 240.0
"""For a clause at the lowest priority on a busy machine, its engine's weights included."""


def _unheeded(_: Told | Usage) -> None:
    """Nobody counts."""


@dataclass(frozen=True)
class Choices:
    """What the settings say; empty means the laid weights."""

    cache: Path
    whisper: str = ""
    """A folder, a hub name such as `small`, or the URL of a server of one's own (…/v1)."""
    piper_en: str = ""
    """A Piper voice's .onnx file, or the URL of a speech server (…/v1)."""
    kokoro_style: str = "jf_alpha"
    api_key: str = "none"
    """For the servers, where they want one."""
    server_stt_model: str = "whisper-1"
    server_tts_model: str = "tts-1"
    server_tts_voice: str = "alloy"
    server_vendor: str | None = None
    """Who bills for them; else it is read off their addresses."""
    threads: int = 2
    """Each engine's own."""
    workers: int = 1
    """How many jobs an engine does at once."""


@dataclass
class Engines:
    transcriber: Transcriber
    voice: RenderedVoice
    vad: "InferenceSession"
    missing: list[str] = field(default_factory=list)
    """One sentence each, for `dime doctor`."""
    _engines: list[tuple[str | None, _Engine]] = field(default_factory=list)
    """With the language they are for; None is every language."""
    is_deaf: bool = False
    """No speech can be heard: calls make no sense."""

    def hearing(self) -> Hearing:
        """An ear for one call."""
        return Hearing(vad=SileroVad(self.vad))

    async def warm(self, lang: str | None = None) -> None:
        """Loads what a call in this language needs (5 s; with Mandarin 8), so that the first caller does not wait."""
        wanted = [engine for its_lang, engine in self._engines if None in (lang, its_lang) or its_lang == lang]
        await asyncio.gather(*(self._warm(engine) for engine in wanted))

    async def close(self) -> None:
        await asyncio.gather(self.voice.close(), *(engine.close() for _, engine in self._engines))

    async def _warm(self, engine: _Engine) -> None:
        try:
            await engine.warm()
        except (SynthesisFailed, TranscriptionFailed) as error:
            self.missing.append(str(error))
            self.is_deaf = self.is_deaf or isinstance(error, TranscriptionFailed)


def open_engines(
    choices: Choices, *, told: Callable[[Told], None] = _unheeded, beside: Callable[[Usage], None] = _unheeded
) -> Engines:
    """Cheap: weights are loaded by `warm`, or when first used. `told` hears what becomes of every job, `beside` what
    a server may bill that no turn asked for, or got nothing from."""
    missing: list[str] = []
    transcriber = _transcriber(choices, missing)
    voice, speakers = _voice(choices, missing)
    voice.beside = beside
    engines: list[tuple[str | None, _Engine]] = [(None, transcriber), *speakers]
    for _, engine in engines:
        if isinstance(engine, WhisperTranscriber | PiperSynthesizer | KokoroSynthesizer):
            engine.pool.told = told
        if isinstance(engine, OpenAITranscriber | OpenAISynthesizer):
            engine.in_vain = beside
    return Engines(transcriber, voice, load_silero(), missing, engines)


def teach(transcriber: Transcriber, vocabulary: Mapping[str, str]) -> None:
    """Names that callers may say, by language, from now on."""
    if isinstance(transcriber, WhisperTranscriber | OpenAITranscriber):
        transcriber.vocabulary = vocabulary


def open_voice(choices: Choices) -> RenderedVoice:
    """Only what speaks, for whoever renders ahead."""
    voice, speakers = _voice(choices, [], patience_s=UNHURRIED_S)
    for _, engine in speakers:
        if isinstance(engine, PiperSynthesizer | KokoroSynthesizer):
            engine.pool.hung_after_s = UNHURRIED_S
    return voice


def vendor_of_english(choices: Choices) -> tuple[str, str] | None:
    """Who bills for the speech server, and its model; None where English is spoken here."""
    if not _is_url(choices.piper_en):
        return None
    return choices.server_vendor or vendor_of(choices.piper_en), choices.server_tts_model


def is_rendered_here(choices: Choices) -> bool:
    """A speech server may charge for answers that nobody has asked for yet."""
    return not _is_url(choices.piper_en)


def _voice(
    choices: Choices, missing: list[str], *, patience_s: float = 2.0
) -> tuple[RenderedVoice, list[tuple[str | None, _Engine]]]:
    floor = Pyttsx3Synthesizer()
    english, mandarin = _english(choices, missing), _mandarin(choices, missing)
    voices: dict[str, Synthesizer] = {}
    if english:
        voices["en"] = english
    if mandarin:
        voices["zh"] = mandarin
    if shutil.which("espeak-ng") is None:
        missing.append("The program espeak-ng is missing: run `apt-get install espeak-ng`.")
    voice = RenderedVoice(Voices(voices, floor=floor, patience_s=patience_s), choices.cache / "rendered")
    engines: list[tuple[str | None, _Engine]] = [(None, floor)]
    engines += [(lang, engine) for lang, engine in (("en", english), ("zh", mandarin)) if engine is not None]
    return voice, engines


def _is_url(choice: str) -> bool:
    return choice.startswith(("http://", "https://"))


def _transcriber(choices: Choices, missing: list[str]) -> WhisperTranscriber | OpenAITranscriber:
    choice = choices.whisper
    if _is_url(choice):
        return OpenAITranscriber(
            base_url=choice, api_key=choices.api_key, model=choices.server_stt_model, vendor=choices.server_vendor
        )
    if choice and Path(choice).is_dir():
        return WhisperTranscriber(
            choice, name=f"whisper-{Path(choice).name}", threads=choices.threads, workers=choices.workers
        )
    if not choice or choice == "base":
        if folder := laid(WHISPER, choices.cache):
            return WhisperTranscriber(str(folder), threads=choices.threads, workers=choices.workers)
        missing.append(f"The weights of whisper-base are missing in {choices.cache}: {MEND}.")
    return WhisperTranscriber(
        choice or "base", name=f"whisper-{choice or 'base'}", threads=choices.threads, workers=choices.workers
    )


def _english(choices: Choices, missing: list[str]) -> PiperSynthesizer | OpenAISynthesizer | None:
    choice = choices.piper_en
    if _is_url(choice):
        return OpenAISynthesizer(
            base_url=choice, api_key=choices.api_key, model=choices.server_tts_model, voice=choices.server_tts_voice,
            vendor=choices.server_vendor,
        )  # fmt: skip
    if choice:
        if Path(choice).is_file():
            return PiperSynthesizer(
                Path(choice), name=f"piper-{Path(choice).stem}", threads=choices.threads, workers=choices.workers
            )
        missing.append(f"The voice {choice} is not there; the laid voice speaks instead.")
    if folder := laid(PIPER, choices.cache):
        return PiperSynthesizer(folder / PIPER.files[0].name, threads=choices.threads, workers=choices.workers)
    missing.append(f"The English voice is missing in {choices.cache}, espeak-ng speaks instead: {MEND}.")
    return None


def _mandarin(choices: Choices, missing: list[str]) -> KokoroSynthesizer | None:
    folder = laid(KOKORO, choices.cache)
    front_end = all(find_spec(name) for name in ("misaki", "jieba", "pypinyin", "cn2an", "ordered_set"))
    if folder and front_end:
        return KokoroSynthesizer(folder, style=choices.kokoro_style, threads=choices.threads, workers=choices.workers)
    missing.append(f"The Mandarin voice or its front end is missing, espeak-ng speaks instead: {MEND}.")
    return None
