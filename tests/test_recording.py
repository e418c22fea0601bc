"""What is kept of a call: both sides on one timeline, after the announcement, and never at the call's expense."""

import asyncio
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.conftest import ROOT
from tests.scripted_call import caller
from tests.virtual_time import in_virtual_time
from voice.audio import PER_MS, RATE_HZ, Samples, Speech, level_dbfs
from voice.recording.consent import Consent
from voice.recording.file import RecordingFile, Stereo
from voice.recording.line import RecordedLine, Spoken
from voice.recording.recorder import HELD_BACK, WAITING_AT_MOST, Recorder
from voice.wire import CallEvent, Key, Recorded
from voice.wires.pace import cut

OPENING_MS = 1_000


def tone(ms: float, level: float = 0.2) -> Samples:
    return np.full(round(ms * PER_MS), level, dtype=np.float32)


class AtOnce(Executor):
    """A writer that is never behind."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Stalled(Executor):
    """A disk that takes nothing."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ARG002
        return Future()


@dataclass
class KeptInMemory:
    path: Path
    pieces: list[Stereo] = field(default_factory=list)
    is_closed: bool = False
    full_after: int | None = None

    def append(self, both: Stereo) -> None:
        assert not self.is_closed
        if self.full_after is not None and len(self.pieces) >= self.full_after:
            raise OSError(28, "No space left on device")
        self.pieces.append(both)

    def close(self) -> None:
        self.is_closed = True

    @property
    def both(self) -> Stereo:
        return np.concatenate([np.zeros((0, 2), dtype=np.float32), *self.pieces])


@dataclass
class StoryLine:
    """A caller who says and presses what is written, on a line that keeps `kept_ms` on the way."""

    said: Speech
    keys: dict[int, str] = field(default_factory=dict)
    kept_ms: float = 0.0
    played: list[Samples] = field(default_factory=list)
    told: list[CallEvent] = field(default_factory=list)
    flushed: int = 0

    async def frames(self) -> AsyncIterator[Samples | Key]:
        at_ms = 0
        async for frame in cut(self.said.samples):
            if digit := self.keys.pop(at_ms, None):
                yield Key(digit)
            yield frame
            at_ms += 20
            await asyncio.sleep(0.02)

    async def play(self, samples: Samples) -> None:
        self.played.append(samples)

    def flush(self) -> None:
        self.flushed += 1

    @property
    def unheard_ms(self) -> float:
        return self.kept_ms

    @property
    def begins_at_once(self) -> bool:
        return False

    async def tell(self, event: CallEvent) -> None:
        self.told.append(event)


@dataclass
class Held:
    line: StoryLine
    file: KeptInMemory
    keys: list[str]
    consent: Consent

    @property
    def is_on(self) -> list[bool]:
        return [event.is_on for event in self.line.told if isinstance(event, Recorded)]


def hold(
    line: StoryLine,
    path: Path,
    *,
    is_asked: bool = False,
    says: dict[int, float] | None = None,
    refused_at_ms: int | None = None,
    flushed_at_ms: int | None = None,
    file: KeptInMemory | None = None,
) -> Held:
    """The call says a tone of 400 ms at each of these moments."""
    path.touch()
    file = file or KeptInMemory(path)
    consent = Consent(is_asked=is_asked)
    spoken = Spoken(tone(OPENING_MS, 0.5), tone(300, 0.6), tone(300, 0.7))

    async def story() -> list[str]:
        recorded = RecordedLine(
            line, consent=consent, spoken=spoken, recorder=lambda: Recorder(lambda: file, writer=AtOnce())
        )
        keys, at_ms = [], 0
        async for frame in recorded.frames():
            if isinstance(frame, Key):
                keys.append(frame.digit)
                continue
            if at_ms == refused_at_ms:
                consent.refuse()
            if at_ms == flushed_at_ms:
                recorded.flush()
            level = next((level for began, level in (says or {}).items() if began <= at_ms < began + 400), 0.0)
            await recorded.play(tone(len(frame) / PER_MS, level))
            at_ms += 20
        await recorded.close()
        return keys

    return Held(line, file, in_virtual_time(story()), consent)


