"""The price in force at the moment of use, from the user's file, ours, or the list; what nobody prices is unknown."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.usage import Meter, Unit, Usage
from roi.pricing.pricefile import PriceError, PriceRow
from roi.pricing.prices import PriceBook, price_book

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def usage(
    vendor: str, model: str, unit: Unit, quantity: str = "1", *, meter: Meter = "llm", at: datetime = NOON, **raw: int
) -> Usage:
    return Usage(meter, vendor, model, unit, Decimal(quantity), at, raw=dict(raw))


def written(path: Path, *rows: str) -> Path:
    defaults = {"per": "1", "currency": '"USD"', "source": '"invoice"', "grade": '"A"', "unit": '"call"'}
    tables = []
    for row in rows:
        given = dict(part.strip().split(" = ", 1) for part in row.split(";"))
        tables.append("[[price]]\n" + "\n".join(f"{key} = {value}" for key, value in {**defaults, **given}.items()))
    path.write_text("\n".join(tables))
    return path


ROW = 'vendor = "acme"; model = "x"; amount = 2'


def test_the_machine_hour_is_assumed_and_says_so() -> None:
    price = price_book().price(usage("local", "whisper", "cpu_second", "3600", meter="cpu"))
    assert price is not None
    assert (price.of(Decimal(3600)), price.grade) == (Decimal("0.1"), "D")


def test_what_runs_on_our_own_machine_is_paid_by_its_cpu_seconds_and_not_twice() -> None:
    price = price_book().price(usage("local", "whisper-base", "heard_ms", "3000", meter="stt"))
    assert price is not None
    assert price.covered
    assert price.of(Decimal(3000)) == 0


def test_a_local_trunk_minute_is_not_the_machines_and_stays_unknown() -> None:
    assert price_book().price(usage("local", "trunk", "minute", meter="telephony")) is None


@pytest.mark.parametrize(
    ("vendor", "model", "unit"),
    [("openai", "gpt-99", "input_token"), ("nobody", "gpt-4o", "input_token"), ("", "", "input_token"),
     ("openai", "gpt-4o-mini", "call")],
)  # fmt: skip
def test_a_price_that_nobody_knows_is_none(vendor: str, model: str, unit: Unit) -> None:
    assert price_book().price(usage(vendor, model, unit)) is None


def test_listed_prices_are_dated_and_the_moment_of_use_decides() -> None:
    book = price_book()
    before = book.price(usage("openai", "o3", "input_token", at=datetime(2025, 6, 9, 23, 59, tzinfo=UTC)))
    after = book.price(usage("openai", "o3", "input_token", at=datetime(2025, 6, 10, tzinfo=UTC)))
    assert before is not None
    assert after is not None
    assert (before.of(Decimal(10**6)), after.of(Decimal(10**6))) == (Decimal(10), Decimal(2))
    assert before.id != after.id


def test_a_long_request_costs_the_price_of_its_tier_in_every_bucket() -> None:
    book = price_book()
    short, long = (
        book.price(usage("google", "gemini-2.5-pro", "output_token", "100", input_tokens=tokens))
        for tokens in (1000, 300_000)
    )
    assert short is not None
    assert long is not None
    assert long.amount > short.amount


def test_listed_speech_is_priced_by_the_hour_and_by_the_character() -> None:
    book = price_book()
    heard = book.price(usage("openai", "whisper-1", "heard_ms", meter="stt"))
    spoken = book.price(usage("openai", "tts-1", "spoken_character", meter="tts"))
    assert heard is not None
    assert spoken is not None
    assert (heard.of(Decimal(60_000)), spoken.of(Decimal(1000))) == (Decimal("0.006"), Decimal("0.015"))


def test_a_file_of_ones_own_takes_precedence_while_it_has_a_price(tmp_path: Path) -> None:
    row = (
        'vendor = "openai"; model = "o3"; unit = "input_token"; amount = 1; per = 1000000; effective_from = 2026-01-01'
    )
    book = price_book(written(tmp_path / "own.toml", row))
    now, earlier = (
        book.price(usage("openai", "o3", "input_token", at=at)) for at in (NOON, datetime(2025, 12, 31, tzinfo=UTC))
    )
    assert now is not None
    assert earlier is not None
    assert (now.amount, now.source, earlier.amount) == (Decimal(1), "invoice", Decimal(2))


def test_a_changed_amount_is_another_price_id(tmp_path: Path) -> None:
    ids = set()
    for amount in ("1", "2"):
        price = price_book(written(tmp_path / "p.toml", ROW.replace("2", amount))).price(usage("acme", "x", "call"))
        assert price is not None
        ids.add(price.id)
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([ROW, ROW.replace("2", "-1")], "price 2: amount: Input should be greater than or equal to 0"),
        ([ROW + '; currency = "XXQ"'], "price 1: currency: 'XXQ' is not an ISO 4217 currency"),
        ([ROW + '; unit = "input_token"'], "price 1: 2 USD for 1 input_token is absurd"),
        ([ROW + '; unit = "parsec"'], "price 1: unit: 'parsec' is not a unit of usage"),
        ([ROW, ROW + "; effective_from = 2026-01-01"], "prices 1 and 2 for acme x call overlap"),
        ([ROW + "; effective_from = 2026-01-01; effective_to = 2026-01-01"], "is not after effective_from"),
        (['vendor = "acme"; model = "x"'], "price 1: amount: Field required"),
        ([ROW + "; amuont = 3"], "price 1: amuont: Extra inputs are not permitted"),
        ([ROW.replace("2", "nan")], "price 1: amount"),
    ],
)
def test_a_price_that_cannot_be_right_is_refused_with_file_and_row(
    tmp_path: Path, rows: list[str], complaint: str
) -> None:
    with pytest.raises(PriceError) as refused:
        price_book(written(tmp_path / "own.toml", *rows))
    assert "own.toml" in str(refused.value)
    assert complaint in str(refused.value)


def test_periods_that_touch_do_not_overlap(tmp_path: Path) -> None:
    rows = (ROW + "; effective_to = 2026-01-01", ROW + "; effective_from = 2026-01-01")
    assert price_book(written(tmp_path / "own.toml", *rows)).price(usage("acme", "x", "call"))


def test_an_exchange_rate_is_the_latest_known_on_the_day_and_may_be_turned_round() -> None:
    book = price_book()
    there, back = book.rate("USD", "CNY", NOON.date()), book.rate("CNY", "USD", NOON.date())
    assert there is not None
    assert back is not None
    assert (there.rate, back.rate) == (Decimal("7.10"), Decimal("0.140845070"))
    assert book.rate("USD", "VND", NOON.date()) is None


@given(st.decimals(min_value=0, max_value=10**6, places=6), st.decimals(min_value=0, max_value=10**4, places=6))
def test_a_price_added_later_never_changes_what_an_older_usage_cost(old: Decimal, new: Decimal) -> None:
    def row(amount: Decimal, **dates: str) -> PriceRow:
        return PriceRow.model_validate(
            {"vendor": "v", "model": "m", "unit": "call", "amount": amount, "per": 1, "currency": "USD", "source": "s",
             "grade": "A", **dates}
        )  # fmt: skip

    used = usage("v", "m", "call")
    before = PriceBook(layers=([row(old)],)).price(used)
    later = [row(old, effective_to="2026-12-01"), row(new, effective_from="2026-12-01")]
    assert before is not None
    assert PriceBook(layers=(later,)).price(used) is not None
    assert PriceBook(layers=(later,)).price(used).of(Decimal(1)) == before.of(Decimal(1))  # type: ignore[union-attr]


def test_the_books_do_not_load_the_price_list_before_a_listed_price_is_wanted() -> None:
    heavy = ("genai_prices", "langchain_core", "numpy")
    code = f"import roi.pricing.prices, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
