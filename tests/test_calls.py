"""Whole calls as `dime call` holds them: real ears, the real agent on the demo knowledge, a real voice, real books."""

import asyncio
import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
import soundfile

from agent.telling.phrases import phrase
from agent.turn import Turn, Who
from tests.conftest import ROOT, environment, run_dime
from tests.real_engines import CACHE, RECORDINGS, piper
from tests.unhurried import hold_unhurried
from voice.audio import PER_MS, RATE_HZ, Samples, Speech, first_audible, level_dbfs, resampled, silence
from voice.codecs import Encoding, decode, encode
from voice.wires.recording import read_recording
from web.assembly import assemble, seed_demo
from web.calling.calls import PhoneCall, engines_of, taught
from web.services import Services
from web.settings import Settings

pytestmark = pytest.mark.real

LEAD_MS = 500
TRAIL_MS = 1_500
DEMO = ROOT / "knowledge" / "demo" / "en.csv"
NOISES = ("noise_room.wav", "noise_engine.wav")
"""Apache-2.0 and MIT, see tests/recordings/LICENCES.md."""
SOFA = "How long do I have to return a sofa?"


def shop(home: Path) -> Services:
    """The demo company's services on a home of their own."""
    services = assemble(Settings(home=home, cache=CACHE))
    seed_demo(services)
    return services


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With the demo knowledge, so that nothing needs saying about it on stderr."""
    shop(tmp_path / "home").engine.dispose()
    return tmp_path / "home"


def spoken(question: str) -> Samples:
    return asyncio.run(piper().speak(question, lang="en")).samples


def on_a_line(speech: Samples) -> Samples:
    """As a caller says it: a breath before, and then waiting."""
    return np.concatenate([silence(LEAD_MS), speech, silence(TRAIL_MS)])


def over_noise(speech: Samples, noise: Samples, *, snr_db: float) -> Samples:
    """The noise goes on while nobody speaks; the ratio counts the speech alone."""
    line = on_a_line(speech)
    gain = 10 ** ((level_dbfs(speech) - snr_db - level_dbfs(noise)) / 20)
    return (line + np.resize(noise, len(line)) * gain).astype(np.float32)


def test_speech_that_is_no_question_of_ours_is_unknown_and_leaves_a_gap(home: Path) -> None:
    called = run_dime("call", str(RECORDINGS / "jfk.wav"), "--fast", "--json", home=home)
    assert called.returncode == 0, called.stderr
    turns = json.loads(called.stdout)["turns"]
    assert "ask what you can do for your country" in " ".join(turn["heard"] for turn in turns)
    answers = [(turn["action"], turn["source"], turn["answer"]) for turn in turns]
    assert answers[0] == ("unknown", None, phrase("unknown", lang="en"))
    assert all(action in ("unknown", "handoff") and source is None for action, source, _ in answers)
    gaps = json.loads(run_dime("knowledge", "gaps", "--json", home=home).stdout)["gaps"]
    assert {gap["question"] for gap in gaps} == {turn["heard"] for turn in turns}


def test_recording_in_which_nobody_speaks_is_a_call_without_turns_and_says_so(home: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", silence(3_000), RATE_HZ)
    called = run_dime("call", str(tmp_path / "silent.wav"), "--fast", "--json", home=home)
    assert called.returncode == 0
    assert json.loads(called.stdout)["turns"] == []
    assert called.stderr.splitlines() == ["Nobody says anything in this recording."]


@pytest.mark.parametrize("name", ["cut_off.wav", "nothing.wav", "letter.mp4"])
def test_what_cannot_be_heard_is_one_sentence_and_exit_code_1(name: str, home: Path, tmp_path: Path) -> None:
    whole = (RECORDINGS / "order_status.wav").read_bytes()
    (tmp_path / "cut_off.wav").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "nothing.wav").write_bytes(b"")
    (tmp_path / "letter.mp4").write_text("Dear shop, this is a letter and no film.\n")
    called = run_dime("call", str(tmp_path / name), "--fast", "--json", home=home)
    assert called.returncode == 1
    assert called.stdout == ""
    (sentence,) = called.stderr.splitlines()
    assert sentence.startswith("dime: ")
    assert name in sentence


@pytest.mark.soak
def test_written_call_has_the_caller_left_and_dime_right_only_from_the_answer_on(home: Path, tmp_path: Path) -> None:
    question = on_a_line(spoken(SOFA))
    soundfile.write(tmp_path / "in.wav", question, RATE_HZ)
    called = run_dime("call", str(tmp_path / "in.wav"), "-o", str(tmp_path / "out.wav"), "--fast", "--json", home=home)
    assert called.returncode == 0, called.stderr
    (turn,) = json.loads(called.stdout)["turns"]
    assert turn["source"]["id"] == "returns-sofa"
    both, rate_hz = soundfile.read(tmp_path / "out.wav", dtype="float32")
    assert (both.shape[1], rate_hz) == (2, RATE_HZ)
    assert level_dbfs(both[: len(question), 0]) == pytest.approx(level_dbfs(question), abs=0.5)
    asked_until = len(question) - TRAIL_MS * PER_MS
    assert level_dbfs(both[:asked_until, 1]) < -90
    answers_at = first_audible(both[:, 1])
    assert answers_at is not None
    assert answers_at > asked_until
    assert level_dbfs(both[answers_at : answers_at + 1_000 * PER_MS, 1]) > -35


@pytest.mark.parametrize(
    ("encoding", "rate_hz"),
    [
        ("mulaw", 8_000),
        pytest.param("alaw", 8_000, marks=pytest.mark.soak),
        pytest.param("s16le", 16_000, marks=pytest.mark.soak),
    ],
)
def test_question_through_a_pipe_is_answered_through_it(encoding: Encoding, rate_hz: int, home: Path) -> None:
    question = on_a_line(spoken(SOFA))
    asked = encode(resampled(question, from_hz=RATE_HZ, to_hz=rate_hz), encoding)
    called = subprocess.run(
        [sys.executable, "-m", "web.cli", "call", "-", "--json", "--encoding", encoding, "--rate", str(rate_hz)],
        input=asked, env=environment(home), capture_output=True, timeout=120, check=False, cwd=ROOT,
    )  # fmt: skip
    assert called.returncode == 0, called.stderr.decode()
    told = [line for line in called.stderr.decode().splitlines() if line.startswith("{")]  # a busy engine is logged
    (turn,) = map(json.loads, told)
    assert turn["source"]["id"] == "returns-sofa"
    assert "30 days" in turn["answer"].replace("\u00a0", " ")
    heard = decode(called.stdout, encoding)
    asked_until = (len(question) // PER_MS - TRAIL_MS) * rate_hz // 1000
    assert level_dbfs(heard[:asked_until]) < -40
    assert level_dbfs(heard[asked_until:]) > -40


@dataclass(frozen=True)
class Told:
    """One spoken question, and the turns it became."""

    question: str
    expected: str
    turns: list[Turn]

    @property
    def is_right(self) -> bool:
        return [turn.source.id if turn.source else None for turn in self.turns] == [self.expected]

    def __str__(self) -> str:
        turns = [(t.question, t.action, t.confidence and round(t.confidence, 2), t.nearest) for t in self.turns]
        return f"{self.expected}: {self.question!r} became {turns}"


def test_eight_of_ten_spoken_questions_over_noise_are_answered_from_the_right_entry(tmp_path: Path) -> None:
    rows = list(csv.DictReader(DEMO.open(encoding="utf-8")))[::8][:10]  # ten of the demo's questions, over all topics
    noises = [read_recording(RECORDINGS / name).samples for name in NOISES]
    services = shop(tmp_path / "home")
    services.index.build()

    async def story() -> list[Told]:
        engines = await taught(services, engines_of(services))
        await engines.warm("en")
        told = []
        for row, noise in zip(rows, cycle(noises), strict=False):
            speech = (await engines.voice.speak(row["question"], lang="en")).samples
            recording = Speech(over_noise(speech, noise, snr_db=10))
            async with PhoneCall(services, engines, who=Who("phone"), lang="en") as phone:
                held = await hold_unhurried(phone.call, recording)
            told.append(Told(row["question"], row["id"], [done.turn for done in held.turns]))
        await engines.close()
        return told

    told = asyncio.run(story())
    assert len(told) == 10
    wrong = [str(call) for call in told if not call.is_right]
    assert len(wrong) <= 2, "\n".join([f"{10 - len(wrong)} of 10 answered rightly:", *wrong])
