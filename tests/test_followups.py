"""What leans on the question before, and what it may mean; and a message's parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.followups import follow_up, standing_alone
from agent.understanding.parts import parts, without_courtesy
from agent.understanding.words import chinese_words, content_words


@pytest.mark.parametrize(
    ("text", "leaning", "said"),
    [
        ("and for a table?", "swap", "table"),
        ("what about to Canada", "swap", "Canada"),
        ("ok, how about the lamp then?", "swap", "lamp"),
        ("no, I meant the bed", "correction", "bed"),
        ("sorry, I was asking about a desk", "correction", "desk"),
        ("how long does it take?", "pronoun", "how long does it take"),
        ("and how much is that", "pronoun", "how much is that"),
        ("do I have to book a slot?", "silent", "do I have to book a slot"),
        ("那沙发呢?", "swap", "沙发"),
        ("不是,我说的是床垫", "correction", "床垫"),
        ("它保修多久", "pronoun", "它保修多久"),
        ("要提前预约送货吗", "silent", "要提前预约送货吗"),
    ],
)
def test_leaning_is_recognised_with_what_is_new(text: str, leaning: str, said: str) -> None:
    found = follow_up(text)
    assert found is not None
    assert (found.leaning, found.said) == (leaning, said)


@pytest.mark.parametrize(
    "text",
    [
        "My new wardrobe arrived today and one of the doors has a long scratch on the left side, what now",
        "昨天收到的衣柜门上有一道很长的划痕,请问应该找谁处理比较好",
    ],
)
def test_long_question_stands_alone(text: str) -> None:
    assert follow_up(text) is None


def test_new_thing_takes_the_place_of_another_or_stands_beside() -> None:
    leaning = follow_up("and for a table?")
    assert leaning is not None
    assert standing_alone(leaning, "How long is the warranty on a sofa?", replaced=["sofa"]) == [
        "How long is the warranty on a table?",
        "How long is the warranty on a sofa? table",
    ]


def test_words_that_could_be_swapped_are_content_words() -> None:
    assert content_words("How long is the warranty on a sofa?") == ["warranty", "sofa"]
    if chinese_words():
        assert "沙发" in content_words("沙发保修多久?")
        assert "多久" not in content_words("沙发保修多久?")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("How long is the warranty on a sofa?", ["How long is the warranty on a sofa?"]),
        (
            "what does delivery cost and do you take my old sofa with you?",
            ["what does delivery cost", "do you take my old sofa with you?"],
        ),
        ("hi there, do you open on Sunday? thanks!", ["do you open on Sunday?"]),
        ("上门取件多少钱,钱多久能退?", ["上门取件多少钱", "钱多久能退?"]),
        ("你好,沙发多久可以退?", ["沙发多久可以退?"]),
        ("when do you close and whats the adress", ["when do you close", "whats the adress"]),
        ("那家店在哪条路 停车收费不", ["那家店在哪条路", "停车收费不"]),
        ("我的沙发 坏了", ["我的沙发 坏了"]),
        ("It costs 9.50 in the shop.", ["It costs 9.50 in the shop."]),
    ],
)
def test_message_falls_into_its_questions(message: str, expected: list[str]) -> None:
    assert parts(message) == expected


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    parts(text)
    without_courtesy(text)
    content_words(text)
    if leaning := follow_up(text):
        assert standing_alone(leaning, text, replaced=content_words(text))
