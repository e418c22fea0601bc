"""Callers of a server one of whose engines is stalled, killed or ten times slower: how long until they hear something.

    python -m tests.measure.overtaken [--turns 40] [--calls 8] [--only "voice, local"] [--fault stalled]

From the last speech sample to the first audible one of an answer, a holding phrase, "could you say it again" or a
hand-over; "are you still there" is none of these. Local engines go bad in their own threads, servers on the wire. The
engine turns bad when the callers dial. Where it is the voice, nothing was rendered beforehand; else all was, as by a
server that has been up for a while. The model is asked wherever it may be, and misbehaves every other time, so that
its breaker stays closed; "met" is how often anybody met the fault.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from agent.models.clauses import clauses
from agent.telling.phrases import Phrase, phrase
from knowledge.reading.documents import read_document
from tests.bad_engines import FAULTS, SLOWER, Fault
from tests.bad_model_server import Asked as AskedModel
from tests.bad_model_server import BadModelServer, Reply, dies, says, stalls
from tests.bad_speech import Turning, hears, speaks
from tests.measure.stalled import Watched
from tests.real_engines import CACHE, piper, whisper
from voice.audio import RATE_HZ, Samples, resampled
from voice.echo import likeness
from voice.engines import Choices, Engines, open_engines
from voice.floor import Pyttsx3Synthesizer
from voice.rendered import RenderedVoice
from voice.synthesizer import Voices
from web.assembly import DEMO_KNOWLEDGE
from web.bench.bench import _shuffled, render, spoken_questions
from web.bench.caller import LINE_HZ, Asked, Caller
from web.bench.figures import FEWEST_FOR_P95, FEWEST_FOR_P99, Heard
from web.bench.machine import machine
from web.bench.serving import Serving, serving

Engine = Literal["transcriber, local", "transcriber, server", "voice, local", "voice, server", "model"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
KNOWN: tuple[Phrase, ...] = ("holding", "not_understood", "technical", "still_there", "greeting")
IN_VAIN = frozenset({"still_there", "greeting", "nothing"})
"""Heard instead of something useful."""
LIKE = 0.6
EVERY_S = 20.0
"""As long as a late and long answer; nobody is silent for so long as to be asked whether they are there."""
USUAL_MODEL_S = 0.3
"""Until a model's first words."""
HEADINGS = ("engine", "fault", "turns", "p50 ms", "p95 ms", "p99 ms", "longest", "never", "spoken into", "met",
            "heard first")  # fmt: skip


@dataclass(frozen=True)
class Studio:
    """What all runs share."""

    questions: Sequence[tuple[str, Samples]]
    known: Mapping[str, Sequence[Samples]]
    """Our own phrases as they come over the line, by every voice that may say them."""
    calls: int
    turns: int


@dataclass(frozen=True)
class Overtaken:
    asked: Sequence[Asked]
    first: Counter[str]
    met: int
    failed: int
    """Calls whose line broke."""

    @property
    def never(self) -> int:
        return sum(self.first[name] for name in IN_VAIN)

    def row(self) -> tuple[str, ...]:
        """Percentiles in brackets where there are too few turns for them."""
        heard = Heard(0, self.asked)
        n, times = len(heard.times_ms), heard.times_ms

        def cut(percent: int, fewest: int) -> str:
            value = heard.percentile(percent)
            return "-" if value is None else f"{value:.0f}" if n >= fewest else f"({value:.0f})"

        told = ", ".join(f"{count} {name}" for name, count in self.first.most_common())
        told += f"; {self.failed} lines broke" if self.failed else ""
        times_ms = (cut(50, 2), cut(95, FEWEST_FOR_P95), cut(99, FEWEST_FOR_P99), f"{times[-1]:.0f}" if times else "-")
        return (str(len(self.asked)), *times_ms, str(self.never), str(heard.early), str(self.met), told)


