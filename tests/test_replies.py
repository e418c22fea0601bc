"""What a colleague writes to one customer is cut down to what holds for all of them, and never further."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.curating.replies import asks_something, substance


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        ("Hello Anna! This is Bob from Alder & Finch. How can I help you?", ""),
        ("Sure, I'll check.", ""),
        ("Thanks for waiting. Yes, we ship there for $199. Is there anything else?", "Yes, we ship there for $199."),
        ("Hi Anna, the warranty is 2 years. Have a nice day!\nBest,\nBob", "The warranty is 2 years."),
        ("Can you give me the order number?", ""),
        ("We have:\n- red\n- blue\nKind regards, Bob", "We have:\n- red\n- blue"),
        ("王先生，您好，我们不提供租赁服务。请问还有什么可以帮您？", "我们不提供租赁服务。"),
        ("请稍等，我帮您查一下。", ""),
        ("亲，支持7天无理由退货。不客气，祝您生活愉快！", "支持7天无理由退货。"),
    ],
)  # fmt: skip
def test_greeting_names_waiting_and_wishes_go(reply: str, left: str) -> None:
    assert substance([reply], colleague="Bob") == left


@pytest.mark.parametrize(
    "reply",
    [
        "No.",
        "I'm afraid not.",
        "Please wait 5 days for the refund.",
        "Take care not to bleach it.",
        "Enjoy free delivery from $999.",
        "Have a look at our returns page: /help/returns",
        "Anything else in the box is included.",
        "Best price is $99.",
        "Hello Sunshine sofas ship in 3 weeks.",
        "欢迎随时退货",
        "好的，满99美元包邮。",
    ],
)
def test_a_sentence_that_says_anything_stays_whole(reply: str) -> None:
    assert substance([reply], colleague="Bob") == reply


@given(st.lists(st.text(), max_size=4))
def test_nothing_is_added_to_what_was_said(replies: list[str]) -> None:
    said = "".join(replies).casefold()
    assert all(word in said for word in substance(replies).casefold().split())


def test_a_greeting_or_a_nod_asks_nothing() -> None:
    assert not any(map(asks_something, ["Hi there", "ok thanks", "no", "在吗", "谢谢", "...", ""]))
    assert all(map(asks_something, ["Hi, do you have red?", "my sofa broke", "你好，退货怎么退", "退货"]))
