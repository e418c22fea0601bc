"""Turns an answer's words into sound clause by clause, a little ahead of the ear and never far."""

import asyncio
import logging
from contextlib import nullcontext

from agent.models.clauses import Sentences, clauses
from agent.turn import Turn
from agent.usage import Usage
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

    def __init__(self, *, voice: Voice, playback: Playback, work: Work) -> None:
        self._voice = voice
        self._playback = playback
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

    async def hold(self, words: str, *, lang: str, usage: list[Usage]) -> None:
        """Says a holding phrase, unless the answer is there by the time it is ready."""
        if utterance := await self._voiced(words, lang=lang, is_fixed=True):
            usage.extend(utterance.usage)
            if not self._playback.has_begun and not self._playback.ahead_ms:
                self._playback.add(Piece("", utterance.samples, is_answer=False))

    def advance(self) -> None:
        """Called whenever playback has moved."""
        if self._playback.ahead_ms < AHEAD_MS:
            self._room.set()
        else:
            self._room.clear()
        if self._playback.is_over:
            self._over.set()

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
        self._playback.add(piece)
        self.advance()

    async def _voiced(self, clause: str, *, lang: str, is_fixed: bool) -> Utterance | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._voice.speak(clause, lang=lang, is_fixed=is_fixed)
        except (SynthesisFailed, TimeoutError) as error:
            log.warning("clause_not_spoken", extra={"error": type(error).__name__})
            return None
