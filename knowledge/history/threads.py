"""A conversation line by line: who said what, taken from one cell of text or from an array of messages."""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Side = Literal["customer", "colleague"]


@dataclass(frozen=True)
class Line:
    speaker: str
    """As the export names it: a role, a name or an id."""
    text: str
    at: str = ""
    """As the export writes it."""
    name: str = ""
    """Of the speaker, where the export tells it beside the role."""


_CUSTOMER = frozenset(
    "customer user visitor client caller requester end-user end_user enduser contact lead guest buyer consumer member "
    "patient passenger incoming inbound external 客户 用户 访客 顾客 买家 会员".split()
)
_COLLEAGUE = frozenset(
    "agent admin operator colleague staff support representative rep advisor adviser teammate employee assistant "
    "supporter outgoing outbound internal csr 客服 坐席 人工客服 商家 卖家 专员".split()
)
_NEITHER = frozenset("system bot automation action note workflow trigger 系统 机器人".split())
_STAMP = (
    r"(?:[\[(（]?\s*(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?[ T,]*)?"
    r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?\s*[\])）]?)"
)
_ROLE_WORDS = "|".join(
    sorted((word for word in _CUSTOMER | _COLLEAGUE if len(word) > 3 or not word.isascii()), key=len, reverse=True)
)
_SPEAKER_LINE = re.compile(
    rf"(?m)^[ \t]*(?P<before>{_STAMP})?[ \t-]*(?P<speaker>[^\W\d][^\n:：\[\](（）)]{{0,39}}?)[ \t]*"
    rf"(?:[(（][^)）\n]{{0,30}}[)）])?[ \t]*(?P<after>{_STAMP})?[ \t]*(?:[:：](?!//)|(?<=[\d\])）])[ \t]*$)"
)
_SPEAKER_INSIDE = re.compile(
    rf"(?<![\w])(?P<before>{_STAMP})?[ \t]*(?P<speaker>(?i:{_ROLE_WORDS}))[ \t]*(?P<after>{_STAMP})?[ \t]*[:：](?!//)"
)
_GREETING = re.compile(
    r"(?:\W|\b(?:hi|hello|hey|hiya|dear|good|morning|afternoon|evening|day|there|sir|madam|team|all|how|are|you|today|can|may|"
    r"i|help|with|assist|what|do|for|thanks?|thank|so|much|contacting|reaching|out|to|us|welcome|my|name|is|this|we|yes|no|"
    r"ok|okay|sure|please|one|moment|just|a|sec|second|minute|let|me|check|look|into|that|it)\b|\[name\]|"
    r"你好|您好|在吗|请问|有什么|可以|帮|您|的|吗|呢|谢谢|欢迎|光临|咨询|亲|好|嗯|稍等|请)*",
    re.IGNORECASE,
)
_TEXT_KEYS = ("body_text", "plain_body", "text", "body", "content", "message", "utterance", "html_body", "value")
_ROLE_KEYS = tuple(
    "role author_role author_type sender_type from_type sender_role author sender speaker from createdBy created_by "
    "participant type author_id user_id".split()
)
_TIME_KEYS = ("created_at", "createdAt", "time", "timestamp", "sent_at", "at", "date", "ts")
_LONGEST_LINE = 20_000


def take_apart(transcript: str) -> list[Line]:
    """The lines of "Customer: ... Agent: ...", over several lines or in one; empty where nobody is named."""
    marks = list(_SPEAKER_LINE.finditer(transcript))
    inside = list(_SPEAKER_INSIDE.finditer(transcript))
    if len(inside) > len(marks):
        marks = inside
    lines = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(transcript)
        at = (mark["before"] or mark["after"] or "").strip("[]()（） ")
        if text := transcript[mark.end() : end].strip():
            lines.append(Line(mark["speaker"].strip(" -\t"), text, at))
    return lines


def messages(found: Sequence[Any], *, requester: str = "") -> list[Line]:
    """An array of messages, whichever system wrote it; private notes are left out. `requester` is the customer's id."""
    lines = []
    for message in found:
        if isinstance(message, Sequence) and not isinstance(message, str) and len(message) == 2:
            lines.append(Line(str(message[0]), plain(str(message[1]))))
        elif isinstance(message, Mapping) and not _is_private(message):
            text = next((message[key] for key in _TEXT_KEYS if isinstance(message.get(key), str)), "")
            at = next((str(message[key]) for key in _TIME_KEYS if message.get(key)), "")
            if text.strip():
                lines.append(Line(_role(message, requester), plain(text), at, _name(message)))
    return lines


