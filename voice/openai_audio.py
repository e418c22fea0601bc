"""Speech servers of one's own that speak OpenAI's protocol, for hearing and for speaking."""

import io
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from agent.usage import Usage
from voice.audio import RATE_HZ, Speech, resampled
from voice.synthesizer import SynthesisFailed, Utterance
from voice.transcriber import Transcript, TranscriptionFailed

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_PCM_HZ = 24_000


def _client(*, base_url: str, api_key: str, patience_s: float) -> "AsyncOpenAI":
    from openai import AsyncOpenAI  # two seconds of types that nobody needs who has no such server

    return AsyncOpenAI(base_url=base_url, api_key=api_key, timeout=patience_s, max_retries=0)


class OpenAITranscriber:
    """`base_url` ends before /audio/transcriptions, as OpenAI's own does (…/v1)."""

    def __init__(
        self, *, base_url: str, api_key: str, model: str, vendor: str = "openai", patience_s: float = 5.0
    ) -> None:
        self._client = _client(base_url=base_url, api_key=api_key, patience_s=patience_s)
        self._model = model
        self._vendor = vendor
        self.vocabulary: Mapping[str, str] = {}

    async def transcribe(
        self,
        speech: Speech,
        *,
        lang: str | None = None,
        prompt: str = "",
        is_speculative: bool = False,  # noqa: ARG002 - a server has queues of its own
        call: Hashable = None,  # noqa: ARG002
    ) -> Transcript:
        from openai import OpenAIError

        file = io.BytesIO()
        soundfile.write(file, speech.samples, RATE_HZ, format="WAV", subtype="PCM_16")
        names = f"{self.vocabulary.get(lang or '', '')} {prompt}".strip()
        chosen: dict[str, Any] = ({"language": lang} if lang else {}) | ({"prompt": names} if names else {})
        try:
            reply = await self._client.audio.transcriptions.create(
                model=self._model, file=("speech.wav", file.getvalue(), "audio/wav"), response_format="json", **chosen
            )
        except (OpenAIError, RuntimeError, ValueError) as error:  # closed meanwhile; cut off in mid-reply
            raise TranscriptionFailed(f"{self._model}: {type(error).__name__}") from error
        if not isinstance(getattr(reply, "text", None), str):
            raise TranscriptionFailed(f"{self._model}: a reply without words")
        raw = reply.usage.model_dump() if getattr(reply, "usage", None) else {}
        heard_ms = Decimal(round(speech.duration_ms))
        usage = Usage("stt", self._vendor, self._model, "heard_ms", heard_ms, datetime.now(UTC), raw=raw)
        text = reply.text.strip()
        return Transcript(text, lang or _language_of(text), 1.0, speech.duration_ms, (usage,))

    def confirm(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    def withdraw(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    async def warm(self) -> None:
        """Nothing to load here."""

    async def close(self) -> None:
        await self._client.close()


class OpenAISynthesizer:
    def __init__(
        self, *, base_url: str, api_key: str, model: str, voice: str, vendor: str = "openai", patience_s: float = 5.0
    ) -> None:
        self._client = _client(base_url=base_url, api_key=api_key, patience_s=patience_s)
        self._model = model
        self._voice = voice
        self._vendor = vendor

    @property
    def voice_id(self) -> str:
        return f"{self._vendor}-{self._model}-{self._voice}"

    async def speak(self, text: str, *, lang: str, call: Hashable = None) -> Utterance:  # noqa: ARG002 - the server's own matter
        from openai import OpenAIError

        try:
            reply = await self._client.audio.speech.create(
                model=self._model, voice=self._voice, input=text, response_format="pcm"
            )
        except (OpenAIError, RuntimeError) as error:  # RuntimeError: closed meanwhile
            raise SynthesisFailed(f"{self.voice_id}: {type(error).__name__}") from error
        if reply.response.headers.get("content-type", "").startswith("text/"):
            raise SynthesisFailed(f"{self.voice_id}: a page instead of sound")
        linear = np.frombuffer(reply.content[: len(reply.content) // 2 * 2], dtype="<i2")
        samples = resampled((linear / 32768).astype(np.float32), from_hz=OPENAI_PCM_HZ)
        characters = Decimal(len(text))
        usage = Usage("tts", self._vendor, self._model, "spoken_character", characters, datetime.now(UTC))
        return Utterance(samples, (usage,))

    async def warm(self) -> None:
        """Nothing to load here."""

    async def close(self) -> None:
        await self._client.close()


def _language_of(text: str) -> str:
    return "zh" if any("一" <= character <= "鿿" for character in text) else "en"
