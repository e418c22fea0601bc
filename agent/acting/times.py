"""The times that customers wish for, in their own words: "tomorrow at 10", 明天下午, "any time". Pure."""

import re

LONGEST = 80
_ANY = (
    r"\b(?:at )?(?:any ?time|whenever(?: suits| you like| you can)?|as soon as possible|asap|right away"
    r"|right now|soon|now"
    r"|no preference|i don't mind|doesn't matter)\b|随时|都可以|都行|尽快|马上|现在|无所谓|什么时候都"
)
_DAY = (
    r"\b(?:(?:on|this|next|coming) )*(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:the day after )?tomorrow\b|\btoday\b|\btonight\b"
    r"|\b(?:on )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?\b"
    r"|\bweekdays?\b|\bnext week\b|\bin (?:an?|one|two|three|\d+) (?:minute|hour|day)s?\b"
    r"|[今明后][天日晚早]|(?:下|这)?个?(?:周|星期|礼拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]|工作日"
)
_HOUR = (
    r"\b(?:in the |early |late )*(?:morning|afternoon|evening|noon|lunch ?time)s?\b"
    r"|\b(?:at|after|before|around|about|from|by|until|between)?\s*(?:\d{1,2}(?::\d\d)?|half past \w+"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?= ?(?:o'?clock|[ap]\.?m\b)))"
    r"(?:\s*(?:o'?clock|[ap]\.?m\.?))?(?![\w-]|\s*-?\d)"
    r"|(?:上午|下午|早上|晚上|中午|傍晚)|[\d一二两三四五六七八九十]{1,3}点(?:半|钟|\d+分?)?(?:[以之]?[前后])?"
)
_TIME = re.compile(f"{_ANY}|{_DAY}|{_HOUR}", re.IGNORECASE)
_AROUND = re.compile(
    r"\b(?:please|pls|and|or|to|the|best|is|it's|would be|works|good|fine|perfect|great|maybe|i'd say|say|call|me|ok"
    r"|okay|yes|sure|then|around|about|if possible|for me|no|sorry|wait|actually|rather|make it|make that|instead"
    r"|i mean)\b"
    r"|[请吧的左右打给我回电话改到成在不是,]",
    re.IGNORECASE,
)


def wished(text: str) -> str | None:
    """From its first to its last word for a time, as it was said; None where there is none."""
    found = list(_TIME.finditer(text[:500]))
    if not found:
        return None
    return " ".join(text[found[0].start() : found[-1].end()].split())[:LONGEST] or None


def is_only_a_time(text: str) -> bool:
    rest = _TIME.sub(" ", text[:500])
    return rest != text[:500] and not any(map(str.isalnum, _AROUND.sub(" ", rest)))
