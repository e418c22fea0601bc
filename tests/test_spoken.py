"""Digits, addresses and days as people say them."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.acting.days import day_in, said
from agent.acting.spoken import digits_only, email_by_ear, email_in
from agent.people.spoken_digits import digits_in
from agent.understanding.subject import subject
from knowledge.spoken_numbers import written
from tests.conftest import ROOT

ENGLISH = "zero one two three four five six seven eight nine".split()
CHINESE = "零一二三四五六七八九"
SUNDAY = date(2026, 11, 22)
DIGITS = st.text("0123456789", min_size=4, max_size=12)


@given(DIGITS)
def test_digits_said_one_by_one_are_understood_in_both_languages(number: str) -> None:
    assert digits_only(" ".join(ENGLISH[int(digit)] for digit in number)) == number
    assert digits_only("".join(CHINESE[int(digit)] for digit in number)) == number
    assert digits_only(" ".join(number)) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("one zero zero four two", "10042"),
        ("it's one oh oh double four", "10044"),
        ("ten oh forty-two", "10042"),
        ("ten thousand and forty two", "10042"),
        ("一零零四二", "10042"),
        ("订单号是幺零零四二", "10042"),
        ("一万零四十二", "10042"),
        ("one to three for five", "12345"),
        ("１００４２", "10042"),
    ],
)
def test_numbers_by_ear(said: str, number: str) -> None:
    assert digits_only(said) == number


@pytest.mark.parametrize("said", ["I have two sofas", "where is my order", "to", "", "🙂", "no idea"])
def test_what_is_no_number_gives_none(said: str) -> None:
    assert digits_only(said) is None


def test_a_number_word_in_a_sentence_stays_a_word() -> None:
    assert written("one order and two chairs please") == "one order and two chairs please"
    assert written("my order is one zero zero double four") == "my order is 10044"


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("where is order one zero zero double four", "where is order"),
        ("我的订单幺零零四四到哪了", "我的订单 到哪了"),
        ("two double beds please", "two double beds please"),
    ],
)
def test_spoken_order_number_in_a_sentence_is_no_part_of_what_is_asked(said: str, bare: str) -> None:
    assert subject(said) == bare


@given(DIGITS)
def test_privacy_and_forms_read_spoken_digits_by_one_table(number: str) -> None:
    for spoken in (" ".join(ENGLISH[int(digit)] for digit in number), "".join(CHINESE[int(digit)] for digit in number)):
        assert digits_in(spoken) == written(spoken) == number


LOCAL = st.from_regex(r"[a-z]{2,8}([._][a-z]{2,8})?", fullmatch=True).filter(
    lambda name: not {"to", "is", "it", "its", "um", "uh", "ok", "as", "in"} & set(name.replace("_", ".").split("."))
)


@given(LOCAL)
def test_an_address_dictated_is_the_address_written(local: str) -> None:
    spoken = f"{local} at example dot com".replace(".", " dot ").replace("_", " underscore ")
    assert email_by_ear(spoken) == email_by_ear(f"it is {local}@example.com.") == f"{local}@example.com"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("anna dot lee at example dot com", "anna.lee@example.com"),
        ("my e-mail is a n n a dot lee at example dot com please", "anna.lee@example.com"),
        ("a as in alpha n n a at example dot com", "anna@example.com"),
        ("anna four two at example dot co dot uk", "anna42@example.co.uk"),
        ("邮箱是xiaoming点wang艾特example点com", "xiaoming.wang@example.com"),
        ("ANNA.LEE@EXAMPLE.COM.", "anna.lee@example.com"),
    ],
)
def test_addresses_by_ear(said: str, address: str) -> None:
    assert email_by_ear(said) == address


@pytest.mark.parametrize("said", ["meet me at home", "anna..lee@example.com", "@example.com", "a@b", "", "at"])
def test_what_is_no_address_gives_none(said: str) -> None:
    assert email_by_ear(said) is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    digits_only(text)
    email_by_ear(text)
    email_in(text)
    day_in(text, today=SUNDAY)
    subject(text)


_READ_LONG_MESSAGES = """
from datetime import date
from agent.acting.days import day_in
from agent.acting.spoken import digits_only, email_by_ear, email_in
from agent.people.grave import grave
from agent.people.mood import mood_of
from agent.understanding.courtesy import courtesy
from agent.understanding.followups import follow_up
from agent.understanding.parts import parts
from agent.understanding.subject import subject
from knowledge.spoken_numbers import written
from tests.conftest import ROOT
from knowledge.facts.figures import figures

for seed in ("1 ", "1-", "1 -", "a", " ", "dot ", "@", "one ", "(", "and ", "那", "hi "):
    text = seed * (4_000 // len(seed))
    for read in (digits_only, email_by_ear, email_in, subject, figures, courtesy, follow_up, parts, grave, mood_of):
        read(text)
    day_in(text, today=date(2026, 11, 22))
"""


@pytest.mark.slow
def test_longest_messages_made_to_be_slow_are_read_before_anybody_gives_up() -> None:
    """A reader whose time grows with the square or the cube of the length would take minutes or hours."""
    subprocess.run([sys.executable, "-c", _READ_LONG_MESSAGES], check=True, timeout=120, cwd=ROOT)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("tomorrow", date(2026, 11, 23)),
        ("the day after tomorrow, please", date(2026, 11, 24)),
        ("on Friday", date(2026, 11, 27)),
        ("28 November", date(2026, 11, 28)),
        ("Nov 28th", date(2026, 11, 28)),
        ("January 3", date(2027, 1, 3)),
        ("11/28", date(2026, 11, 28)),
        ("2026-12-01", date(2026, 12, 1)),
        ("in two weeks", date(2026, 12, 6)),
        ("明天", date(2026, 11, 23)),
        ("大后天", date(2026, 11, 25)),
        ("下周五", date(2026, 11, 27)),
        ("十一月二十八日", date(2026, 11, 28)),
        ("Feb 30", None),
        ("13/45", None),
        ("later", None),
    ],
)
def test_days_as_customers_name_them(said: str, day: date | None) -> None:
    assert day_in(said, today=SUNDAY) == day


@given(st.integers(0, 300), st.sampled_from(["en", "zh"]))
def test_a_day_we_say_is_understood_as_the_same_day(ahead: int, lang: str) -> None:
    day = SUNDAY + timedelta(days=ahead)
    assert day_in(said(day, lang=lang), today=SUNDAY) == day


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("where is my order 10042?", "where is my order ?"),
        ("订单10042到哪儿了", "订单 到哪儿了"),
        ("10042", "10042"),
        ("it costs $10042", "it costs $10042"),
        ("call 503-555-0142", "call 503-555-0142"),
        ("is 12000 dollars too much", "is 12000 dollars too much"),
    ],
)
def test_an_orders_number_is_not_what_a_question_is_about(question: str, about: str) -> None:
    assert subject(question) == about
