"""The FAQ format: rows with a question each, and optionally an answer, other phrasings, intent, language and dates."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from knowledge.entry import Entry
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.delimited import Row, read_rows

COLUMNS = ("id", "question", "answer", "variants", "intent", "lang", "tags", "url", "valid_from", "valid_until")
_OTHER_NAMES = {
    "question": "q questions 问 問 问题 問題 提问 常见问题 标准问题 customer·question frequently·asked·question",
    "answer": "a answers reply response 答 答案 回答 答复 回复 标准答案",
    "variants": "variant phrasings 相似问 相似问题 其他问法",
    "lang": "language 语言",
    "tags": "tag category topic 标签 分类 类别",
    "url": "link 链接",
    "valid_from": "valid·from 生效日期",
    "valid_until": "valid·until 失效日期 有效期至",
}
_COLUMNS = {
    other.replace("·", " "): name for name, others in _OTHER_NAMES.items() for other in (name, *others.split())
} | {"id": "id", "intent": "intent"}
_LANGUAGES = {"english": "en", "英文": "en", "英语": "en", "chinese": "zh", "中文": "zh", "汉语": "zh"}
LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 50_000
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


def read_faq(text: str, *, name: str) -> tuple[list[Entry], list[Problem]]:
    """The good rows as entries, the bad ones as problems with their line."""
    header, rows, problems = read_rows(text)
    if "question" not in map(column, header):
        found = ", ".join(header) or "nothing"
        raise UnreadableDocument(f"{name} has no column named question; its first row holds: {found[:200]}.")
    entries, more = faq_entries(header, rows, source=name)
    return entries, [*problems, *more]


def faq_entries(
    header: Sequence[str], rows: Sequence[Row], *, source: str, today: date | None = None
) -> tuple[list[Entry], list[Problem]]:
    """The same for rows whose cells are known, from any kind of file. What is missing, has run out or is not
    understood in all of them is said once."""
    entries, problems = [], []
    for row in rows:
        try:
            entries.append(_entry(row, source))
        except ValueError as error:
            problems.append(Problem(row.line, str(error)))
    return entries, [*problems, *_remarks(header, entries, today or datetime.now(UTC).date())]


def column(name: str) -> str | None:
    """Which column of the format a header means, in either language; None for one that is no part of it."""
    return _COLUMNS.get(" ".join(name.replace("_", " ").casefold().split())) or _COLUMNS.get(name.strip().casefold())


def _remarks(header: Sequence[str], entries: Sequence[Entry], today: date) -> Iterator[Problem]:
    ignored = [name for name in header if name and not column(name)]
    if ignored:
        yield Problem(1, f"columns that mean nothing here were ignored: {', '.join(ignored)[:200]}", hides_entry=False)
    unanswered = [entry for entry in entries if not entry.answer]
    if unanswered:
        message = f"{_counted(unanswered, 'question')} without an answer: recognised, but not answered"
        yield Problem(unanswered[0].line, message, hides_entry=False)
    expired = [entry for entry in entries if entry.valid_until and entry.valid_until < today]
    if expired:
        message = f"{_counted(expired, 'entry')} whose valid_until has passed: kept, but not answered"
        yield Problem(expired[0].line, message, hides_entry=False)


def _counted(entries: Sequence[Entry], one: str) -> str:
    """3 questions (lines 2, 5, 9)"""
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    lines = [str(entry.line) for entry in entries[:10]]
    more = ", …" if len(entries) > 10 else ""
    return (
        f"{len(entries)} {one if len(entries) == 1 else many} (line{'s' * (len(entries) > 1)} {', '.join(lines)}{more})"
    )


def write_faq(entries: Sequence[Entry]) -> str:
    """The same format, as CSV: what is written here is read back equal."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        variants, tags = "|".join(entry.variants), "|".join(entry.tags)
        first, last = (day.isoformat() if day else None for day in (entry.valid_from, entry.valid_until))
        writer.writerow(
            (entry.id, entry.question, entry.answer, variants, entry.intent, entry.lang, tags, entry.url, first, last)
        )
    return page.getvalue()


def guess_lang(text: str) -> str:
    """Chinese when a fair part of the letters is, else English: enough to file an entry under, not to detect with."""
    letters = sum(character.isalpha() for character in text)
    return "zh" if len(_CHINESE.findall(text)) > 0.3 * letters else "en"


def stable_id(question: str) -> str:
    """The same question gets the same id on every machine, so that adding a file twice changes nothing."""
    normal = normalise(question)
    digest = hashlib.sha256(normal.encode(errors="replace")).hexdigest()
    slug = re.sub(r"[^a-z0-9]+", "-", normal)[:40].strip("-")
    return f"{slug}-{digest[:8]}" if slug else f"q-{digest[:12]}"


def normalise(question: str) -> str:
    """Case, spaces and closing punctuation aside, two equal questions are equal."""
    return " ".join(question.casefold().split()).rstrip(" ?？!！.。")


def _entry(row: Row, source: str) -> Entry:
    cells = {column(name): cell for name, cell in reversed(row.cells.items())}
    question, answer = cells.get("question", ""), cells.get("answer", "")
    if not question:
        raise ValueError("has no question")
    if len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
        raise ValueError(f"is too long (question {LONGEST_QUESTION:,}, answer {LONGEST_ANSWER:,} characters at most)")
    variants = (variant.strip() for variant in cells.get("variants", "").split("|"))
    lang = re.split("[-_]", cells.get("lang", "").casefold())[0]
    lang = _LANGUAGES.get(lang, lang)
    if lang and not re.fullmatch("[a-z]{2,3}", lang):
        raise ValueError(f"lang is not a language like en or zh: {lang[:40]!r} (an unquoted delimiter?)")
    return Entry(
        id=cells.get("id") or stable_id(question),
        question=question,
        answer=answer,
        variants=tuple(dict.fromkeys(variant for variant in variants if variant and variant != question)),
        intent=cells.get("intent") or None,
        lang=lang or guess_lang(question),
        tags=tuple(tag for tag in re.split(r"\s*[|,;]\s*", cells.get("tags", "")) if tag),
        url=cells.get("url") or None,
        valid_from=_day(cells.get("valid_from", ""), "valid_from"),
        valid_until=_day(cells.get("valid_until", ""), "valid_until"),
        source=source,
        line=row.line,
    )


def _day(text: str, column: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{column} is not a date like 2027-12-31: {text[:40]!r}") from None
