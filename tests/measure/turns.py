"""Turn-taking on recorded voices: who is cut off, what stops an answer, how soon a caller silences us.

    python -m tests.measure.turns [--data ../shared/data] [--only pauses|sounds|barge-in] [--count 100]

pauses: recorded clips whose gap between two words is widened to 0.6 to 1.0 s of the line's own noise; a turn counts as
cut off when we make a sound before the caller's last word. sounds: noise at three levels and backchannels in several
voices over an answer; an answer counts as stopped when it does not go on. barge-in: from the caller's first speech
sample to our last. Real VAD, recogniser and voice; the agent of the first is the demo company's, of the others one
long answer.
"""

import argparse
import asyncio
import itertools
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np

from agent.turn import Turn, Who
from tests.real_engines import CACHE, kokoro, piper, whisper
from tests.scripted_call import CONVERSATION, PHRASES, Agent
from voice.audio import PER_MS, Samples, Speech, UnreadableRecording, level_dbfs, silence
from voice.call import Call
from voice.floor import Pyttsx3Synthesizer
from voice.hearing import Hearing
from voice.loudness import levelled
from voice.rendered import RenderedVoice
from voice.so_far import Understand, Understood, understand_nothing
from voice.synthesizer import Voices
from voice.vad import SileroVad, load_silero
from voice.wire import TurnDone
from voice.wires.recording import RecordedCall, RecordingWire, read_recording
from web.assembly import assemble, seed_demo
from web.bench.machine import machine
from web.settings import Settings

LONG = (
    "You have thirty days to return a sofa, counted from the day of delivery. Please keep the packaging, since we "
    "collect the sofa from your home. The money is back on your card within five working days after we have it. "
    "If the sofa arrived damaged, we collect it at our own cost, and you may choose another one instead."
)
QUIET_DBFS = -45.0
ROOM_DBFS = -62.0
"""A quiet line's noise."""
BACKCHANNELS = ("Mhm.", "Right.", "Okay.", "Uh-huh.", "Yeah.", "I see.")
BACKCHANNELS_ZH = ("嗯。", "好的。", "对。")


@dataclass
class Held:
    recorded: RecordedCall
    agent_side: Samples
    turns: list[TurnDone] = field(default_factory=list)


def room(ms: float, *, seed: int = 0) -> Samples:
    noise = np.random.default_rng(seed).standard_normal(round(ms * PER_MS)).astype(np.float32)
    return noise * np.float32(10 ** (ROOM_DBFS / 20))


def on_a_line(samples: Samples, *, seed: int) -> Samples:
    """With the noise of a room under it."""
    return samples + room(len(samples) / PER_MS, seed=seed)[: len(samples)]


class Studio:
    """Real ears and voice around an agent that says one long answer."""

    def __init__(self, voice: RenderedVoice, *, understand: Understand = understand_nothing) -> None:
        self._voice = voice
        self._understand = understand
        self._vad = load_silero()

    async def hold(self, caller: Samples, *, words: str = LONG, lang: str | None = "en") -> Held:
        agent = Agent(words)

        def new_turn(question: str, *, lang: str) -> Turn:
            return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

        call = Call(
            hearing=Hearing(vad=SileroVad(self._vad)), transcriber=whisper(), voice=self._voice, answer=agent.answer,
            new_turn=new_turn, keep=agent.keep, lang=lang, understand=self._understand,
            phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
        )  # fmt: skip
        wire = RecordingWire(call, Speech(caller), is_fast=True)
        await call.run(wire)
        turns = [event for event in wire.events if isinstance(event, TurnDone)]
        return Held(RecordedCall(turns, wire.events, wire.heard / 16_000), wire.agent_side(), turns)


# Pauses


def clips(data: Path) -> Iterator[tuple[str, Samples]]:
    for folder in ("en", "en_intents", "en_support_tts", "zh"):
        for path in sorted((data / "audio" / folder).glob("*.*")):
            if path.suffix in (".wav", ".flac"):
                try:
                    samples = read_recording(path).samples
                except UnreadableRecording:
                    continue
                if 1.5 < len(samples) / 16_000 < 15:
                    yield f"{folder}/{path.name}", levelled(samples)


