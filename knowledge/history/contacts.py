"""Rows of an export as past contacts: times read, names made keys, texts masked. A bad row is named and left out."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from knowledge.history.columns import DURATIONS, TIMES, Columns, Meaning, recognise
from knowledge.history.handling import LONGEST_HANDLING_SECONDS, LOOKED_AT, believed, handling_seconds, units_of
from knowledge.history.masking import mask
from knowledge.history.tables import Record, Table, read_table
from knowledge.history.threads import Line, answer_of, is_greeting, plain, question_of, sides, take_apart
from knowledge.history.times import Clock, Order, order_of
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.faq import guess_lang

Channel = Literal["chat", "phone", "email", "ticket"]
Key = Callable[[Literal["customer", "colleague"], str], str]
"""Turns whoever is named in an export into a key that names nobody."""

_LONGEST_QUESTION, _LONGEST_ANSWER = 2_000, 10_000
_FEW_WORDS = 3
_CHANNELS: dict[Channel, str] = {
    "phone": r"phone|voice|\bcalls?\b|inbound|telephon|pstn|电话|语音|热线|来电",
    "chat": r"chat|messag|whatsapp|messenger|widget|sms|telegram|wechat|line\b|在线|聊天|微信|网页",
    "email": r"e-?mail|邮件|邮箱",
    "ticket": r"web|form|portal|api|ticket|工单|表单",
}
_NO_TOPICS = frozenset("conversation ticket question incident problem task email chat phone voice call message".split())


@dataclass(frozen=True)
class PastContact:
    external_id: str
    channel: Channel
    lang: str | None = None
    customer: str | None = None
    colleague: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    handling_seconds: float | None = None
    question: str = ""
    answer: str = ""
    topic: str | None = None


@dataclass(frozen=True)
class Export:
    """A file, read: what its columns mean, the contacts in it, what was odd, and the rows that are none."""

    name: str
    columns: Columns
    contacts: tuple[PastContact, ...]
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    place: str = "line"


@dataclass
class _Reading:
    """What is decided once for the whole file, and what is counted on the way."""

    columns: Columns
    clocks: Mapping[str, Clock]
    units: Mapping[str, float]
    key: Key
    channel: Channel | None
    remarks: Counter[str] = field(default_factory=Counter)


def read_export(
    path: Path,
    *,
    key: Key,
    zone: str,
    given: Mapping[str, str] | None = None,
    channel: Channel | None = None,
    order: Order | None = None,
) -> Export:
    """`zone` is the company's, for times that name none; `given` maps meanings to columns; `channel` and `order` are
    for files that do not say. Raises UnreadableDocument when nothing of the file can be used."""
    table = read_table(path)
    looked_at = [record.cells for record in table.records[:LOOKED_AT]]
    columns = believed(recognise(table.header, given), looked_at, given=given or {})
    has_thread = any(record.thread for record in table.records)
    if not has_thread and not columns.has("question", "subject", "text", "transcript", "topic", "started", *DURATIONS):
        found = ", ".join(table.header)[:300] or "nothing"
        raise UnreadableDocument(
            f"{path.name} has no column that is recognised, only: {found}. Name one: --map question=COLUMN."
        )
    clocks, remarks = _clocks(table, columns, zone=zone, order=order)
    units = units_of(columns, looked_at)
    reading = _Reading(columns, clocks, units, key, channel or _channel_of_shape(columns, has_thread))
    contacts, problems = [], list(table.problems)
    for record in _joined(table.records, columns):
        try:
            contacts.append((record.line, _contact(record, reading)))
        except ValueError as error:
            problems.append(Problem(record.line, str(error)))
    numbered, repeated = _numbered(contacts, place=table.place)
    remarks += [f"{count} {remark}" for remark, count in reading.remarks.items()]
    problems = sorted([*problems, *repeated], key=lambda problem: problem.line or 0)
    if not numbered:
        reason = f" ({table.place} {problems[0].line}: {problems[0].message})" if problems else ""
        raise UnreadableDocument(f"{path.name} holds no contact that can be read{reason}.")
    return Export(path.name, columns, tuple(numbered), tuple(remarks), tuple(problems), table.place)


def _clocks(table: Table, columns: Columns, *, zone: str, order: Order | None) -> tuple[dict[str, Clock], list[str]]:
    clocks, remarks = {}, []
    for meaning in TIMES:
        for name in columns.by_meaning.get(meaning, ()):
            decided, remark = order_of((record.cells.get(name, "") for record in table.records), zone_name=zone)
            clocks[name] = Clock(ZoneInfo(zone), order or decided)
            if remark and not order:
                remarks.append(f"{name}: {remark}")
    return clocks | {"": Clock(ZoneInfo(zone), order or "month first")}, remarks


def _joined(records: Sequence[Record], columns: Columns) -> list[Record]:
    """A log with a row for each message as one record a conversation; other records as they are."""
    texts = columns.by_meaning.get("text") or columns.by_meaning.get("question") or ()
    roles, ids = columns.by_meaning.get("role", ()), columns.by_meaning.get("id", ())
    if not (texts and roles and ids):
        return list(records)
    times = (*columns.by_meaning.get("time", ()), *columns.by_meaning.get("started", ()))
    together: dict[str, Record] = {}
    for record in records:
        external_id = columns.first("id", record.cells)[1] or f"line {record.line}"
        text = next((cell for name in texts if (cell := record.cells.get(name, ""))), "")
        at = next((cell for name in times if (cell := record.cells.get(name, ""))), "")
        said = Line(columns.first("role", record.cells)[1], plain(text), at)
        first = together.get(external_id)
        cells = record.cells if first is None else {**record.cells, **{k: v for k, v in first.cells.items() if v}}
        thread = (*(first.thread if first else ()), *([said] if said.text else []))
        together[external_id] = Record(first.line if first else record.line, cells, thread)
    taken = set(texts)
    return [replace(one, cells={k: v for k, v in one.cells.items() if k not in taken}) for one in together.values()]


def _contact(record: Record, reading: _Reading) -> PastContact:
    columns, cells = reading.columns, record.cells
    channel = _channel(columns.first("channel", cells)[1]) or reading.channel or "ticket"
    customers, colleagues = columns.all("customer", cells), columns.all("colleague", cells)
    thread = record.thread or tuple(take_apart(columns.first("transcript", cells)[1]))
    told = sides(thread, colleagues=colleagues) if thread else []
    if thread and not told:
        reading.remarks["conversations name speakers of which none is known as customer or colleague"] += 1
    question = question_of(told) or _question(columns, cells)
    answer = plain(columns.first("answer", cells)[1]) or answer_of(told)
    speakers = [name for line in thread for name in (line.speaker, line.name) if name]
    names = [*customers, *colleagues, *speakers, *columns.names(cells)]
    started = _time("started", reading, cells)
    if started is None and thread and thread[0].at:
        started = _said_at(thread[0], reading)
    handling = handling_seconds(columns, cells, units=reading.units, is_call=channel == "phone")
    if handling is not None and handling > LONGEST_HANDLING_SECONDS:
        reading.remarks["handling times are longer than a shift and were left out"] += 1
        handling = None
    kept = _without_courtesy(mask(question, names=names))[:_LONGEST_QUESTION]
    topic = _topic(columns, cells)
    if not kept and handling is None and started is None and topic is None:
        raise ValueError("says nothing: no question, no time, no topic")
    return PastContact(
        external_id=columns.first("id", cells)[1][:200],
        channel=channel,
        lang=re.split("[-_]", columns.first("lang", cells)[1].casefold())[0][:8]
        or (guess_lang(kept) if kept else None),
        customer=reading.key("customer", customers[0]) if customers else None,
        colleague=reading.key("colleague", colleagues[0]) if colleagues else None,
        started_at=started,
        ended_at=_time("ended", reading, cells),
        handling_seconds=handling,
        question=kept,
        answer=_without_courtesy(mask(answer, names=names))[:_LONGEST_ANSWER],
        topic=topic,
    )


def _question(columns: Columns, cells: Mapping[str, str]) -> str:
    """The description, with the subject before it where it says too little alone."""
    subject, described = (plain(columns.first(meaning, cells)[1]) for meaning in ("subject", "question"))
    if not described:
        return subject or plain(columns.first("text", cells)[1])
    if subject and described.isascii() and len(described.split()) < _FEW_WORDS and subject not in described:
        return f"{subject}\n{described}"
    return described


def _without_courtesy(text: str) -> str:
    """Without the lines that only greet, unless nothing else is there."""
    lines = [line for line in text.split("\n") if line.strip() and not is_greeting(line)]
    return "\n".join(lines) or text


def _topic(columns: Columns, cells: Mapping[str, str]) -> str | None:
    for cell in columns.all("topic", cells):
        words = [word.strip() for word in re.split(r"[|;,，；]", cell)]
        if word := next((word for word in words if word and word.casefold() not in _NO_TOPICS), None):
            return word[:100]
    return None


def _time(meaning: Meaning, reading: _Reading, cells: Mapping[str, str]) -> datetime | None:
    name, cell = reading.columns.first(meaning, cells)
    if not cell:
        return None
    try:
        return reading.clocks[name].read(cell)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def _said_at(line: Line, reading: _Reading) -> datetime | None:
    names = reading.columns.by_meaning.get("time", ())
    try:
        return reading.clocks[names[0] if names else ""].read(line.at)
    except ValueError:
        return None


def _channel(cell: str) -> Channel | None:
    word = cell.casefold()
    return next((channel for channel, pattern in _CHANNELS.items() if re.search(pattern, word)), None) if word else None


def _channel_of_shape(columns: Columns, has_thread: bool) -> Channel | None:
    if columns.has("talk", "hold") or (
        columns.has("duration") and not columns.has("question", "subject", "transcript")
    ):
        return "phone"
    return "chat" if columns.has("transcript", "role") or (has_thread and not columns.has("subject")) else None


def _numbered(contacts: Sequence[tuple[int, PastContact]], *, place: str) -> tuple[list[PastContact], list[Problem]]:
    """Each with an id that is the same at the next import: the export's, else one made of what the row says and of how
    many equal rows stand before it."""
    first, equal = dict[str, int](), Counter[str]()
    numbered, repeated = [], []
    for line, contact in contacts:
        if contact.external_id:
            if contact.external_id in first:
                message = f"the id {contact.external_id!r} was used before, on {place} {first[contact.external_id]}"
                repeated.append(Problem(line, message, hides_entry=False))
                continue
            first[contact.external_id] = line
            numbered.append(contact)
            continue
        digest = hashlib.sha256(repr(contact).encode(errors="replace")).hexdigest()[:24]
        equal[digest] += 1
        numbered.append(replace(contact, external_id=f"row-{digest}-{equal[digest]}"))
    return numbered, repeated