def test_nothing_is_kept_before_the_announcement_was_heard(tmp_path: Path) -> None:
    line = StoryLine(caller(("speaks", 900), ("waits", 1_600), ("speaks", 500)))
    held = hold(line, tmp_path / "a.ogg", says={2_000: 0.3})
    assert held.is_on == [True]
    both = held.file.both
    assert len(both) / PER_MS == pytest.approx(3_000 - OPENING_MS, abs=60)
    assert level_dbfs(both[: 900 * PER_MS]) < -90  # not a word of what was said meanwhile, nor the announcement
    assert level_dbfs(both[1_550 * PER_MS :, 0]) > -20
    assert level_dbfs(both[1_050 * PER_MS : 1_350 * PER_MS, 1]) > -15
    assert level_dbfs(both[1_050 * PER_MS : 1_350 * PER_MS, 0]) < -90
    assert held.file.is_closed


def test_an_announcement_that_is_still_on_its_way_has_not_been_heard(tmp_path: Path) -> None:
    held = hold(StoryLine(caller(("waits", 3_000)), kept_ms=500), tmp_path / "a.ogg")
    assert held.is_on == []
    assert held.file.pieces == []


def test_an_answer_that_comes_during_the_announcement_waits_behind_it_whole(tmp_path: Path) -> None:
    held = hold(StoryLine(caller(("waits", 3_000))), tmp_path / "a.ogg", says={600: 0.3})
    heard = np.concatenate(held.line.played)
    assert np.all(heard[: OPENING_MS * PER_MS] == 0.5)
    assert np.all(heard[OPENING_MS * PER_MS : 1_400 * PER_MS] == np.float32(0.3))
    assert not np.any(heard[1_400 * PER_MS :])


def test_a_key_that_says_no_leaves_nothing_and_is_confirmed(tmp_path: Path) -> None:
    line = StoryLine(caller(("waits", 4_000)), keys={3_000: "9"})
    held = hold(line, tmp_path / "a.ogg")
    assert held.is_on == [True, False]
    assert not (tmp_path / "a.ogg").exists()
    assert held.keys == []
    assert np.float32(0.7) in np.concatenate(line.played)


def test_other_keys_are_the_calls(tmp_path: Path) -> None:
    held = hold(StoryLine(caller(("waits", 3_000)), keys={400: "5", 2_000: "#"}), tmp_path / "a.ogg")
    assert held.keys == ["5", "#"]
    assert held.is_on == [True]


def test_who_is_asked_and_says_nothing_is_not_recorded(tmp_path: Path) -> None:
    held = hold(StoryLine(caller(("waits", 5_000))), tmp_path / "a.ogg", is_asked=True)
    assert held.is_on == []
    assert held.file.pieces == []


def test_who_is_asked_and_presses_one_is_recorded_from_then_on(tmp_path: Path) -> None:
    held = hold(StoryLine(caller(("waits", 5_000)), keys={2_000: "1"}), tmp_path / "a.ogg", is_asked=True)
    assert held.is_on == [True]
    assert len(held.file.both) / PER_MS == pytest.approx(3_000, abs=60)


def test_an_objection_at_any_time_deletes_what_there_is(tmp_path: Path) -> None:
    held = hold(StoryLine(caller(("waits", 9_000))), tmp_path / "a.ogg", refused_at_ms=6_000)
    assert held.is_on == [True, False]
    assert held.file.is_closed
    assert not (tmp_path / "a.ogg").exists()


def test_an_objection_in_the_last_moment_before_the_hang_up_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.touch()
    line, file = StoryLine(caller(("waits", 6_000))), KeptInMemory(path)
    spoken = Spoken(tone(OPENING_MS), tone(300), tone(300))
    consent = Consent(is_asked=False)

    async def story() -> None:
        recorded = RecordedLine(
            line, consent=consent, spoken=spoken, recorder=lambda: Recorder(lambda: file, writer=AtOnce())
        )
        async for frame in recorded.frames():
            assert not isinstance(frame, Key)
            await recorded.play(tone(len(frame) / PER_MS, 0.0))
        assert file.pieces
        consent.refuse()
        await recorded.close()

    in_virtual_time(story())
    assert file.is_closed
    assert not path.exists()