def heard_as(sounded: Samples, known: Mapping[str, Sequence[Samples]]) -> str:
    """Which phrase of ours it begins like, else an answer."""
    alike = {
        name: max(likeness(sounded[: min(RATE_HZ // 2, len(one))], np.pad(one, RATE_HZ // 10)) for one in said)
        for name, said in known.items()
    }
    likeliest = max(alike, key=lambda name: alike[name])
    return likeliest if alike[likeliest] >= LIKE else "answer"


def judged(asked: Sequence[Asked], known: Mapping[str, Sequence[Samples]]) -> tuple[list[Asked], Counter[str]]:
    """Turns with their times, of what was heard in vain without one; who was spoken into counts apart."""
    first, kept = Counter[str](), []
    for one in asked:
        if one.was_early:
            kept.append(one)
            continue
        name = heard_as(one.sounded.samples, known) if one.sounded else "nothing"
        first[name] += 1
        kept.append(one if name not in IN_VAIN else Asked(one.question, None))
    return kept, first


class BadModel(Watched):
    """Stalls, dies or is slow every other time."""

    def __init__(self, fault: Fault) -> None:
        replies = {"stalled": stalls(), "killed": dies("You can ", "return"), "slow": _late(SLOWER * USUAL_MODEL_S)}
        super().__init__(replies[fault], is_always=False)
        self._well = 0


def _late(seconds: float) -> Reply:
    async def reply(asked: AskedModel) -> None:
        await asked.until_hung_up(within_s=seconds)
        await says("UNKNOWN")(asked)

    return reply


def bad_speech(engine: Engine, fault: Fault) -> Turning:
    def reply(times: int) -> Reply:
        return hears(whisper(), times=times) if engine == "transcriber, server" else speaks(piper(), times=times)

    bad = {"stalled": stalls(), "killed": dies("{"), "slow": reply(SLOWER)}
    return Turning(reply(1), bad[fault])


async def measure(engine: Engine, fault: Fault, studio: Studio) -> Overtaken:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dime-overtaken-")))
        flag, bad, settings = folder / "bad", None, {"DIME_RENDER_AHEAD": "false"}
        program = "web.cli"
        if engine == "model":
            bad = BadModel(fault)
            server = await stack.enter_async_context(BadModelServer(bad))
            settings |= {"DIME_LLM_BASE_URL": server.url, "DIME_LLM_MODEL": "scripted", "DIME_LLM_QUALITY": "1"}
        elif engine.endswith("server"):
            bad = bad_speech(engine, fault)
            server = await stack.enter_async_context(BadModelServer(bad))
            settings["DIME_WHISPER" if engine.startswith("transcriber") else "DIME_PIPER_EN"] = server.url
        else:
            program = "tests.bad_engines"
            settings |= {"BAD_ENGINE": engine.partition(",")[0], "BAD_FAULT": fault, "BAD_WHILE": str(flag)}
        cache = _unrendered(folder) if engine.startswith("voice") else CACHE
        at = await stack.enter_async_context(_serving(cache, calls=studio.calls, program=program, settings=settings))
        flag.touch()
        if isinstance(bad, Turning):
            bad.is_bad = True
        asked, failed = await _telephoned(at, studio)
        met = bad.met if bad else flag.stat().st_size
        flag.unlink()
    kept, first = judged(asked, studio.known)
    return Overtaken(kept, first, met, failed)


@asynccontextmanager
async def _serving(cache: Path, *, calls: int, program: str, settings: Mapping[str, str]) -> AsyncIterator[Serving]:
    """Started and stopped in a thread: its engines may ask a server of this loop for something meanwhile."""
    manager = serving(cache=cache, calls=calls, program=program, HF_HUB_OFFLINE="1", **settings)
    at = await asyncio.to_thread(manager.__enter__)
    try:
        yield at
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


def _unrendered(folder: Path) -> Path:
    """A cache with everything but speech."""
    cache = folder / "cache"
    cache.mkdir()
    for path in CACHE.iterdir():
        if path.name != "rendered":
            (cache / path.name).symlink_to(path.resolve())
    return cache


async def _telephoned(at: Serving, studio: Studio) -> tuple[list[Asked], int]:
    """All callers at once, each its share of the questions; what was asked, and how many lines broke."""
    each = -(-studio.turns // studio.calls)
    callers = [
        Caller("127.0.0.1", at.telephone, islice(_shuffled(studio.questions, seed=number), each), every_s=EVERY_S)
        for number in range(studio.calls)
    ]

    async def call(number: int, caller: Caller) -> bool:
        await asyncio.sleep(number * EVERY_S / studio.calls)
        try:
            await caller.run(until_s=float("inf"))
        except (OSError, TimeoutError):
            return False
        return True

    async with asyncio.TaskGroup() as group:
        held = [group.create_task(call(*one), name=f"caller-{one[0]}") for one in enumerate(callers)]
    return [one for caller in callers for one in caller.asked][: studio.turns], sum(not one.result() for one in held)


async def prepared(*, calls: int, turns: int) -> Studio:
    engines = open_engines(Choices(CACHE))
    try:
        await engines.warm("en")
        entries = [entry for path in DEMO_KNOWLEDGE for entry in read_document(path).entries]
        questions = await spoken_questions(entries, engines)
        await render([entry for entry in entries if entry.question in dict(questions)], engines)
        await asyncio.gather(whisper().warm(), piper().warm())
        return Studio(questions, {name: await _said(name, engines) for name in KNOWN}, calls, turns)
    finally:
        await engines.close()


async def _said(name: Phrase, engines: Engines) -> list[Samples]:
    """Its first clause, by the voice as it was rendered and by the floor."""
    clause = next(iter(clauses(phrase(name, lang="en"))))
    floor = Pyttsx3Synthesizer()
    with tempfile.TemporaryDirectory() as folder:
        makeshift = RenderedVoice(Voices({}, floor=floor), Path(folder))
        said = [(await voice.speak(clause, lang="en", is_fixed=True)).samples for voice in (engines.voice, makeshift)]
    await floor.close()
    return [resampled(resampled(one, from_hz=RATE_HZ, to_hz=LINE_HZ), from_hz=LINE_HZ) for one in said]


async def main(wanted: argparse.Namespace) -> None:
    print(machine())
    studio = await prepared(calls=wanted.calls, turns=wanted.turns)
    print(" | ".join(HEADINGS))
    for engine in ENGINES:
        for fault in FAULTS:
            if wanted.only in (None, engine) and wanted.fault in (None, fault):
                overtaken = await measure(engine, fault, studio)
                print(" | ".join((engine, fault, *overtaken.row())), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--calls", type=int, default=8, help="at once")
    parser.add_argument("--only", choices=ENGINES)
    parser.add_argument("--fault", choices=FAULTS)
    asyncio.run(main(parser.parse_args()))
