"""Where an answer may be cut to be spoken."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models.clauses import Sentences, clauses


@pytest.mark.parametrize(
    ("answer", "cut"),
    [
        ("Yes. It costs $1,299.00 now.", ["Yes. ", "It costs $1,299.00 now."]),
        ("St. James St. is closed. Go on.", ["St. James St. is closed. ", "Go on."]),
        ("Is 3.5 m enough? Yes!", ["Is 3.5 m enough? ", "Yes!"]),
        ("Article No. 5 e.g. is in stock. No. It is not.", ["Article No. 5 e.g. is in stock. ", "No. ", "It is not."]),
        ("Mail a.b@dime.example for help.", ["Mail a.b@dime.example for help."]),
        (
            "自签收之日起30天内可以退货，商品需完好。运费99元！",
            ["自签收之日起30天内可以退货，", "商品需完好。", "运费99元！"],
        ),
        ("您好！请问有什么可以帮您？", ["您好！", "请问有什么可以帮您？"]),
        ("Wait... I look. 3 days.", ["Wait... ", "I look. ", "3 days."]),
        ("", []),
        ("   ", []),
    ],
)
def test_an_answer_is_cut_where_one_breathes(answer: str, cut: list[str]) -> None:
    assert clauses(answer) == cut


def test_the_first_clause_may_end_at_a_comma_so_that_it_starts_soon() -> None:
    first, *rest = clauses("You have thirty days to return a sofa, counted from delivery, if it is clean and dry.")
    assert first == "You have thirty days to return a sofa, "
    assert len(rest) == 1


def test_a_text_without_marks_is_cut_between_words() -> None:
    cut = clauses("word " * 200)
    assert all(len(clause) <= 221 for clause in cut)
    assert all(clause.endswith(" ") for clause in cut[:-1])


def test_a_clause_is_given_out_while_the_rest_still_streams() -> None:
    sentences = Sentences()
    assert sentences.feed("You have thirty days") == []
    assert sentences.feed(". ") == []
    assert sentences.feed("The fee") == ["You have thirty days. "]
    assert sentences.flush() == ["The fee"]


TEXT = st.text("aB 1.,!?:;。，！？好退\n$’”", max_size=300)


@given(TEXT)
def test_nothing_is_lost_or_added(text: str) -> None:
    assert "".join(clauses(text)).strip() == text.strip()


@given(TEXT, st.lists(st.integers(0, 300), max_size=10))
def test_the_cut_does_not_depend_on_how_the_text_arrives(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    sentences, found = Sentences(), []
    for a, b in pairwise(edges):
        found += sentences.feed(text[a:b])
    assert found + sentences.flush() == clauses(text)
