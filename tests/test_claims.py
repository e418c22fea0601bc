"""Figures are the same however and in whichever language they are written; a denial is told from what it denies."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.curating.claims import differing, opposed, opposite_verdicts
from knowledge.facts.figures import figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$1,200", "1200美元"),
        ("two weeks", "14天"),
        ("a 10-year warranty", "质保10年"),
        ("12 months", "一年"),
        ("from 8 to 10 weeks", "8到10周"),
        ("until 6:30 pm", "下午6点半"),
        ("at 18:00", "6 pm"),
        ("10% off", "9折"),
        ("20%", "百分之二十"),
        ("24 and 31 December", "12月24日和31日"),
        ("by January 6th", "1月6日前"),
        ("3 business days", "3个工作日"),
    ],
)
def test_one_figure_in_two_languages_is_one_figure(one: str, other: str) -> None:
    assert set(figures(one)) == set(figures(other)) != set()


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Returns within 30 days.", "You have 14 days.", [("30 days", "14 days")]),
        ("It costs $9, in 3 days.", "小件运费12美元，3天送到。", [("$9", "12美元")]),
        ("It costs $9.", "It costs $9, free from $75.", []),
        ("It costs $99.", "It costs €99.", [("$99", "€99")]),
        ("It takes 48 hours.", "It takes 3 days.", [("48 hours", "3 days")]),
        ("It takes 48 hours.", "It takes 2 days.", []),
        ("Open from 9 am.", "It takes 9 days.", []),
        ("", "$9", []),
    ],
)
def test_only_figures_that_exclude_each_other_differ(one: str, other: str, found: list[tuple[str, str]]) -> None:
    assert differing(one, other) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes, you can.", "No, that is not possible."),
        ("可以分期付款。", "不可以，我们不支持分期。"),
        ("Made-to-order sofas can be returned.", "Made-to-order sofas cannot be returned."),
        ("定制沙发可以退货。", "定制沙发不可以退货。"),
    ],
)
def test_denial_of_the_same_is_opposed(one: str, other: str) -> None:
    assert opposed(one, other) == (one, other)


def test_other_sentences_and_agreeing_ones_are_not_opposed() -> None:
    assert opposed("Sofas cannot be returned.", "Lamps are sold in pairs.") is None
    assert opposed("Yes, sofas can be returned.", "Of course, return it any time.") is None
    assert opposite_verdicts("Yes, within 30 days.", "不可以退。") is not None


@given(st.text(), st.text())
def test_an_answer_never_differs_from_itself_and_order_does_not_matter(one: str, other: str) -> None:
    assert differing(one, one) == []
    assert opposed(one, one) is None
    assert differing(one, other) == [(ours, theirs) for theirs, ours in differing(other, one)]


@given(st.from_regex(r"[0-9٣零一二两十百千万半$€%折天日周月年点:,. ]{0,20}(?:am|pm| days|个月|块钱)?", fullmatch=True))
@example("百十零个月")
@example("十十一天")
def test_whatever_looks_like_a_figure_can_be_read(text: str) -> None:
    assert all(figure.text for figure in figures(text))
