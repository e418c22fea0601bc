"""Whether the caller has finished, from the words so far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.completeness import WAIT_MS, Completeness, completeness


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "nothing"),
        ("...", "nothing"),
        ("I would like to return my", "open"),
        ("I bought it in March and.", "open"),
        ("What is the", "open"),
        ("Could you please", "open"),
        ("I would like to speak to a person, please.", "whole"),
        ("Well, um", "open"),
        ("The sofa, the grey one,", "open"),
        ("I would like to...", "open"),
        ("我想退我的", "open"),
        ("沙发，还有", "open"),
        ("因为", "open"),
        ("It is one zero zero", "dictating"),
        ("My number is 100", "dictating"),
        ("It is j a n e dot doe at", "dictating"),
        ("订单号是一零零", "dictating"),
        ("It rains today.", "whole"),
        ("What is it for?", "whole"),
        ("Where are you from?", "whole"),
        ("我的沙发坏了", "whole"),
    ],
)
def test_words_that_the_agent_does_not_know(text: str, found: Completeness) -> None:
    assert completeness(text) == found


def test_what_is_understood_is_not_waited_for_unless_the_words_ask_for_more() -> None:
    assert completeness("How long do I have?", understood=0.9, is_sure=True) == "understood"
    assert completeness("How do I return my", understood=0.9, is_sure=True) == "open"
    assert completeness("Where is order 100", understood=0.9, is_sure=True) == "dictating"
    assert completeness("How about that?", understood=0.4) == "likely"
    assert completeness("How about that", understood=0.4) == "whole"
    assert completeness("你们几点开门", understood=0.6, is_sure=True) == "understood"


def test_statement_may_go_on_unless_it_is_understood_for_certain() -> None:
    assert completeness("Give me a coffee with lots of cream.", understood=0.7, is_sure=True) == "whole"
    assert completeness("I would like to return a sofa.", understood=0.95, is_sure=True) == "understood"
    assert completeness("Sunday is the best.", understood=0.4) == "whole"


def test_number_that_is_dictated_digit_by_digit_may_go_on_though_it_sounds_like_a_question() -> None:
    assert completeness("Can you check my order 1, 2, 3?", understood=0.99, is_sure=True) == "dictating"
    assert completeness("Are you open 9-5?", understood=0.99, is_sure=True) == "understood"
    assert completeness("Is it wider than 2.5?", understood=0.99, is_sure=True) == "understood"
    assert completeness("Are you open at 9?", understood=0.99, is_sure=True) == "understood"
    assert completeness("Do you deliver to 97201?", understood=0.99, is_sure=True) == "understood"


def test_the_surer_the_shorter_the_wait() -> None:
    waits = [WAIT_MS[kind] for kind in ("understood", "likely", "whole", "dictating", "open")]
    assert waits == sorted(waits)


@given(st.text(max_size=80), st.floats(0, 1), st.booleans())
def test_any_text_has_a_wait(text: str, understood: float, is_sure: bool) -> None:
    assert completeness(text, understood=understood, is_sure=is_sure) in WAIT_MS
