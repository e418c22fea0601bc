"""The sentences around a tool, in the languages that are answered: questions for slots, confirmations, outcomes."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from agent.acting.days import said
from agent.acting.errand import Errand, Slot, SlotKind, Words
from agent.acting.forms import Asking, Why
from agent.acting.values import Flaw, shown
from agent.telling.left_open import Form

Sentence = Literal[
    "yes", "no", "cancelled", "declined", "failed", "not_found", "not_under", "done_already", "corrected", "noted",
    "again",
]  # fmt: skip
_SENTENCES: dict[Sentence, dict[str, str]] = {
    "yes": {"en": "Yes", "zh": "是"},
    "no": {"en": "No", "zh": "否"},
    "cancelled": {
        "en": "All right, I have left it. Is there anything else?",
        "zh": "好的，已取消。还有什么可以帮您的吗？",
    },
    "declined": {
        "en": "All right, nothing is done. Tell me what to change, or ask me something else.",
        "zh": "好的，先不办理。您可以告诉我要改什么，也可以问别的问题。",
    },
    "failed": {
        "en": "I'm sorry, I cannot look into that just now. Would you like to talk to a person?",
        "zh": "抱歉，我暂时无法办理。需要为您转接人工客服吗？",
    },
    "not_found": {
        "en": "I'm sorry, I cannot find an order with these details. Please check them.",
        "zh": "抱歉，没有找到与这些信息相符的订单，请核对一下。",
    },
    "not_under": {
        "en": "I'm sorry, I cannot find order {order} under that. Please check it; if the number is wrong, say the "
        "right one, for example: order 12345.",
        "zh": "抱歉，没有找到与此相符的订单{order}，请核对一下；如果订单号不对，请说例如“订单12345”。",
    },
    "done_already": {
        "en": "That has been done already; nothing was done twice.",
        "zh": "这已经办好了，没有重复办理。",
    },
    "corrected": {"en": "Thank you, I have changed that.", "zh": "好的，已更正。"},
    "again": {"en": "I'm sorry, I did not understand that.", "zh": "抱歉，我没有明白。"},
    "noted": {"en": "Thank you, I have noted that.", "zh": "好的，已记下。"},
}
_FLAWS: dict[Flaw, dict[str, str]] = {
    "number": {"en": "That is not how an order number looks.", "zh": "订单号的格式不对。"},
    "address": {"en": "That e-mail address is not complete.", "zh": "这个邮箱地址不完整。"},
    "postcode": {"en": "That is neither an e-mail address nor a postcode.", "zh": "这既不是邮箱地址也不是邮编。"},
    "past": {"en": "That day is past.", "zh": "这一天已经过去了。"},
    "far": {"en": "That day is too far off.", "zh": "这一天太远了。"},
    "phone": {"en": "That is not a whole phone number.", "zh": "这个电话号码不完整。"},
}
_QUESTIONS: dict[SlotKind, dict[str, str]] = {
    "order_number": {"en": "What is the order number?", "zh": "请问您的订单号是多少？"},
    "postcode": {"en": "What is the postcode?", "zh": "请问邮编是多少？"},
    "email": {"en": "What is your e-mail address?", "zh": "请问您的邮箱地址是什么？"},
    "proof": {
        "en": "To be sure that it is yours: which e-mail address or postcode is the order under?",
        "zh": "为了确认是您本人的订单：下单时用的邮箱或收货邮编是什么？",
    },
    "date": {"en": "Which day would suit you?", "zh": "您希望哪一天？"},
    "time": {
        "en": "When would suit you? For example tomorrow morning, or at any time.",
        "zh": "什么时候方便？例如明天上午，或者随时。",
    },
    "phone": {"en": "Which phone number can we reach you at?", "zh": "请问您的联系电话是多少？"},
    "choice": {"en": "Which would you like?", "zh": "您选哪一个？"},
    "text": {"en": "What is it about?", "zh": "请问是关于什么事？"},
}
_EXAMPLES: dict[SlotKind, dict[str, str]] = {
    "order_number": {
        "en": "It stands in your confirmation e-mail; digits are enough.",
        "zh": "订单号在确认邮件里，只说数字就可以。",
    },
    "postcode": {"en": "For example 97205.", "zh": "例如 97205。"},
    "email": {"en": "For example name@example.com.", "zh": "例如 name@example.com。"},
    "proof": {"en": "For example name@example.com, or 97205.", "zh": "例如 name@example.com,或 97205。"},
    "date": {"en": "For example tomorrow, or November 28.", "zh": "例如明天，或11月28日。"},
    "time": {"en": "", "zh": ""},
    "phone": {"en": "With the area code, please.", "zh": "请带上区号。"},
    "choice": {"en": "", "zh": ""},
    "text": {"en": "", "zh": ""},
}
_FIELD = re.compile(r"\{(\w+)(?::(date|money))?\}")
_CURRENCIES = {"USD": ("${}", "{}美元"), "EUR": ("€{}", "{}欧元"), "CNY": ("¥{}", "{}元"), "GBP": ("£{}", "{}英镑")}
_LONGEST_FIELD = 200
_MARKS = re.compile(r"https?://\S+|<[^>]*>|[\[\]<>*_`#|\\{}]")


class MissingField(LookupError):
    """The tool's result lacks what the sentence about it needs; the name says what."""


