"""A call as data: who says what when, with scripted engines, in virtual time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
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
from voice.hearing import Hearing
from voice.in_hand import Patience
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from voice.wire import NothingHeard, TurnDone
from voice.wires.pace import cut
from voice.wires.recording import RecordingWire

CONVERSATION = UUID(int=7)
PHRASES = {"not_understood": "Say it again?", "holding": "One moment.", "technical": "A colleague takes over."}


class LoudnessVad:
    """Whatever is loud is speech."""

    def speech_probability(self, window: Samples) -> float:
        return 0.95 if float(np.abs(window).mean()) > 0.02 else 0.02


def caller(*stretches: tuple[str, int]) -> Speech:
    """("speaks", 1000), ("waits", 500)… in milliseconds; speech is a tone."""
    parts = []
    for what, ms in stretches:
        t = np.arange(ms * PER_MS) / 16_000
        parts.append(np.sin(2 * np.pi * 220 * t) * (0.3 if what == "speaks" else 0.0))
    return Speech(np.concatenate(parts).astype(np.float32))


@dataclass
class Agent:
    """Answers everything with the same words, after `latency_s`; keeps the books in a list."""

    words: str = "You have thirty days. Then it is yours."
    announces: str = ""
    """Said before an answer until it was heard once."""
    action: Action = "answer"
    latency_s: float = 0.0
    fails_with: Exception | None = None
    committed: list[Turn] = field(default_factory=list)
    kept: list[Turn] = field(default_factory=list)
    usage_kept: list[int] = field(default_factory=list)

    async def answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        await asyncio.sleep(self.latency_s)
        if self.fails_with:
            raise self.fails_with
        turn.action, turn.answer = self.action, self.words
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


@dataclass
class Played:
    turns: list[TurnDone]
    nothing: list[NothingHeard]
    agent_side: Samples
    duration_ms: float

    def silent_between(self, from_ms: float, to_ms: float) -> bool:
        return not np.any(np.abs(self.agent_side[round(from_ms * PER_MS) : round(to_ms * PER_MS)]) > 0.001)


def play(
    said: Speech,
    *lines: object,
    agent: Agent | None = None,
    transcriber: ScriptedTranscriber | None = None,
    voice: ScriptedSynthesizer | None = None,
    patience: Patience | None = None,
    is_fast: bool = False,
    is_hung_up: bool = False,
) -> Played:
    agent = agent or Agent()
    transcriber = transcriber or ScriptedTranscriber(*lines)  # type: ignore[arg-type]

    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    async def story() -> Played:
        call = Call(
            hearing=Hearing(vad=LoudnessVad(), endpointing=Endpointing()),
            transcriber=transcriber, voice=voice or ScriptedSynthesizer(), answer=agent.answer, new_turn=new_turn,
            keep=agent.keep, phrase=lambda name, *, lang: PHRASES[name], patience=patience,  # noqa: ARG005
        )  # fmt: skip
        wire = (HangingUpWire if is_hung_up else RecordingWire)(call, said, is_fast=is_fast)
        await call.run(wire)
        turns = [event for event in wire.events if isinstance(event, TurnDone)]
        nothing = [event for event in wire.events if isinstance(event, NothingHeard)]
        return Played(turns, nothing, wire.agent_side(), wire.heard / PER_MS)

    played = in_virtual_time(story())
    transcriber.assert_finished()
    return played
