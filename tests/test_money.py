"""Money is exact: at rest, in sums, and at the one place where it is rounded."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, delete, insert, select

from roi.books.money import NANO, Nano, from_nano, joined, nano_sums, to_nano

amounts = st.decimals(min_value=-(10**8), max_value=10**8, places=9, allow_nan=False)
ENGINE = create_engine("sqlite://")
AMOUNT = Table("amount", MetaData(), Column("id", Integer, primary_key=True), Column("value", Nano))


def stored(values: list[Decimal]) -> tuple[list[Decimal], int]:
    with ENGINE.begin() as connection:
        AMOUNT.metadata.create_all(connection)
        connection.execute(delete(AMOUNT))
        if values:
            connection.execute(insert(AMOUNT), [{"value": value} for value in values])
        back = list(connection.execute(select(AMOUNT.c.value).order_by(AMOUNT.c.id)).scalars())
        whole, rest = connection.execute(select(*nano_sums(AMOUNT.c.value))).one()
    return back, joined(whole, rest)


@given(st.lists(amounts, max_size=20))
def test_amounts_come_back_from_the_database_to_the_last_digit_and_so_does_their_sum(values: list[Decimal]) -> None:
    back, total = stored(values)
    assert back == values
    assert from_nano(total) == sum(values, Decimal(0))


@given(st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=15))
def test_rounding_is_half_even_and_happens_once(value: Decimal) -> None:
    assert to_nano(value) == int((value * NANO).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def test_a_sum_larger_than_any_column_is_still_exact() -> None:
    largest = [Decimal("9000000000.123456789")] * 5
    assert from_nano(stored(largest)[1]) == Decimal("45000000000.617283945")


def test_an_amount_that_does_not_fit_is_refused_rather_than_bent() -> None:
    with pytest.raises(OverflowError, match="does not fit"):
        to_nano(Decimal(10**10))
