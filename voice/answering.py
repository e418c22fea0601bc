"""One turn of a call, from the caller's words to the last sound of the answer; late or failing stages are overtaken.

Whoever calls interrupts it by cancelling the task; what was released by then is in the books.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable
from contextlib import aclosing
from typing import Literal, Protocol

from agent.budget import Budget
from agent.events import AgentEvent, Announced, Said
from agent.turn import Turn
from agent.usage import Usage
from voice.audio import Speech
from voice.in_hand import Guess, InHand, Patience, as_speculation, budget_since
from voice.manner import Manners
from voice.mouth import Mouth
from voice.playback import Playback
from voice.transcriber import Transcriber, Transcript, TranscriptionFailed
from voice.wire import CallEvent, Heard, NothingHeard, TurnDone

log = logging.getLogger(__name__)

PhraseName = Literal["not_understood", "holding", "technical", "greeting", "still_there", "too_long", "goodbye"]
Answer = Callable[[Turn], AsyncGenerator[AgentEvent, None]]
SPOKEN = ("en", "zh")
PREPARING_MS = 150.0
"""Before a holding phrase is due."""


class NewTurn(Protocol):
    def __call__(self, question: str, *, lang: str) -> Turn: ...


class Phrase(Protocol):
    def __call__(self, name: PhraseName, *, lang: str) -> str: ...


class Answering:
    """Keeps what outlives a turn: the caller's language and manner, and usage that no turn has taken yet."""

    def __init__(
        self,
        *,
        transcriber: Transcriber,
        mouth: Mouth,
        playback: Playback,
        answer: Answer,
        new_turn: NewTurn,
        keep: Callable[[Turn], Awaitable[None]],
        phrase: Phrase,
        lang: str | None,
        patience: Patience,
        call: Hashable,
    ) -> None:
        """`call` is the key by which engines let calls take turns."""
        self.lang = lang
        self._call = call
        self.manners = Manners()
        self.patience = patience
        self._transcriber = transcriber
        self._mouth = mouth
        self._playback = playback
        self._answer = answer
        self._new_turn = new_turn
        self._keep = keep
        self._phrase = phrase
        self._carried: list[Usage] = []
        """Used before there was a turn to write it on; the next turn takes it."""
        self._misheard = 0
        self._engines: set[asyncio.Task[Transcript]] = set()
        """At work for this call; they outlive the turn that asked, since what they used is counted."""

    def guess(self, speech: Speech, *, from_ms: float, to_ms: float, is_speculative: bool = True) -> Guess:
        """Begins to transcribe; what is speculative gives way to those who have finished, where engines are busy."""
        transcribing = self._transcriber.transcribe(
            speech, lang=self.lang, is_speculative=is_speculative, call=self._call
        )
        engine = asyncio.create_task(transcribing, name="transcribe")
        self._engines.add(engine)
        engine.add_done_callback(self._engines.discard)
        return Guess(from_ms, to_ms, engine)

    def take_up(self, guess: Guess) -> None:
        """The caller has finished: what is still waiting is wanted now."""
        guess.is_wanted = True
        self._transcriber.confirm(call=self._call)

    def drop(self, guess: Guess) -> None:
        """Nobody waits for it any more, and what it used was speculation; if it has not begun, it need not."""
        if not guess.is_wanted:
            self._transcriber.withdraw(call=self._call)
        guess.engine.add_done_callback(self._count_in_vain)

    def withdrawn(self, current: InHand) -> None:
        """The agent was not asked yet."""
        if current.turn:
            self._carried += as_speculation(current.turn.usage)
        elif current.guess:
            self.drop(current.guess)

    @property
    def left_over(self) -> list[Usage]:
        """Used since the last turn."""
        return as_speculation(self._carried)

    def close(self) -> None:
        """The call is over: nobody waits for any words."""
        for engine in [*self._engines]:
            engine.cancel()

    async def words(self, guess: Guess) -> Transcript | None:
        """None when the engine failed or is late."""
        try:
            async with asyncio.timeout(self.patience.transcriber_s):
                return await asyncio.shield(guess.engine)
        except (TranscriptionFailed, TimeoutError) as error:
            level = logging.WARNING if guess.is_wanted else logging.INFO
            log.log(level, "not_transcribed", extra={"error": type(error).__name__})
            return None
        except Exception:
            log.exception("transcriber_failed")
            return None

    async def say(self, name: PhraseName) -> None:
        """One of our own phrases outside any turn."""
        lang = self.lang or "en"
        await self._mouth.aside(self._phrase(name, lang=lang), lang=lang, usage=self._carried)

    async def take(self, current: InHand, tell: Callable[[CallEvent], Awaitable[None]]) -> None:
        """The whole turn. Nothing is answered where nothing was said."""
        budget = budget_since(current.ended)
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(self._hold(current, budget), name="holding")
            try:
                turn = await self._respond(current, budget, tell)
            finally:
                holding.cancel()
        if turn is None:
            await tell(NothingHeard(current.from_ms, current.ended.to_ms))
            return
        if current.heard.strip() != turn.answer.strip():
            turn.heard_answer = current.heard
        await self.done(current, turn, tell)

    async def done(self, current: InHand, turn: Turn, tell: Callable[[CallEvent], Awaitable[None]]) -> None:
        turn.announced = [told for told in turn.announced if told.text in current.announced]  # else: with the next
        await self._keep(turn)
        ended = current.ended
        await tell(TurnDone(turn, current.from_ms, ended.to_ms, current.began_ms, is_withdrawn=current.is_withdrawn))

    async def _respond(
        self, current: InHand, budget: Budget, tell: Callable[[CallEvent], Awaitable[None]]
    ) -> Turn | None:
        transcript = await self._transcript(current, budget)
        if transcript is None:
            if current.guess:
                self.drop(current.guess)
            return await self._apologise(current, budget)
        if not transcript.text.strip():
            self._carried += as_speculation(transcript.usage)
            current.guess = None  # counted
            return None
        self._misheard = 0
        if self.lang is None and transcript.lang in SPOKEN:
            self.lang = transcript.lang
        turn = self._open(current, transcript.text, lang=transcript.lang, budget=budget)
        turn.usage.extend(transcript.usage)
        turn.manner = self.manners.heard(transcript.text, spoken_ms=current.ended.to_ms - current.from_ms)
        await tell(Heard(transcript, turn))
        try:
            async with aclosing(self._released(current, turn)) as words:
                async for event in words:
                    if isinstance(event, Announced):
                        await self._mouth.announce(event.text, turn)
                    else:
                        await self._mouth.say(event.text, turn)
        except Exception:
            log.exception("answer_failed", extra={"turn": str(turn.id)})
            await self._say_instead(current, turn, "technical")
        await self._mouth.finish(turn)
        if turn.answer.strip() and not self._playback.has_sounded:
            log.error("answer_not_heard", extra={"turn": str(turn.id)})
        return turn

    async def _transcript(self, current: InHand, budget: Budget) -> Transcript | None:
        if current.typed:
            return Transcript(current.typed, self.lang or "en")
        assert current.guess is not None
        with budget.stage("transcribe"):
            return await self.words(current.guess)

    async def _released(self, current: InHand, turn: Turn) -> AsyncGenerator[Announced | Said, None]:
        """What the agent releases; TimeoutError when it falls silent."""
        current.is_booked = True
        async with aclosing(self._answer(turn)) as events:
            while True:
                async with asyncio.timeout(self.patience.agent_s):
                    event = await anext(events, None)
                if event is None:
                    return
                if isinstance(event, Announced | Said):
                    yield event

    async def _apologise(self, current: InHand, budget: Budget) -> Turn:
        """The recogniser failed: once the caller is asked to say it again, the second time a colleague takes over."""
        self._misheard += 1
        turn = self._open(current, "", lang=self.lang or "en", budget=budget)
        await self._say_instead(current, turn, "not_understood" if self._misheard == 1 else "technical")
        await self._mouth.finish(turn)
        return turn

    async def _say_instead(self, current: InHand, turn: Turn, name: Literal["not_understood", "technical"]) -> None:
        words = self._phrase(name, lang=turn.lang)
        turn.action, turn.reason = ("clarify", "not_heard") if name == "not_understood" else ("handoff", "technical")
        turn.answer = f"{turn.answer.rstrip()} {words}".lstrip()
        current.is_booked = True
        await self._keep(turn)
        await self._mouth.say(f" {words}", turn)

    def _open(self, current: InHand, question: str, *, lang: str, budget: Budget) -> Turn:
        turn = self._new_turn(question, lang=lang)
        turn.budget = budget
        turn.usage.extend(self._carried)
        self._carried.clear()
        current.turn = turn
        return turn

    async def _hold(self, current: InHand, budget: Budget) -> None:
        """A late answer is announced, so that no stalled engine leaves the caller in silence, the voice's own least of
        all: what is not rendered is asked for in time, and said by the floor when it has not come."""
        holding_ms = max(self.patience.holding_ms, budget.elapsed_ms + self.patience.answer_ms)
        await asyncio.sleep(max(0.0, holding_ms - PREPARING_MS - budget.elapsed_ms) / 1000)
        lang = self.lang or "en"
        usage = current.turn.usage if current.turn else self._carried
        words = self._phrase("holding", lang=lang)
        phrase = await self._mouth.prepared(words, lang=lang, usage=usage, within_s=PREPARING_MS / 1000)
        await asyncio.sleep(max(0.0, holding_ms - budget.elapsed_ms) / 1000)
        await self._mouth.interject(phrase)

    def _count_in_vain(self, engine: asyncio.Future[Transcript]) -> None:
        if not engine.cancelled() and engine.exception() is None:
            self._carried += as_speculation(engine.result().usage)
