"""What Dime says to a customer who is upset, asks again, or is left without a person, in both languages."""

from collections.abc import Sequence
from typing import Literal

Sentence = Literal[
    "either_unknown", "policy", "again", "else_person", "ask_number", "ask_number_or_this", "number_unclear",
    "ask_time", "confirm", "confirm_any_time", "noted", "say_message", "message_left", "declined",
    "technical_alone", "sorry_angry",
]  # fmt: skip

_ACKNOWLEDGEMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "angry": {
        "en": (
            "I can see that this has made you angry, and I am sorry for the trouble.",
            "You have every reason to want this settled.",
            "This has clearly gone on long enough.",
        ),
        "zh": ("我理解您很生气，给您添麻烦了，抱歉。", "您希望尽快解决，这完全合理。", "这件事确实拖得够久了。"),
    },
    "upset": {
        "en": (
            "I understand that this is frustrating.",
            "I am sorry that this has not gone as it should.",
            "That is not what you expected of us, I see that.",
        ),
        "zh": ("我理解这让您很困扰。", "抱歉，这次没有让您满意。", "这与您的期望不符，我明白。"),
    },
}
_SENTENCES: dict[Sentence, dict[str, str]] = {
    "either_unknown": {"en": "I do not know the answer to that either.", "zh": "这个问题我也不知道答案。"},
    "sorry_angry": {"en": "A colleague can do more for you here than I can.", "zh": "这件事由同事处理会更合适。"},
    "policy": {"en": "A colleague takes care of this personally.", "zh": "这类问题由我们的同事亲自处理。"},
    "again": {"en": "In short:", "zh": "简单来说："},
    "else_person": {
        "en": "If that does not answer it, would you like to talk to a person?",
        "zh": "如果这没有解答您的问题，需要为您转接人工客服吗？",
    },
    "ask_number": {
        "en": "May we call you back? Please tell me the number, digit by digit.",
        "zh": "我们可以给您回电吗？请逐位说出您的电话号码。",
    },
    "ask_number_or_this": {
        "en": "May we call you back on the number you are calling from? Say yes, or tell me another number.",
        "zh": "我们可以拨打您现在的来电号码给您回电吗？请说“可以”，或者告诉我另一个号码。",
    },
    "number_unclear": {
        "en": "I did not catch a whole number. Please say it again, digit by digit.",
        "zh": "我没有听到完整的号码，请再逐位说一遍。",
    },
    "ask_time": {
        "en": "When shall we call? For example tomorrow morning, or at any time.",
        "zh": "您希望什么时候回电？例如明天上午，或者随时。",
    },
    "confirm": {
        "en": "We call you back on {number}, {time}. Is that right?",
        "zh": "我们将拨打 {number} 给您回电，时间：{time}。对吗？",
    },
    "confirm_any_time": {
        "en": "We call you back on {number}, as soon as somebody is there. Is that right?",
        "zh": "我们将尽快拨打 {number} 给您回电。对吗？",
    },
    "noted": {
        "en": "Noted. A colleague will call you back. You may leave a message for them now, or ask me something else.",
        "zh": "已记录，我们的同事会给您回电。您现在可以给同事留言，也可以继续问我别的问题。",
    },
    "say_message": {"en": "Please go ahead, I am writing it down.", "zh": "请说，我来记录。"},
    "message_left": {
        "en": "I have noted your message for my colleague. Is there anything else?",
        "zh": "您的留言已记录。还有什么可以帮您的吗？",
    },
    "declined": {
        "en": "All right, then nobody will call. What else can I do for you?",
        "zh": "好的，那我们就不回电了。还有什么可以帮您的吗？",
    },
    "technical_alone": {
        "en": "I'm sorry, something went wrong on our side, and no colleague is there just now.",
        "zh": "抱歉，我们这边出了点问题，目前也没有客服在线。",
    },
}  # fmt: skip


def sentence(name: Sentence, *, lang: str) -> str:
    return _SENTENCES[name].get(lang) or _SENTENCES[name]["en"]


def fixed_sentences() -> list[dict[str, tuple[str, ...]]]:
    """Those without a customer's values, by language, so that their speech can be rendered ahead."""
    told: list[dict[str, tuple[str, ...]]]
    told = [{lang: (text,) for lang, text in words.items() if "{" not in text} for words in _SENTENCES.values()]
    return [*told, *_ACKNOWLEDGEMENTS.values()]


def acknowledgement(mood: str | None, *, lang: str, said_before: Sequence[str] = ()) -> str:
    """Empty for a mood that needs none. The first that the answers before, the last one last, did not begin with."""
    choices = _ACKNOWLEDGEMENTS.get(mood or "", {}).get(lang, ())
    fresh = [words for words in choices if not any(words in answer for answer in said_before)]
    return next(iter(fresh or [words for words in choices if not said_before or words not in said_before[-1]]), "")


def joined(*parts: str, lang: str) -> str:
    return ("" if lang == "zh" else " ").join(part for part in parts if part)
