"""How Dime speaks and what it hears of speech, with the real engines: `python -m tests.measure.speech [PART...]`.

levels    loudness, peaks, joints and rate of every voice over twenty sentences
heard     demo answers spoken and transcribed again: word and character errors, with the worst
names     product names with and without the vocabulary, over a telephone line
dictated  order numbers, addresses and postcodes, as Whisper writes them
shared    eight calls asking every 10 s: one worker with two threads against two workers with one
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Coroutine
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from rich.console import Console
from rich.table import Table
from scipy.signal import lfilter

from agent.acting.spoken import digits_only, email_by_ear, spelled
from knowledge.matching.folding import simplified
from knowledge.reading.documents import read_document
from knowledge.weights import find
from tests.measure.voice import over_a_telephone
from tests.real_engines import CACHE, RECORDINGS, kokoro, mixed, piper, whisper, word_errors, words_of
from voice.audio import PER_MS, RATE_HZ, Samples, Speech, silence
from voice.floor import Pyttsx3Synthesizer
from voice.speakable import speakable
from voice.synthesizer import Synthesizer, Voices
from voice.weights import WHISPER
from voice.whisper import WhisperTranscriber
from voice.wires.recording import read_recording
from web.bench.machine import machine
from web.calling.vocabulary import vocabulary_of

DEMO = Path(__file__).parents[2] / "knowledge" / "demo"
NAMED = {
    "en": [
        "How do I get more Finch Points?",
        "What does the Finch Care Plan cover?",
        "Is your store on Ballard Mill Avenue open?",
        "Do you deliver to Boise and Sacramento?",
        "Can I pay with Amex or Apple Pay?",
    ],
    "zh": ["可以用PayPal付款吗？", "你们收Google Pay吗？"],
}
DICTATED = {
    "en": [
        ("order", "10044", "One zero zero four four."),
        ("order", "10044", "It's one oh oh double four."),
        ("order", "10044", "My order number is ten oh forty-four."),
        ("order", "AF-10044", "A F dash one zero zero four four."),
        ("order", "20317", "Two zero three one seven."),
        ("order", "88215", "Double eight two one five."),
        ("email", "jane.doe@example.com", "jane dot doe at example dot com."),
        ("email", "sam_lee@example.org", "It's sam underscore lee at example dot org."),
        ("email", "jane@example.com", "J A N E at example dot com."),
        ("postcode", "97205", "Nine seven two oh five."),
        ("postcode", "60614", "Six zero six one four."),
        ("postcode", "SW1A1AA", "S W one A, one A A."),
        ("phone", "5035550123", "Five oh three, five five five, oh one two three."),
    ],
    "zh": [
        ("order", "10044", "一零零四四。"),
        ("order", "10044", "订单号是幺零零四四。"),
        ("order", "20317", "二零三一七。"),
        ("postcode", "97205", "九七二零五。"),
        ("phone", "13800138000", "幺三八，零零幺三，八零零零。"),
    ],
}


async def levels(console: Console, voices: dict[str, tuple[str, Synthesizer]]) -> None:
    table = Table("voice", "loudness LUFS, least to most", "spread dB", "true peak dBFS", "largest step at a joint",
                  "pauses ms: sentence, clause", "a minute")  # fmt: skip
    for name, (lang, voice) in voices.items():
        loud, peaks, paces, pieces = [], [], [], []
        for sentence in sentences(lang)[:20]:
            samples = (await voice.speak(sentence, lang=lang)).samples
            pieces.append((sentence, samples))
            loud.append(loudness(samples))
            peaks.append(true_peak_dbfs(samples))
            units = len(simplified(sentence)) if lang == "zh" else len(words_of(speakable(sentence, lang=lang)))
            paces.append(units / (len(samples) / RATE_HZ) * 60)
        step = max(abs(float(after[1][0] - before[1][-1])) for before, after in pairwise(pieces))
        pauses = [pause_ms(pieces, mark) for mark in (".!?。！？", ",;:，；：、")]
        print(f"{name}: {min(loud):.1f} to {max(loud):.1f} LUFS, {max(peaks):.1f} dBFS, {pauses} ms", file=sys.stderr)
        table.add_row(
            name, f"{min(loud):.1f} to {max(loud):.1f}", f"{max(loud) - min(loud):.1f}", f"{max(peaks):.1f}",
            f"{step:.4f}", ", ".join("-" if pause is None else f"{pause:.0f}" for pause in pauses),
            f"{statistics.median(paces):.0f} {'characters' if lang == 'zh' else 'words'}",
        )  # fmt: skip
    console.print(table)


def pause_ms(pieces: list[tuple[str, Samples]], marks: str) -> float | None:
    """Silence (below -40 dBFS) across the joint after a piece that ends so."""
    found = []
    for (text, samples), (_, after) in pairwise(pieces):
        if text.strip()[-1:] in marks:
            quiet = np.abs(np.concatenate([samples, after])) < 0.01
            joint = len(samples)
            before = int(np.argmin(quiet[:joint][::-1])) if not quiet[:joint].all() else joint
            behind = int(np.argmin(quiet[joint:]))
            found.append((before + behind) / PER_MS)
    return statistics.median(found) if found else None


def loudness(samples: Samples) -> float:
    """Integrated loudness as ITU-R BS.1770-4 measures it, gated, at 48 kHz."""
    sound = soxr.resample(samples, RATE_HZ, 48_000)
    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
    rumble = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    weighted = lfilter(*rumble, lfilter(*shelf, sound))
    block, hop = 19_200, 4_800
    powers = np.array(
        [np.mean(weighted[at : at + block] ** 2) for at in range(0, max(1, len(weighted) - block + 1), hop)]
    )
    heard = powers[powers > 10 ** ((-70 + 0.691) / 10)]
    heard = heard[heard > np.mean(heard) / 10]
    return float(-0.691 + 10 * np.log10(np.mean(heard)))


def true_peak_dbfs(samples: Samples) -> float:
    """Between the samples too: four times as many."""
    return float(20 * np.log10(np.max(np.abs(soxr.resample(samples, RATE_HZ, 4 * RATE_HZ)))))


def sentences(lang: str) -> list[str]:
    from agent.models.clauses import clauses

    return [clause.strip() for answer in answers(lang) for clause in clauses(answer)][::3]


def answers(lang: str) -> list[str]:
    return [entry.answer for entry in read_document(DEMO / f"{lang}.csv").entries if entry.answer]


async def heard(console: Console, voices: dict[str, tuple[str, Synthesizer]], *, count: int) -> None:
    table = Table("voice", "answers", "wrong of", "errors")
    for name, (lang, voice) in voices.items():
        if name.startswith("pyttsx3 zh"):
            continue
        errors, said_count, worst = 0, 0, []
        chosen = answers(lang)
        for answer in chosen[:: max(1, len(chosen) // count)][:count]:
            samples = (await voice.speak(answer, lang=lang)).samples
            transcript = await whisper().transcribe(Speech(samples), lang=lang)
            said, written = (spaced(text, lang) for text in (answer, transcript.text))
            wrong = word_errors(said, written)
            errors, said_count = errors + wrong, said_count + len(words_of(said))
            worst.append((wrong / len(words_of(said)), answer, transcript.text))
        table.add_row(name, str(count), str(said_count), f"{errors} = {100 * errors / said_count:.1f} %")
        for share, answer, text in sorted(worst, reverse=True)[:4]:
            print(
                f"{name} {100 * share:.0f} %\n  said  {speakable(answer, lang=lang)}\n  heard {text}", file=sys.stderr
            )
    console.print(table)


def spaced(text: str, lang: str) -> str:
    said = speakable(text, lang=lang)
    return " ".join(simplified(said)) if lang == "zh" else said.replace("-", " ")


async def names(console: Console, voices: dict[str, tuple[str, Synthesizer]]) -> None:
    """Also that a vocabulary puts no words into silence and noise."""
    table = Table("speech", "said", "without", "with the vocabulary")
    engine = whisper()
    noise = read_recording(RECORDINGS / "noise_room.wav").samples
    try:
        for lang, asked in NAMED.items():
            entries = read_document(DEMO / f"{lang}.csv").entries
            known = {lang: vocabulary_of(entries, lang=lang)}
            console.print(f"{lang}: {known[lang]}")
            voice = next(voice for its_lang, voice in voices.values() if its_lang == lang)
            for sentence in asked:
                said = over_a_telephone(Speech((await voice.speak(sentence, lang=lang)).samples))
                for label, speech in ((lang, said), (f"{lang} 10 dB", mixed(said.samples, noise, snr_db=10))):
                    row = []
                    for vocabulary in ({}, known):
                        engine.vocabulary = vocabulary
                        row.append((await engine.transcribe(speech, lang=lang)).text)
                    table.add_row(label, sentence, *row)
            for label, speech in (("silence", Speech(silence(3000))), ("noise", Speech(noise[: 5 * RATE_HZ]))):
                row = []
                for vocabulary in ({}, known):
                    engine.vocabulary = vocabulary
                    row.append(repr((await engine.transcribe(speech, lang=lang)).text))
                table.add_row(lang, label, *row)
    finally:
        engine.vocabulary = {}
    console.print(table)


async def dictated(console: Console, voices: dict[str, tuple[str, Synthesizer]]) -> None:
    table = Table("what", "wanted", "said", "heard", "read")
    read: dict[str, Callable[[str], str | None]] = {
        "order": digits_only, "email": email_by_ear, "postcode": lambda text: digits_only(text) or spelled(text),
        "phone": digits_only,
    }  # fmt: skip
    right = 0
    rows = [(lang, *row) for lang, said in DICTATED.items() for row in said]
    for lang, what, wanted, sentence in rows:
        voice = next(voice for its_lang, voice in voices.values() if its_lang == lang)
        speech = over_a_telephone(Speech((await voice.speak(sentence, lang=lang)).samples))
        text = (await whisper().transcribe(speech, lang=lang)).text
        got = read[what](text)
        is_right = (got or "").lower() == wanted.lower().removeprefix("af-")
        right += is_right
        table.add_row(what, wanted, sentence, text, str(got) + ("" if is_right else " (wrong)"))
    console.print(table)
    console.print(f"{right} of {len(rows)} read as they were meant")


async def shared(console: Console, *, calls: int, rounds: int) -> None:
    """Every call asks at its own moment within 10 s; interleaved, since the machine's load changes."""
    speech = read_recording(RECORDINGS / "order_status.wav")
    engines = {
        "1 worker, 2 threads": WhisperTranscriber(str(find(WHISPER, CACHE)), threads=2, patience_s=120),
        "2 workers, 1 thread": WhisperTranscriber(str(find(WHISPER, CACHE)), threads=1, workers=2, patience_s=120),
    }
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for engine in engines.values():
        await engine.warm()
    for _ in range(rounds):
        for name, engine in engines.items():
            asked: list[Coroutine[Any, Any, None]] = []
            for call in range(calls):
                # Half evenly spread, half at once in pairs: callers do not agree on who speaks when.
                asked.append(_ask(engine, speech, taken[name], call=call, after_s=10 * (call // 2) / (calls // 2)))
            await asyncio.gather(*asked)
    table = Table(f"{calls} calls, each every 10 s, in pairs", "median ms", "p95 ms", "n")
    for name, times in taken.items():
        ordered = sorted(times)
        table.add_row(
            name, f"{statistics.median(ordered):.0f}", f"{ordered[int(0.95 * (len(ordered) - 1))]:.0f}", str(len(times))
        )
    console.print(table)


async def _ask(engine: WhisperTranscriber, speech: Speech, taken: list[float], *, call: int, after_s: float) -> None:
    await asyncio.sleep(after_s)
    began = time.perf_counter()
    await engine.transcribe(speech, lang="en", call=call)
    taken.append((time.perf_counter() - began) * 1000)


async def main(parts: list[str], *, count: int, rounds: int) -> None:
    console = Console(width=160)
    console.print(machine())
    floor = Pyttsx3Synthesizer()
    voices: dict[str, tuple[str, Synthesizer]] = {
        "piper en": ("en", Voices({"en": piper()}, floor=floor, patience_s=60)),
        "kokoro zh": ("zh", Voices({"zh": kokoro()}, floor=floor, patience_s=60)),
        "pyttsx3 en": ("en", Voices({}, floor=floor)),
        "pyttsx3 zh": ("zh", Voices({}, floor=floor)),
    }
    try:
        if "levels" in parts:
            await levels(console, voices)
        if "names" in parts:
            await names(console, voices)
        if "dictated" in parts:
            await dictated(console, voices)
        if "shared" in parts:
            await shared(console, calls=8, rounds=rounds)
        if "heard" in parts:
            await heard(console, voices, count=count)
    finally:
        await floor.close()


if __name__ == "__main__":
    everything = ["levels", "heard", "names", "dictated", "shared"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(everything))
    parser.add_argument("--count", type=int, default=40, help="answers of each language")
    parser.add_argument("--rounds", type=int, default=13, help="of 10 s for each way of sharing")
    wanted = parser.parse_args()
    if unknown := set(wanted.parts) - set(everything):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    asyncio.run(main(wanted.parts or everything, count=wanted.count, rounds=wanted.rounds))
