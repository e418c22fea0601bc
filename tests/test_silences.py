"""Who says nothing, keys, and our own echo."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import PER_MS
from voice.echo import Echo, likeness
from voice.keypad import LONGEST, Keypad
from voice.silences import Silences
from web.chat.page_silences import PageSilences
from web.conversing.talk import Talk

FRAME_MS = 20


def listen(silences: Silences, *, from_ms: int, to_ms: int, is_active: bool = False) -> list[tuple[int, str]]:
    told = []
    for now_ms in range(from_ms, to_ms, FRAME_MS):
        if reminder := silences.listen(now_ms, is_active=is_active, has_spoken=False):
            told.append((now_ms, reminder))
    return told


def test_who_says_nothing_is_asked_twice_then_the_call_ends() -> None:
    told = listen(Silences(), from_ms=0, to_ms=60_000)
    assert told == [(10_000, "still_there"), (20_000, "still_there"), (30_000, "silence")]


def test_who_asks_for_a_moment_is_given_a_minute_once() -> None:
    silences = Silences()
    silences.hold()
    told = listen(silences, from_ms=0, to_ms=90_000)
    assert told == [(60_000, "still_there"), (70_000, "still_there"), (80_000, "silence")]


def test_a_moment_ends_when_the_caller_speaks() -> None:
    silences = Silences()
    silences.hold()
    silences.listen(5_000, is_active=True, has_spoken=True)
    assert listen(silences, from_ms=5_020, to_ms=16_000) == [(15_000, "still_there")]


def test_who_types_at_the_page_is_still_there() -> None:
    talk = Talk(count=4)
    silences = PageSilences(talk=talk)
    assert listen(silences, from_ms=0, to_ms=29_000) == []
    talk.number()
    told = listen(silences, from_ms=29_000, to_ms=150_000)
    assert told == [(59_000, "still_there"), (89_000, "still_there"), (119_000, "silence")]


def test_silence_counts_from_the_last_sound() -> None:
    silences = Silences()
    assert listen(silences, from_ms=0, to_ms=9_000) == []
    assert listen(silences, from_ms=9_000, to_ms=15_000, is_active=True) == []
    assert listen(silences, from_ms=15_000, to_ms=26_000) == [(24_980, "still_there")]


def test_a_caller_who_speaks_again_is_asked_anew() -> None:
    silences = Silences()
    listen(silences, from_ms=0, to_ms=21_000)
    silences.listen(21_000, is_active=True, has_spoken=True)
    assert [what for _, what in listen(silences, from_ms=21_020, to_ms=42_000)] == ["still_there"] * 2


def test_no_call_lasts_for_ever_and_none_ends_in_mid_answer() -> None:
    silences = Silences(longest_ms=5_000)
    assert listen(silences, from_ms=0, to_ms=7_000, is_active=True) == []
    assert listen(silences, from_ms=7_000, to_ms=9_000) == [(7_000, "too_long")]


def test_a_caller_who_speaks_over_the_goodbye_is_asked_anew_and_then_taken_leave_of_again() -> None:
    silences = Silences()
    listen(silences, from_ms=0, to_ms=31_000)
    silences.listen(31_000, is_active=True, has_spoken=True)
    told = [what for _, what in listen(silences, from_ms=31_020, to_ms=70_000)]
    assert told == ["still_there", "still_there", "silence"]


def test_a_call_that_was_too_long_is_told_so_again_when_the_caller_went_on() -> None:
    silences = Silences(longest_ms=5_000)
    assert listen(silences, from_ms=0, to_ms=6_000) == [(5_000, "too_long")]
    silences.listen(6_000, is_active=True, has_spoken=True)
    assert listen(silences, from_ms=6_020, to_ms=7_000) == [(6_020, "too_long")]


def test_a_typed_number_ends_with_hash_or_with_a_pause() -> None:
    keypad = Keypad()
    assert [keypad.press(digit, at_ms=n * 300) for n, digit in enumerate("10044#")][-1] == "10044"
    keypad.press("7", at_ms=5_000)
    assert keypad.due(6_000) is None
    assert keypad.due(7_000) == "7"
    assert keypad.due(9_000) is None


def test_a_star_takes_it_back() -> None:
    keypad = Keypad()
    for digit in "123*9":
        keypad.press(digit, at_ms=0)
    assert keypad.press("#", at_ms=1) == "9"
    assert keypad.press("#", at_ms=2) is None


@given(st.text("0123456789*#ABCD", max_size=80))
def test_no_number_grows_without_end(keys: str) -> None:
    keypad = Keypad()
    typed = [text for key in keys if (text := keypad.press(key, at_ms=0))]
    assert all(len(text) <= LONGEST and not set(text) & set("*#") for text in typed)


def noise(seed: int, ms: int) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(ms * PER_MS) * 0.1).astype(np.float32)


def test_our_own_voice_is_known_when_it_comes_back_late_and_quiet() -> None:
    ours, echo = noise(1, 700), Echo()
    for n in range(0, 700, 20):
        echo.play(ours[n * PER_MS : (n + 20) * PER_MS])
    returned = ours[300 * PER_MS : 460 * PER_MS] * 0.2 + noise(2, 160) * 0.05
    for n in range(0, 160, 32):
        echo.hear(returned[n * PER_MS : (n + 32) * PER_MS])
    assert echo.is_echo


def test_somebody_else_is_no_echo() -> None:
    ours, echo = noise(1, 700), Echo()
    echo.play(ours)
    echo.hear(noise(3, 160))
    assert not echo.is_echo
    silent = Echo()
    silent.play(np.zeros(700 * PER_MS, np.float32))
    silent.hear(noise(3, 160))
    assert not silent.is_echo


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.01, 5))
def test_likeness_is_between_nothing_and_one_whatever_the_level(heard: int, played: int, gain: float) -> None:
    found = likeness(noise(1, 30)[:heard] * np.float32(gain), noise(2, 30)[:played])
    assert 0 <= found <= 1.001
    assert likeness(noise(1, 20) * np.float32(gain), noise(1, 20)) > 0.99
