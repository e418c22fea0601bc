"""A figure is one figure, whichever language, script and words it is written in."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.facts.conditions import conditions
from knowledge.facts.digits import in_digits
from knowledge.facts.figures import figures
from knowledge.facts.names import addresses, names
from knowledge.facts.polarity import asks_yes_or_no, denials, verdict
from tests.measure.quoting import in_words


@pytest.mark.parametrize(
    "alike",
    [
        ("fourteen days", "14 days", "two weeks", "十四天", "两周", "14天", "１４天"),
        ("$1,200", "twelve hundred dollars", "1200美元", "one thousand two hundred dollars", "一千二百美元"),
        ("50 cents", "$0.50", "50美分"),
        ("half an hour", "30 minutes", "半小时", "半个小时", "三十分钟"),
        ("two and a half hours", "两个半小时", "2.5 hours", "150 minutes"),
        ("3:15 pm", "下午三点一刻", "下午3点15分"),
        ("9:30 am", "上午九点半", "上午9点半", "9.30 a.m."),
        ("3 to 5 business days", "3-5 business days", "3到5个工作日", "三至五个工作日", "three to five working days"),
        ("a dozen", "12", "twelve"),
        ("15%", "百分之十五", "fifteen percent", "八五折"),
        ("120000元", "十二万元", "12万元", "¥120,000"),
        ("2500元", "两千五百元", "RMB 2500 yuan"),
        ("24 December", "12月24日", "December 24th", "十二月二十四日", "2026-12-24"),
        ("from Monday to Saturday", "周一到周六", "星期一至星期六"),
        ("18 months", "一年半", "a year and a half"),
        ("48 hours", "2 days", "两天"),
        ("the 3rd", "the third", "第三"),
    ],
)
def test_the_same_figure_is_read_from_every_writing(alike: tuple[str, ...]) -> None:
    read = [set(figures(text)) for text in alike]
    assert all(found == read[0] and len(found) == 1 for found in read), list(zip(alike, read, strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 days", "3 business days"), ("99美元", "99元"), ("$99", "€99"), ("9 am", "9 pm"), ("15%", "$15"), ("14 days", "14 weeks"),
        ("Monday", "周二"), ("3 to 5 days", "5 days"), ("12 inches", "12英里"),
    ],
)  # fmt: skip
def test_another_unit_is_another_figure(one: str, other: str) -> None:
    assert set(figures(one)).isdisjoint(figures(other))


@pytest.mark.parametrize(
    "text", ["千万不要来回擦", "十字螺丝刀", "统一、一起、一般", "E26", "nobody, of course", "周期", "十分满意"]
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert [claim for claim in figures(text) if not claim.is_loose] == []


@given(st.integers(2, 9_999))
def test_every_number_in_words_is_its_digits(number: int) -> None:
    (claim,) = figures(f"{in_words(number)} pieces")
    assert claim.value == Decimal(number)


@example("1,000,000,000,000,000,000,000,000,000 days")
@example("12,000,000,000,000,000,000,000,000,000.5 hours")
@given(st.text())
def test_reading_never_raises_and_points_into_the_text(text: str) -> None:
    for claim in figures(text):
        assert 0 <= claim.start < claim.end <= len(text)
    digits = in_digits(text)
    assert len(digits.text) == len(digits.spans)
    assert conditions(text) is not None
    assert names(text) is not None
    assert addresses(text) is not None
    verdict(text)


def test_bounds_denials_conditions_and_yes_or_no_are_told_apart() -> None:
    assert [figures(text)[0].bound for text in ("up to 3 claims", "at least 3 claims", "满75美元", "30天内", "3 claims")] == [
        "most", "least", "least", "most", None,
    ]  # fmt: skip
    assert denials("It cannot be returned") == denials("不能退") == 1
    assert [found.sort for found in conditions("Only in our stores, if it is sealed.")] == ["only", "if"]
    assert verdict("可以，满75美元免运费。") == ("yes", "满75美元免运费。")
    assert verdict("No problem at all.")[0] is None
    assert asks_yes_or_no("Can I pay cash?")
    assert not asks_yes_or_no("How can I pay?")
