"""The real voice activity model, streamed."""

import numpy as np
import pytest

from tests.real_engines import RECORDINGS
from voice.endpointing import Ended, Paused, Started
from voice.hearing import Hearing
from voice.vad import WINDOW, SileroVad, load_silero
from voice.wires.recording import read_recording


def hear(name: str, frame: int = 320) -> list[Started | Paused | Ended]:
    hearing = Hearing(vad=SileroVad(load_silero()))
    samples = np.concatenate([read_recording(RECORDINGS / name).samples, np.zeros(24_000, np.float32)])
    return [event for at in range(0, len(samples), frame) for event in hearing.hear(samples[at : at + frame])]


def test_a_sentence_is_one_utterance_with_its_first_and_last_word() -> None:
    started, *paused, ended = hear("order_status.wav")
    assert isinstance(started, Started)
    assert all(isinstance(pause, Paused) for pause in paused)
    assert isinstance(ended, Ended)
    assert ended.from_ms < 150
    assert 1700 < ended.to_ms < 2050


@pytest.mark.parametrize("name", ["noise_engine.wav", "noise_room.wav"])
def test_noise_is_not_speech(name: str) -> None:
    assert hear(name) == []


def test_what_is_heard_does_not_depend_on_the_frames() -> None:
    assert hear("jfk.wav", frame=320) == hear("jfk.wav", frame=1111)


def test_speech_can_be_cut_out_again_to_the_millisecond() -> None:
    class Deaf:
        def speech_probability(self, window: np.ndarray) -> float:  # noqa: ARG002
            return 0.0

    hearing = Hearing(vad=Deaf())
    samples = np.arange(16_000 * 70, dtype=np.float32)
    hearing.hear(samples)
    speech = hearing.speech(from_ms=50_010, to_ms=50_030)
    assert np.array_equal(speech.samples, samples[50_010 * 16 : 50_030 * 16])
    assert hearing.speech(from_ms=0, to_ms=20_000).from_ms > 9_000, "only the last minute is kept"


def test_a_window_is_32_ms() -> None:
    assert SileroVad(load_silero()).speech_probability(np.zeros(WINDOW, np.float32)) < 0.2
