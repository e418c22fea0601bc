"""The customer's mood from words, pace and interruptions; every sentence was written for this test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.people.mood import MOODS, Manner, gravest, mood_of
from voice.manner import Manners

SENTENCES = {
    "angry": [
        "This is ridiculous, I want my money back!!",
        "I am absolutely furious with you people",
        "You are useless. All of you.",
        "what a bunch of idiots",
        "I'm fed up with waiting",
        "This is the worst shop I have ever bought from",
        "Unacceptable! Two weeks and no table!",
        "you are wasting my time",
        "I will see you in court",
        "I'm sick and tired of your excuses",
        "I want to file a complaint, this is a scam",
        "WHERE IS MY ORDER, this is terrible!!!",
        "How dare you charge me twice",
        "气死我了,沙发又没送来",
        "你们这是什么破服务",
        "太差了,再也不买了",
        "我要投诉!",
        "骗子,退钱",
        "太过分了吧!!",
        "你们就是在浪费我的时间",
        "再不处理我就去找消协",
        "垃圾客服",
        "简直离谱,三个星期了",
        "我真的非常生气",
    ],
    "upset": [
        "I am really disappointed with this chair",
        "I'm not happy with the delivery",
        "It is frustrating that my order is still not here",
        "Great, just great. The box is empty.",
        "thanks for nothing",
        "This is the third time I ask",
        "nobody answers my e-mails",
        "WHERE IS MY TABLE",
        "not good",
        "I keep getting ignored",
        "我很失望",
        "我对这张床不太满意",
        "都第三次了,灯还是坏",
        "没人回我邮件",
        "订单还没发货",
        "呵呵,你们可真行",
        "体验很糟糕",
    ],
    "worried": [
        "I'm worried my parcel got lost",
        "Please help, I need the crib before the baby comes",
        "It is urgent, we move on Friday",
        "Is it safe to pay by card?",
        "我有点担心包裹丢了",
        "很着急,周五要搬家",
        "能不能加急,拜托了",
        "快递会不会丢",
    ],
    "pleased": [
        "Thank you so much, the lamp is beautiful",
        "I love my new sofa, can I get a matching chair?",
        "Perfect, that is what I needed",
        "you have been very helpful",
        "太好了,谢谢",
        "我很喜欢这张桌子",
        "对你们的服务很满意",
    ],
    "calm": [
        "How long can I return a sofa?",
        "I'm not angry at you, I only want to know when it comes",
        "no complaint at all, just a question",
        "My lamp arrived broken, what do I do?",
        "What is your complaint procedure?",
        "Do you sell a garbage can for the kitchen?",
        "Where is my order DE-4471?",
        "Is a second time discount possible?",
        "USA or EU plug?",
        "Hello!",
        "nothing terrible, a small scratch",
        "",
        "沙发多久可以退货?",
        "我不是生气,就是想问问什么时候到",
        "没什么不满意的,只想换个颜色",
        "怎么投诉快递公司?",
        "投诉电话是多少",
        "有垃圾桶卖吗?",
        "滚筒洗衣机柜多大?",
        "第二次购买有优惠吗",
        "桌腿断了怎么办?",
        "你好",
    ],
}
LABELLED = [(text, mood) for mood, texts in SENTENCES.items() for text in texts]


@pytest.mark.parametrize(("text", "mood"), LABELLED, ids=[text or "nothing" for text, _ in LABELLED])
def test_mood_is_what_a_reader_would_say(text: str, mood: str) -> None:
    assert mood_of(text) == mood


@given(st.text(max_size=300))
def test_any_text_has_a_mood_and_haste_never_brightens_it(text: str) -> None:
    plain, pressed = mood_of(text), mood_of(text, Manner(5.0, 2.0, barge_ins=4))
    assert MOODS.index(pressed) >= MOODS.index(plain) or plain == "pleased"
    assert pressed != "calm"


def test_pace_and_interruptions_deepen_what_the_words_say_but_alone_make_nobody_angry() -> None:
    pressed = Manner(words_per_second=4.5, usual_words_per_second=2.5, barge_ins=4)
    assert (mood_of("I am disappointed"), mood_of("I am disappointed", pressed)) == ("upset", "angry")
    assert mood_of("How long can I return a sofa?", pressed) == "worried"
    assert mood_of("How long can I return a sofa?", Manner(2.6, 2.5, barge_ins=1)) == "calm"


def test_pace_is_compared_with_the_callers_own_once_there_is_one() -> None:
    manners = Manners()
    first = manners.heard("how long can I return it", spoken_ms=3_000)
    assert (first.words_per_second, first.usual_words_per_second) == (2.0, None)
    manners.heard("does it cost me anything", spoken_ms=2_500)
    manners.interrupted()
    third = manners.heard("I asked what it costs me now", spoken_ms=2_000)
    assert (third.words_per_second, third.usual_words_per_second, third.barge_ins) == (3.5, 2.0, 1)
    assert manners.heard("yes", spoken_ms=200).words_per_second is None


def test_gravest_mood_of_a_conversation_is_the_one_that_counts() -> None:
    assert gravest(["calm", "angry", None, "pleased"]) == "angry"
    assert gravest([None]) is None
