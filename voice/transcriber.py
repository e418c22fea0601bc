"""From speech to words, behind one method; what an engine costs is written down by the engine."""

import asyncio
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from agent.usage import Usage
from voice.audio import Speech


@dataclass(frozen=True)
class Transcript:
    text: str
    """Empty when nobody said words."""
    lang: str
    """ISO 639-1, as given or as heard."""
    confidence: float = 1.0
    """Mean probability of a token, 0 to 1."""
    heard_ms: float = 0.0
    usage: tuple[Usage, ...] = ()


class TranscriptionFailed(RuntimeError):
    """The engine could not do it this time; the caller is asked to say it again."""


class Transcriber(Protocol):
    async def transcribe(
        self,
        speech: Speech,
        *,
        lang: str | None = None,
        prompt: str = "",
        is_speculative: bool = False,
        call: Hashable = None,
    ) -> Transcript:
        """Without `lang` the language is found; `prompt` is what is likely to be said, such as names. Calls, by their
        key `call`, take turns at a busy engine; what is speculative gives way to answers, and fails then. Raises
        TranscriptionFailed."""
        ...

    def confirm(self, *, call: Hashable) -> None:
        """What this call asked for as speculation is wanted now."""
        ...

    def withdraw(self, *, call: Hashable) -> None:
        """What this call asked for as speculation is not wanted any more: what has not begun never will, and fails."""
        ...


def heard(speech: Speech, *, vendor: str, model: str) -> Usage:
    return Usage("stt", vendor, model, "heard_ms", Decimal(round(speech.duration_ms)), datetime.now(UTC))


class ScriptedTranscriber:
    """Hears what it was told to, in order, each after `latency_s`; a line that is an exception is raised."""

    def __init__(self, *lines: str | Transcript | Exception, lang: str = "en", latency_s: float = 0.0) -> None:
        self._lines = deque(lines)
        self._lang = lang
        self._latency_s = latency_s
        self.speeches: list[Speech] = []

    async def transcribe(
        self,
        speech: Speech,
        *,
        lang: str | None = None,
        prompt: str = "",  # noqa: ARG002 - the script is written
        is_speculative: bool = False,  # noqa: ARG002
        call: Hashable = None,  # noqa: ARG002
    ) -> Transcript:
        self.speeches.append(speech)
        if not self._lines:
            raise AssertionError("the script has no further line, yet something was said")
        line = self._lines.popleft()
        await asyncio.sleep(self._latency_s)
        if isinstance(line, Exception):
            raise line
        if isinstance(line, Transcript):
            return line
        usage = heard(speech, vendor="local", model="scripted")
        return Transcript(line, lang or self._lang, 1.0, speech.duration_ms, (usage,))

    def confirm(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    def withdraw(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    def assert_finished(self) -> None:
        assert not self._lines, f"never said: {list(self._lines)}"
