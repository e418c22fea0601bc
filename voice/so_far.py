"""What the caller has said so far, transcribed in every pause, and how long it is worth waiting for more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from voice.answering import Answering
from voice.completeness import WAIT_MS, completeness
from voice.endpointing import Ended
from voice.hearing import Hearing
from voice.in_hand import Guess
from voice.transcriber import Transcript

log = logging.getLogger(__name__)

UNDERSTAND_S = 2.0
"""Longer than a caller's pause is waited for while nobody has looked at the words."""


@dataclass(frozen=True)
class Understood:
    """What the agent makes of the words so far."""

    confidence: float = 0.0
    """Probability that its answer would be right."""
    is_sure: bool = False
    """It would give it."""


Understand = Callable[[str, str], Awaitable[Understood]]


async def understand_nothing(_text: str, _lang: str) -> Understood:
    return Understood()


class SoFar:
    """One guess at a time; what nobody needs any more was speculation."""

    def __init__(self, *, hearing: Hearing, answering: Answering, understand: Understand) -> None:
        self._hearing = hearing
        self._answering = answering
        self._understand = understand
        self.guess: Guess | None = None

    def look(self, *, from_ms: float, to_ms: float, at_ms: float) -> Guess:
        self.forget()
        speech = self._hearing.speech(from_ms=from_ms, to_ms=at_ms)
        self.guess = self._answering.guess(speech, from_ms=from_ms, to_ms=to_ms)
        return self.guess

    def forget(self) -> None:
        if self.guess:
            self._answering.drop(self.guess)
            self.guess = None

    def take(self, ended: Ended, *, from_ms: float) -> Guess:
        """The caller has finished: what was transcribed meanwhile, if it was all of it."""
        guess = self.guess
        if guess is None or guess.has_failed or not guess.is_all(from_ms=from_ms, to_ms=ended.to_ms):
            self.forget()
            speech = self._hearing.speech(from_ms=from_ms, to_ms=ended.at_ms)
            guess = self._answering.guess(speech, from_ms=from_ms, to_ms=ended.to_ms, is_speculative=False)
        self._answering.take_up(guess)
        self.guess = None
        return guess

    @property
    def is_looking(self) -> bool:
        return self.guess is not None and not self.guess.engine.done()

    def is_dismissed(self, ended: Ended) -> bool:
        """All that was said was held not to be meant for us."""
        guess = self.guess
        return guess is not None and guess.is_dismissed and guess.is_all(from_ms=ended.from_ms, to_ms=ended.to_ms)

    def is_current(self, guess: Guess) -> bool:
        """It is still wanted, and nothing was said since."""
        return guess is self.guess and self._hearing.endpointing.last_speech_ms == guess.to_ms

    async def wait(self, guess: Guess, transcript: Transcript) -> Ended | None:
        """Tells endpointing how long this pause may be; Ended where it has been as long already."""
        text, lang = transcript.text, transcript.lang
        understood = await self._understood(text, lang) if text.strip() else Understood()
        if not self.is_current(guess):
            return None
        kind = completeness(text, understood=understood.confidence, is_sure=understood.is_sure)
        endpointing = self._hearing.endpointing
        return endpointing.wait(endpointing.pauses.stretched(WAIT_MS[kind], is_sure=kind == "understood"))

    async def _understood(self, text: str, lang: str) -> Understood:
        """An agent that cannot tell is not heeded: the caller is waited for as if nobody had looked."""
        try:
            async with asyncio.timeout(UNDERSTAND_S):
                return await self._understand(text, lang)
        except Exception:
            log.exception("words_not_looked_up")
            return Understood()
