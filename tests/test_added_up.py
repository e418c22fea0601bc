"""The lines add up to the report to the last digit, whatever the prices and currencies. 100,000 conversations of it are
in tests.measure.books."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from roi.books.verify import verify
from tests.added_up import differences, fill, random_book
from tests.ledgers import empty_books


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_lines_add_up_to_the_report_at_any_prices(seed: int, conversations: int) -> None:
    chance = Random(seed)
    prices, engine = random_book(chance), empty_books()
    fill(engine, prices, conversations, chance=chance)
    assert differences(engine, prices) == []
    assert verify(engine).is_whole
