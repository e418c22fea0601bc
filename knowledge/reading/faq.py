"""The FAQ format: rows with a question each, and optionally an answer, other phrasings, intent, language and dates."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from datetime import date

from knowledge.entry import Entry
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.delimited import Row, read_rows

COLUMNS = ("id", "question", "answer", "variants", "intent", "lang", "tags", "url", "valid_from", "valid_until")
_OTHER_NAMES = {
    "q": "question",
    "a": "answer",
    "问题": "question",
    "問題": "question",
    "答案": "answer",
    "回答": "answer",
}
LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 50_000
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


def read_faq(text: str, *, name: str) -> tuple[list[Entry], list[Problem]]:
    """The good rows as entries, the bad ones as problems with their line."""
    header, rows, problems = read_rows(text)
    names = {_OTHER_NAMES.get(column, column) for column in header}
    if "question" not in names:
        found = ", ".join(header) or "nothing"
        raise UnreadableDocument(f"{name} has no column named question; its first row holds: {found[:200]}.")
    entries = []
    for row in rows:
        try:
            entries.append(_entry(row, name))
        except ValueError as error:
            problems.append(Problem(row.line, str(error)))
    return entries, problems


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
    cells = {_OTHER_NAMES.get(column, column): cell for column, cell in row.cells.items()}
    question, answer = cells.get("question", ""), cells.get("answer", "")
    if not question:
        raise ValueError("has no question")
    if len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
        raise ValueError(f"is too long (question {LONGEST_QUESTION:,}, answer {LONGEST_ANSWER:,} characters at most)")
    variants = (variant.strip() for variant in cells.get("variants", "").split("|"))
    lang = re.split("[-_]", cells.get("lang", "").casefold())[0]
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
