"""From a message's sound to its words: one at a time, long ones in stretches that the recogniser can hear at once."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np

from agent.understanding.language import ANSWERED
from agent.usage import Usage
from voice.audio import PER_MS, RATE_HZ, Samples, Speech
from voice.transcriber import Transcriber, TranscriptionFailed
from web.realtime.items import Message
from web.realtime.orders import Out
from web.realtime.session import Session
from web.realtime.transcription import completed, failed, transcribed

log = logging.getLogger(__name__)
LONGEST_MS = 28_000
"""Whisper hears 30 s at once."""
PATIENCE_S = 6.0
"""For one stretch, other callers' before it included; half of its own length comes on top."""
_LOOKED_THROUGH_MS = 8_000
"""A long message is cut in the quietest fifth of a second of the last eight before it is too long."""
_QUIET_MS = 200
MOST_WAITING = 64
"""Messages; one more is not heard, and said so."""


@dataclass
class Words:
    """What the engine made of one message."""

    lang: str | None = None
    usage: list[Usage] = field(default_factory=list)
    failed: bool = False
    spoken_ms: float = 0.0


class Ears:
    """`emit` sends what the session makes of it."""

    def __init__(self, session: Session, *, transcriber: Transcriber, emit: Callable[[Sequence[Out]], object]) -> None:
        self.lang: str | None = None
        """Found in the first words, and kept."""
        self._session = session
        self._transcriber = transcriber
        self._emit = emit
        self._heard: WeakKeyDictionary[Message, asyncio.Future[Words]] = WeakKeyDictionary()
        """By message and not by its id: that is the client's, which may use one again."""
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(MOST_WAITING)

    def listen_to(self, message: Message) -> None:
        """Its turn comes; whoever answers it can wait from now on."""
        self._heard[message] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._heard[message].set_result(Words(failed=True))
            self._emit(failed(self._session.settings, message, 0))

    async def run(self) -> None:
        while True:
            message, words = await self._waiting.get(), Words()
            try:
                for at, part in enumerate(message.parts):
                    if part.sound is not None and part.sound.pieces:
                        await self._hear_part(message, at, part.sound.samples, words)
            finally:
                self._heard[message].set_result(words)

    async def words(self, message: Message) -> Words:
        """Nothing to wait for where it was written."""
        if (heard := self._heard.get(message)) is None:
            return Words()
        words = await asyncio.shield(heard)
        self._heard.pop(message, None)
        return words

    async def _hear_part(self, message: Message, at: int, samples: Samples, words: Words) -> None:
        words.spoken_ms += len(samples) / PER_MS
        try:
            for stretch in stretches(samples):
                lang = self._session.language or self.lang
                async with asyncio.timeout(PATIENCE_S + len(stretch) / RATE_HZ / 2):
                    transcript = await self._transcriber.transcribe(Speech(stretch), lang=lang, call=self)
                words.usage += transcript.usage
                words.lang = words.lang or transcript.lang
                if self.lang is None and transcript.text.strip() and transcript.lang in ANSWERED:
                    self.lang = transcript.lang
                self._emit(transcribed(self._session.settings, message, at, transcript.text.strip()))
        except (TranscriptionFailed, TimeoutError) as error:
            log.warning("not_transcribed", extra={"error": type(error).__name__})
            self._fail(message, at, words)
        except Exception:
            log.exception("not_transcribed")
            self._fail(message, at, words)
        else:
            self._emit(completed(self._session.settings, message, at))

    def _fail(self, message: Message, at: int, words: Words) -> None:
        words.failed = True
        self._emit(failed(self._session.settings, message, at))


def stretches(samples: Samples) -> Iterator[Samples]:
    longest, quiet = LONGEST_MS * PER_MS, _QUIET_MS * PER_MS
    while len(samples) > longest:
        first = longest - _LOOKED_THROUGH_MS * PER_MS
        looked = np.abs(samples[first : longest // quiet * quiet])
        levels = looked[: len(looked) // quiet * quiet].reshape(-1, quiet).mean(axis=1)
        cut = first + int(levels.argmin()) * quiet + quiet // 2
        yield samples[:cut]
        samples = samples[cut:]
    yield samples
