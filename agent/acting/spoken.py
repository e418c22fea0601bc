"""Digits and addresses as people say them, brought to how they are written. Pure; both languages."""

import re

from knowledge.matching.folding import fold
from knowledge.spoken_numbers import MISHEARD, chinese_written, digits_of, is_number, written

_TOKEN = re.compile(r"[a-z]+|\d+|[^\sa-z\d]+")
_ZH_FILLERS = re.compile("[订单编号码邮是的我为就电话:]")
_LONGEST_REPLY = 500
_ALPHABET = {
    word: word[0]
    for word in (
        "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa"
        " quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
    ).split()
}
_SIGNS = (
    (re.compile(r"(?i)\s*\b(?:dot|point|period)\b\s*|\s*(?<![一二三四五六七八九十\d])点\s*(?!\d)|\s*。\s*(?=\w)"), "."),
    (re.compile(r"(?i)\s*(?:\bunderscore\b|下划线)\s*"), "_"),
    (re.compile(r"(?i)\s*(?:\b(?:dash|hyphen|minus)\b|中划线|横杠|减号|杠)\s*"), "-"),
    (re.compile(r"(?i)\s*(?:\bplus\b|加号)\s*"), "+"),
    (re.compile(r"(?i)\s*(?:艾特|小老鼠|圈a)\s*|\s+at\s+|\s*@\s*"), "@"),
)
_AS_IN = re.compile(r"(?i)\b([a-z])\s+(?:as in|like|for)\s+[a-z]+\b")
_ADDRESS = re.compile(
    r"(?i)[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![a-z])"
)
_LEAD = re.compile(
    r"(?i)^.*\b(?:it's|it is|that's|that is|address is|e-?mail is|mail is|under|is|to|with|its|sure|yes|okay|ok|well"
    r"|um|uh)\b[\s,:]+"
    r"|^.*(?:邮箱地址|邮箱|邮件地址|地址|邮件)?(?:是|为|:)"
)


def _short(text: str) -> str:
    """What a reply with one value in it needs at most."""
    return " ".join(fold(text[:_LONGEST_REPLY]).split())


def digits_only(text: str) -> str | None:
    """The digits of a reply that is nothing else but digits, spoken or written, with fillers around; None otherwise."""
    plain = _ZH_FILLERS.sub(" ", chinese_written(_short(text)).casefold())
    tokens = [token for token in _TOKEN.findall(plain) if any(map(str.isalnum, token))]
    kept = [token for token in tokens if token not in _FILLERS]
    if not kept or not all(is_number(token) or token in MISHEARD for token in kept):
        return None
    if not any(is_number(token) for token in kept):
        return None
    return digits_of(kept)


_FILLERS = frozenset(
    "it it's s is the order number my yes no sorry and uh um well ok okay please sure that's that number's hash a an "
    "code zip postcode postal actually i mean phone".split()
)


def email_by_ear(text: str) -> str | None:
    """The address in a reply to the question for it: written, dictated, or spelled."""
    plain = _short(text)
    if found := email_in(plain):
        return found
    said = _AS_IN.sub(lambda spelled: spelled[1], plain)
    for sign, mark in _SIGNS:
        said = sign.sub(mark, said)
    local, at, domain = said.partition("@")
    if not at:
        return None
    local = _joined(_LEAD.sub("", local))
    domain = re.split(r"[,;!?，！？]|\s(?:and|please|thanks|that)\b", domain)[0]
    return email_in(f"{local}@{_joined(domain)}".rstrip("."))


def email_in(text: str) -> str | None:
    """An address as it is written, in lower case."""
    found = _ADDRESS.search(fold(text))
    if found is None or ".." in found[0] or len(found[0]) > 254:
        return None
    return found[0].lower()


def spelled(text: str) -> str:
    """Letters and digits of a code that was dictated: "S W one A" is SW1A."""
    return _joined(_AS_IN.sub(lambda letter: letter[1], _short(text))).upper()


def _joined(text: str) -> str:
    words = [_ALPHABET.get(word.casefold(), word) for word in written(text).split()]
    return "".join(words)
