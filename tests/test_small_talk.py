"""What is said to somebody rather than asked of a shop, and what only sounds like it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.finding import find
from agent.understanding.courtesy import courtesy, without_thanks
from agent.understanding.language import language_of
from agent.understanding.small_talk import small_talk
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.retriever import Match, Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from tests.doubles import OneByOne, entry
from tests.letter_embeddings import LetterEmbeddings


@pytest.mark.parametrize(
    "said",
    [
        "do you like pizza?", "tell me a joke", "what's your favourite colour?", "how old are you?",
        "I'm so bored", "你喜欢猫吗", "讲个笑话", "今天天气真好", "你几岁了？", "我爱你",
    ],
)  # fmt: skip
def test_small_talk_is_a_courtesy(said: str) -> None:
    assert courtesy(said) == "small_talk"


@pytest.mark.parametrize(
    "said",
    [
        "I love your sofa", "are you open today", "do you like pizza? and where is my order 10044",
        "I am tired of waiting", "你喜欢我们的沙发吗", "我想你们什么时候送货", "你爱护皮沙发有什么办法",
        "do you deliver when it is snowing?",
    ],
)  # fmt: skip
def test_question_that_only_begins_like_small_talk_is_none(said: str) -> None:
    assert courtesy(said) is None


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    assert small_talk(text) is None or len(small_talk(text) or "") <= len(text)
    assert without_thanks(text) or not text


@pytest.mark.parametrize(
    "said", ["我英文不好,可以说中文吗", "can we speak chinese?", "sorry, could you write in english please"]
)
def test_wish_for_a_language_is_heard_within_a_sentence(said: str) -> None:
    assert courtesy(said) == "languages"


def test_thanks_beside_a_reply_are_left_off() -> None:
    assert without_thanks("it moves again!! youre a star") == "it moves again"
    assert without_thanks("thanks!") == "thanks!"


@pytest.mark.parametrize(
    "said", ["10044", "xiaoming.wang@example.com", "[email]", "[email 2]", "SW1A 1AA", "R-10043-001", "ok", "😀"]
)
def test_message_without_words_keeps_the_conversations_language(said: str) -> None:
    assert language_of(said, previous="zh") == "zh"
    assert language_of(said, previous="en") == "en"


def test_sentence_in_english_changes_it() -> None:
    assert language_of("where is my order 10044?", previous="zh") == "en"


class Shop(OneByOne):
    """Knows the demo company's words, and finds one entry, this surely, whatever is asked."""

    def __init__(self, likelihood: float = 0.0) -> None:
        folder = Path(__file__).parent.parent / "knowledge" / "demo"
        entries = [each for lang in ("en", "zh") for each in read_document(folder / f"{lang}.csv").entries]
        self.names = Retriever(Catalogue(entries), None, Vectors(LetterEmbeddings())).names  # type: ignore[method-assign]
        self.likelihood = likelihood

    def search(self, question: str) -> list[Match]:  # noqa: ARG002
        return [Match(entry("Dogs on a leash are welcome."), self.likelihood, self.likelihood, signals={})]

    def entry(self, id: str, lang: str) -> None:  # noqa: A002, ARG002
        return None

    def takes_for_small_talk(self, said: str) -> bool:
        lang = language_of(said, previous="en")
        return find(said, topic=None, searcher=self, lang=lang, is_sure=lambda p: p >= 0.7).polite == "small_talk"


@pytest.mark.parametrize(
    "asked",
    [
        "do you have a dog bed?", "do you have a cat tree?", "do you have a heart shaped mirror?",
        "do you have a family sofa", "do you have a favourite sofa?", "do you have kids beds?",
        "do you have a pet policy", "who made your sofas?", "who built your tables", "what's your favourite sofa?",
        "how old are your sofas", "do you like the oak table?", "do you love the Finch sofa",
        "do you enjoy free delivery", "do you think about delivery on sundays",
        "do you sleep well on this mattress", "do you believe in returns",
        "do you feel the springs in the mattress", "did you have a good mattress for backs?",
        "what are you doing about my refund", "will it snow on my garden sofa",
        "will it rain through the parasol of oak?", "the weather is bad, is my delivery late",
        "bad weather delivery delays?", "nice day bed?", "happy birthday gift card",
        "merry christmas opening hours", "tell me a story about the sofa", "are you happy to take back the sofa",
        "I'm so tired waiting for the delivery", "you're the best price?", "你喜欢什么沙发", "你喜欢哪款床垫",
        "你最喜欢什么沙发", "你喜欢灰色沙发吗", "你爱哪张床", "你爱护沙发吗", "你相信退货吗", "你有男朋友款沙发",
        "今天天气送货吗", "天气不好还送货吗", "这天气沙发能放阳台", "周末快乐送货", "谁制造了你家沙发",
        "你在做什么活动", "你喜欢我们的桌子吗", "讲个故事沙发", "你会唱歌的灯", "你太好用了吗",
    ],
)  # fmt: skip
def test_question_about_what_a_shop_sells_is_no_small_talk(asked: str) -> None:
    assert not Shop().takes_for_small_talk(asked)


@pytest.mark.parametrize(
    "said",
    [
        "do you like pizza?", "do you like cats?", "do you have a dog?", "tell me a joke",
        "what's your favourite colour?", "whats your favorite movie", "how old are you?", "I'm so bored",
        "i am tired today", "are you a man or a woman?", "who made you?", "who won the match last night",
        "you're so funny haha", "happy birthday to you!", "what are you doing tonight",
        "do you believe in aliens?", "do you get tired", "where do you live?", "did you have a nice weekend",
        "how's the weather", "nice weather today, isn't it", "will you marry me?", "what is the meaning of life",
        "sing me a song", "are we friends?", "你喜欢猫吗", "你最喜欢什么颜色?", "你喜欢吃什么", "你相信有外星人吗",
        "你有女朋友吗", "你结婚了吗", "你会做梦吗", "你吃饭了吗", "你在干嘛", "给我讲个故事吧", "唱首歌",
        "我好无聊啊", "今天天气怎么样?", "今天天气真好", "今天好热啊", "生日快乐", "你真可爱", "是谁开发了你?",
        "人生的意义是什么", "你几岁了?", "我爱你",
    ],
)  # fmt: skip
def test_small_talk_stays_small_talk_in_a_shop(said: str) -> None:
    assert Shop().takes_for_small_talk(said)


@pytest.mark.parametrize("asked", ["do you have a dog?", "where do you live?", "你住在哪里"])
def test_what_an_entry_surely_answers_is_no_small_talk(asked: str) -> None:
    assert not Shop(likelihood=0.9).takes_for_small_talk(asked)
