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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.turn import Turn, Who
from knowledge.matching.folding import simplified
from tests.real_engines import CACHE, kokoro, mixed, piper, whisper, word_errors, words_of
from tests.scripted_call import CONVERSATION, PHRASES, Agent
from tests.test_transcriber import QUESTIONS
from voice.audio import RATE_HZ, Speech, UnreadableRecording, resampled, silence
from voice.call import Call
from voice.codecs import decode, encode
from voice.floor import Pyttsx3Synthesizer
from voice.hearing import Hearing
from voice.rendered import RenderedVoice
from voice.speakable import speakable
from voice.synthesizer import Voices
from voice.vad import WINDOW, SileroVad, load_silero
from voice.whisper import PROMPT
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


@dataclass(frozen=True)
class Clip:
    path: str
    speech: Speech
    text: str
    lang: str

    def errors(self, heard: str) -> int:
        """Words in English, characters in Chinese; how a figure is written does not count."""
        return word_errors(self.spaced(self.text), self.spaced(heard))

    def spaced(self, text: str) -> str:
        said = speakable(text, lang=self.lang)
        return " ".join(simplified(said)) if self.lang == "zh" else said.replace("-", " ")


def clips(data: Path) -> Iterable[Clip]:
    """Every recording whose words are known, some of them over a telephone line."""
    for line in (data / "audio/manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("text") and not row["confidence"].startswith("low"):
            try:
                speech = read_recording(data / "audio" / row["path"])
            except (UnreadableRecording, OSError) as error:
                print(f"left out: {error}", file=sys.stderr)
                continue
            clip = Clip(row["path"], speech, row["text"], "zh" if row["path"].startswith("zh/") else "en")
            yield clip
            if "_8k" not in clip.path:
                yield replace(clip, path=f"{clip.path}, 8 kHz mu-law", speech=over_a_telephone(speech))


def over_a_telephone(speech: Speech) -> Speech:
    line = resampled(speech.samples, from_hz=RATE_HZ, to_hz=8_000)
    return Speech(resampled(decode(encode(line, "mulaw"), "mulaw"), from_hz=8_000))


async def word_error_rates(table: Table, data: Path, *, verbose: bool) -> None:
    noises = [read_recording(path).samples for path in sorted((data / "audio/noise").glob("sb_noise*.wav"))[:3]]
    known = list(clips(data))
    for label, snr_db in (("clean", None), ("10 dB", 10.0), ("0 dB", 0.0), ("5 dB", 5.0), ("20 dB", 20.0)):
        figures: dict[str, list[float]] = {}
        for n, clip in enumerate(known):
            if "mu-law" in clip.path and snr_db not in (None, 10.0):
                continue
            noise = noises[n % len(noises)]
            heard = clip.speech if snr_db is None else mixed(clip.speech.samples, noise, snr_db=snr_db, seed=n)
            began = time.perf_counter()
            short = (await whisper().transcribe(heard, lang=clip.lang)).text
            middle = time.perf_counter()
            own = faster_whispers_own(heard, lang=clip.lang)
            ended = time.perf_counter()
            group = f"{'Chinese' if clip.lang == 'zh' else 'English'}{', telephone' if '8' in clip.path else ''}"
            row = figures.setdefault(group, [0, 0, 0, 0, 0, 0])
            errors = clip.errors(short), clip.errors(own)
            said = len(words_of(clip.spaced(clip.text)))
            for at, more in enumerate((1, said, *errors, middle - began, ended - middle)):
                row[at] += more
            if verbose and errors[0] > errors[1]:
                print(f"worse: {label} {clip.path}: {errors} {clip.text!r} {short!r} {own!r}", file=sys.stderr)
        figures["all"] = [sum(column) for column in zip(*figures.values(), strict=True)]
        print(f"{label}: {figures}", file=sys.stderr)
        for group, (count, said, short_errors, own_errors, short_s, own_s) in figures.items():
            table.add_row(
                label, group, f"{count:.0f} clips, {said:.0f} words or characters",
                f"{short_errors:.0f} = {100 * short_errors / said:.1f} % in {1000 * short_s / count:.0f} ms",
                f"{own_errors:.0f} = {100 * own_errors / said:.1f} % in {1000 * own_s / count:.0f} ms",
            )  # fmt: skip


def faster_whispers_own(speech: Speech, *, lang: str) -> str:
    segments, _ = whisper().pool._model.transcribe(
        speech.samples, language=lang, beam_size=5, initial_prompt=PROMPT.get(lang)
    )
    return " ".join(segment.text for segment in segments)


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


async def main(data: Path, *, is_there: bool, only_words: bool, verbose: bool) -> None:
    console = Console(width=120)
    console.print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} CPUs, weights in {CACHE}")
    floor = Pyttsx3Synthesizer()
    try:
        if only_words:
            await whisper().warm()
            table = Table("noise", "speech", "of", "short window", "faster-whisper's transcribe()")
            await word_error_rates(table, data, verbose=verbose)
            console.print(table)
            return
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
    table = Table("noise", "speech", "of", "short window", "faster-whisper's transcribe()")
    await word_error_rates(table, data, verbose=verbose)
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--words", action="store_true", help="word errors alone")
    parser.add_argument("--verbose", action="store_true", help="name the clips in which the short window is worse")
    chosen = parser.parse_args()
    is_there = (chosen.data / "audio/manifest.jsonl").is_file()
    asyncio.run(main(chosen.data, is_there=is_there, only_words=chosen.words, verbose=chosen.verbose))
