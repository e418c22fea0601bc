import numpy as np

from tests.measure.call_figures import clipped, edge_step, pauses_ms, soundings, speech_dbfs
from voice.audio import RATE_HZ, Samples, silence


def tone(seconds: float, *, peak: float = 0.5) -> Samples:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (peak * np.sin(2 * np.pi * 200 * at)).astype(np.float32)


def test_pauses_are_found_with_their_place() -> None:
    line = np.concatenate([tone(1), silence(400), tone(1), silence(150), tone(1)])
    (longest_ms, after_s), (second_ms, _) = pauses_ms(line)
    assert (round(longest_ms / 10), round(after_s, 1), round(second_ms / 10)) == (40, 1.0, 15)


def test_short_pause_does_not_end_a_sounding() -> None:
    line = np.concatenate([silence(500), tone(1), silence(100), tone(1), silence(900), tone(0.5)])
    assert [round(one.begins_s, 1) for one in soundings(line, pause_ms=300)] == [0.5, 3.5]


def test_level_leaves_silence_out() -> None:
    assert abs(speech_dbfs(np.concatenate([silence(3_000), tone(1)])) - -9.0) < 0.2


def test_click_where_a_clause_is_cut_off_is_found_at_its_place() -> None:
    cut_off = tone(1)[: RATE_HZ - 20]  # at its peak
    smooth = np.concatenate([silence(100), tone(1), silence(100)])
    step, at_s = edge_step(np.concatenate([silence(100), cut_off, silence(100)]))
    assert step > 0.45
    assert abs(at_s - 1.1) < 0.01
    assert edge_step(smooth)[0] < 0.05


def test_clipped_samples_are_counted() -> None:
    assert clipped(np.clip(tone(1, peak=1.5), -1, 1)) > 100
    assert clipped(tone(1)) == 0
