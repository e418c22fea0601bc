"""A call: hears, asks the agent, speaks, and gives way when the caller does. Time is received audio, at any speed.

Deciding lies in endpointing and playback, doing in the engines; here they are put in order, one turn at a time.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Literal, Protocol

from agent.budget import Budget
from agent.events import AgentEvent, Announced, Said
from agent.turn import Turn
from agent.usage import Usage
from voice.audio import PER_MS
from voice.endpointing import Ended, Started
from voice.hearing import Hearing
from voice.in_hand import InHand, Patience, as_speculation, budget_since
from voice.manner import Manners
from voice.mouth import Mouth
from voice.playback import Playback
from voice.rendered import Voice
from voice.transcriber import Transcriber, Transcript, TranscriptionFailed
from voice.wire import Heard, NothingHeard, TurnDone, Wire
from voice.work import Work

log = logging.getLogger(__name__)

PhraseName = Literal["not_understood", "holding", "technical"]
Answer = Callable[[Turn], AsyncGenerator[AgentEvent, None]]
SPOKEN = ("en", "zh")
MERGED_AT_MOST_MS = 28_000
"""Whisper hears 30 s at once."""


class NewTurn(Protocol):
    def __call__(self, question: str, *, lang: str) -> Turn: ...


class Phrase(Protocol):
    def __call__(self, name: PhraseName, *, lang: str) -> str: ...


class Call:
    """`answer` runs the agent, the turn is committed before its first event; `keep` writes again what came after."""

    def __init__(
        self,
        *,
        hearing: Hearing,
        transcriber: Transcriber,
        voice: Voice,
        answer: Answer,
        new_turn: NewTurn,
        keep: Callable[[Turn], Awaitable[None]],
        phrase: Phrase,
        lang: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`lang` is announced beforehand or None: then it is found in the first words and kept."""
        self.work = Work()
        self._hearing = hearing
        self._transcriber = transcriber
        self._answer = answer
        self._new_turn = new_turn
        self._keep = keep
        self._phrase = phrase
        self._lang = lang
        self._patience = patience or Patience()
        self._playback = Playback()
        self._mouth = Mouth(voice=voice, playback=self._playback, work=self.work)
        self._received = 0
        self._in_hand: InHand | None = None
        self._resumed_from_ms: float | None = None
        self._carried: list[Usage] = []
        """Used before there was a turn to write it on; the next turn takes it."""
        self._misheard = 0
        self._manners = Manners()

    async def run(self, wire: Wire) -> None:
        """Until the line ends; every turn is in the books by then."""
        self._wire = wire
        async with asyncio.TaskGroup() as self._group:
            try:
                async for frame in wire.frames():
                    self._received += len(frame)
                    for noticed in self._hearing.hear(frame):
                        match noticed:
                            case Started():
                                self._resume()
                            case Ended():
                                self._begin(noticed)
                    self._give_way()
                    await self._play(len(frame))
            except ConnectionError:
                log.info("line_lost")
            finally:
                if self._in_hand:
                    self._interrupt(self._in_hand)

    async def _play(self, count: int) -> None:
        is_hearing = self._hearing.endpointing.is_hearing
        # An answer does not begin while the caller may be going on.
        is_held = is_hearing and not self._playback.has_begun
        out = self._playback.next(count, at_ms=self._received / PER_MS, is_held=is_held)
        if self._in_hand and self._playback.is_over:
            self._let_go(self._in_hand)
        self._mouth.advance()
        self.work.is_open = self._in_hand is not None or is_hearing
        await self._wire.play(out)

    def _begin(self, ended: Ended) -> None:
        if self._in_hand is not None:
            return  # Too short to stop the answer that is being played: "mhm".
        from_ms = ended.from_ms if self._resumed_from_ms is None else self._resumed_from_ms
        self._resumed_from_ms = None
        self._mouth.begin()
        self._in_hand = InHand(from_ms, ended)
        self._in_hand.task = self._group.create_task(self._take_turn(self._in_hand), name="turn")

    def _resume(self) -> None:
        """The caller goes on before a sound of the answer is out: the turn is withdrawn and heard again as one."""
        current = self._in_hand
        if current is None or self._playback.has_begun:
            return
        if self._received / PER_MS - current.from_ms < MERGED_AT_MOST_MS:
            self._resumed_from_ms = current.from_ms
            current.is_withdrawn = True
        if current.is_booked:
            self._interrupt(current)
            return
        self._let_go(current)
        self._playback.stop()
        if current.task:
            current.task.cancel()
        if current.turn:
            self._carried += as_speculation(current.turn.usage)

    def _give_way(self) -> None:
        current = self._in_hand
        if current and self._playback.has_begun and self._hearing.endpointing.speech_ms >= self._patience.barge_in_ms:
            self._manners.interrupted()
            self._interrupt(current)

    def _interrupt(self, current: InHand) -> None:
        """Cuts the answer short; what was heard of it and what it cost stay."""
        self._let_go(current)
        self._playback.stop()
        if current.task:
            current.task.cancel()
        self._group.create_task(self._close(current), name="close")

    def _let_go(self, current: InHand) -> None:
        current.heard, current.began_ms = self._playback.heard, self._playback.answer_began_ms
        current.announced = tuple(self._playback.announced)
        self._in_hand = None

    async def _close(self, current: InHand) -> None:
        if current.task:
            await asyncio.wait([current.task])
        if turn := current.turn:
            turn.interrupted, turn.heard_answer = True, current.heard
            await self._done(current, turn)

    async def _done(self, current: InHand, turn: Turn) -> None:
        turn.announced = [told for told in turn.announced if told.text in current.announced]  # else: with the next
        await self._keep(turn)
        await self._wire.tell(
            TurnDone(turn, current.from_ms, current.ended.to_ms, current.began_ms, is_withdrawn=current.is_withdrawn)
        )

    async def _take_turn(self, current: InHand) -> None:
        with self.work.at_work():
            budget = budget_since(current.ended)
            holding = self._group.create_task(self._hold(current, budget), name="holding")
            try:
                transcript = await self._transcribe(current, budget)
                if transcript is None:
                    turn = await self._apologise(current, budget)
                elif transcript.text.strip():
                    turn = await self._respond(current, transcript, budget)
                else:
                    self._carried += as_speculation(transcript.usage)
                    self._let_go(current)
                    await self._wire.tell(NothingHeard(current.from_ms, current.ended.to_ms))
                    return
            finally:
                holding.cancel()
            if current.heard.strip() != turn.answer.strip():
                turn.heard_answer = current.heard
            await self._done(current, turn)

    async def _transcribe(self, current: InHand, budget: Budget) -> Transcript | None:
        """None when the engine failed. It is not stopped by an interruption; what it used then was speculation."""
        speech = self._hearing.speech(from_ms=current.from_ms, to_ms=current.ended.at_ms)
        engine = asyncio.ensure_future(self._transcriber.transcribe(speech, lang=self._lang))
        try:
            with budget.stage("transcribe"):
                async with asyncio.timeout(self._patience.transcriber_s):
                    return await asyncio.shield(engine)
        except (TranscriptionFailed, TimeoutError) as error:
            log.warning("not_transcribed", extra={"error": type(error).__name__})
            return None
        finally:
            if not engine.done():
                engine.add_done_callback(self._count_in_vain)

    def _count_in_vain(self, engine: asyncio.Future[Transcript]) -> None:
        if not engine.cancelled() and engine.exception() is None:
            self._carried += as_speculation(engine.result().usage)

    async def _respond(self, current: InHand, transcript: Transcript, budget: Budget) -> Turn:
        self._misheard = 0
        if self._lang is None and transcript.lang in SPOKEN:
            self._lang = transcript.lang
        turn = self._open(current, transcript.text, lang=transcript.lang, budget=budget)
        turn.usage.extend(transcript.usage)
        turn.manner = self._manners.heard(transcript.text, spoken_ms=current.ended.to_ms - current.from_ms)
        await self._wire.tell(Heard(transcript, turn))
        try:
            async with aclosing(self._words(current, turn)) as words:
                async for event in words:
                    if isinstance(event, Announced):
                        await self._mouth.announce(event.text, turn)
                    else:
                        await self._mouth.say(event.text, turn)
        except Exception:
            log.exception("answer_failed", extra={"turn": str(turn.id)})
            await self._say_instead(current, turn, "technical")
        await self._mouth.finish(turn)
        return turn

    async def _words(self, current: InHand, turn: Turn) -> AsyncGenerator[Announced | Said, None]:
        """What the agent releases; TimeoutError when it falls silent."""
        async with aclosing(self._answer(turn)) as events:
            while True:
                async with asyncio.timeout(self._patience.agent_s):
                    event = await anext(events, None)
                if event is None:
                    return
                current.is_booked = True
                if isinstance(event, Announced | Said):
                    yield event

    async def _apologise(self, current: InHand, budget: Budget) -> Turn:
        """The recogniser failed: once the caller is asked to say it again, the second time a colleague takes over."""
        self._misheard += 1
        turn = self._open(current, "", lang=self._lang or "en", budget=budget)
        await self._say_instead(current, turn, "not_understood" if self._misheard == 1 else "technical")
        await self._mouth.finish(turn)
        return turn

    async def _say_instead(self, current: InHand, turn: Turn, name: Literal["not_understood", "technical"]) -> None:
        words = self._phrase(name, lang=turn.lang)
        turn.action, turn.reason = ("clarify", "not_heard") if name == "not_understood" else ("handoff", "technical")
        turn.answer = f"{turn.answer.rstrip()} {words}".lstrip()
        await self._keep(turn)
        current.is_booked = True
        await self._mouth.say(f" {words}", turn)

    def _open(self, current: InHand, question: str, *, lang: str, budget: Budget) -> Turn:
        turn = self._new_turn(question, lang=lang)
        turn.budget = budget
        turn.usage.extend(self._carried)
        self._carried.clear()
        current.turn = turn
        return turn

    async def _hold(self, current: InHand, budget: Budget) -> None:
        """A late answer is announced, so that no stalled engine leaves the caller in silence."""
        await asyncio.sleep(max(0.0, self._patience.holding_ms - budget.elapsed_ms) / 1000)
        if self._in_hand is not current or self._playback.has_begun or self._playback.ahead_ms:
            return
        lang = self._lang or "en"
        usage = current.turn.usage if current.turn else self._carried
        await self._mouth.hold(self._phrase("holding", lang=lang), lang=lang, usage=usage)
