"""What a sound of the caller does to our answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.barge_in import BargeIn, is_meant

FRAME_MS = 20.0


def speaks(barge_in: BargeIn, ms: float, *, from_ms: float = 0.0) -> list[str]:
    reactions = []
    for n in range(1, int(ms / FRAME_MS) + 1):
        spoken = n * FRAME_MS
        reaction = barge_in.hear(now_ms=from_ms + spoken, speech_ms=spoken, has_started=spoken >= 128)
        reactions += [reaction] if reaction else []
    return reactions


def falls_silent(barge_in: BargeIn, *, at_ms: float) -> str | None:
    return barge_in.hear(now_ms=at_ms, speech_ms=0.0, has_started=False)


def test_a_click_holds_the_answer_for_as_long_as_it_lasts() -> None:
    barge_in = BargeIn()
    assert speaks(barge_in, 120) == ["hold"]
    assert falls_silent(barge_in, at_ms=240) == "resume"
    assert falls_silent(barge_in, at_ms=260) is None
    assert barge_in.state == "quiet"


def test_words_decide() -> None:
    barge_in = BargeIn()
    assert speaks(barge_in, 300) == ["hold"]
    assert barge_in.judge(is_meant=True) == "stop"
    assert barge_in.judge(is_meant=True) is None
    again = BargeIn()
    speaks(again, 300)
    assert again.judge(is_meant=False) == "resume"
    assert again.hear(now_ms=320, speech_ms=320, has_started=True) is None


def test_whoever_goes_on_is_listened_to_and_again_later() -> None:
    barge_in = BargeIn()
    assert speaks(barge_in, 500) == ["hold", "probe"]
    assert barge_in.judge(is_meant=False) == "resume"
    probes = [n for n in range(26, 200) if barge_in.hear(now_ms=n * 20, speech_ms=n * 20, has_started=True)]
    assert len(probes) == 2
    assert barge_in.judge(is_meant=True) == "stop"


def test_without_a_word_from_the_recogniser_the_length_decides() -> None:
    assert speaks(BargeIn(), 1_700) == ["hold", "probe", "probe", "stop"]
    short = BargeIn()
    speaks(short, 300)
    late = [short.hear(now_ms=300 + n * 20, speech_ms=300, has_started=True) for n in range(100)]
    assert [reaction for reaction in late if reaction] == ["resume"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mhm.",
        "mm-hmm",
        "Uh-huh.",
        "Right.",
        "Okay, right.",
        "I see.",
        "嗯",
        "嗯嗯",
        "好的。",
        "对对对",
        "Hmm",
        "♪",
        "Oh.",
    ],
)
def test_a_backchannel_is_not_meant(text: str) -> None:
    assert not is_meant(text, confidence=0.95)


@pytest.mark.parametrize(
    "text",
    ["Stop.", "No, the other one.", "Wait", "Right, but what about it?", "不对", "等一下", "好的，运费呢"],
)
def test_words_for_us_are_meant(text: str) -> None:
    assert is_meant(text, confidence=0.8)
    assert not is_meant(text, confidence=0.2)


def test_yes_is_meant_when_we_ask() -> None:
    assert is_meant("Yes.", confidence=0.8, asks=True)
    assert not is_meant("Yeah.", confidence=0.8, asks=False)
    assert is_meant("好的", confidence=0.8, asks=True)
    assert not is_meant("Mhm.", confidence=0.8, asks=True)


@given(st.lists(st.tuples(st.sampled_from(["hear", "judge"]), st.floats(0, 3000), st.booleans()), max_size=60))
def test_an_answer_is_never_held_twice_nor_resumed_unheld(steps: list[tuple[str, float, bool]]) -> None:
    barge_in, is_held = BargeIn(), False
    for n, (kind, speech_ms, flag) in enumerate(steps):
        if kind == "judge":
            reaction = barge_in.judge(is_meant=flag)
        else:
            reaction = barge_in.hear(now_ms=n * 100.0, speech_ms=speech_ms, has_started=flag)
        if reaction == "hold":
            assert not is_held
            is_held = True
        elif reaction == "resume":
            assert is_held
            is_held = False
        elif reaction == "stop":
            is_held = False
        assert barge_in.is_holding is is_held
