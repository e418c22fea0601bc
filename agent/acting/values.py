"""What a slot takes from a text: a value in its normal form, or nothing. Pure.

`reply` reads an answer to the slot's question and may be generous; `mentioned` reads a message that is about
something else, and takes only what cannot be meant otherwise.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, assert_never

from agent.acting.days import day_in, said
from agent.acting.errand import Slot
from agent.acting.spoken import digits_only, email_by_ear, email_in, spelled
from agent.acting.times import is_only_a_time, wished
from agent.understanding.replies import answers_yes, bare, choice_of
from knowledge.matching.folding import fold
from knowledge.spoken_numbers import written

Flaw = Literal["number", "address", "postcode", "past", "far", "phone"]
"""What is wrong with a reply that was meant as the value."""
REGIONS = {"en": "US", "zh": "CN"}
"""Where a phone number without a country is taken to be."""
_ORDER = re.compile(r"\d{4,12}")
_CODE = r"(?:\d{5}(?:-\d{4})?|\d{6}|\d{4}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)"
"""American, Chinese, four figures, British, Canadian."""
_POSTCODE = re.compile(_CODE)
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.@+/-])\d{4,12}(?![A-Za-z0-9_@/]|[.,]\d|-\d)")
_NAMED_ORDER = re.compile(
    r"(?i)(?:order|number|no\.?|nr\.?|订单|单号|#)(?:\s*(?:number|no\.?|id|编号|号码|号))?\s*(?:is|是|:|为)?\s*#?\s*"
    r"(\d{4,12})(?!\d)"
)
_NAMED_POSTCODE = re.compile(
    rf"(?i)(?:zip|post\s?code|postal|邮编|邮政编码)(?:\s*code)?\s*(?:is|是|:|为)?\s*({_CODE})(?![\w-])"
)
_ZH_MOBILE = re.compile(r"1[3-9]\d{9}")
_SHORTEST_PHONE = 7
_LONGEST_TEXT = 300
_FEWEST_WORDS, _FEWEST_SIGNS = 3, 6
"""Of a text that begins like a yes or a no."""
_FARTHEST = timedelta(days=366)
_SAYS_ORDER = re.compile(r"(?i)\border\b|订单|单号")
_ABOUT = re.compile(
    r"(?i)^(?:(?:it is|it's|its|it concerns|yes|well|just) )*(?:about|concerning|regarding) |^(?:是)?关于(?:的是)?"
)
_NOTHING = re.compile(
    r"(?:no|nope|nah|none|nothing|no thanks|nothing (?:special|particular|specific|in particular)|i'd rather not say"
    r"|rather not|skip|skip that|doesn't matter|不|没有|没|没什么|不用|不用了|不想说|无|跳过|随便)"
)
_LEAD = re.compile(
    r"(?i)^\W*(?:(?:it's|it is|my|the|post\s?code|postal|zip|code|is|that's|sure|yes)\b\W*)+"
    r"|^(?:我的)?(?:邮编|邮政编码)?[是为]?"
)


def reply(text: str, slot: Slot, *, lang: str, today: date) -> str | None:
    """The value in an answer to the slot's question."""
    match slot.kind:
        case "order_number":
            found = _named_order(text) or _lone_number(text) or (None if _named_postcode(text) else digits_only(text))
        case "postcode":
            found = _postcode(text)
        case "email":
            found = email_by_ear(text)
        case "proof":
            found = email_by_ear(text) or _postcode(text)
        case "phone":
            found = _phone(text, lang=lang)
        case "date":
            day = day_in(text, today=today)
            found = day.isoformat() if day and today <= day <= today + _FARTHEST else None
        case "time":
            found = _declined(text, slot, lang=lang) or wished(text)
        case "choice":
            found = _choice(text, slot, lang=lang)
        case "text":
            found = _declined(text, slot, lang=lang) or _text(text)
    return _fitting(found, slot)


def mentioned(text: str, slot: Slot, *, lang: str, today: date) -> str | None:
    """The value where the message gives it in passing."""
    match slot.kind:
        case "order_number":
            found = _named_order(text) or _lone_number(text)
        case "postcode":
            found = _named_postcode(text)
        case "email":
            found = email_in(text)
        case "proof":
            found = email_in(text) or _named_postcode(text)
        case "phone":
            found = _phone(text, lang=lang)
        case "time":
            found = wished(text)
        case "date":
            return reply(text, slot, lang=lang, today=today)
        case "choice":
            named = [value for value, words in slot.options.items() if _is_named(words.values(), text)]
            found = named[0] if len(named) == 1 else None
        case "text":
            return None
    return _fitting(found, slot)


def flaw(text: str, slot: Slot, *, lang: str, today: date) -> Flaw | None:
    """Why a reply gives no value, where it looks like one."""
    digits = sum(mark.isdigit() for mark in written(text[:_LONGEST_TEXT]))
    has_address = "@" in text or "艾特" in text
    match slot.kind:
        case "order_number":
            return "number" if digits > 1 and not has_address else None
        case "email":
            return "address" if has_address else None
        case "proof":
            return "address" if has_address else "postcode" if digits > 1 else None
        case "postcode":
            return "postcode" if digits > 1 else None
        case "phone":
            return "phone" if digits > 2 and not has_address else None
        case "date":
            day = day_in(text, today=today)
            return None if day is None or reply(text, slot, lang=lang, today=today) else _wrong_day(day, today=today)
        case "time" | "choice" | "text":
            return None
        case _:
            assert_never(slot.kind)


