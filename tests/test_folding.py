"""Traditional and simplified Chinese, full-width and plain letters: one spelling for all that compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching.folding import fold
from knowledge.matching.lexical import terms


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("請問運費多少？", "请问运费多少?"),
        ("ｓｏｆａ　２", "sofa 2"),
        ("sofa 怎麼退", "sofa 怎么退"),
        ("Ärger", "Ärger"),
        ("\ud800", "?"),
    ],
)
def test_other_spellings_become_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_traditional_question_has_the_words_of_the_simplified_one() -> None:
    assert terms("沙發退貨期限") == terms("沙发退货期限")
