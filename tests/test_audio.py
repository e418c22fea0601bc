"""Sound in and out: rates, levels, edges, codecs and recordings that are none."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import (
    PER_MS,
    RATE_HZ,
    UnreadableRecording,
    faded,
    first_audible,
    level_dbfs,
    silence,
    trimmed,
)  # fmt: skip
from voice.codecs import Decoder, Encoding, decode, encode
from voice.resampler import Resampler
from voice.wires.recording import read_recording, write_recording

RECORDINGS = Path(__file__).parent / "recordings"


def tone(ms: float, hz: float = 440, amplitude: float = 0.5, rate_hz: int = RATE_HZ) -> np.ndarray:
    t = np.arange(round(ms * rate_hz / 1000)) / rate_hz
    return (np.sin(2 * np.pi * hz * t) * amplitude).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 44_100, 48_000])
def test_a_recording_at_any_usual_rate_is_the_same_sound(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "in.wav", tone(1000, rate_hz=rate_hz), rate_hz)
    speech = read_recording(tmp_path / "in.wav")
    assert speech.duration_ms == pytest.approx(1000, abs=1)
    assert level_dbfs(speech.samples) == pytest.approx(level_dbfs(tone(1000)), abs=0.5)


def test_a_channel_can_be_chosen_and_must_be_there(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.wav", np.stack([tone(500), silence(500)], axis=1), RATE_HZ)
    assert level_dbfs(read_recording(tmp_path / "in.wav", channel=1).samples) < -90
    assert level_dbfs(read_recording(tmp_path / "in.wav", channel=0).samples) > -12
    with pytest.raises(UnreadableRecording, match="no channel 2"):
        read_recording(tmp_path / "in.wav", channel=2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"hello, this is a letter " * 40, "not a sound file"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 4000, "not a sound file"),
        (b"RIFF\x24\0\0\0WAVE", "not a sound file"),
    ],
)
def test_what_is_no_recording_is_said_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "in.wav").write_bytes(content)
    with pytest.raises(UnreadableRecording, match=sentence) as error:
        read_recording(tmp_path / "in.wav")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kept", [20, 44, 100, 20_001])
def test_a_truncated_wav_is_refused(tmp_path: Path, kept: int) -> None:
    whole = (RECORDINGS / "jfk.wav").read_bytes()
    (tmp_path / "in.wav").write_bytes(whole[:kept])
    with pytest.raises(UnreadableRecording):
        read_recording(tmp_path / "in.wav")


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording, match="is not there"):
        read_recording(tmp_path / "nowhere.wav")


def test_both_sides_of_a_call_are_written_on_one_timeline(tmp_path: Path) -> None:
    write_recording(tmp_path / "out.wav", caller=tone(300), agent=tone(900))
    both, rate_hz = soundfile.read(tmp_path / "out.wav")
    assert (rate_hz, both.shape) == (RATE_HZ, (900 * PER_MS, 2))


@pytest.mark.parametrize("encoding", ["mulaw", "alaw", "s16le"])
def test_telephone_codecs_keep_a_voice(encoding: Encoding) -> None:
    sound = tone(200, amplitude=0.3)
    error = decode(encode(sound, encoding), encoding) - sound
    assert level_dbfs(sound) - level_dbfs(error) > 33


def test_known_values_of_g711() -> None:
    assert encode(np.zeros(1, np.float32), "mulaw") == b"\xff"
    assert decode(b"\x80\x00", "mulaw").tolist() == pytest.approx([32124 / 32768, -32124 / 32768])
    assert decode(b"\xd5\x55\xaa\x2a", "alaw").tolist() == pytest.approx(np.array([8, -8, 32256, -32256]) / 32768)


@given(st.binary(max_size=400), st.sampled_from(["mulaw", "alaw", "s16le"]))
def test_every_byte_survives_decoding_and_encoding(payload: bytes, encoding: Encoding) -> None:
    once = decode(payload, encoding)
    assert np.array_equal(decode(encode(once, encoding), encoding), once)


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_odd_cuts_lose_no_sample(payload: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(payload), *(cut for cut in cuts if cut < len(payload))})
    decoder = Decoder("s16le")
    parts = [decoder.decode(payload[a:b]) for a, b in pairwise(edges)]
    whole = decode(payload, "s16le")
    assert np.array_equal(np.concatenate(parts) if parts else whole, whole)


RATES = [(8_000, 16_000), (16_000, 8_000), (24_000, 16_000), (48_000, 16_000), (44_100, 16_000), (16_000, 16_000)]


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_streamed_resampling_keeps_the_sound_and_holds_nothing_back(from_hz: int, to_hz: int) -> None:
    sound, frame = tone(1000, hz=100, rate_hz=from_hz), from_hz // 50
    stream = Resampler(from_hz=from_hz, to_hz=to_hz)
    parts = [stream.convert(sound[at : at + frame]) for at in range(0, len(sound), frame)]
    assert all(len(part) == to_hz // 50 for part in parts)
    out, whole = np.concatenate(parts), tone(1000, hz=100, rate_hz=to_hz)
    lag = int(np.argmax(np.correlate(out, whole[: to_hz // 10], "valid")[: to_hz // 200]))
    assert lag * 1000 / to_hz < 2.5
    assert level_dbfs(out[lag : lag + to_hz // 2] - whole[: to_hz // 2]) < level_dbfs(whole) - 15


def test_what_a_telephone_cannot_carry_does_not_fold_back() -> None:
    folded = Resampler(from_hz=16_000, to_hz=8_000).convert(tone(500, hz=5_000))
    assert level_dbfs(folded[400:]) < -50


@given(st.lists(st.integers(0, 700), min_size=1, max_size=20), st.sampled_from(RATES))
def test_resampling_does_not_depend_on_the_frames(frames: list[int], rates: tuple[int, int]) -> None:
    sound = np.random.default_rng(1).standard_normal(sum(frames)).astype(np.float32)
    cut, whole = (Resampler(from_hz=rates[0], to_hz=rates[1]) for _ in range(2))
    edges = np.cumsum([0, *frames])
    parts = [cut.convert(sound[a:b]) for a, b in pairwise(edges)]
    assert np.allclose(np.concatenate(parts), whole.convert(sound), atol=1e-5)


def test_an_engines_leading_silence_is_cut_and_a_breath_is_left_behind() -> None:
    sound = np.concatenate([silence(400), tone(300), silence(900)])
    cut = trimmed(sound)
    assert (first_audible(cut) or 0) / PER_MS < 12
    assert len(cut) / PER_MS == pytest.approx(300 + 10 + 150, abs=3)
    assert len(trimmed(silence(300))) == 0


def test_edges_are_ramped_so_that_joints_do_not_click() -> None:
    piece = faded(tone(100, hz=333, amplitude=0.9) + 0.1)
    assert abs(piece[0]) < 0.001
    assert abs(piece[-1]) < 0.001
