"""Ten callers: what they say and when, in voices of ours, and the noises they make. Nothing is anybody's recording."""

from dataclasses import dataclass

import numpy as np

from agent.telling.phrases import Phrase
from voice.audio import PER_MS, RATE_HZ, Samples
from web.bench.caller import LINE_HZ


@dataclass(frozen=True)
class Say:
    words: str


@dataclass(frozen=True)
class Sound:
    """No words: `mhm` is spoken, a `cough` is made."""

    name: str


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Listen:
    """Until so much of our answer has been heard."""

    seconds: float
    patience_s: float = 15.0


@dataclass(frozen=True)
class HearOut:
    """Until the answer is over."""

    quiet_s: float = 1.5


Step = Say | Sound | Pause | Listen | HearOut


@dataclass(frozen=True)
class Story:
    name: str
    title: str
    script: tuple[Step, ...]
    lang: str | None = None
    """Announced before the call, as a dialplan does; None: found in the first words."""
    noise_db: float | None = None
    """How far below the caller's speech the room's noise is."""
    prompts: tuple[Phrase, ...] = ("greeting",)
    """What we say before the first turn."""


SOFA = "How long do I have to return a sofa?"
STORIES = (
    Story("01-question", "1 · A plain question", (Say(SOFA), HearOut())),
    Story("02-chinese", "2 · A plain question in Chinese", (Say("沙发可以退货吗?"), HearOut(quiet_s=4.0)), lang="zh"),
    Story(
        "03-thinking",
        "3 · A question with a thinking pause of 0.8 s",
        (Say("How long do I have"), Pause(0.8), Say("to return a sofa?"), HearOut()),
    ),
    Story(
        "04-barge-in",
        "4 · The caller speaks over the answer",
        (Say(SOFA), Listen(3.0), Say("And how much does assembly cost?"), HearOut()),
    ),
    Story("05-mhm", "5 · “Mhm” over the answer", (Say(SOFA), Listen(3.0), Sound("mhm"), HearOut())),
    Story("06-cough", "6 · A cough over the answer", (Say(SOFA), Listen(3.0), Sound("cough"), HearOut())),
    Story(
        "07-order-number",
        "7 · An order number, dictated slowly",
        (
            Say("Where is my order?"), HearOut(),
            Say("One."), Pause(0.7), Say("zero"), Pause(0.7), Say("zero"), Pause(0.9), Say("four"), Pause(0.7),
            Say("two."), HearOut(),
            Say("anna dot lee at example dot com."), HearOut(),
        ),
    ),
    Story("08-noise", "8 · A question in room noise at 10 dB", (Say(SOFA), HearOut()), noise_db=10.0),
    Story(
        "09-silence",
        "9 · Silence, then a question",
        (Listen(1.2, patience_s=20.0), Pause(0.8), Say("Can I pay in installments?"), HearOut()),
        prompts=("greeting", "still_there"),
    ),
    Story(
        "10-call-back",
        "10 · A person is wanted while nobody is there: a call-back",
        (
            Say("I would like to speak to a person, please."), HearOut(),
            Say("five zero three, five five five, zero one eight eight."), HearOut(),
            Say("Tomorrow morning at ten."), HearOut(),
            Say("Yes, that's right."), HearOut(),
        ),
    ),
)  # fmt: skip


def cough() -> Samples:
    """Two bursts of noise through a throat: a sharp onset, a slower fall."""
    chance = np.random.default_rng(6)
    out = np.zeros(620 * PER_MS, np.float32)
    for begin_ms, length_ms, gain in ((0, 260, 0.5), (330, 220, 0.35)):
        at = np.arange(length_ms * PER_MS) / PER_MS
        shape = np.minimum(at / 8, 1) * np.exp(-at / 70)
        spectrum = np.fft.rfft(chance.standard_normal(len(at)))
        hertz = np.fft.rfftfreq(len(at), 1 / RATE_HZ)
        throat = sum(width / (1 + ((hertz - middle) / 250) ** 2) for middle, width in ((600, 1.0), (1500, 0.6)))
        burst = np.fft.irfft(spectrum * throat, len(at)) * shape
        begin = begin_ms * PER_MS
        out[begin : begin + len(at)] += (gain * burst / np.max(np.abs(burst))).astype(np.float32)
    return out


def room(dbfs: float) -> Samples:
    """Ten seconds of a room at the line's rate: noise that falls with frequency, a hum, and some coming and going."""
    count, chance = 10 * LINE_HZ, np.random.default_rng(8)
    spectrum = np.fft.rfft(chance.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / LINE_HZ)
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 100.0)), count)
    at = np.arange(count) / LINE_HZ
    noise = noise / np.std(noise) * (1 + 0.3 * np.sin(2 * np.pi * 0.3 * at)) + 0.3 * np.sin(2 * np.pi * 120 * at)
    return (noise / np.std(noise) * 10 ** (dbfs / 20)).astype(np.float32)