def sentence(name: Sentence, *, lang: str) -> str:
    return worded(_SENTENCES[name], lang=lang)


def worded(words: Words, *, lang: str) -> str:
    return words.get(lang) or words.get("en") or next(iter(words.values()))


def fixed_sentences() -> list[dict[str, str]]:
    """Those without a customer's values, by language, so that their speech can be rendered ahead."""
    every = (*_QUESTIONS.values(), *_EXAMPLES.values(), *_SENTENCES.values())
    return [words for words in every if all(text and "{" not in text for text in words.values())]


def question(step: Asking, *, lang: str) -> str:
    """What is asked, with a word before it where the last reply was a correction or not understood."""
    asked = worded(step.slot.question or _QUESTIONS[step.slot.kind], lang=lang)
    example = "" if step.why in ("first", "corrected", "noted") else _EXAMPLES[step.slot.kind].get(lang, "")
    return " ".join(part for part in (_before(step.why, lang=lang), asked, example) if part)


def not_found(errand: Errand, step: Asking, *, lang: str, is_spoken: bool) -> str:
    """The same words whether there is no such order or it is somebody else's, and which part is asked for again."""
    numbers = [slot for slot in errand.slots if slot.kind == "order_number" and slot.name in step.form.given]
    if not numbers or numbers[0] == step.slot:
        said = sentence("not_found", lang=lang)
    else:
        order = _read_back(numbers[0], step.form, lang=lang, is_spoken=is_spoken)
        said = sentence("not_under", lang=lang).format(order=order)
    return f"{said} {question(step, lang=lang)}"


def confirmation(errand: Errand, form: Form, *, why: Why, lang: str, is_spoken: bool) -> str:
    """What will be done, with the values read back."""
    values = {slot.name: _read_back(slot, form, lang=lang, is_spoken=is_spoken) for slot in errand.slots}
    asked = _FIELD.sub(lambda field: values.get(field[1], field[0]), worded(errand.confirm, lang=lang))
    return " ".join(part for part in (_before(why, lang=lang), asked) if part)


def outcome(errand: Errand, facts: Mapping[str, str], *, lang: str, is_spoken: bool = False) -> str:
    """What is said of a result. Raises MissingField. A field is data: short, on one line, without marks or links."""
    words = errand.told.get(facts.get("outcome", "")) or errand.told.get("")
    if words is None:
        raise MissingField("outcome")
    numbers = {slot.name for slot in errand.slots if slot.kind == "order_number"}

    def filled(field: re.Match[str]) -> str:
        raw = facts.get(f"{field[1]}_{lang}", facts.get(field[1]))
        if raw is None:
            raise MissingField(field[1])
        value = _formatted(raw, field[2], currency=facts.get("currency", "USD"), lang=lang)
        return " ".join(value) if is_spoken and field[1] in numbers else value

    return _FIELD.sub(filled, worded(words, lang=lang))


def plain(text: str) -> str:
    """A tool's text without what a page would turn into links or markup, nor what nobody can see."""
    visible = "".join(mark if mark.isprintable() else " " for mark in text[: 4 * _LONGEST_FIELD])
    bare = " ".join(_MARKS.sub(" ", visible).split())
    return bare if len(bare) <= _LONGEST_FIELD else bare[: _LONGEST_FIELD - 1].rstrip() + "…"


def _before(why: Why, *, lang: str) -> str:
    match why:
        case "first":
            return ""
        case "unclear":
            return sentence("again", lang=lang)
        case "corrected" | "noted":
            return sentence(why, lang=lang)
        case _:
            return worded(_FLAWS[why], lang=lang)


def _read_back(slot: Slot, form: Form, *, lang: str, is_spoken: bool) -> str:
    return plain(shown(form.given[slot.name], slot, lang=lang, is_spoken=is_spoken))


def _formatted(raw: str, kind: str | None, *, currency: str, lang: str) -> str:
    try:
        match kind:
            case "date":
                return said(date.fromisoformat(raw[:10]), lang=lang)
            case "money":
                amount = Decimal(raw)
                figure = f"{amount:,.2f}".removesuffix(".00")
                styles = _CURRENCIES.get(currency, (f"{{}} {plain(currency)}",) * 2)
                return styles[lang == "zh"].format(figure)
            case _:
                return plain(raw)
    except (ValueError, InvalidOperation) as error:
        raise MissingField(f"{kind} in {plain(raw)!r}") from error
