"""The speech engines that the settings name: ours, a folder or file of one's own, or a server's URL."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from voice.floor import Pyttsx3Synthesizer
from voice.rendered import RenderedVoice
from voice.synthesizer import Synthesizer, Voices
from voice.transcriber import Transcriber
from voice.vad import SileroVad, load_silero
from voice.weights import KOKORO, PIPER, WHISPER, WeightsMissing, find, laid
from web.settings import Settings

CHOICES = {"voice_en": ("piper", PIPER), "voice_zh": ("kokoro", KOKORO)}


@dataclass
class Engines:
    """Loaded once a process and shared by its calls; each call has a VAD of its own, which carries its state."""

    transcriber: Transcriber
    voice: RenderedVoice

    def __post_init__(self) -> None:
        self._silero = load_silero()

    def vad(self) -> SileroVad:
        return SileroVad(self._silero)


def engines(settings: Settings) -> Engines:
    """Raises WeightsMissing, which names what is missing and the command that mends it."""
    floor = Pyttsx3Synthesizer()
    by_lang = {"en": _voice("voice_en", settings), "zh": _voice("voice_zh", settings)}
    voices = Voices({lang: voice for lang, voice in by_lang.items() if voice is not None}, floor=floor)
    return Engines(_transcriber(settings), RenderedVoice(voices, settings.cache / "rendered"))


def _transcriber(settings: Settings) -> Transcriber:
    chosen = settings.whisper
    if _is_url(chosen):
        from voice.openai_audio import OpenAITranscriber

        return OpenAITranscriber(base_url=chosen, api_key=_key(settings))
    from voice.whisper import WhisperTranscriber

    if Path(chosen).is_dir():
        return WhisperTranscriber(chosen, name=Path(chosen).name)
    if chosen == "base":
        return WhisperTranscriber(str(find(WHISPER, settings.cache)))
    return WhisperTranscriber(chosen, name=chosen)


def _voice(setting: str, settings: Settings) -> Synthesizer | None:
    """None is the floor: asked for, or all there is."""
    chosen: str = getattr(settings, setting)
    if chosen == "pyttsx3":
        return None
    if _is_url(chosen):
        from voice.openai_audio import OpenAISynthesizer

        return OpenAISynthesizer(base_url=chosen, api_key=_key(settings))
    if chosen not in (name for name, _ in CHOICES.values()):
        return _piper(Path(chosen), setting)
    weights = dict(CHOICES.values())[chosen]
    folder = laid(weights, settings.cache)
    if folder is None:
        return None
    if chosen == "kokoro":
        from voice.kokoro import KokoroSynthesizer

        return KokoroSynthesizer(folder)
    return _piper(next(folder.glob("*.onnx")), setting, name="piper-joe")


def _piper(path: Path, setting: str, *, name: str | None = None) -> Synthesizer | None:
    if not path.is_file():
        raise WeightsMissing(f"DIME_{setting.upper()}={path}: there is no such voice file.")
    if shutil.which("espeak-ng") is None:
        return None
    from voice.piper import PiperSynthesizer

    return PiperSynthesizer(path, name=name or path.stem)


def _is_url(chosen: str) -> bool:
    return chosen.startswith(("http://", "https://"))


def _key(settings: Settings) -> str:
    key = settings.llm_api_key or settings.openai_api_key
    return key.get_secret_value() if key else "none"
