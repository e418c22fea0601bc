"""A call: hears, takes turns, and gives way when the caller does. Time is received audio, at any speed.

Deciding lies in the pure machines (endpointing, completeness, barge_in, silences, keypad, playback), doing in the
engines; here what one of them notices is passed to the others.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from agent.turn import Turn
from voice.answering import Answer, Answering, NewTurn, Phrase
from voice.audio import PER_MS, Samples
from voice.barge_in import BargeIn, Reaction, is_meant
from voice.endpointing import Ended, Paused, Started
from voice.hearing import Hearing
from voice.in_hand import Guess, InHand, Patience
from voice.keypad import Keypad
from voice.mouth import Mouth
from voice.outlet import Outlet
from voice.playback import Playback
from voice.prompting import Prompting
from voice.rendered import Voice
from voice.silences import Silences
from voice.so_far import SoFar, Understand, understand_nothing
from voice.transcriber import Transcriber, Transcript
from voice.unanswered import Unanswered
from voice.wire import Ending, Key, Wire
from voice.work import Work

log = logging.getLogger(__name__)

TAKEN_BACK: frozenset[Ending] = frozenset({"silence", "goodbye"})
"""We would hang up, but not on a caller who has something to say after all."""


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
        understand: Understand = understand_nothing,
        lang: str | None = None,
        patience: Patience | None = None,
        silences: Silences | None = None,
        greets: bool = False,
        hangs_up: bool = False,
    ) -> None:
        """`lang` is announced beforehand or None: then it is found in the first words and kept. `silences` asks who
        says nothing, `hangs_up` ends the call after a goodbye: for live lines, not for recordings."""
        self.work = Work()
        self._hearing = hearing
        self._playback = Playback()
        self._outlet = outlet = Outlet(playback=self._playback, hearing=hearing)
        self._mouth = mouth = Mouth(voice=voice, playback=self._playback, outlet=outlet, work=self.work, call=self)
        self.answering = Answering(
            transcriber=transcriber, mouth=mouth, playback=self._playback, answer=answer, new_turn=new_turn, keep=keep,
            phrase=phrase, lang=lang, patience=patience or Patience(), call=self,
        )  # fmt: skip
        self._so_far = SoFar(hearing=hearing, answering=self.answering, understand=understand)
        self._unanswered = Unanswered(hearing=hearing, answering=self.answering, so_far=self._so_far)
        self._prompting = Prompting(self.answering, silences, greets=greets, hangs_up=hangs_up, end=self.end)
        self._barge_in, self._keypad = BargeIn(), Keypad()
        self._received = 0
        self._in_hand: InHand | None = None
        self._ending: Ending | None = None

    def end(self, ending: Ending) -> None:
        """Hangs up once what is being said has been heard."""
        self._ending = ending

    async def run(self, wire: Wire) -> Ending:
        """Until the line ends or we hang up, whichever is first; every turn is in the books by then."""
        self._wire = wire
        self._outlet.open(wire)
        ending: Ending = "hangup"
        async with asyncio.TaskGroup() as self._group:
            try:
                self._prompting.begin(self._group)
                async for received in wire.frames():
                    if isinstance(received, Key):
                        self._type(self._keypad.press(received.digit, at_ms=self._now_ms))
                        continue
                    await self._hear(received)
                    if self._is_over and (ending := self._ending or ending):
                        break
            except ConnectionError:
                log.info("line_lost")
                ending = "lost"
            finally:
                if self._in_hand:
                    self._interrupt(self._in_hand)
                self._prompting.withdraw()
                self._so_far.forget()
                self.answering.close()
        self._hearing.forget()
        self._playback.begin()
        return ending

    async def _hear(self, frame: Samples) -> None:
        self._received += len(frame)
        for noticed in self._hearing.hear(frame):
            match noticed:
                case Started():
                    self._so_far.forget()
                case Paused():
                    self._look(noticed.from_ms, noticed.to_ms, noticed.at_ms)
                case Ended():
                    self._finish(noticed)
        self._give_way()
        self._type(self._keypad.due(self._now_ms))
        spoke = self._hearing.endpointing.has_started or self._keypad.is_typing
        self._prompting.listen(self._now_ms, is_active=spoke or self._is_ours_to_lose, has_spoken=spoke)
        await self._play(len(frame))

    async def _play(self, count: int) -> None:
        out = self._outlet.next(count, now_ms=self._now_ms)
        if self._in_hand and self._playback.is_over:
            self._let_go(self._in_hand)
        self._mouth.advance()
        self.work.is_open = bool(self._in_hand or self._unanswered.late or self._hearing.endpointing.is_hearing)
        await self._wire.play(out)

    # What was said

    def _look(self, from_ms: float, to_ms: float, at_ms: float) -> None:
        """At the words so far: whether they are meant for us, and whether more is to come."""
        guess = self._so_far.look(from_ms=self._unanswered.asked_from(from_ms), to_ms=to_ms, at_ms=at_ms)
        self._group.create_task(self._consider(guess), name="consider")

    async def _consider(self, guess: Guess) -> None:
        with self.work.at_work():
            transcript = await self.answering.words(guess)
            if guess is not self._so_far.guess or transcript is None:
                return
            if self._is_ours_to_lose and not self._judge(transcript):
                guess.is_dismissed = True
            elif not self._so_far.is_current(guess):
                return
            elif guess.from_ms != self._unanswered.asked_from(guess.from_ms):  # all of it is heard as one
                self._look(guess.from_ms, guess.to_ms, self._hearing.endpointing.now_ms)
            elif ended := await self._so_far.wait(guess, transcript):
                self._finish(ended)

    def _judge(self, transcript: Transcript) -> bool:
        """Whether a sound during our answer was meant for us."""
        meant = self._is_meant(transcript)
        self._react(self._barge_in.judge(is_meant=meant))
        return meant

    def _is_meant(self, said: Transcript) -> bool:
        return is_meant(said.text, confidence=said.confidence, asks=bool(self._in_hand and self._in_hand.asks))

    def _finish(self, ended: Ended) -> None:
        if not self._is_ours_to_lose:
            self._take(self._unanswered.said(ended, now_ms=self._now_ms))
        elif self._so_far.is_dismissed(ended):
            self._so_far.forget()
        else:
            late = self._unanswered.late = self._unanswered.said(ended, now_ms=self._now_ms)
            self._group.create_task(self._decide(late), name="decide")

    async def _decide(self, late: InHand) -> None:
        """The words decide, however late they come; an answer that is over by then leaves nothing to decide."""
        assert late.guess is not None
        with self.work.at_work():
            transcript = await self.answering.words(late.guess)
        if late is not self._unanswered.late or transcript is None:
            return
        if self._is_meant(transcript):
            self._react("stop")
        else:
            self._unanswered.forget()
            if not self._hearing.endpointing.has_started:
                self._react(self._barge_in.judge(is_meant=False))

    def _go_on_with_late(self) -> None:
        if said := self._unanswered.go_on(now_ms=self._now_ms):
            self._take(said)

    def _take(self, current: InHand) -> None:
        self._unanswered.answer(current)
        self._prompting.withdraw()
        ending = self._ending
        if ending in TAKEN_BACK:
            self._ending = None
        self._mouth.begin()
        self._barge_in.reset()
        self._in_hand = current
        current.task = self._group.create_task(self._work_on(current, ending), name="turn")

    async def _work_on(self, current: InHand, ending: Ending | None) -> None:
        """`ending` is what the turn takes back, unless it was no more than a noise."""
        with self.work.at_work():
            await self.answering.take(current, self._wire.tell)
        if self._in_hand is current:
            self._let_go(current)
        if current.turn:
            self._prompting.told(current.turn.reason)
        else:
            self._ending = self._ending or ending

    def _type(self, typed: str | None) -> None:
        """Keys are words that need no recogniser; they stop whatever sounds."""
        if typed is None:
            return
        if self._in_hand or self._playback.is_sounding:
            self._stop()
        self._take(InHand(self._now_ms, Ended(self._now_ms, self._now_ms, self._now_ms), typed=typed))

    # Who has the floor

    def _give_way(self) -> None:
        if not self._is_ours_to_lose:
            self._barge_in.reset()
            self._go_on_with_late()
            return
        endpointing = self._hearing.endpointing
        late_ms = self._unanswered.late_ms if self._barge_in.is_holding else 0.0
        speech_ms, has_started = max(late_ms, endpointing.speech_ms), endpointing.has_started or late_ms > 0
        self._react(self._barge_in.hear(now_ms=self._now_ms, speech_ms=speech_ms, has_started=has_started))

    def _react(self, reaction: Reaction | None) -> None:
        match reaction:
            case "hold":
                self._fall_silent()
            case "probe" if (endpointing := self._hearing.endpointing).has_started and not self._so_far.is_looking:
                self._look(endpointing.began_ms, endpointing.last_speech_ms, endpointing.now_ms)
            case "resume":
                self._playback.resume()
            case "stop":
                self._stop()
                self._go_on_with_late()

    def _fall_silent(self) -> None:
        """Here and on the line; what the line had not played yet is still to be said."""
        if not self._playback.is_held:
            self._playback.hold(unheard_ms=self._wire.unheard_ms)
            self._wire.flush()

    def _stop(self) -> None:
        """Our answer, the work on it, or a phrase of ours is over."""
        self._fall_silent()
        if (current := self._in_hand) is None:
            self._playback.stop()
            return
        if not self._playback.heard.strip():
            self._unanswered.resume(current, now_ms=self._now_ms)
        if self._playback.has_begun or current.is_booked:
            self._interrupt(current)
            return
        self._let_go(current)
        self._playback.stop()
        if current.task:
            current.task.cancel()
        self.answering.withdrawn(current)

    def _interrupt(self, current: InHand) -> None:
        """Cuts the answer short; what was heard of it and what it cost stay."""
        if self._playback.has_begun:
            self.answering.manners.interrupted()
        self._playback.stop(unheard_ms=self._wire.unheard_ms)
        self._let_go(current)
        if current.task:
            current.task.cancel()
        self._group.create_task(self._close(current), name="close")

    async def _close(self, current: InHand) -> None:
        if current.task:
            await asyncio.wait([current.task])
        if turn := current.turn:
            turn.interrupted, turn.heard_answer = True, current.heard
            await self.answering.done(current, turn, self._wire.tell)

    def _let_go(self, current: InHand) -> None:
        current.heard, current.began_ms = self._playback.heard, self._playback.answer_began_ms
        current.announced = tuple(self._playback.announced)
        self._in_hand = None

    @property
    def _now_ms(self) -> float:
        return self._received / PER_MS

    @property
    def _is_ours_to_lose(self) -> bool:
        """There is an answer, or the work on it, that a sound of the caller may stop."""
        return self._in_hand is not None or self._playback.is_sounding

    @property
    def _is_over(self) -> bool:
        may_go = self._ending not in TAKEN_BACK or not self._hearing.endpointing.is_hearing
        return self._ending is not None and may_go and not (self._is_ours_to_lose or self._unanswered.late)
