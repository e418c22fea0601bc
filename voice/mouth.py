"""Turns an answer's words into sound clause by clause, a little ahead of the ear and never far."""

import asyncio
import logging
from collections.abc import Hashable
from contextlib import nullcontext

import numpy as np

from agent.models.clauses import Sentences, clauses
from agent.turn import Turn
from agent.usage import Usage
from voice.audio import Samples
from voice.outlet import Outlet
from voice.playback import Piece, Playback
from voice.rendered import Voice
from voice.synthesizer import SynthesisFailed, Utterance
from voice.work import Work

log = logging.getLogger(__name__)

AHEAD_MS = 10_000
"""Speech waiting to be played beyond this holds the synthesizer back; a clause is at most some 15 s."""
PATIENCE_S = 25.0
"""For one clause, the floor's attempt included; the voices themselves give up far sooner."""


class Mouth:
    """One answer at a time: begin, say, say, finish. What it costs is written on the turn."""

    def __init__(self, *, voice: Voice, playback: Playback, outlet: Outlet, work: Work, call: Hashable = None) -> None:
        self._call = call
        self._voice = voice
        self._playback = playback
        self._outlet = outlet
        self._work = work
        self._room = asyncio.Event()
        self._over = asyncio.Event()
        self.begin()

    def begin(self) -> None:
        self._playback.begin()
        self._over.clear()
        self._sentences = Sentences()
        self._has_spoken = False
        self.advance()

    async def say(self, words: str, turn: Turn) -> None:
        for clause in self._sentences.feed(words):
            await self._say(clause, turn)

    async def announce(self, words: str, turn: Turn) -> None:
        """Says what comes before the answer; a caller who speaks stops both."""
        for number, clause in enumerate(clauses(words)):
            if utterance := await self._utter(clause, turn, is_fixed=True):
                await self._queue(Piece("", utterance.samples, announces="" if number else words))

    async def finish(self, turn: Turn) -> None:
        """Says what is left and waits until the ear has heard all of it."""
        for clause in self._sentences.flush():
            await self._say(clause, turn)
        self._playback.complete()
        self.advance()
        with self._work.at_rest():
            await self._over.wait()

    async def aside(self, words: str, *, lang: str, usage: list[Usage]) -> None:
        """Says one of our own phrases, which is no answer, unless something else is spoken when it is ready."""
        await self.interject(await self.prepared(words, lang=lang, usage=usage))

    async def prepared(
        self, words: str, *, lang: str, usage: list[Usage], within_s: float | None = None
    ) -> Samples | None:
        """A phrase to interject, cut into clauses as it was rendered ahead; None while something else is spoken."""
        sound: list[Samples] = []
        for clause in clauses(words):
            if self._is_speaking:
                return None
            if utterance := await self._voiced(clause, lang=lang, is_fixed=True, within_s=within_s):
                usage.extend(utterance.usage)
                sound.append(utterance.samples)
        return np.concatenate(sound) if sound else None

    async def interject(self, phrase: Samples | None) -> None:
        if phrase is not None and not self._is_speaking:
            await self._add(Piece("", phrase, is_answer=False))

    def advance(self) -> None:
        """Called whenever playback has moved."""
        if self._playback.ahead_ms < AHEAD_MS:
            self._room.set()
        else:
            self._room.clear()
        if self._playback.is_over:
            self._over.set()

    @property
    def _is_speaking(self) -> bool:
        """Something sounds, or an answer has begun that is not over."""
        return self._playback.is_sounding or (self._playback.has_begun and not self._playback.is_over)

    async def _say(self, clause: str, turn: Turn) -> None:
        """A clause that no engine can say is left out: the words remain in the turn, marked as not heard."""
        if utterance := await self._utter(clause, turn, is_fixed=turn.action != "model"):
            await self._queue(Piece(clause, utterance.samples))

    async def _utter(self, clause: str, turn: Turn, *, is_fixed: bool) -> Utterance | None:
        with nullcontext() if self._has_spoken else turn.budget.stage("speak"):
            utterance = await self._voiced(clause, lang=turn.lang, is_fixed=is_fixed)
        self._has_spoken = True
        turn.usage.extend(utterance.usage if utterance else ())
        return utterance

    async def _queue(self, piece: Piece) -> None:
        with self._work.at_rest():
            await self._room.wait()
        await self._add(piece)
        self.advance()

    async def _add(self, piece: Piece) -> None:
        was_silent = not self._playback.is_sounding
        self._playback.add(piece)
        if was_silent:
            await self._outlet.begin()

    async def _voiced(
        self, clause: str, *, lang: str, is_fixed: bool, within_s: float | None = None
    ) -> Utterance | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._voice.speak(clause, lang=lang, is_fixed=is_fixed, call=self._call, within_s=within_s)
        except (SynthesisFailed, TimeoutError) as error:
            log.warning("clause_not_spoken", extra={"error": type(error).__name__})
            return None
        except Exception:
            log.exception("voice_failed")
            return None
