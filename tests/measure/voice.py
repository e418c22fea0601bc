"""What the voice part takes on this machine: `python tests/measure/voice.py [--data ../shared/data]`.

Engines in milliseconds, words wrong in the short window against faster-whisper's own transcribe(), and mouth-to-ear
over spoken questions with an agent that answers at once, so that what is measured is voice alone.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.turn import Turn, Who
from tests.real_engines import CACHE, kokoro, mixed, piper, whisper, word_errors, words_of
from tests.scripted_call import CONVERSATION, PHRASES, Agent
from tests.test_transcriber import QUESTIONS
from voice.audio import Speech, UnreadableRecording, silence
from voice.call import Call
from voice.floor import Pyttsx3Synthesizer
from voice.hearing import Hearing
from voice.rendered import RenderedVoice
from voice.synthesizer import Voices
from voice.vad import WINDOW, SileroVad, load_silero
from voice.wires.recording import hold_recorded_call, read_recording

ENGLISH = "You have thirty days to return a sofa, counted from the day of delivery."
CHINESE = "您可以在三十天内退货。"


def quantiles(times_ms: list[float]) -> tuple[str, str, str]:
    ordered = sorted(times_ms)
    return f"{statistics.median(ordered):.1f}", f"{ordered[int(0.95 * (len(ordered) - 1))]:.1f}", str(len(ordered))


async def engines(table: Table, floor: Pyttsx3Synthesizer) -> None:
    vad, noise = SileroVad(load_silero()), np.random.default_rng(0).standard_normal(WINDOW).astype(np.float32) / 10
    table.add_row(
        "vad, one window of 32 ms", *quantiles([timed(lambda: vad.speech_probability(noise)) for _ in range(500)])
    )
    speech = Speech((await piper().speak("How long do I have to return a sofa?", lang="en")).samples)
    heard_s = speech.duration_ms / 1000
    rows = [
        (f"whisper, {heard_s:.1f} s of speech, language found", lambda: whisper().transcribe(speech), 15),
        (f"whisper, {heard_s:.1f} s of speech, language given", lambda: whisper().transcribe(speech, lang="en"), 15),
        ("piper, 4.4 s of speech", lambda: piper().speak(ENGLISH, lang="en"), 15),
        ("piper, one short clause", lambda: piper().speak("Yes, we do.", lang="en"), 15),
        ("kokoro, 2.4 s of Mandarin", lambda: kokoro().speak(CHINESE, lang="zh"), 5),
        ("pyttsx3, 4 s of speech", lambda: floor.speak(ENGLISH, lang="en"), 15),
    ]
    for name, work, times in rows:
        await work()
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            await work()
            taken.append((time.perf_counter() - began) * 1000)
        table.add_row(name, *quantiles(taken))


def timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return (time.perf_counter() - began) * 1000


def clips(data: Path) -> Iterable[tuple[str, Speech, str]]:
    """English recordings whose transcript is sure."""
    for line in (data / "audio/manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("text") and row["confidence"].startswith("high") and not row["path"].startswith("zh/"):
            try:
                yield row["path"], read_recording(data / "audio" / row["path"]), row["text"]
            except (UnreadableRecording, OSError) as error:
                print(f"left out: {error}", file=sys.stderr)


async def word_error_rates(table: Table, data: Path) -> None:
    noises = [read_recording(path).samples for path in sorted((data / "audio/noise").glob("sb_noise*.wav"))[:3]]
    for label, snr_db in (("clean", None), ("over noise at 10 dB", 10.0)):
        errors, words, times, count = [0, 0], 0, [0.0, 0.0], 0
        for n, (_, speech, text) in enumerate(clips(data)):
            heard = speech if snr_db is None else mixed(speech.samples, noises[n % len(noises)], snr_db=snr_db, seed=n)
            began = time.perf_counter()
            short = (await whisper().transcribe(heard, lang="en")).text
            middle = time.perf_counter()
            segments, _ = whisper()._model.transcribe(heard.samples, language="en", beam_size=5)
            own = " ".join(segment.text for segment in segments)
            times[0] += middle - began
            times[1] += time.perf_counter() - middle
            errors[0] += word_errors(text, short)
            errors[1] += word_errors(text, own)
            words, count = words + len(words_of(text)), count + 1
        found = [f"{100 * e / words:.1f} % in {1000 * t / count:.0f} ms" for e, t in zip(errors, times, strict=True)]
        table.add_row(label, f"{count} clips, {words} words", *found)


async def mouth_to_ear(table: Table, floor: Pyttsx3Synthesizer) -> None:
    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    parts = [silence(1000)]
    for question in QUESTIONS:
        parts += [(await piper().speak(question, lang="en")).samples, silence(8000)]
    line = np.concatenate(parts)
    line += np.random.default_rng(0).standard_normal(len(line)).astype(np.float32) * 0.002
    with tempfile.TemporaryDirectory() as folder:
        voice = RenderedVoice(Voices({"en": piper()}, floor=floor), Path(folder))
        await voice.render(ENGLISH, lang="en")
        for name, action in (("answers spoken for the first time", "model"), ("answers rendered before", "answer")):
            times: list[float] = []
            for n in range(3):
                # What a model composed is never kept on disk, so each of these is synthesized.
                agent = Agent(
                    ENGLISH if action == "answer" else f"Well, it is like this, in {n} cases. {ENGLISH}", action
                )
                call = Call(
                    hearing=Hearing(vad=SileroVad(load_silero())), transcriber=whisper(), voice=voice,
                    answer=agent.answer, new_turn=new_turn, keep=agent.keep, lang="en",
                    phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
                )  # fmt: skip
                held = await hold_recorded_call(call, Speech(line), is_fast=True)
                times += [done.mouth_to_ear_ms for done in held.turns if done.mouth_to_ear_ms is not None]
            table.add_row(name, *quantiles(times))


async def main(data: Path, *, is_there: bool) -> None:
    console = Console(width=120)
    console.print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} CPUs, weights in {CACHE}")
    floor = Pyttsx3Synthesizer()
    try:
        table = Table("engine", "median ms", "p95 ms", "n")
        await engines(table, floor)
        console.print(table)
        table = Table("mouth-to-ear, instant agent", "median ms", "p95 ms", "n")
        await mouth_to_ear(table, floor)
        console.print(table)
    finally:
        await floor.close()
    if not is_there:
        console.print(f"Missing: {data / 'audio'} (name the folder with --data), so word errors were not measured.")
        return
    table = Table("word errors", "of", "short window", "faster-whisper's transcribe()")
    await word_error_rates(table, data)
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    chosen: Path = parser.parse_args().data
    asyncio.run(main(chosen, is_there=(chosen / "audio/manifest.jsonl").is_file()))
