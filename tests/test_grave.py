"""Matters that go to a person at once, and what only sounds like one."""

import pytest

from agent.people.grave import grave
from agent.people.mood import mood_of


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("the wardrobe fell on my child, he is bleeding", "hurt"),
        ("the chair collapsed and I broke my arm", "hurt"),
        ("my lamp is smoking and it smells burnt", "hurt"),
        ("my lamp is on fire", "hurt"),
        ("衣柜倒下来砸到孩子了", "hurt"),
        ("台灯冒烟了,有烧焦的味道", "hurt"),
        ("your guys gouged our hallway wall, who pays the painter", "damage"),
        ("师傅把我家墙蹭掉一块", "damage"),
        ("送货的刮花了地板", "damage"),
        ("you will hear from my lawyer", "law"),
        ("再不退款我就起诉", "law"),
        ("could you make an exception for me?", "exception"),
        ("就差几天,通融一下行不行", "exception"),
    ],
)
def test_grave_matter_is_recognised(said: str, matter: str) -> None:
    assert grave(said) == matter


@pytest.mark.parametrize(
    "said",
    [
        "how do I get the smell out of a new sofa?",
        "does the fire resistance meet the standard?",
        "I fell in love with this lamp, is it in stock?",
        "防摔的床头灯有吗",
        "what are the exceptions to the return policy?",
        "my table is scratched, can I return it?",
        "会不会刮坏木地板",
        "which felt pads protect my floor from scratches?",
    ],
)
def test_what_only_sounds_grave_is_not(said: str) -> None:
    assert grave(said) is None


def test_wish_for_a_joke_is_no_anger_but_calling_us_one_is() -> None:
    assert mood_of("tell me a joke", None) != "angry"
    assert mood_of("you people are a joke!!", None) in ("upset", "angry")
