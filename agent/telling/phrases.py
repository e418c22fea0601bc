"""The sentences Dime says of its own, in the languages it answers in; everything else comes from the knowledge."""

from typing import Literal

Phrase = Literal[
    "greeting", "thanks", "anything_else", "goodbye", "unknown", "handing_over", "want_person", "waiting",
    "with_colleague", "nobody_at_desk", "leave_contact", "call_again", "callback_noted", "colleague_joined",
    "colleague_left", "holding",
    "looking_up", "empty", "not_understood", "technical", "how_are_you", "who_are_you", "what_can_you_do",
    "languages", "fine", "small_talk", "still_there", "too_long", "lines_taken", "wait",
]  # fmt: skip

_PHRASES: dict[Phrase, dict[str, str]] = {
    "greeting": {"en": "Hello! How can I help you?", "zh": "您好！请问有什么可以帮您？"},
    "thanks": {"en": "You are welcome. Is there anything else?", "zh": "不客气，还有什么可以帮您的吗？"},
    "anything_else": {"en": "All right. What else can I help you with?", "zh": "好的，还有什么可以帮您的吗？"},
    "wait": {"en": "Of course, take your time.", "zh": "好的，您慢慢来。"},
    "goodbye": {"en": "Goodbye, and thank you for getting in touch.", "zh": "再见，感谢您的咨询。"},
    "unknown": {
        "en": "I'm sorry, I do not know the answer to that. Would you like to talk to a person?",
        "zh": "抱歉，这个问题我不知道答案。需要为您转接人工客服吗？",
    },
    "handing_over": {
        "en": "I am handing you over to a colleague. One moment, please.",
        "zh": "正在为您转接人工客服，请稍候。",
    },
    "want_person": {"en": "I would like to talk to a person.", "zh": "我想转人工客服。"},
    "waiting": {"en": "You are in the queue for a colleague.", "zh": "您已进入人工客服队列，请稍候。"},
    "with_colleague": {
        "en": "A colleague has your message and answers here.",
        "zh": "您的消息已转给人工客服，请在此等候回复。",
    },
    "nobody_at_desk": {
        "en": "I would hand you over to a colleague, but nobody is at the desk just now.",
        "zh": "我想为您转接人工客服，但目前没有客服在线。",
    },
    "leave_contact": {
        "en": "Leave a phone number or an e-mail address and we will get back to you.",
        "zh": "请留下电话或邮箱，我们会尽快与您联系。",
    },
    "call_again": {
        "en": "I would hand you over to a colleague, but nobody is there just now.",
        "zh": "我想为您转接人工客服，但目前没有客服在线。",
    },
    "callback_noted": {"en": "Noted. We will get back to you.", "zh": "已记录，我们会尽快与您联系。"},
    "colleague_joined": {"en": "A colleague has joined the conversation.", "zh": "人工客服已接入。"},
    "colleague_left": {
        "en": "The conversation was closed. You can go on asking me.",
        "zh": "本次人工服务已结束，您可以继续向我提问。",
    },
    "still_there": {"en": "Are you still there?", "zh": "您还在吗？"},
    "too_long": {
        "en": "We have come to the longest a call may last. Please call again. Goodbye.",
        "zh": "本次通话已达到最长时间，请您再次来电。再见。",
    },
    "holding": {"en": "One moment, please.", "zh": "请稍等。"},
    "how_are_you": {
        "en": "I am well, thank you. What can I do for you?",
        "zh": "我很好，谢谢。请问有什么可以帮您？",
    },
    "who_are_you": {
        "en": "I am an automated assistant. I answer from our help pages, and when I cannot, a colleague can.",
        "zh": "我是自动客服助手，根据帮助内容回答您的问题；答不了的，可以转人工客服。",
    },
    "what_can_you_do": {
        "en": "Gladly. Ask me about our products, orders and services; a colleague can take over at any time.",
        "zh": "当然可以。关于产品、订单和服务的问题都可以问我，也可以随时转人工客服。",
    },
    "languages": {
        "en": "I speak English and Chinese. Just write in either of them.",
        "zh": "我会说中文和英文，用哪一种都可以。",
    },
    "fine": {"en": "Good. What else can I help you with?", "zh": "好的，还有什么可以帮您的吗？"},
    "small_talk": {
        "en": "I am better at questions about our products, orders and services. What can I do for you?",
        "zh": "我更擅长回答商品、订单和服务方面的问题。请问有什么可以帮您？",
    },
    "lines_taken": {
        "en": "All our lines are taken at the moment. Please call again in a few minutes. Goodbye.",
        "zh": "目前线路全忙，请您过几分钟再拨。再见。",
    },
    "looking_up": {"en": "One moment, I am looking that up.", "zh": "请稍等，我查一下。"},
    "empty": {"en": "Please type your question.", "zh": "请输入您的问题。"},
    "not_understood": {
        "en": "I'm sorry, I did not catch that. Could you say it again?",
        "zh": "抱歉，我没有听清，请您再说一遍。",
    },
    "technical": {
        "en": "I'm sorry, something went wrong on our side. I am handing you over to a colleague.",
        "zh": "抱歉，我们这边出了点问题，正在为您转接人工客服。",
    },
}  # fmt: skip

_OTHER_LANGUAGE = {
    "de": "Ich kann leider nur auf Englisch und Chinesisch antworten. Möchten Sie mit einem Menschen sprechen?",
    "es": "Lo siento, solo puedo responder en inglés y en chino. ¿Quiere hablar con una persona?",
    "fr": "Désolé, je ne peux répondre qu'en anglais et en chinois. Souhaitez-vous parler à une personne ?",
    "it": "Mi dispiace, posso rispondere solo in inglese e in cinese. Vuole parlare con una persona?",
    "nl": "Sorry, ik kan alleen in het Engels en Chinees antwoorden. Wilt u met een medewerker spreken?",
    "pt": "Desculpe, só consigo responder em inglês e chinês. Quer falar com uma pessoa?",
    "ja": "申し訳ありませんが、英語と中国語でのみお答えできます。担当者におつなぎしましょうか。",
    "ko": "죄송하지만 영어와 중국어로만 답변할 수 있습니다. 상담원과 연결해 드릴까요?",
    "ru": "К сожалению, я отвечаю только по-английски и по-китайски. Соединить вас с сотрудником?",
}


def phrase(name: Phrase, *, lang: str) -> str:
    return _PHRASES[name].get(lang) or _PHRASES[name]["en"]


def other_language(lang: str) -> str:
    """Says, in the customer's language where we can, that only English and Chinese are answered."""
    english = "I can answer in English and Chinese only. Would you like to talk to a person?"
    return f"{_OTHER_LANGUAGE[lang]} ({english})" if lang in _OTHER_LANGUAGE else english