def sides(lines: Sequence[Line], *, colleagues: Sequence[str] = ()) -> list[tuple[Side, Line]]:
    """Each line with the side it was said on. Where one of two speakers is known, the other is the other side; lines of
    bots and systems fall out. Empty where nobody is known: guessing would turn answers into questions."""
    speakers = Counter(line.speaker for line in lines)
    named = {name.casefold() for name in colleagues}
    known: dict[str, Side | None] = {}
    for speaker in speakers:
        word = speaker.casefold()
        words = set(re.split(r"[\s#\d_]+", word)) | {word}
        if word in named or words & _COLLEAGUE:
            known[speaker] = "colleague"
        elif words & _CUSTOMER:
            known[speaker] = "customer"
        elif words & _NEITHER:
            known[speaker] = None
    if {"customer", "user"} <= {speaker.casefold() for speaker in speakers} and "colleague" not in known.values():
        known.update({speaker: "colleague" for speaker in speakers if speaker.casefold() == "user"})
    told = {side for side in known.values() if side}
    for speaker in speakers:
        if speaker not in known:
            if len(told) != 1 and "customer" not in told:
                return []
            known[speaker] = "customer" if told == {"colleague"} else "colleague"
    return [(side, line) for line in lines if (side := known[line.speaker])]


def question_of(lines: Sequence[tuple[Side, Line]]) -> str:
    """What the customer said first beyond a greeting, up to the colleague's next word."""
    said = list[str]()
    for side, line in lines:
        if side == "customer" and (said or not is_greeting(line.text)):
            said.append(line.text)
        elif side == "colleague" and said:
            break
    return "\n".join(said)


def answer_of(lines: Sequence[tuple[Side, Line]]) -> str:
    """What the colleague replied to that, greetings and "one moment" aside."""
    asked, said = False, list[str]()
    for side, line in lines:
        if side == "customer":
            asked |= not is_greeting(line.text)
        elif asked and not is_greeting(line.text):
            said.append(line.text)
    return "\n".join(said)


def is_greeting(text: str) -> bool:
    return len(text) < 120 and _GREETING.fullmatch(text) is not None


def plain(text: str) -> str:
    """Without mark-up, where a text is HTML."""
    text = text[:_LONGEST_LINE]
    if "<" not in text and "&" not in text:
        return text.strip()
    if not re.search(r"</?[a-zA-Z][^<>]*>", text):
        return html.unescape(text).strip()
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)
    text = re.sub(r"(?i)<(?:br|/p|/div|/li)\b[^<>]*>", "\n", text)
    text = html.unescape(re.sub(r"<[^<>]+>", " ", text))
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t\xa0]+", " ", text)).strip()


def _is_private(message: Mapping[str, Any]) -> bool:
    kind = str(message.get("type") or message.get("part_type") or "").casefold()
    return (
        message.get("public") is False or message.get("private") is True or kind in ("note", "lineitem", "assignment")
    )


def _name(message: Mapping[str, Any]) -> str:
    for key in ("author", "sender", "from", "createdBy", "created_by", "user"):
        if isinstance(author := message.get(key), Mapping):
            return " ".join(
                str(author.get(part) or "") for part in ("name", "first", "last", "first_name", "last_name")
            )
    return str(message.get("author_name") or message.get("sender_name") or "")


def _role(message: Mapping[str, Any], requester: str) -> str:
    if isinstance(incoming := message.get("incoming"), bool):
        return "customer" if incoming else "agent"
    for key in _ROLE_KEYS:
        value = message.get(key)
        if isinstance(value, Mapping):
            value = value.get("type") or value.get("role") or value.get("name") or value.get("id")
        if value in (None, "") or (key == "type" and str(value).casefold() in ("comment", "message", "text")):
            continue
        if key in ("author_id", "user_id") and requester:
            return "customer" if str(value) == requester else "agent"
        return str(value)
    return ""