def shown(value: str, slot: Slot, *, lang: str, is_spoken: bool) -> str:
    """A value as it is read back to the customer."""
    match slot.kind:
        case "date":
            return said(date.fromisoformat(value), lang=lang)
        case "order_number" | "postcode":
            return " ".join(value) if is_spoken else value
        case "phone":
            return _international(value)
        case "choice":
            return _label(slot, value, lang=lang)
        case _:
            return value


def options(slot: Slot, *, lang: str) -> tuple[str, ...]:
    """What a choice offers."""
    return tuple(_label(slot, value, lang=lang) for value in slot.options)


def masked(value: str, slot: Slot) -> str:
    """What of a value is kept for colleagues: enough to tell two apart, not enough to reach anybody."""
    match slot.kind:
        case "order_number" | "date" | "time" | "choice":
            return value
        case "email":
            return _masked_email(value)
        case "proof":
            return _masked_email(value) if "@" in value else f"{value[:2]}***"
        case "postcode":
            return f"{value[:2]}***"
        case "phone":
            return f"***{value[-2:]}"
        case "text":
            return f"[{len(value)}]"


def _fitting(value: str | None, slot: Slot) -> str | None:
    if not value or (slot.pattern and not re.fullmatch(slot.pattern, value)):
        return None
    return value


def _named_order(text: str) -> str | None:
    found = _NAMED_ORDER.search(written(text))
    return found[1] if found else None


def _lone_number(text: str) -> str | None:
    """The one number in the message that is neither a postcode, part of a phone number nor of an address."""
    plain = _NAMED_POSTCODE.sub(" ", written(text))
    found = [number[0] for number in _NUMBER.finditer(plain)]
    return found[0] if len(found) == 1 and _ORDER.fullmatch(found[0]) else None


def _named_postcode(text: str) -> str | None:
    found = _NAMED_POSTCODE.search(written(text))
    return _as_postcode(found[1]) if found else None


def _postcode(text: str) -> str | None:
    """A postcode alone, dictated or with a few words before it; not the number of an order."""
    if _SAYS_ORDER.search(text) and _named_order(text) and not _named_postcode(text):
        return None
    plain = fold(text[:_LONGEST_TEXT]).strip(" .!?。")
    return _named_postcode(text) or _as_postcode(digits_only(text) or _LEAD.sub("", plain))


def _as_postcode(raw: str) -> str | None:
    """Without spaces, and without what follows the hyphen of an American one."""
    code = spelled(raw)
    return code.partition("-")[0] if _POSTCODE.fullmatch(code) else None


def _wrong_day(day: date, *, today: date) -> Flaw:
    return "past" if day < today else "far"


def _declined(text: str, slot: Slot, *, lang: str) -> str | None:
    """What stands in the place of a value that the customer does not care to give."""
    is_declined = slot.without and _NOTHING.fullmatch(bare(text))
    return (slot.without.get(lang) or next(iter(slot.without.values()))) if is_declined else None


def _text(text: str) -> str | None:
    """Neither a yes nor a time says what it is about."""
    plain = bare(text)
    if not plain or is_only_a_time(text) or _NOTHING.fullmatch(plain):
        return None
    if answers_yes(text) is not None and len(plain.split()) < _FEWEST_WORDS and len(plain) < _FEWEST_SIGNS:
        return None
    shown = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return (_ABOUT.sub("", shown) or shown)[:_LONGEST_TEXT]


def _phone(text: str, *, lang: str) -> str | None:
    """In international form. Eleven digits that are a Chinese mobile number are one in either language."""
    from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number, is_valid_number

    plain = digits_only(text) or written(text[:500])
    home = REGIONS.get(lang, "US")
    for match in PhoneNumberMatcher(plain, home, leniency=Leniency.POSSIBLE):
        if not is_valid_number(match.number) and _ZH_MOBILE.fullmatch(match.raw_string):
            return f"+86{match.raw_string}"
        if len(str(match.number.national_number)) >= _SHORTEST_PHONE:
            return str(format_number(match.number, PhoneNumberFormat.E164))
    return None


def _international(value: str) -> str:
    import phonenumbers

    number = phonenumbers.parse(value)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _choice(text: str, slot: Slot, *, lang: str) -> str | None:
    at = choice_of(text, options(slot, lang=lang))
    if at is None:
        other = "zh" if lang == "en" else "en"
        at = choice_of(text, options(slot, lang=other))
    return None if at is None else list(slot.options)[at]


def _is_named(labels: Iterable[str], text: str) -> bool:
    plain = fold(text).casefold()
    return any(re.search(rf"(?<![a-z]){re.escape(fold(label).casefold())}(?![a-z])", plain) for label in labels)


def _label(slot: Slot, value: str, *, lang: str) -> str:
    words = slot.options[value]
    return words.get(lang) or next(iter(words.values()))


def _masked_email(value: str) -> str:
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}"
