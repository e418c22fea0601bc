"""Speech servers of one's own that speak OpenAI's protocol, for hearing and for speaking."""

import asyncio
import io
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from agent.usage import Usage
from agent.vendors import vendor_of
from voice.audio import RATE_HZ, Speech, resampled
from voice.synthesizer import SynthesisFailed, Utterance, spoken
from voice.transcriber import Transcript, TranscriptionFailed, heard

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_PCM_HZ = 24_000


def _client(*, base_url: str, api_key: str, patience_s: float) -> "AsyncOpenAI":
    from openai import AsyncOpenAI  # two seconds of types that nobody needs who has no such server

    return AsyncOpenAI(base_url=base_url, api_key=api_key, timeout=patience_s, max_retries=0)


def _unbooked(_: Usage) -> None:
    """Nobody keeps books."""


@contextmanager
def _request(used: Usage, *, in_vain: Callable[[Usage], None], failed: Callable[[str], Exception]) -> Iterator[None]:
    """A request that was refused or never sent costs nothing; one that was given up, or answered with nonsense, may be
    billed: `in_vain` is told of it."""
    from openai import APIConnectionError, APIStatusError, OpenAIError

    wasted = replace(used, purpose="retry", estimated=True)
    try:
        yield
    except (TranscriptionFailed, SynthesisFailed, asyncio.CancelledError):
        in_vain(wasted)
        raise
    except (OpenAIError, RuntimeError, ValueError) as error:  # closed meanwhile; cut off in mid-reply
        was_sent = not isinstance(error, APIStatusError | RuntimeError)
        if isinstance(error, APIConnectionError):
            was_sent = "Connect" not in type(error.__cause__).__name__
        if was_sent:
            in_vain(wasted)
        raise failed(type(error).__name__) from error


class OpenAITranscriber:
    """`base_url` ends before /audio/transcriptions, as OpenAI's own does (…/v1)."""

    def __init__(
        self, *, base_url: str, api_key: str, model: str, vendor: str | None = None, patience_s: float = 5.0
    ) -> None:
        """`vendor` is who bills; else it is read off the address."""
        self._client = _client(base_url=base_url, api_key=api_key, patience_s=patience_s)
        self._model = model
        self._vendor = vendor or vendor_of(base_url)
        self.in_vain: Callable[[Usage], None] = _unbooked
        """Told of what may be billed though no words came of it."""
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
        file = io.BytesIO()
        soundfile.write(file, speech.samples, RATE_HZ, format="WAV", subtype="PCM_16")
        names = f"{self.vocabulary.get(lang or '', '')} {prompt}".strip()
        chosen: dict[str, Any] = ({"language": lang} if lang else {}) | ({"prompt": names} if names else {})
        used = heard(speech, vendor=self._vendor, model=self._model)
        with _request(used, in_vain=self.in_vain, failed=self._failed):
            reply = await self._client.audio.transcriptions.create(
                model=self._model, file=("speech.wav", file.getvalue(), "audio/wav"), response_format="json", **chosen
            )
            if not isinstance(getattr(reply, "text", None), str):
                raise self._failed("a reply without words")
        raw = reply.usage.model_dump() if getattr(reply, "usage", None) else {}
        text = reply.text.strip()
        return Transcript(text, lang or _language_of(text), 1.0, speech.duration_ms, (replace(used, raw=raw),))

    def _failed(self, why: str) -> TranscriptionFailed:
        return TranscriptionFailed(f"{self._model}: {why}")

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
        self, *, base_url: str, api_key: str, model: str, voice: str, vendor: str | None = None, patience_s: float = 5.0
    ) -> None:
        """`vendor` is who bills; else it is read off the address."""
        self._client = _client(base_url=base_url, api_key=api_key, patience_s=patience_s)
        self._model = model
        self._voice = voice
        self._vendor = vendor or vendor_of(base_url)
        self.in_vain: Callable[[Usage], None] = _unbooked
        """Told of what may be billed though no sound came of it."""

    @property
    def voice_id(self) -> str:
        return f"{self._vendor}-{self._model}-{self._voice}"

    async def speak(self, text: str, *, lang: str, call: Hashable = None) -> Utterance:  # noqa: ARG002 - the server's own matter
        used = spoken(text, vendor=self._vendor, model=self._model)
        with _request(used, in_vain=self.in_vain, failed=self._failed):
            reply = await self._client.audio.speech.create(
                model=self._model, voice=self._voice, input=text, response_format="pcm"
            )
            if reply.response.headers.get("content-type", "").startswith("text/"):
                raise self._failed("a page instead of sound")
            if len(reply.content) < 2 and any(character.isalnum() for character in text):
                raise self._failed("no sound")
        linear = np.frombuffer(reply.content[: len(reply.content) // 2 * 2], dtype="<i2")
        samples = resampled((linear / 32768).astype(np.float32), from_hz=OPENAI_PCM_HZ)
        return Utterance(samples, (used,))

    def _failed(self, why: str) -> SynthesisFailed:
        return SynthesisFailed(f"{self.voice_id}: {why}")

    async def warm(self) -> None:
        """Nothing to load here."""

    async def close(self) -> None:
        await self._client.close()


def _language_of(text: str) -> str:
    return "zh" if any("一" <= character <= "鿿" for character in text) else "en"
