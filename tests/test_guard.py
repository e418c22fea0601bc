"""What a model may say of the passages, and what is withheld."""

import pytest

from agent.grounding.guard import numbers, unsupported

SOFA = "Sofas can be returned within 30 days of delivery. Pickup costs $99 and is free if the sofa is faulty."
SHAFA = "沙发收货后30天内可以退货,上门取件收费99美元。"


@pytest.mark.parametrize(
    "clause",
    [
        "You can return a sofa within 30 days of delivery.",
        "You can return it within thirty days.",
        "Pickup of the sofa costs $99.",
    ],
)
def test_what_the_passage_says_is_let_out(clause: str) -> None:
    assert unsupported(clause, passages=[SOFA]) is None


@pytest.mark.parametrize(
    ("clause", "claim"),
    [
        ("You can return a sofa within 45 days of delivery.", "45"),
        ("You can return a sofa within forty days.", "40"),
        ("Pickup of the sofa costs $9.", "9"),
        ("Write to returns@example.com to return the sofa.", "returns@example.com"),
        ("Sofas cannot be returned after delivery.", "negation"),
    ],
)
def test_an_invented_fact_is_withheld_and_named(clause: str, claim: str) -> None:
    assert unsupported(clause, passages=[SOFA]) == claim


def test_clause_of_other_words_is_withheld() -> None:
    assert unsupported("Our astronauts polish every moon rock by hand.", passages=[SOFA]) is not None


@pytest.mark.parametrize(
    ("clause", "claim"),
    [
        ("You can return a sofa within 14 days of delivery.", "14"),
        ("The pickup of a mattress costs $99.", "99"),
        ("A mattress can be returned within 14 days.", None),
        ("Pickup of the sofa costs $99.", None),
    ],
)
def test_a_number_of_one_passage_is_not_said_of_what_another_is_about(clause: str, claim: str | None) -> None:
    mattress = "Can I return a mattress?\nA mattress can be returned only sealed, within 14 days."
    assert unsupported(clause, passages=[SOFA, mattress]) == claim


def test_chinese_numbers_are_read_in_both_forms() -> None:
    assert unsupported("沙发三十天内可以退货。", passages=[SHAFA]) is None
    assert unsupported("沙发四十五天内可以退货。", passages=[SHAFA]) == "45"


def test_numbers_are_equal_however_they_are_written() -> None:
    assert numbers("$1,299.00") == numbers("1299") == {"1299"}
    assert numbers("三千元") == {"3000"}
