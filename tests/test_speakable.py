"""Answers written out as people say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.numerals import chinese, english, english_ordinal, english_year
from voice.speakable import speakable


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $99.", "It costs ninety-nine dollars."),
        ("$1,299.50", "one thousand two hundred ninety-nine dollars and fifty cents"),
        ("$0.50 or £1", "fifty cents or one pound"),
        ("€3.5 million", "three point five million euros"),
        ("99 USD", "ninety-nine dollars"),
        ("3-5 working days", "three to five working days"),
        ("$5-$10", "five dollars to ten dollars"),
        ("2.5% off", "two point five percent off"),
        ("9:00-17:30", "nine o'clock to five thirty p m"),
        ("9 a.m. to 5:05 pm", "nine a m to five oh five p m"),
        ("Mon-Fri", "Monday to Friday"),
        ("2026-11-22", "November twenty-second, twenty twenty-six"),
        ("Nov 3, 2026", "November third, twenty twenty-six"),
        ("3 November", "November third"),
        ("since 1999", "since nineteen ninety-nine"),
        ("0800 123 4567", "zero eight zero zero, one two three, four five six seven"),
        ("order 12345678", "order one two three four five six seven eight"),
        ("A1234", "A one two three four"),
        ("200 x 90 cm", "two hundred by ninety centimeters"),
        ("1 kg, 21 °C", "one kilogram, twenty-one degrees Celsius"),
        ("the 1st and 22nd", "the first and twenty-second"),
        ("https://www.dime.example/returns?x=1", "dime dot example slash returns"),
        ("help@dime.example", "help at dime dot example"),
        ("St. James, e.g. No. 5", "Saint James, for example number five"),
        ("open 24/7 & free", "open twenty-four seven and free"),
        ("nothing to change", "nothing to change"),
    ],
)
def test_english_is_written_out(written: str, said: str) -> None:
    assert speakable(written, lang="en") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("运费为¥99.00", "运费为九十九元"),
        ("满1,299元", "满一千二百九十九元"),
        ("¥5-10", "五到十元"),
        ("3-5天", "三到五天"),
        ("2.5%", "百分之二点五"),
        ("10%-15%", "百分之十到百分之十五"),
        ("9:00-17:30", "九点到十七点半"),
        ("2026年11月22日", "二零二六年十一月二十二日"),
        ("2026-11-22", "二零二六年十一月二十二日"),
        ("400-800-1234", "四零零，八零零，一二三四"),
        ("200×90cm", "二百乘九十厘米"),
        ("2个，12个", "两个，十二个"),
        ("www.dime.cn/returns", "dime点cn斜杠returns"),
        ("help@dime.cn", "help 艾特 dime点cn"),
    ],
)
def test_chinese_is_written_out(written: str, said: str) -> None:
    assert speakable(written, lang="zh") == said


def test_other_languages_are_left_to_the_voice() -> None:
    assert speakable("99 €", lang="de") == "99 €"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (10, "十"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (10010, "一万零一十"),
        (100000, "十万"),
        (120000000, "一亿二千万"),
    ],
)
def test_chinese_numbers(number: int, words: str) -> None:
    assert chinese(number) == words


def test_english_numbers() -> None:
    assert english(1_000_005) == "one million five"
    assert english_ordinal(40) == "fortieth"
    assert english_ordinal(100) == "one hundredth"
    assert [english_year(year) for year in (1900, 1905, 2000, 2026)] == [
        "nineteen hundred", "nineteen oh five", "two thousand", "twenty twenty-six",
    ]  # fmt: skip


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_different_numbers_have_different_words(one: int, other: int) -> None:
    assert (english(one) == english(other)) == (one == other)
    assert (chinese(one) == chinese(other)) == (one == other)


@given(st.text("ab$1290.,:-% /@xkgm日元St#&¥", max_size=60), st.sampled_from(["en", "zh"]))
def test_no_digit_is_left_to_the_voice(text: str, lang: str) -> None:
    assert not re.search(r"[0-9]", speakable(text, lang=lang))
