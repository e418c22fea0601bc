"""What the ear has heard, and when."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import PER_MS
from voice.playback import Piece, Playback


def sound(ms: float) -> np.ndarray:
    return np.full(round(ms * PER_MS), 0.2, dtype=np.float32)


def test_silence_until_there_is_an_answer_then_the_answer_then_silence() -> None:
    playback = Playback()
    assert not playback.next(320, at_ms=0).any()
    playback.add(Piece("hello", sound(30)))
    playback.complete()
    assert playback.next(320, at_ms=20).all()
    assert playback.next(320, at_ms=40).any()
    assert playback.is_over
    assert playback.answer_began_ms == 20
    assert playback.heard == "hello"


def test_a_piece_that_begins_in_silence_is_heard_from_its_first_sound() -> None:
    playback = Playback()
    playback.add(Piece("hello", np.concatenate([np.zeros(80, np.float32), sound(30)])))
    playback.next(320, at_ms=100)
    assert playback.answer_began_ms == 105


def test_a_held_answer_waits() -> None:
    playback = Playback()
    playback.add(Piece("hello", sound(30)))
    playback.hold()
    assert not playback.next(320, at_ms=0).any()
    assert playback.ahead_ms == 30
    playback.resume()
    assert playback.next(320, at_ms=20).any()


def test_an_answer_that_is_held_falls_silent_and_goes_on_a_little_before_where_it_stopped() -> None:
    playback = Playback()
    playback.add(Piece("hello there", sound(500)))
    playback.next(200 * PER_MS, at_ms=0)
    playback.hold()
    fading = playback.next(20 * PER_MS, at_ms=200)
    assert fading[0] > fading[7 * PER_MS] >= 0
    assert not fading[8 * PER_MS :].any()
    assert not playback.next(320, at_ms=220).any()
    playback.resume()
    assert playback.ahead_ms == 300 + 120
    rising = playback.next(320, at_ms=240)
    assert rising[0] == 0
    assert rising[-1] > 0.1


def test_what_had_not_reached_the_ear_was_not_heard() -> None:
    playback = Playback()
    playback.add(Piece("one two three four five six ", sound(600)))
    playback.next(300 * PER_MS, at_ms=0)
    playback.stop(unheard_ms=200)
    assert playback.heard == "one "


def test_a_line_that_plays_late_takes_whole_clauses_back_but_no_silence_for_sound() -> None:
    playback = Playback()
    playback.add(Piece("One. ", sound(100), announces="News."))
    playback.add(Piece("Two. ", sound(100)))
    playback.next(240 * PER_MS, at_ms=0)
    playback.hold(unheard_ms=200)
    assert (playback.heard, playback.announced, playback.ahead_ms) == ("", [], 160)
    assert not playback.next(320, at_ms=240).any()
    playback.stop(unheard_ms=20)
    assert playback.heard == ""
    later = Playback()
    later.add(Piece("One. ", sound(100)))
    later.next(400 * PER_MS, at_ms=0)
    later.hold(unheard_ms=300)
    assert later.heard == "One. "


def test_an_interrupted_answer_was_heard_up_to_the_last_whole_word() -> None:
    playback = Playback()
    playback.add(Piece("You have thirty days. ", sound(100)))
    playback.add(Piece("The fee is nine dollars.", sound(240)))
    for at in range(0, 220, 20):
        playback.next(320, at_ms=at)
    playback.stop()
    assert playback.heard == "You have thirty days. The fee is "


def test_of_chinese_the_characters_count() -> None:
    playback = Playback()
    playback.add(Piece("您有三十天的时间", sound(160)))
    playback.next(80 * PER_MS, at_ms=0)
    playback.stop()
    assert playback.heard == "您有三十"


def test_stopping_fades_and_is_then_over() -> None:
    playback = Playback()
    playback.add(Piece("hello there", sound(500)))
    playback.next(320, at_ms=0)
    playback.stop()
    out = playback.next(320, at_ms=20)
    assert playback.is_over
    assert np.all(np.diff(out[: 8 * PER_MS]) <= 0)
    assert not out[8 * PER_MS :].any()


def test_a_holding_phrase_is_neither_the_answer_nor_its_beginning() -> None:
    playback = Playback()
    playback.add(Piece("One moment.", sound(20), is_answer=False))
    playback.next(320, at_ms=0)
    assert playback.answer_began_ms is None
    assert playback.heard == ""
    assert not playback.has_begun


@given(st.lists(st.integers(1, 900), max_size=8), st.lists(st.integers(1, 700), min_size=1, max_size=20))
def test_every_sample_is_played_once_in_order_whatever_the_frames(lengths: list[int], frames: list[int]) -> None:
    playback = Playback()
    pieces = [np.arange(1, length + 1, dtype=np.float32) + 1000 * n for n, length in enumerate(lengths)]
    for n, samples in enumerate(pieces):
        playback.add(Piece(f"{n} ", samples))
    out = np.concatenate([playback.next(count, at_ms=0) for count in frames])
    whole = np.concatenate([*pieces, np.zeros(sum(frames), np.float32)])
    assert np.array_equal(out, whole[: len(out)])
    assert "".join(f"{n} " for n in range(len(lengths))).startswith(playback.heard)


@given(
    st.lists(st.integers(1, 4_000), min_size=1, max_size=6),
    st.lists(st.integers(1, 700), min_size=1, max_size=20),
    st.integers(0, 300),
)
def test_no_sample_is_lost_to_the_ear_when_a_line_that_plays_late_is_held(
    lengths: list[int], frames: list[int], unheard_ms: int
) -> None:
    playback, total = Playback(), sum(lengths)
    for length in lengths:
        playback.add(Piece("a ", np.ones(length, np.float32)))
    given_out = np.concatenate([playback.next(count, at_ms=0) for count in frames])
    at_the_ear = np.count_nonzero(given_out[: max(0, len(given_out) - unheard_ms * PER_MS)])
    playback.hold(unheard_ms=unheard_ms)
    assert round(total - playback.ahead_ms * PER_MS) == at_the_ear


@given(st.text("ab 好。", min_size=1, max_size=40), st.integers(0, 400))
def test_what_was_heard_is_how_the_answer_begins(text: str, played: int) -> None:
    playback = Playback()
    playback.add(Piece(text, sound(20)))
    playback.next(played, at_ms=0)
    playback.stop()
    assert text.startswith(playback.heard)
