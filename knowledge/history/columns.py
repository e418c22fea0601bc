"""Which column of an export means what, by the names that ticket, chat and telephone systems give them.

A name is compared without case, punctuation, units and filler words; a column not recognised is named.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from knowledge.problem import UnreadableDocument

Meaning = Literal[
    "id", "started", "ended", "handling", "talk", "hold", "wrap", "duration", "colleague", "customer", "channel",
    "lang", "subject", "question", "answer", "topic", "transcript", "role", "text", "time",
]  # fmt: skip
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
DURATIONS: tuple[Meaning, ...] = ("handling", "talk", "hold", "wrap", "duration")
TIMES: tuple[Meaning, ...] = ("started", "ended", "time")

_NAMES: dict[Meaning, str] = {
    "id": "id|case number|ticket number|"
    "number|no|key|reference|ref|uuid|sid|display id|工单号|工单编号|工单id|会话id|会话编号|通话id|编号|单号",
    "started": "created|created at|created time|created date|created on|created at date|creation date|creation time|"
    "date created|opened|opened at|open date|started|started at|start|start time|start date|initial created|"
    "user created at|initiation timestamp|date|datetime|timestamp|received|received at|date time|创建时间|创建日期|"
    "开始时间|提交时间|来电时间|进线时间|日期|时间",
    "ended": "ended|ended at|end|end time|end date|solved|solved at|solved date|resolved|resolved at|resolved time|"
    "resolved date|closed|closed at|closed time|closed date|closed on|completed at|disconnect timestamp|"
    "结束时间|解决时间|关闭时间|完成时间",
    "handling": "handle time|handling time|handled time|handle|aht|average handle time|agent handle time|handle secs|"
    "handling seconds|handle seconds|time tracked|time spent|time worked|work time|agent work time|agent time|"
    "处理时长|处理时间|处理用时|平均处理时长",
    "talk": "talk|talk time|talk duration|talk seconds|agent interaction duration|agent talk time|通话时长|通话时间",
    "hold": "hold|hold time|hold duration|hold seconds|customer hold duration|on hold|保持时长|保持时间",
    "wrap": "wrap|wrap up|wrapup|wrap time|wrap up time|wrapup time|acw|acw time|after call work|after call work time|"
    "after contact work duration|after work|wrap seconds|话后时长|话后处理时长|整理时长",
    "duration": "duration|call duration|length|call length|billsec|billable seconds|时长|呼叫时长",
    "colleague": "agent|agent name|agent id|agent username|agent email|assignee|assignee name|assignee id|"
    "assignee email|assigned to|owner|colleague|operator|handled by|representative|rep|advisor|teammate|"
    "teammate assigned|responder|responder id|user|users|user name|客服|客服姓名|客服人员|坐席|坐席姓名|处理人|受理人",
    "customer": "requester email|primary customer email|source author email|"
    "customer email|email|email address|contact email|user email|from|from number|caller|"
    "caller id|caller number|ani|phone|phone number|customer phone|mobile|customer endpoint address|requester id|"
    "customer id|customer number|contact id|requester|requester name|customer|customer name|contact|contact name|"
    "full name|visitor|visitor name|visitor email|visitor id|客户|客户姓名|客户名称|客户电话|客户邮箱|客户编号|"
    "手机|手机号|电话|来电号码|主叫号码|邮箱|用户",
    "channel": "channel|via|via channel|source|source type|medium|media type|origin|contact channel|渠道|来源|来源渠道",
    "lang": "lang|language|locale|语言",
    "subject": "subject|title|summary|标题|主题",
    "question": "question|description|description text|first message|first customer message|initial message|message|"
    "body|content|inquiry|enquiry|request|issue|problem|customer message|query|source body|问题|问题描述|描述|"
    "客户问题|咨询内容|首条消息|内容|提问",
    "answer": "answer|reply|response|resolution|resolution notes|solution|first reply|first response|agent reply|"
    "agent response|last reply|comment|public comment|public reply|回复|答复|回答|客服回复|解决方案|处理结果",
    "topic": "topic|intent|category|reason|contact reason|call reason|disposition|type|subtype|issue type|tag|tags|"
    "labels|label|主题分类|分类|类别|类型|标签|意图|来电原因|问题类型|咨询类型",
    "transcript": "transcript|transcription|chat transcript|conversation|dialogue|dialog|chat log|chat history|"
    "history|messages|对话|聊天记录|对话记录|会话记录|会话内容|通话文本",
    "role": "role|sender|sender type|sender role|author|author type|author role|speaker|speaker role|direction|"
    "participant|participant role|发送方|发送者|发送人|角色|说话人",
    "text": "text|message text|message body|utterance|消息|消息内容|文本",
    "time": "sent at|message time|message created at|sent time|message timestamp|发送时间|消息时间",
}  # fmt: skip
_FILLER = frozenset(
    "ticket tickets convo case contact conversation chat call interaction the total sum of in secs sec seconds s ms "
    "milliseconds min mins minutes hours hrs h hh mm ss utc gmt local avg".split()
)
_MILLISECONDS, _SECONDS = {"ms", "milliseconds", "毫秒"}, {"s", "sec", "secs", "seconds", "秒"}
_MINUTES, _HOURS = {"min", "mins", "minutes", "分钟"}, {"hours", "hrs", "h", "小时"}
_PEOPLE = frozenset(
    "author customer requester user agent assignee admin contact person personal caller full first last".split()
)
_PLAIN_TIMES = frozenset("first resolution full reply response wait waiting queue ring idle requester".split())
"""A time with one of these in its name is the clock on the wall or the customer's patience, not somebody's work."""


@dataclass(frozen=True)
class Columns:
    """What was recognised: each meaning with its columns, the best first; and what was not."""

    by_meaning: Mapping[Meaning, tuple[str, ...]]
    unknown: tuple[str, ...] = field(default=())

    def has(self, *meanings: Meaning) -> bool:
        return any(self.by_meaning.get(meaning) for meaning in meanings)

    def first(self, meaning: Meaning, cells: Mapping[str, str]) -> tuple[str, str]:
        """The first column with that meaning that says something in this row, and what it says."""
        for name in self.by_meaning.get(meaning, ()):
            if cell := cells.get(name, "").strip():
                return name, cell
        return "", ""

    def all(self, meaning: Meaning, cells: Mapping[str, str]) -> list[str]:
        return [cell for name in self.by_meaning.get(meaning, ()) if (cell := cells.get(name, "").strip())]

    def names(self, cells: Mapping[str, str]) -> list[str]:
        """What people are called in columns that are not used otherwise."""
        return [
            cells.get(name, "") for name in self.unknown if "name" in (words := _words(name)) and _PEOPLE & {*words}
        ]


def recognise(header: Sequence[str], given: Mapping[str, str] | None = None) -> Columns:
    """`given` maps a meaning to the column the user named for it, and goes before what the names say."""
    found: dict[Meaning, list[tuple[int, str]]] = {}
    unknown = []
    named = _given(header, given or {})
    for name in header:
        if any(name == column for column in named.values()):
            continue
        if (meaning := _meaning(name)) and meaning[0] not in named:
            found.setdefault(meaning[0], []).append((meaning[1], name))
        elif name:
            unknown.append(name)
    columns: dict[Meaning, tuple[str, ...]] = {
        meaning: (named[meaning],) if meaning in named else tuple(name for _, name in sorted(found.get(meaning, [])))
        for meaning in MEANINGS
        if meaning in named or meaning in found
    }
    return Columns(columns, tuple(unknown))


def unit_seconds(column: str) -> float | None:
    """What one unit of a bare number in this column is in seconds, where its name says so."""
    words = set(_words(column))
    units = ((_MILLISECONDS, 0.001), (_SECONDS, 1.0), (_MINUTES, 60.0), (_HOURS, 3600.0))
    return next((seconds for names, seconds in units if words & names), None)


def _given(header: Sequence[str], given: Mapping[str, str]) -> dict[Meaning, str]:
    named: dict[Meaning, str] = {}
    for wanted, column in given.items():
        meaning = next((meaning for meaning in MEANINGS if meaning == wanted.strip().casefold()), None)
        if meaning is None:
            raise UnreadableDocument(f"--map knows no meaning {wanted!r}; it is one of: {', '.join(MEANINGS)}.")
        name = next((name for name in header if name.casefold() == column.strip().casefold()), None)
        if name is None:
            raise UnreadableDocument(f"--map {wanted}={column}: there is no such column, only: {', '.join(header)}.")
        named[meaning] = name
    return named


def _meaning(name: str) -> tuple[Meaning, int] | None:
    """The meaning and how late in its list the name stands."""
    words = _words(name)
    if set(words) & _PLAIN_TIMES and set(words) & {"time", "duration", "resolution"} and "message" not in words:
        return None
    full, bare = " ".join(words), " ".join(word for word in words if word not in _FILLER)
    for wanted in dict.fromkeys((full, bare)):
        for meaning, names in _KNOWN.items():
            if wanted in names:
                return meaning, names[wanted]
    if not bare and words and words[-1] in ("chat", "conversation"):
        return "transcript", 0
    return _CLOSED_UP.get("".join(words))


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", apart).casefold().split()


_KNOWN: dict[Meaning, dict[str, int]] = {
    meaning: {name: place for place, name in enumerate(names.split("|"))} for meaning, names in _NAMES.items()
}
_CLOSED_UP: dict[str, tuple[Meaning, int]] = {
    name.replace(" ", ""): (meaning, place)
    for meaning, names in reversed(_KNOWN.items())
    for name, place in names.items()
    if " " in name
}
"""For headers like AfterContactWorkDuration."""
