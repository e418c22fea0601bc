"""Business hours: written by a person, meant in the company's time zone, right on the odd days of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.people.hours import DAYS, Hours, back_at, read_hours

BERLIN, LOS_ANGELES = "Europe/Berlin", "America/Los_Angeles"
SHOP = "mon-fri 09:00-18:00; sat 10:00-14:00"


def hours(text: str = SHOP, *, zone: str = BERLIN, holidays: str = "") -> Hours:
    made = read_hours(text, zone=zone, holidays=holidays)
    assert made is not None
    return made


def local(text: str, zone: str = BERLIN, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00", False),
        ("2026-11-28T10:00", True),
        ("2026-11-29T12:00", False),
        ("2026-12-25T12:00", False),
    ],
)
def test_shop_is_open_from_the_first_minute_to_before_the_last(at: str, *, is_open: bool) -> None:
    assert hours(holidays="2026-12-25").is_open(local(at)) is is_open


def test_hours_mean_the_companys_clock_wherever_the_question_comes_from() -> None:
    nine_in_california = local("2026-11-23T09:00", LOS_ANGELES).astimezone(UTC)
    assert hours(zone=LOS_ANGELES).is_open(nine_in_california)
    assert not hours(zone=BERLIN).is_open(nine_in_california + timedelta(hours=1))


def test_shift_across_midnight_belongs_to_the_day_it_begins_on() -> None:
    night = hours("fri 22:00-02:00", holidays="2026-11-27")
    assert night.is_open(local("2026-11-21T01:59"))
    assert not night.is_open(local("2026-11-21T02:00"))
    assert not night.is_open(local("2026-11-28T01:00"))


def test_hour_that_comes_twice_is_open_twice_and_the_missing_one_delays_nothing() -> None:
    night = hours("sun 01:00-05:00")
    assert night.is_open(local("2026-10-25T02:30"))
    assert night.is_open(local("2026-10-25T02:30", fold=1))
    leaping = hours("sun 02:30-06:00")
    assert leaping.next_opening(local("2026-03-28T20:00")) == local("2026-03-29T03:00")
    gone = hours("sun 02:10-02:50")
    assert gone.next_opening(local("2026-03-28T20:00")) == local("2026-04-05T02:10")


def test_always_and_never() -> None:
    always = hours("daily 00:00-24:00")
    assert always.is_open(local("2026-03-29T03:00"))
    assert always.next_opening(local("2026-03-29T03:00")) is None
    new_year = local("2026-01-01T12:00")
    never = hours("mon 09:00-18:00", holidays=", ".join(f"{new_year + timedelta(days=n):%Y-%m-%d}" for n in range(500)))
    assert never.next_opening(new_year) is None
    assert back_at(never, new_year, lang="en") == ""
    assert read_hours("", zone=BERLIN) is None


moments = st.integers(1_704_067_200, 1_830_297_600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
times = st.integers(0, 24 * 60 - 1)


@given(
    moments,
    st.sampled_from(DAYS),
    times,
    times,
    st.sampled_from([BERLIN, LOS_ANGELES, "Australia/Lord_Howe", "Asia/Shanghai"]),
)
def test_next_opening_is_the_first_open_moment(at: datetime, day: str, start: int, end: int, zone: str) -> None:
    made = hours(f"{day} {start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}; wed 08:00-12:00", zone=zone)
    opening = made.next_opening(at)
    assert (opening is None) == made.is_open(at)
    if opening is not None:
        assert opening > at
        assert made.is_open(opening)
        assert not made.is_open(opening - timedelta(seconds=1))
        between = at + (opening - at) / 2
        assert not made.is_open(between)


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        ("2026-11-23T07:00", "We are here again today at 9:00.", "我们今天 9:00 恢复服务。"),
        ("2026-11-23T19:00", "We are here again tomorrow at 9:00.", "我们明天 9:00 恢复服务。"),
        ("2026-11-28T15:00", "We are here again on Monday at 9:00.", "我们周一 9:00 恢复服务。"),
        ("2026-12-23T19:00", "We are here again on Monday, 4 January, at 9:00.", "我们1月4日(周一) 9:00 恢复服务。"),
        ("2026-11-23T12:00", "", ""),
    ],
)
def test_customer_is_told_when_somebody_is_there(at: str, english: str, chinese: str) -> None:
    closed = ", ".join(f"2026-12-{day}" for day in range(24, 32)) + ", 2027-01-01, 2027-01-02"
    shop = hours(holidays=closed)
    assert back_at(shop, local(at), lang="en") == english
    assert back_at(shop, local(at), lang="zh") == chinese


@pytest.mark.parametrize(
    ("text", "holidays", "named"),
    [
        ("mon-fri", "", "names no hours"),
        ("someday 9:00-18:00", "", "'someday' is no day"),
        ("mon 9-18", "", "'9-18' is no time"),
        ("mon 09:00-25:00", "", "no time of a day"),
        ("mon 09:75-18:00", "", "no time of a day"),
        ("", "25.12.2026", "DIME_HOLIDAYS: '25.12.2026' is no date"),
        ("mon 09:00-18:00", "2026-02-30", "'2026-02-30' is no date"),
    ],
)
def test_wrong_setting_is_one_sentence_that_says_how_to_write_it(text: str, holidays: str, named: str) -> None:
    with pytest.raises(ValueError, match="DIME_HO") as raised:
        read_hours(text, zone=BERLIN, holidays=holidays)
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)
