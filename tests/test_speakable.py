"""Answers written out as people say them."""

import re
import unicodedata

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
        ("1/2 cup, 3/4 of it, 1½ hours", "one half cup, three quarters of it, one and a half hours"),
        ("$1.5k or $2M", "one point five thousand dollars or two million dollars"),
        ("$5/month, €3/kg", "five dollars per month, three euros per kilogram"),
        ("-5 °C and +20%, ±2 mm", "minus five degrees Celsius and plus twenty percent, plus or minus two millimeters"),
        ("100元 or 99¢", "one hundred yuan or ninety-nine cents"),
        ("A$50, ₹500", "fifty Australian dollars, five hundred rupees"),
        ("10,00 €, 1.000,50 €", "ten euros, one thousand euros and fifty cents"),
        ("00:05, 14:30, 9.30 am", "twelve oh five a m, two thirty p m, nine thirty a m"),
        ("until 9 p.m. Then we close.", "until nine p m. Then we close."),
        (
            "12/25/2026, 25.12.2026",
            "December twenty-fifth, twenty twenty-six, December twenty-fifth, twenty twenty-six",
        ),
        ("the 3rd of November 2026", "the third of November twenty twenty-six"),
        ("Jan 5-7, 5-7 January", "January fifth to seventh, January fifth to seventh"),
        (
            "Nov 2026, 1990s, 2020-2024",
            "November twenty twenty-six, nineteen nineties, twenty twenty to twenty twenty-four",
        ),
        ("+1 (503) 555-0123", "plus one, five zero three, five five five, zero one two three"),
        ("order 1044, room 204", "order one zero four four, room two zero four"),
        ("zip code 97205", "zip code nine seven two zero five"),
        ("AF-10044-2, SW1A 1AA", "A F one zero zero four four, two, S W one A one A A"),
        ("10000 miles, 97205", "ten thousand miles, nine seven two zero five"),
        ("jane_doe+x@example.co.uk", "jane underscore doe plus x at example dot co dot uk"),
        ("version 2.0.1", "version two point zero point one"),
        ("16:9, a 1:10 ratio", "sixteen to nine, a one to ten ratio"),
        ('5\' 11", 24" wide', "five feet eleven inches, twenty-four inches wide"),
        ("WPA2, 4K, iPhone 15, MP3", "W P A two, four K, iPhone fifteen, M P three"),
        ("2.4 GHz, 100 km/h", "two point four gigahertz, one hundred kilometers per hour"),
        ("≥ 18, < 5 min, ≤ 30 kg", "at least eighteen, less than five minutes, at most thirty kilograms"),
        ("Q&A, his/her, C++", "Q and A, his or her, C plus plus"),
        ("press # or press *", "press hash or press star"),
        ("10k, .5, 007", "ten thousand, point five, zero zero seven"),
        ("min. 2, max. 5", "minimum two, maximum five"),
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
        ("1/2杯，3/4，1½小时", "二分之一杯，四分之三，一个半小时"),
        ("¥1,299.50，€3.5，£20，HK$5", "一千二百九十九点五元，三点五欧元，二十英镑，五港元"),
        ("2元，2美元，2块，第2个，2楼", "两元，两美元，两块，第二个，二楼"),
        ("99.9元/月", "九十九点九元每月"),
        ("14:30，下午2点，上午9点-12点", "十四点半，下午两点，上午九点到十二点"),
        ("2026/11/22，2026.1.2", "二零二六年十一月二十二日，二零二六年一月二日"),
        ("2020-2024年", "二零二零到二零二四年"),
        ("13800138000，+86 138 0013 8000", "一三八零零一三八零零零，加八六，一三八，零零一三，八零零零"),
        ("010-12345678，拨打110", "零一零，一二三四五六七八，拨打一一零"),
        ("订单号10044，邮编97205", "订单号一零零四四，邮编九七二零五"),
        ("AF-10044-2，MP3，4K，A4", "A F 一零零四四，二，M P 三，四 K，A 四"),
        ("-5℃，≥18岁，<5分钟", "零下五摄氏度，不少于十八岁，小于五分钟"),
        ('2㎡，24"，100km/h', "两平方米，二十四英寸，一百公里每小时"),
        ("24/7，16:9，v2.0.1", "全天候，十六比九，v二点零点一"),
        ("１２３，①第一", "一百二十三，一, 第一"),
    ],
)
def test_chinese_is_written_out(written: str, said: str) -> None:
    assert speakable(written, lang="zh") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs **$9** for [returns](https://dime.example/r).", "It costs nine dollars for returns."),
        ("# Delivery\n\n- One lamp\n* Two\n> three", "Delivery\nOne lamp\nTwo\nthree"),
        ("`code`, _so_, ~~gone~~, *this*", "code, so, gone, this"),
        ("exchanges](https://dime.example/x) are free", "exchanges are free"),
        ("**Bold", "Bold"),
        ("![a picture](a.png)Look", "Look"),
        ("| a | b |\n|---|---|", "a, b"),
        ("Great 👍🏽 ™ → ✓", "Great to"),
        ("snake_case stays a word", "snake case stays a word"),
    ],
)
def test_what_only_the_eye_can_use_is_not_said(written: str, said: str) -> None:
    assert speakable(written, lang="en") == said


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


SIGNS = "ab$1290.,:-% /@xkgm日元St#&¥½²①*_[]()|`~<>+=–—′\"'２，。€£点年第AFpm\n"


@given(st.one_of(st.text(SIGNS, max_size=60), st.text(max_size=40)), st.sampled_from(["en", "zh"]))
def test_no_digit_and_no_sign_is_left_to_the_voice(text: str, lang: str) -> None:
    said = speakable(text, lang=lang)
    assert not re.search(r"[0-9]", said)
    left = {mark for mark in said if unicodedata.category(mark)[0] not in "LM"}
    assert left <= set(".,;:!?'\"()-…–—“”‘’「」『』《》、。，；：！？（）\n "), left
