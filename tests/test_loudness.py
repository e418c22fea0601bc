"""Voices are as loud as each other to an ear, and none is clipped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import RATE_HZ, Samples, silence
from voice.loudness import PEAK_DBFS, TARGET_LUFS, levelled, loudness_lufs, true_peak


def tone(seconds: float, *, hz: float = 997, amplitude: float = 1.0) -> Samples:
    turns = 2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (np.sin(turns) * amplitude).astype(np.float32)


def test_the_standards_own_tone_measures_as_the_standard_says() -> None:
    assert loudness_lufs(tone(3)) == pytest.approx(-3.01, abs=0.1)
    assert loudness_lufs(tone(3, amplitude=0.1)) == pytest.approx(-23.01, abs=0.1)


def test_pauses_do_not_make_a_voice_softer() -> None:
    halting = np.concatenate([tone(1), silence(2000), tone(1)])
    assert loudness_lufs(halting) == pytest.approx(loudness_lufs(tone(2)), abs=1)


@given(st.floats(0.01, 1.0), st.floats(0.05, 2.0), st.sampled_from([150.0, 997.0, 3000.0]))
def test_any_sound_comes_out_as_loud_or_at_its_highest_peak(amplitude: float, seconds: float, hz: float) -> None:
    even = levelled(tone(seconds, hz=hz, amplitude=amplitude))
    peak_dbfs = 20 * np.log10(true_peak(even))
    assert peak_dbfs <= PEAK_DBFS + 0.01
    assert loudness_lufs(even) == pytest.approx(TARGET_LUFS, abs=0.1) or peak_dbfs > PEAK_DBFS - 1.0


def test_a_knock_in_a_soft_voice_is_not_clipped() -> None:
    assert true_peak(levelled(np.r_[tone(1, amplitude=0.02), 1.0].astype(np.float32))) <= 10 ** (PEAK_DBFS / 20) + 1e-6


def test_one_plosive_does_not_make_a_sentence_soft() -> None:
    said = tone(2, amplitude=0.05)
    said[16_000:16_016] = 1.0
    assert loudness_lufs(levelled(said)) == pytest.approx(TARGET_LUFS, abs=1.0)


@pytest.mark.parametrize("samples", [silence(0), silence(500), silence(0.1)])
def test_silence_stays_silence(samples: Samples) -> None:
    assert np.array_equal(levelled(samples), samples)
