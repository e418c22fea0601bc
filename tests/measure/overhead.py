"""What a call takes beside its engines: `voice.call.Call` in real time, engines and VAD faked at fixed delays.

    python -m tests.measure.overhead [--turns 30] [--door asterisk]

Started by `peers`, and told in the form that the peers' scripts print. As with them, the far end is in this process,
without a socket; recognition begins when the VAD says stop, where a real call has begun in the pause before.
"""

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import AsyncGenerator, Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from agent.events import AgentEvent, Said
from agent.turn import Turn, Who
from tests.scripted_call import CONVERSATION, PHRASES
from tests.telephones import AsteriskTelephone, AudioSocketTelephone, Telephone
from voice.audio import RATE_HZ, Samples, Speech
from voice.call import Call
from voice.endpointing import Endpointing
from voice.hearing import Hearing
from voice.silences import Silences
from voice.synthesizer import Utterance
from voice.transcriber import Transcript
from voice.vad import WINDOW_MS
from voice.wire import CallEvent, TurnDone
from voice.wires.dialect import Message
from voice.wires.line import Line

ENGINE_S = 0.1
"""Each of the three."""
STOP_WINDOWS = 6
"""Silent windows until the VAD says stop: 200 ms, as the peers round it."""
FRAME_S = 0.02
LOUD = b"\x00\x20" * (RATE_HZ // 50)
QUIET = b"\x00\x00" * (RATE_HZ // 50)
ANSWER = "Your order has shipped today. It will arrive on Monday."
SPOKEN = np.full(RATE_HZ // 5, 0.25, dtype=np.float32)
"""Of every sentence, 200 ms."""
PATIENCE_S = 5.0
DOORS: dict[str, Callable[[], Telephone]] = {
    "asterisk": lambda: AsteriskTelephone(format="slin16"),
    "audiosocket": lambda: AudioSocketTelephone(kind=0x12),
}
"""Both at 16 kHz; by the first nothing is sent while nothing is said, as with the peers, by the second silence is."""

NOBODY = "nobody"


@dataclass
class Marks:
    """When what happened in this turn, by the performance counter."""

    at_s: dict[str, float] = field(default_factory=dict)
    is_done: bool = False

    def note(self, name: str) -> None:
        self.at_s.setdefault(name, time.perf_counter())


class CountingVad:
    """Loud is speech; notes the window that makes the caller's silence long enough."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._silent = 0

    def speech_probability(self, window: Samples) -> float:
        is_loud = max(window[::32].tolist()) > 0
        self._silent = 0 if is_loud else self._silent + 1
        if self._silent == STOP_WINDOWS:
            self._marks.note("vad")
        return 1.0 if is_loud else 0.0


@dataclass
class DelayedEngines:
    """Transcriber, agent and voice: each answers the same after its delay."""

    marks: Marks

    async def transcribe(self, speech: Speech, *, lang: str | None = None, **_: object) -> Transcript:  # noqa: ARG002
        await asyncio.sleep(ENGINE_S)
        self.marks.note("stt")
        return Transcript("where is my order", "en")

    def confirm(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    def withdraw(self, *, call: Hashable) -> None:
        """Nothing waits here."""

    async def answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        self.marks.note("llm_in")
        await asyncio.sleep(ENGINE_S)
        turn.action, turn.answer = "model", ANSWER
        for word in ANSWER.split(" "):
            yield Said(f"{word} ")

    async def speak(self, text: str, **_: object) -> Utterance:  # noqa: ARG002
        self.marks.note("tts_in")
        await asyncio.sleep(ENGINE_S)
        return Utterance(SPOKEN)

    async def keep(self, turn: Turn) -> None:
        """No books here."""


class MarkedLine(Line):
    """Notes when a turn is over and when the first sound of it leaves."""

    def __init__(self, telephone: Telephone, marks: Marks) -> None:
        super().__init__(telephone.dialect())
        self._noted = marks

    async def tell(self, event: CallEvent) -> None:
        self._noted.is_done = self._noted.is_done or isinstance(event, TurnDone)

    async def send(self) -> None:
        async for message in self.messages():
            if is_sound(message):
                self._noted.note("out")


def is_sound(message: Message) -> bool:
    return isinstance(message, bytes) and any(message[-1:-200:-8])


@dataclass
class Caller:
    """Gives a frame every 20 ms, whatever comes back."""

    line: Line
    telephone: Telephone
    due_s: float = field(default_factory=time.perf_counter)

    async def push(self, payload: bytes) -> None:
        self.due_s += FRAME_S
        self.line.receive(self.telephone.says(payload))
        await asyncio.sleep(max(0.0, self.due_s - time.perf_counter()))

    async def ask(self, marks: Marks) -> None:
        """Half a second of speech, then silence until the answer is over."""
        for _ in range(10):
            await self.push(QUIET)
        marks.at_s.clear()
        marks.is_done = False
        for _ in range(25):
            await self.push(LOUD)
        until_s = time.perf_counter() + PATIENCE_S
        while not marks.is_done and time.perf_counter() < until_s:
            await self.push(QUIET)


def new_turn(question: str, *, lang: str) -> Turn:
    return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)


async def hold(telephone: Telephone, *, turns: int) -> list[dict[str, float] | None]:
    """Milliseconds by stretch, for every turn but the first; None where no answer came."""
    marks = Marks()
    engines, line = DelayedEngines(marks), MarkedLine(telephone, marks)
    for message in telephone.opening():
        line.receive(message)
    await line.opened()
    endpointing = Endpointing(pause_ms=STOP_WINDOWS * WINDOW_MS, suspect_ms=float("inf"))
    call = Call(
        hearing=Hearing(vad=CountingVad(marks), endpointing=endpointing), transcriber=engines, voice=engines,
        answer=engines.answer, new_turn=new_turn, keep=engines.keep, phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
        silences=Silences(),
    )  # fmt: skip
    taken: list[dict[str, float] | None] = []
    async with asyncio.TaskGroup() as tasks:
        running, _ = tasks.create_task(call.run(line)), tasks.create_task(line.send())
        await asyncio.sleep(1.0)
        caller = Caller(line, telephone)
        for number in range(turns):
            await caller.ask(marks)
            if number:
                taken.append(stretches(marks.at_s))
        line.gone()
        await running
        line.hang_up()
    return taken


def stretches(at_s: dict[str, float]) -> dict[str, float] | None:
    """Without the engines' own delays."""
    if not {"vad", "stt", "llm_in", "tts_in", "out"} <= at_s.keys():
        return None
    return {
        "after_vad": (at_s["out"] - at_s["vad"] - 3 * ENGINE_S) * 1000,
        "vad_stt": (at_s["stt"] - at_s["vad"] - ENGINE_S) * 1000,
        "stt_llm": (at_s["llm_in"] - at_s["stt"]) * 1000,
        "llm_tts": (at_s["tts_in"] - at_s["llm_in"] - ENGINE_S) * 1000,
        "tts_out": (at_s["out"] - at_s["tts_in"] - ENGINE_S) * 1000,
    }


async def wait(*, turns: int) -> list[dict[str, float] | None]:
    """What an event loop takes that wakes for every frame and gives it to nobody."""
    due_s = time.perf_counter()
    for _ in range(turns * 80):
        due_s += FRAME_S
        await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
    return []


async def measure(door: str, *, turns: int) -> None:
    used, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    taken = await (wait(turns=turns) if door == NOBODY else hold(DOORS[door](), turns=turns))
    now, wall_s = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - began
    cpu_s = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    answered = [turn for turn in taken if turn is not None]
    print(
        f"dime door={door} sessions=1 turns_ok={len(answered)} missed={len(taken) - len(answered)} wall={wall_s:.1f}s"
        f" cpu={cpu_s:.2f}s cpu_per_session={100 * cpu_s / wall_s:.2f}% of a core maxrss={now.ru_maxrss // 1024}MB"
    )
    for name in answered[0] if answered else ():
        times = sorted(turn[name] for turn in answered)
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        print(f"  {name:10s} median={statistics.median(times):7.2f} ms  p95={p95:7.2f} ms  max={times[-1]:7.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--door", choices=[*DOORS, NOBODY], default="asterisk")
    wanted = parser.parse_args()
    asyncio.run(measure(wanted.door, turns=wanted.turns))


if __name__ == "__main__":
    main()