def test_an_objection_after_the_recording_failed_deletes_what_was_written(tmp_path: Path) -> None:
    file = KeptInMemory(tmp_path / "a.ogg", full_after=1)
    held = hold(StoryLine(caller(("waits", 9_000))), tmp_path / "a.ogg", file=file, refused_at_ms=8_000)
    assert held.is_on == [True, False]
    assert not (tmp_path / "a.ogg").exists()


def test_what_was_thrown_away_before_it_reached_the_ear_is_not_in_the_file(tmp_path: Path) -> None:
    line = StoryLine(caller(("waits", 4_000)))
    line.kept_ms = 40
    held = hold(line, tmp_path / "a.ogg", says={2_000: 0.3}, flushed_at_ms=2_200)
    assert line.flushed == 1
    dime = held.file.both[:, 1]
    loud = np.flatnonzero(dime[: 1_220 * PER_MS])
    assert (loud[-1] - loud[0]) / PER_MS == pytest.approx(160, abs=1)


def test_a_full_disk_ends_the_recording_and_not_the_call(tmp_path: Path) -> None:
    file = KeptInMemory(tmp_path / "a.ogg", full_after=1)
    line = StoryLine(caller(("waits", 9_000)))
    held = hold(line, tmp_path / "a.ogg", file=file)
    assert held.is_on == [True, False]
    assert len(file.both) == RATE_HZ
    assert len(np.concatenate(line.played)) == 9_000 * PER_MS
    assert (tmp_path / "a.ogg").exists()


def test_a_disk_that_stalls_costs_a_bounded_amount_of_memory() -> None:
    async def story() -> int:
        recorder = Recorder(lambda: KeptInMemory(Path("nowhere.ogg")), writer=Stalled())
        seconds = 0
        while not recorder.is_over:
            recorder.hear(tone(1_000))
            recorder.play(tone(1_000))
            seconds += 1
        assert recorder.has_failed
        await recorder.close()
        return seconds

    assert in_virtual_time(story()) <= WAITING_AT_MOST + 1 + 2 * HELD_BACK / RATE_HZ


def test_file_has_the_caller_left_and_dime_right_and_is_its_owners(tmp_path: Path) -> None:
    file = RecordingFile(tmp_path / "day" / f"a{RecordingFile.SUFFIX}")
    t = np.arange(RATE_HZ) / RATE_HZ
    sides = [np.sin(2 * np.pi * hz * t) * 0.3 for hz in (300, 700)]
    for _ in range(3):
        file.append(np.stack(sides, axis=1).astype(np.float32))
    file.close()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    both, rate_hz = soundfile.read(file.path, dtype="float32")
    assert rate_hz == RATE_HZ
    assert len(both) == pytest.approx(3 * RATE_HZ, abs=400)
    for side, hz in enumerate((300, 700)):
        spectrum = np.abs(np.fft.rfft(both[RATE_HZ : 2 * RATE_HZ, side]))
        assert int(spectrum.argmax()) == hz


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.ogg").write_bytes(b"somebody's")
    with pytest.raises(FileExistsError):
        RecordingFile(tmp_path / "a.ogg")
    assert (tmp_path / "a.ogg").read_bytes() == b"somebody's"


KILLED = """
import os, signal, sys
import numpy as np
from pathlib import Path
from voice.recording.file import RecordingFile
file = RecordingFile(Path(sys.argv[1]))
for _ in range(10):
    file.append(np.full((16000, 2), 0.2, dtype=np.float32) * np.sin(np.arange(16000) / 8)[:, None].astype(np.float32))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.real
def test_a_recording_whose_process_was_killed_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / f"killed{RecordingFile.SUFFIX}"
    died = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False, timeout=60)
    assert died.returncode == -9
    both, _ = soundfile.read(path, dtype="float32")
    assert 8 * RATE_HZ <= len(both) <= 10 * RATE_HZ
    assert level_dbfs(both[:, 0]) > -25
