"""Puts words into a response clause by clause, in text or with their sound; one clause at a time, whoever says it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext

from agent.models.clauses import clauses
from agent.turn import Turn
from agent.usage import Usage
from voice.playback import Piece
from voice.rendered import Voice
from voice.synthesizer import SynthesisFailed, Utterance
from web.realtime.orders import Out
from web.realtime.response import Response
from web.realtime.sound import deltas

log = logging.getLogger(__name__)
PATIENCE_S = 25.0
"""For one clause; the voices themselves give up far sooner."""
HOLDING_S = 0.15
"""For a holding phrase that is not rendered: it is late already."""


class Cut(Exception):
    """The response has as many words as it may have."""


class Speaker:
    def __init__(
        self, *, voice: Voice, emit: Callable[[Sequence[Out]], object], room: Callable[[], Awaitable[None]]
    ) -> None:
        """`emit` sends at once and in order; `room` waits until the client has taken most of what was sent."""
        self._voice = voice
        self._emit = emit
        self._room = room
        self._one_clause = asyncio.Lock()

    async def say(self, response: Response, clause: str, turn: Turn) -> None:
        """A clause of the turn's answer. Raises Cut."""
        words = response.fitting(clause)
        if words:
            is_fixed = turn.action != "model" and words == clause
            utterance = await self._uttered(response, words, turn, is_fixed=is_fixed)
            async with self._one_clause:
                self._emit(response.say(words))
                if utterance:
                    await self._sound(response, Piece(words, utterance.samples))
                await self._room()
        if words != clause:
            raise Cut

    async def announce(self, response: Response, text: str, turn: Turn) -> None:
        """What comes before the answer and is no part of it."""
        for number, clause in enumerate(clauses(text)):
            utterance = await self._uttered(response, clause, turn, is_fixed=True)
            async with self._one_clause:
                announces = "" if number else text
                self._emit(response.say(clause, announces=announces or clause))
                if utterance:
                    piece = Piece(clause, utterance.samples, is_answer=False, announces=announces)
                    await self._sound(response, piece)
        self._emit(response.say("\n\n", announces=text))

    async def say_ourselves(self, response: Response, words: str, *, lang: str, usage: list[Usage]) -> None:
        """A greeting, which answers nothing."""
        for clause in clauses(words):
            utterance = await self._utter(clause, lang=lang, is_fixed=True) if response.is_spoken else None
            usage += utterance.usage if utterance else ()
            async with self._one_clause:
                self._emit(response.say(clause))
                if utterance:
                    await self._sound(response, Piece(clause, utterance.samples))

    async def hold(self, response: Response, words: str, *, lang: str, usage: list[Usage]) -> None:
        """Unless something of the answer is there by the time it is ready, which is soon, whatever voice stalls."""
        utterance = await self._utter(words, lang=lang, is_fixed=True, within_s=HOLDING_S)
        if utterance is None:
            return
        usage += utterance.usage
        async with self._one_clause:
            if response.status == "in_progress" and not response.words:
                self._emit(response.say(f"{words} "))
                await self._sound(response, Piece(f"{words} ", utterance.samples, is_answer=False))

    async def _sound(self, response: Response, piece: Piece) -> None:
        response.voice(piece)
        for samples in deltas(piece.samples):
            await self._room()
            self._emit(response.sound(samples))

    async def _uttered(self, response: Response, clause: str, turn: Turn, *, is_fixed: bool) -> Utterance | None:
        """Its usage and, where it is the first, its time are the turn's."""
        if not response.is_spoken:
            return None
        with turn.budget.stage("speak") if "speak" not in turn.budget.spent_ms else nullcontext():
            utterance = await self._utter(clause, lang=turn.lang, is_fixed=is_fixed)
        turn.usage.extend(utterance.usage if utterance else ())
        return utterance

    async def _utter(
        self, clause: str, *, lang: str, is_fixed: bool, within_s: float | None = None
    ) -> Utterance | None:
        """None where no engine can say it: the words stand in the transcript, and were not heard."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._voice.speak(clause, lang=lang, is_fixed=is_fixed, call=self, within_s=within_s)
        except (SynthesisFailed, TimeoutError) as error:
            log.warning("clause_not_spoken", extra={"error": type(error).__name__})
            return None
