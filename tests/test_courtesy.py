"""What is recognised as no question, and what must not be."""

import pytest

from agent.understanding.courtesy import courtesy


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("one moment please", "wait"),
        ("hold on, let me check", "wait"),
        ("稍等一下,我找找", "wait"),
        ("heyyy", "greeting"),
        ("hmm ok", "fine"),
        ("well hello all", "greeting"),
        ("thanks buddy, really", "thanks"),
        ("good mornin", "greeting"),
        ("哈囉,你今天好嗎", "how_are_you"),
        ("thankss, ur a lifesaver", "thanks"),
        ("no its fine, leave it", "no"),
        ("I want to complain to your manager", "person"),
        ("您好", "greeting"),
        ("thank you so much", "thanks"),
        ("谢谢啊", "thanks"),
        ("ok bye", "goodbye"),
        ("再见", "goodbye"),
        ("can I speak to a human please", "person"),
        ("get me an agent", "person"),
        ("我要转人工", "person"),
        ("i need a human", "person"),
        ("i'd rather deal with a human", "person"),
        ("no bot please, a human", "person"),
        ("I don't want to talk to a robot", "person"),
        ("enough, transfer me", "person"),
        ("is there anyone real i can talk to", "person"),
        ("不想跟机器人说了", "person"),
        ("给我个人工", "person"),
        ("能不能换个人跟我说", "person"),
        ("I don't need a person", "no"),
        ("不用转人工", "no"),
        ("yes please", "yes"),
        ("好的", "yes"),
        ("no thanks", "no"),
    ],
)
def test_courtesies_are_recognised(said: str, kind: str) -> None:
    assert courtesy(said) == kind


@pytest.mark.parametrize(
    "question",
    [
        "hello, how long do I have to return a sofa?",
        "get someone to assemble my bed",
        "do I have to be there in person",
        "您好,沙发多久可以退?",
        "no delivery on sundays?",
        "do I need a person at home for the delivery",
        "the delivery person broke my lamp",
        "my computer desk is broken",
        "can I get support for my lamp",
        "do you have staff discounts",
        "do the handles of this drawer need support",
        "can you put one on the wall for me",
        "get me a support for the shelf",
        "要自己找人安装吗",
        "你们客服几点上班",
        "wait, what about the mattress",
        "等一下,床垫呢",
        "",
    ],
)
def test_a_question_is_no_courtesy(question: str) -> None:
    assert courtesy(question) is None
