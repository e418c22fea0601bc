"""When the caller has begun and finished, told from probabilities alone."""

from hypothesis import given
from hypothesis import strategies as st

from voice.endpointing import Ended, Endpointing, Paused, Started
from voice.pauses import Pauses

WINDOW_MS = 32.0


def hear(probabilities: list[float], **settings: float) -> list[Started | Paused | Ended]:
    endpointing = Endpointing(**settings)
    return [event for p in probabilities if (event := endpointing.hear(p, WINDOW_MS))]


def windows(*stretches: tuple[float, float]) -> list[float]:
    """(probability, milliseconds)…"""
    return [p for p, ms in stretches for _ in range(round(ms / WINDOW_MS))]


def test_an_utterance_begins_before_its_first_sound_pauses_and_ends() -> None:
    started, paused, ended = hear(windows((0, 960), (1, 640), (0, 1280)))
    assert started == Started(960 - 250)
    assert paused == Paused(960 - 250, 1600, 1600 + 96)
    assert isinstance(ended, Ended)
    assert (ended.from_ms, ended.to_ms) == (960 - 250, 1600)
    assert 1_100 <= ended.at_ms - ended.to_ms < 1_100 + WINDOW_MS


def test_a_knock_is_not_speech() -> None:
    assert hear(windows((0, 320), (1, 96), (0, 960))) == []


def test_a_pause_shorter_than_the_rule_does_not_end_the_turn() -> None:
    events = hear(windows((1, 640), (0, 256), (1, 640), (0, 1280)))
    assert [type(event) for event in events] == [Started, Paused, Paused, Ended]


def test_the_words_say_how_long_a_pause_may_be() -> None:
    for wait_ms in (250.0, 1500.0):
        endpointing = Endpointing()
        for p in windows((1, 640), (0, 128)):
            endpointing.hear(p, WINDOW_MS)
        assert endpointing.wait(wait_ms) is None
        events = [event for p in windows((0, 1920)) if (event := endpointing.hear(p, WINDOW_MS))]
        assert isinstance(events[0], Ended)
        assert wait_ms <= events[0].at_ms - 640 < wait_ms + WINDOW_MS


def test_words_that_come_late_end_the_turn_at_once() -> None:
    endpointing = Endpointing()
    for p in windows((1, 640), (0, 480)):
        endpointing.hear(p, WINDOW_MS)
    assert endpointing.wait(250) == Ended(0.0, 640, 640 + 480)
    assert not endpointing.is_hearing


def test_a_wait_is_for_this_pause_alone() -> None:
    endpointing = Endpointing()
    for p in windows((1, 640), (0, 96)):
        endpointing.hear(p, WINDOW_MS)
    endpointing.wait(250)
    events = [event for p in windows((1, 640), (0, 640)) if (event := endpointing.hear(p, WINDOW_MS))]
    assert [type(event) for event in events] == [Paused]


def test_whoever_pauses_inside_a_sentence_is_remembered() -> None:
    endpointing = Endpointing()
    for p in windows((1, 640), (0, 512), (1, 320)):
        endpointing.hear(p, WINDOW_MS)
    assert endpointing.pauses.longest_ms == 512


def test_only_who_was_cut_off_is_waited_for_where_we_are_sure() -> None:
    pauses = Pauses()
    pauses.resumed_after(600)
    assert pauses.stretched(250, is_sure=True) == 250
    assert pauses.stretched(250, is_sure=False) == 720
    pauses.cut_off(700)
    assert pauses.stretched(250, is_sure=True) == 840
    assert pauses.stretched(5_000, is_sure=False) == 5_000


def test_a_trailing_vowel_between_the_thresholds_belongs_to_the_speech() -> None:
    *_, ended = hear(windows((1, 320), (0.4, 320), (0, 1280)))
    assert isinstance(ended, Ended)
    assert ended.to_ms == 640


def test_whoever_speaks_without_end_is_cut() -> None:
    events = hear(windows((1, 6400)), longest_ms=3000)
    assert [type(event) for event in events] == [Started, Ended, Started, Ended, Started]


def test_the_first_utterance_does_not_begin_before_the_call() -> None:
    assert hear(windows((1, 320)))[0] == Started(0.0)


@given(st.lists(st.floats(0, 1), max_size=400), st.floats(100, 2000))
def test_starts_and_ends_alternate_and_lie_in_the_past(probabilities: list[float], pause_ms: float) -> None:
    endpointing, open_, last_end = Endpointing(pause_ms=pause_ms, longest_ms=4000), False, 0.0
    for probability in probabilities:
        event = endpointing.hear(probability, WINDOW_MS)
        if event is None:
            continue
        assert isinstance(event, Started) is not open_
        open_ = not isinstance(event, Ended)
        if isinstance(event, Started):
            continue
        assert 0 <= event.from_ms < event.to_ms <= event.at_ms == endpointing.now_ms
        assert event.to_ms > last_end
        if isinstance(event, Ended):
            assert event.to_ms - event.from_ms <= 4000 + 250 + WINDOW_MS
            last_end = event.to_ms


@given(st.lists(st.floats(0, 0.34), min_size=1, max_size=200))
def test_what_is_never_likely_speech_never_starts(probabilities: list[float]) -> None:
    assert hear(probabilities) == []