def word_gaps(samples: Samples, lang: str) -> list[float]:
    """Where a word ends and another begins, in ms, by faster-whisper's own word times."""
    segments, _ = whisper().pool._model.transcribe(samples, language=lang, word_timestamps=True)
    words = [word for segment in segments for word in segment.words or []]
    return [(a.end + b.start) * 500 for a, b in itertools.pairwise(words)]


@dataclass(frozen=True)
class Paused:
    name: str
    caller: Samples
    pause_at_ms: float
    ends_ms: float
    lang: str


def quietest(samples: Samples, near_ms: float) -> int:
    """The quietest 20 ms within 120 ms: word times are no better than that."""
    places = range(max(0, round((near_ms - 120) * PER_MS)), round((near_ms + 120) * PER_MS), 80)
    return min(places, key=lambda at: float(np.sum(np.square(samples[at : at + 320]))))


def silent_ms(samples: Samples, at: int) -> float:
    """How long it is quiet there already."""
    frame = 10 * PER_MS
    quiet = [level_dbfs(samples[begin : begin + frame]) < QUIET_DBFS for begin in range(0, len(samples), frame)]
    first = last = min(at // frame, len(quiet) - 1)
    while first > 0 and quiet[first - 1]:
        first -= 1
    while last < len(quiet) - 1 and quiet[last + 1]:
        last += 1
    return (last - first) * 10.0


def paused_clips(data: Path, count: int) -> list[Paused]:
    chance, found, found_in = random.Random(0), list[Paused](), list(clips(data))
    while len(found) < count:
        for name, samples in found_in:
            lang = "zh" if name.startswith("zh") else "en"
            gaps = [gap for gap in word_gaps(samples, lang) if 400 < gap < len(samples) / PER_MS - 400]
            if not gaps or len(found) == count:
                continue
            at = quietest(samples, chance.choice(gaps))
            pause_ms = chance.uniform(600, 1000) - silent_ms(samples, at)
            if pause_ms < 0:  # the speaker pauses for longer there
                continue
            whole = np.concatenate([silence(500), samples[:at], silence(pause_ms), samples[at:], silence(4000)])
            loud = np.flatnonzero(np.abs(samples) > 0.02)
            ends_ms = 500 + pause_ms + int(loud[-1]) / PER_MS
            found.append(Paused(name, on_a_line(whole, seed=len(found)), 500 + at / PER_MS, ends_ms, lang))
    return found


async def pauses(studio: Studio, data: Path, count: int, *, told: bool) -> None:
    found = await asyncio.to_thread(paused_clips, data, count)
    cut: list[str] = []
    waits: list[float] = []
    for one in found:
        held = await studio.hold(one.caller, words="Thank you.", lang=one.lang)
        early = held.agent_side[: round((one.ends_ms - 30) * PER_MS)]
        if np.any(np.abs(early) > 0.003):
            cut.append(f"{one.name} at {one.pause_at_ms:.0f} ms: {[done.turn.question for done in held.turns]}")
        waits += [done.mouth_to_ear_ms for done in held.turns[-1:] if done.mouth_to_ear_ms]
    print(
        f"pauses of 0.6 to 1.0 s: {len(cut)} of {len(found)} cut off; median wait at the end {np.median(waits):.0f} ms"
    )
    if told:
        print(*cut, sep="\n")


# Sounds during an answer


async def sounds(data: Path, count: int) -> list[tuple[str, Samples]]:
    """Noise recordings cut to between 0.3 and 2 s at three levels, and backchannels in several voices."""
    chance, found = random.Random(1), list[tuple[str, Samples]]()
    backchannels = [(text, "en", (await piper().speak(text, lang="en")).samples) for text in BACKCHANNELS]
    backchannels += [(text, "zh", (await kokoro().speak(text, lang="zh")).samples) for text in BACKCHANNELS_ZH]
    floor = Pyttsx3Synthesizer()
    backchannels += [(text, "espeak", (await floor.speak(text, lang="en")).samples) for text in BACKCHANNELS]
    await floor.close()
    found += [(f"{text} ({who})", levelled(samples)) for text, who, samples in backchannels]
    noises = [(path.name, read_recording(path).samples) for path in sorted((data / "audio/noise").glob("*.wav"))]
    while len(found) < count:
        name, noise = chance.choice(noises)
        ms = min(chance.uniform(300, 2000), len(noise) / PER_MS)
        start = chance.randrange(max(1, len(noise) - round(ms * PER_MS)))
        level = chance.choice((-20, -30, -40))
        part = noise[start : start + round(ms * PER_MS)]
        gain = 10 ** ((level - level_dbfs(part)) / 20)
        found.append((f"{name} at {level} dBFS", np.clip(part * gain, -1, 1).astype(np.float32)))
    return found[:count]


async def a_question() -> Samples:
    return levelled((await piper().speak("How long do I have to return a sofa?", lang="en")).samples)


async def stopped(studio: Studio, data: Path, count: int, *, told: bool) -> None:
    question = await a_question()
    by_kind: Counter[str] = Counter()
    for n, (name, sound) in enumerate(await sounds(data, count)):
        line = np.concatenate([silence(500), question, silence(4500), sound, silence(3000)])
        held = await studio.hold(on_a_line(line, seed=n))
        if held.turns[0].turn.interrupted:
            by_kind[name] += 1
    print(f"sounds over an answer: {by_kind.total()} of {count} stop it")
    if told:
        print(*by_kind.items(), sep="\n")


async def silenced(studio: Studio, data: Path, count: int) -> None:
    question, chance = await a_question(), random.Random(2)
    speakers = [(name, samples) for name, samples in clips(data) if not name.startswith("zh")]
    took: list[float] = []
    unheard = 0
    for n in range(count):
        _, speech = speakers[n % len(speakers)]
        first = int(np.flatnonzero(np.abs(speech) > 0.02)[0])
        lead = 500 + len(question) / PER_MS + chance.uniform(3000, 6000)
        line = np.concatenate([silence(500), question, silence(lead - 500 - len(question) / PER_MS), speech[first:]])
        held = await studio.hold(on_a_line(np.concatenate([line, silence(1000)]), seed=n))
        if not held.turns[0].turn.interrupted:
            unheard += 1
            continue
        after = np.abs(held.agent_side[round(lead * PER_MS) : round((lead + 3000) * PER_MS)]) > 0.002
        quiet = _first_quiet(after)
        took.append(quiet / PER_MS)
    cut = np.percentile(took, [50, 95])
    print(f"barge-in: p50 {cut[0]:.0f} ms, p95 {cut[1]:.0f} ms from first speech to our last sample; n {len(took)}, "
          f"{unheard} did not stop the answer")  # fmt: skip


def _first_quiet(loud: np.ndarray) -> int:
    """The end of the first stretch of sound that is followed by 150 ms of silence."""
    places = np.flatnonzero(loud)
    if not len(places):
        return 0
    gaps = np.flatnonzero(np.diff(places) > 150 * PER_MS)
    return int(places[gaps[0]] if len(gaps) else places[-1])


def demo_understanding() -> Understand:
    """What the demo company's agent makes of the words so far."""
    services = assemble(Settings(home=Path(tempfile.mkdtemp()), cache=CACHE, tools="none"))
    seed_demo(services)
    services.index.build()

    async def understand(text: str, lang: str) -> Understood:
        guessed = Turn(text, uuid4(), Who("phone", lang=lang), at=datetime.now(UTC), lang=lang)
        confidence, is_sure = await services.agent.grasp(guessed, earlier=[])
        return Understood(confidence, is_sure)

    return understand


async def main(data: Path, *, only: str | None, count: int, told: bool) -> None:
    print(machine())
    if not any(clips(data)) or not (data / "audio/noise").is_dir():
        print(f"Missing: {data / 'audio'} (name the folder with --data), so nothing was measured.")
        return
    floor = Pyttsx3Synthesizer()
    with tempfile.TemporaryDirectory() as folder:
        voice = RenderedVoice(Voices({"en": piper(), "zh": kokoro()}, floor=floor, patience_s=20), Path(folder))
        await asyncio.gather(whisper().warm(), voice.render(LONG, lang="en"), voice.render("Thank you.", lang="en"))
        studio = Studio(voice)
        if only in (None, "pauses"):
            await pauses(Studio(voice, understand=demo_understanding()), data, count, told=told)
        if only in (None, "sounds"):
            await stopped(studio, data, count, told=told)
        if only in (None, "barge-in"):
            await silenced(studio, data, count)
    await floor.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", choices=("pauses", "sounds", "barge-in"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--told", action="store_true", help="name what went wrong")
    wanted = parser.parse_args()
    asyncio.run(main(wanted.data, only=wanted.only, count=wanted.count, told=wanted.told))
