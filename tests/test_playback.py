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
    assert not playback.next(320, at_ms=0, is_held=True).any()
    assert playback.ahead_ms == 30


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


@given(st.text("ab 好。", min_size=1, max_size=40), st.integers(0, 400))
def test_what_was_heard_is_how_the_answer_begins(text: str, played: int) -> None:
    playback = Playback()
    playback.add(Piece(text, sound(20)))
    playback.next(played, at_ms=0)
    playback.stop()
    assert text.startswith(playback.heard)
