"""A call as data: who says what when, with scripted engines, in virtual time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from agent.events import AgentEvent, Announced, Decided, Finished, Said
from agent.turn import Action, Turn, Who
from knowledge.curating.announcing import Told
from tests.virtual_time import in_virtual_time
from voice.audio import PER_MS, Samples, Speech
from voice.call import Call
from voice.endpointing import Endpointing
from voice.fair_queue import FairQueue
from voice.hearing import Hearing
from voice.in_hand import Patience
from voice.silences import Silences
from voice.so_far import Understand, Understood
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber, Transcriber, Transcript, TranscriptionFailed, heard
from voice.wire import Ending, Key, NothingHeard, TurnDone, Wire
from voice.wires.pace import cut
from voice.wires.recording import RecordingWire

CONVERSATION = UUID(int=7)
PHRASES = {
    "not_understood": "Say it again?", "holding": "One moment.", "technical": "A colleague takes over.",
    "greeting": "Hello.", "still_there": "Are you there?", "too_long": "Time is up.", "goodbye": "Bye.",
}  # fmt: skip


class LoudnessVad:
    """Whatever is loud is speech."""

    def speech_probability(self, window: Samples) -> float:
        return 0.95 if float(np.abs(window).mean()) > 0.02 else 0.02


@dataclass(frozen=True)
class CallerSays:
    """What a caller says, as sound and as words with their times."""

    speech: Speech
    words: tuple[tuple[float, float, str], ...]


def caller(*stretches: tuple[str, int]) -> Speech:
    """("speaks", 1000), ("waits", 500)… in milliseconds; speech is a tone."""
    return says(*stretches).speech


def says(*stretches: tuple[str, int] | tuple[str, int, str]) -> CallerSays:
    """("speaks", 1000, "how long do I have"), ("waits", 500)…; each word has an equal share of its stretch."""
    parts, words, at_ms = [], [], 0.0
    for what, ms, *text in stretches:
        t = np.arange(ms * PER_MS) / 16_000
        parts.append(np.sin(2 * np.pi * 220 * t) * (0.3 if what == "speaks" else 0.0))
        spoken = text[0].split(" ") if text else []
        words += [(at_ms + n * ms / len(spoken), at_ms + (n + 1) * ms / len(spoken), w) for n, w in enumerate(spoken)]
        at_ms += ms
    return CallerSays(Speech(np.concatenate(parts).astype(np.float32)), tuple(words))


class WordsTranscriber:
    """Hears the words whose larger part lies in the speech it is given, after `latency_s`."""

    def __init__(self, said: CallerSays, *, lang: str = "en", latency_s: float = 0.0, confidence: float = 0.9) -> None:
        self._words = said.words
        self._lang = lang
        self._latency_s = latency_s
        self._confidence = confidence

    async def transcribe(self, speech: Speech, *, lang: str | None = None, **_: object) -> Transcript:
        await asyncio.sleep(self._latency_s)
        until_ms = speech.from_ms + speech.duration_ms
        heard_words = [word for a, b, word in self._words if min(b, until_ms) - max(a, speech.from_ms) > (b - a) / 2]
        usage = heard(speech, vendor="local", model="scripted")
        return Transcript(" ".join(heard_words), lang or self._lang, self._confidence, speech.duration_ms, (usage,))

    def confirm(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    def withdraw(self, *, call: Hashable) -> None:
        """Nothing waits here."""


class BusyEngine(WordsTranscriber):
    """Behind the queue of the real engines, one job at a time: what is withdrawn is never done, and with `others` about
    it takes no speculation. What is only part of an utterance it hears with the confidence `of_parts`."""

    def __init__(
        self, said: CallerSays, *, latency_s: float = 0.1, others: bool = False, of_parts: float = 0.9
    ) -> None:
        super().__init__(said, latency_s=latency_s)
        self._whole = " ".join(word for *_, word in said.words)
        self._others = others
        self._of_parts = of_parts
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue(32)
        self._is_busy = False
        self.heard: list[str] = []

    async def transcribe(
        self,
        speech: Speech,
        *,
        lang: str | None = None,
        is_speculative: bool = False,
        call: Hashable = None,
        **_: object,
    ) -> Transcript:
        if is_speculative and self._others:
            raise TranscriptionFailed("others have answers to get first")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._refuse(self._queue.put(turn, call=call, is_speculative=is_speculative))
        self._go_on()
        await turn
        try:
            transcript = await super().transcribe(speech, lang=lang)
        finally:
            self._is_busy = False
            self._go_on()
        self.heard.append(transcript.text)
        is_whole = transcript.text == self._whole
        return transcript if is_whole else replace(transcript, confidence=self._of_parts)

    def confirm(self, *, call: Hashable) -> None:
        self._queue.confirm(call)

    def withdraw(self, *, call: Hashable) -> None:
        self._refuse(self._queue.withdraw(call))

    def _refuse(self, turns: list[asyncio.Future[None]]) -> None:
        for turn in turns:
            turn.set_exception(TranscriptionFailed("nobody waits for it"))

    def _go_on(self) -> None:
        while not self._is_busy and (turn := self._queue.take()):
            if not turn.done():
                self._is_busy = True
                turn.set_result(None)


@dataclass
class Agent:
    """Answers everything with the same words, after `latency_s`; keeps the books in a list."""

    words: str = "You have thirty days. Then it is yours."
    announces: str = ""
    """Said before an answer until it was heard once."""
    action: Action = "answer"
    reason: str | None = None
    latency_s: float = 0.0
    fails_with: Exception | None = None
    committed: list[Turn] = field(default_factory=list)
    kept: list[Turn] = field(default_factory=list)
    usage_kept: list[int] = field(default_factory=list)

    async def answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        await asyncio.sleep(self.latency_s)
        if self.fails_with:
            raise self.fails_with
        turn.action, turn.answer, turn.reason = self.action, self.words, self.reason
        self.committed.append(turn)
        yield Decided("answer", 0.9)
        if self.announces and not any(told for kept in self.kept for told in kept.announced):
            turn.announced = [Told(self.announces, turn.lang, turn.at)]
            yield Announced(self.announces, turn.lang)
        yield Said(self.words)
        yield Finished()

    async def keep(self, turn: Turn) -> None:
        self.kept.append(turn)
        self.usage_kept.append(len(turn.usage))


class HangingUpWire(RecordingWire):
    """A telephone: when the caller is gone, the call is over."""

    async def frames(self) -> AsyncIterator[Samples]:
        async for frame in cut(self.recording.samples):
            yield frame
            await asyncio.sleep(len(frame) / 16_000)


class LateEar(HangingUpWire):
    """A telephone that plays what it is sent so many milliseconds late, unless it is thrown away before."""

    def __init__(self, call: Call, recording: Speech, *, late_ms: int = 300) -> None:
        super().__init__(call, recording)
        self._late = np.zeros(late_ms * PER_MS, dtype=np.float32)

    async def play(self, samples: Samples) -> None:
        out = np.concatenate([self._late, samples])
        self._late = out[len(samples) :]
        await super().play(out[: len(samples)])

    def flush(self) -> None:
        self._late = np.zeros_like(self._late)

    @property
    def unheard_ms(self) -> float:
        return len(self._late) / PER_MS


class KeyedWire(RecordingWire):
    """A recording beside which keys are pressed, at their milliseconds."""

    def __init__(self, call: Call, recording: Speech, keys: dict[int, str]) -> None:
        super().__init__(call, recording)
        self._keys = dict(keys)

    async def frames(self) -> AsyncIterator[Samples | Key]:
        async for frame in super().frames():
            for at_ms in [at_ms for at_ms in self._keys if at_ms <= self.heard / PER_MS]:
                yield Key(self._keys.pop(at_ms))
            yield frame


@dataclass
class Played:
    turns: list[TurnDone]
    nothing: list[NothingHeard]
    agent_side: Samples
    duration_ms: float
    ending: Ending = "hangup"
    ended_at_s: float = 0.0
    """When the call let go of everything."""

    def silent_between(self, from_ms: float, to_ms: float) -> bool:
        return not np.any(np.abs(self.agent_side[round(from_ms * PER_MS) : round(to_ms * PER_MS)]) > 0.001)


async def everything(_text: str, _lang: str) -> Understood:
    return Understood(0.9, is_sure=True)


def play(
    said: Speech | CallerSays,
    *lines: object,
    agent: Agent | None = None,
    transcriber: Transcriber | None = None,
    voice: ScriptedSynthesizer | None = None,
    patience: Patience | None = None,
    is_fast: bool = False,
    is_hung_up: bool = False,
    understand: Understand = everything,
    keys: dict[int, str] | None = None,
    is_live: bool = False,
    phrases: dict[str, str] | None = None,
    wire_of: Callable[[Call, Speech], RecordingWire] | None = None,
    around: Callable[[Wire], Wire] = lambda wire: wire,
) -> Played:
    agent = agent or Agent()
    if transcriber is None:
        transcriber = WordsTranscriber(said) if isinstance(said, CallerSays) else ScriptedTranscriber(*lines)  # type: ignore[arg-type]
    words = PHRASES | (phrases or {})
    speech = said.speech if isinstance(said, CallerSays) else said

    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    async def story() -> Played:
        call = Call(
            hearing=Hearing(vad=LoudnessVad(), endpointing=Endpointing()),
            transcriber=transcriber, voice=voice or ScriptedSynthesizer(), answer=agent.answer, new_turn=new_turn,
            keep=agent.keep, phrase=lambda name, *, lang: words[name], patience=patience,  # noqa: ARG005
            understand=understand, greets=is_live, hangs_up=is_live, silences=Silences() if is_live else None,
        )  # fmt: skip
        if wire_of:
            wire = wire_of(call, speech)
        elif keys:
            wire = KeyedWire(call, speech, keys)
        else:
            wire = (HangingUpWire if is_hung_up else RecordingWire)(call, speech, is_fast=is_fast)
        ending = await call.run(around(wire))
        turns = [event for event in wire.events if isinstance(event, TurnDone)]
        nothing = [event for event in wire.events if isinstance(event, NothingHeard)]
        return Played(turns, nothing, wire.agent_side(), wire.heard / PER_MS, ending, asyncio.get_running_loop().time())

    played = in_virtual_time(story())
    if isinstance(transcriber, ScriptedTranscriber):
        transcriber.assert_finished()
    return played
