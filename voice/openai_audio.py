"""Speech servers of one's own that speak OpenAI's protocol, for hearing and for speaking."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import openai
import soundfile

from agent.usage import Usage
from voice.audio import RATE_HZ, Speech, resampled
from voice.synthesizer import SynthesisFailed, Utterance
from voice.transcriber import Transcript, TranscriptionFailed

OPENAI_PCM_HZ = 24_000


class OpenAITranscriber:
    """`base_url` ends before /audio/transcriptions, as OpenAI's own does (…/v1)."""

    def __init__(
        self, *, base_url: str, api_key: str, model: str, vendor: str = "openai", patience_s: float = 5.0
    ) -> None:
        self._client = openai.AsyncOpenAI(base_url=base_url, api_key=api_key, timeout=patience_s, max_retries=0)
        self._model = model
        self._vendor = vendor

    async def transcribe(self, speech: Speech, *, lang: str | None = None) -> Transcript:
        file = io.BytesIO()
        soundfile.write(file, speech.samples, RATE_HZ, format="WAV", subtype="PCM_16")
        chosen: dict[str, Any] = {"language": lang} if lang else {}
        try:
            reply = await self._client.audio.transcriptions.create(
                model=self._model, file=("speech.wav", file.getvalue(), "audio/wav"), response_format="json", **chosen
            )
        except openai.OpenAIError as error:
            raise TranscriptionFailed(f"{self._model}: {type(error).__name__}") from error
        raw = reply.usage.model_dump() if getattr(reply, "usage", None) else {}
        heard_ms = Decimal(round(speech.duration_ms))
        usage = Usage("stt", self._vendor, self._model, "heard_ms", heard_ms, datetime.now(UTC), raw=raw)
        text = reply.text.strip()
        return Transcript(text, lang or _language_of(text), 1.0, speech.duration_ms, (usage,))

    async def close(self) -> None:
        await self._client.close()


class OpenAISynthesizer:
    def __init__(
        self, *, base_url: str, api_key: str, model: str, voice: str, vendor: str = "openai", patience_s: float = 5.0
    ) -> None:
        self._client = openai.AsyncOpenAI(base_url=base_url, api_key=api_key, timeout=patience_s, max_retries=0)
        self._model = model
        self._voice = voice
        self._vendor = vendor

    @property
    def voice_id(self) -> str:
        return f"{self._vendor}-{self._model}-{self._voice}"

    async def speak(self, text: str, *, lang: str) -> Utterance:  # noqa: ARG002 - the server reads it from the text
        try:
            reply = await self._client.audio.speech.create(
                model=self._model, voice=self._voice, input=text, response_format="pcm"
            )
        except openai.OpenAIError as error:
            raise SynthesisFailed(f"{self.voice_id}: {type(error).__name__}") from error
        linear = np.frombuffer(reply.content[: len(reply.content) // 2 * 2], dtype="<i2")
        samples = resampled((linear / 32768).astype(np.float32), from_hz=OPENAI_PCM_HZ)
        characters = Decimal(len(text))
        usage = Usage("tts", self._vendor, self._model, "spoken_character", characters, datetime.now(UTC))
        return Utterance(samples, (usage,))

    async def close(self) -> None:
        await self._client.close()


def _language_of(text: str) -> str:
    return "zh" if any("一" <= character <= "鿿" for character in text) else "en"
