"""When the caller has begun and finished, told from probabilities alone."""

from hypothesis import given
from hypothesis import strategies as st

from voice.endpointing import Ended, Endpointing, Started

WINDOW_MS = 32.0


def hear(probabilities: list[float], **settings: float) -> list[Started | Ended]:
    endpointing = Endpointing(**settings)
    return [event for p in probabilities if (event := endpointing.hear(p, WINDOW_MS))]


def windows(*stretches: tuple[float, float]) -> list[float]:
    """(probability, milliseconds)…"""
    return [p for p, ms in stretches for _ in range(round(ms / WINDOW_MS))]


def test_an_utterance_begins_before_its_first_sound_and_ends_after_the_pause() -> None:
    started, ended = hear(windows((0, 960), (1, 640), (0, 640)))
    assert started == Started(960 - 250)
    assert isinstance(ended, Ended)
    assert (ended.from_ms, ended.to_ms) == (960 - 250, 1600)
    assert 300 <= ended.at_ms - ended.to_ms < 300 + WINDOW_MS


def test_a_knock_is_not_speech() -> None:
    assert hear(windows((0, 320), (1, 96), (0, 960))) == []


def test_a_pause_shorter_than_the_rule_does_not_end_the_turn() -> None:
    events = hear(windows((1, 640), (0, 256), (1, 640), (0, 640)))
    assert [type(event) for event in events] == [Started, Ended]


def test_a_trailing_vowel_between_the_thresholds_belongs_to_the_speech() -> None:
    *_, ended = hear(windows((1, 320), (0.4, 320), (0, 640)))
    assert isinstance(ended, Ended)
    assert ended.to_ms == 640


def test_whoever_speaks_without_end_is_cut() -> None:
    events = hear(windows((1, 6400)), longest_ms=3000)
    assert [type(event) for event in events] == [Started, Ended, Started, Ended, Started]


def test_the_first_utterance_does_not_begin_before_the_call() -> None:
    assert hear(windows((1, 320)))[0] == Started(0.0)


@given(st.lists(st.floats(0, 1), max_size=400), st.floats(100, 2000))
def test_starts_and_ends_alternate_and_lie_in_the_past(probabilities: list[float], pause_ms: float) -> None:
    endpointing, expected, last_end = Endpointing(pause_ms=pause_ms, longest_ms=4000), Started, 0.0
    for probability in probabilities:
        event = endpointing.hear(probability, WINDOW_MS)
        if event is None:
            continue
        assert isinstance(event, expected)
        if isinstance(event, Ended):
            assert 0 <= event.from_ms < event.to_ms <= event.at_ms == endpointing.now_ms
            assert event.to_ms - event.from_ms <= 4000 + 250 + WINDOW_MS
            assert event.to_ms > last_end
            last_end = event.to_ms
        expected = Started if isinstance(event, Ended) else Ended


@given(st.lists(st.floats(0, 0.34), min_size=1, max_size=200))
def test_what_is_never_likely_speech_never_starts(probabilities: list[float]) -> None:
    assert hear(probabilities) == []
