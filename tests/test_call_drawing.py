from xml.etree import ElementTree

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.call_drawing import HEIGHT, WIDTH, Answered, Drawn, Words, _width, draw, envelope, shortened
from voice.audio import RATE_HZ, Samples

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 60_000


def noise(seconds: float) -> Samples:
    return np.random.default_rng(0).uniform(-1, 1, round(seconds * RATE_HZ)).astype(np.float32)


def a_call(seconds: float = 12.0, *, turns: int = 1) -> Drawn:
    stages = (("end_of_turn", 3.0, 320.0), ("transcribe", 3.32, 280.0), ("retrieve", 3.6, 40.0))
    return Drawn(
        "A <question> & its answer",
        noise(seconds),
        noise(seconds / 2),
        [Words(1.0, "How long do I have to return a sofa?"), Words(6.0, "(mhm)", is_aside=True)],
        [Words(4.0, "沙发可以在三十天内退货。" * 20)],
        [Answered(3.0, stages, 3.7)] * turns,
    )


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_picture_holds_both_sides_the_stages_and_the_words() -> None:
    root = ElementTree.fromstring(draw(a_call()))
    assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
    assert {path.get("class") for path in root.iter(f"{SVG}path")} >= {"caller", "dime"}
    assert [rect.get("fill") for rect in root.iter(f"{SVG}rect") if rect.get("class") == "stage"] == [
        "var(--end_of_turn)", "var(--transcribe)", "var(--retrieve)",
    ]  # fmt: skip
    told = texts(draw(a_call()))
    assert "700 ms = 320 + 280 + 40 + 60" in told
    assert "A <question> & its answer" in told
    assert any(text.startswith("How long do I have to return a sofa?") for text in told)


def test_stage_is_as_long_as_it_took_on_the_axis() -> None:
    root = ElementTree.fromstring(draw(a_call(10.0)))
    wait = next(rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "stage")
    bar = next(rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "bar")
    assert abs(float(wait.get("width", 0)) / float(bar.get("width", 1)) - 320 / 700) < 0.01


def test_turn_without_an_answer_says_so() -> None:
    call = Drawn("Silence", noise(2), noise(0), [], [], [Answered(1.0, (), None)])
    assert any(text.startswith("no answer") for text in texts(draw(call)))


def test_picture_of_a_long_loud_call_stays_small() -> None:
    assert len(draw(a_call(600.0, turns=30)).encode()) < MOST_BYTES


def test_call_without_a_sound_is_drawn() -> None:
    assert ElementTree.fromstring(draw(Drawn("Nothing", noise(0), noise(0), [], [], [])))


def test_envelope_keeps_a_single_loud_sample() -> None:
    samples = np.zeros(RATE_HZ, np.float32)
    samples[5_000] = -0.5
    assert min(low for low, _ in envelope(samples, 100, seconds=1.0)) == -0.5


@given(st.text(alphabet="ab 沙发,.", max_size=80), st.floats(30, 400))
def test_shortened_words_fit_and_begin_the_text(text: str, width_px: float) -> None:
    lines = shortened(text, width_px)
    whole = "".join(text.split())
    assert len(lines) <= 2
    assert all(_width(line) <= width_px + 13 for line in lines)
    assert whole.startswith("".join("".join(lines).split()).removesuffix("…").rstrip(",.")) or not lines
