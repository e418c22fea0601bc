"""How the editor's commands say what they found: in words for a reader, in plain values for a program."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web.commands.console import tell

if TYPE_CHECKING:
    from knowledge.curating.contradictions import Findings, Pair
    from knowledge.curating.draft_rows import DraftRow
    from knowledge.curating.drafts import Outcome
    from knowledge.curating.vain import Vain
    from knowledge.entry import Entry
    from web.services import Services

MOST_CHECKED = 300
"""New entries that are compared with the knowledge as they are added; more take longer than anybody waits."""
_SHOWN = 3
_OUTCOMES: dict[str, str] = {
    "new": "a new draft",
    "joined": "more evidence for a draft",
    "known": "in a draft already",
    "answered": "answered by the knowledge already",
    "refused": "refused before",
}


def read_text(file: str) -> tuple[str, str]:
    """What to call it, and what it says; `-` is stdin. Raises UnreadableDocument."""
    from knowledge.problem import UnreadableDocument
    from knowledge.reading.decoding import decode
    from knowledge.reading.documents import LARGEST_DOCUMENT_BYTES

    name = "stdin" if file == "-" else Path(file).name
    try:
        content = sys.stdin.buffer.read(LARGEST_DOCUMENT_BYTES) if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"{name} cannot be read: {error.strerror}.") from error
    return name, decode(content, name=name)[0]


def gaps_as_text(found: "Vain", *, currency: str) -> str:
    lines = []
    for gap in found.gaps:
        money = "" if gap.money is None else f"  {gap.money:.2f} {currency}"
        wrong = f", {gap.wrong} answered wrongly" if gap.wrong else ""
        lines.append(f"{gap.count:>4}{money}  {gap.question}{wrong}")
        lines += [f"        {example}" for example in gap.examples if example != gap.question][:_SHOWN]
        if gap.best_question:
            lines.append(f"        nearest: {gap.best_entry} ({gap.confidence:.2f})  {gap.best_question}")
    for question in found.answered:
        lines.append(f"{question.count:>4}  answered now by {question.entry}: {question.question}")
    return "\n".join(lines) or "There are no gaps."


def learnt_as_text(found: "Sequence[tuple[str, Outcome]]") -> str:
    lines = [f"{_OUTCOMES[outcome]}: {question}" for question, outcome in found]
    return "\n".join(lines) or "Nothing was asked and answered there."


def drafts_as_text(drafts: "Sequence[DraftRow]") -> str:
    lines = []
    for draft in drafts:
        lines.append(f"{str(draft.id)[:8]}  {draft.evidence}x from {draft.origin}  {draft.question}")
        lines += [f"          {line}" for line in draft.answer.splitlines()]
        if draft.kind == "phrasing":
            lines.append(f"          another phrasing of {draft.entry}")
        lines += [f"          also: {example}" for example in draft.examples if example != draft.question][:_SHOWN]
    return "\n".join(lines) or "There are no drafts."


def findings_as_json(found: "Findings") -> dict[str, Any]:
    return {
        "pairs": [_pair(pair) for pair in found.pairs],
        "unanswered": [_entry(entry) for entry in found.unanswered],
        "expired": [_entry(entry) for entry in found.expired],
        "expiring": [_entry(entry) for entry in found.expiring],
    }


def findings_as_text(found: "Findings") -> str:
    lines = []
    for pair in found.pairs:
        lines.append(f"{pair.kind} ({pair.nearness:.2f})  {_named(pair.one)} / {_named(pair.other)}")
        lines += [f"    {said}\n    {answered}" for said, answered in pair.differing] or [
            f"    {pair.one.question}\n    {pair.other.question}"
        ]
    for title, entries in (("no answer", found.unanswered), ("expired", found.expired), ("expiring", found.expiring)):
        for entry in entries:
            until = f" (until {entry.valid_until})" if entry.valid_until else ""
            lines.append(f"{title}{until}  {_named(entry)}  {entry.question}")
    return "\n".join(lines) or "Nothing contradicts, repeats or runs out."


def clashes_of(services: "Services", before: "Mapping[tuple[str, str], Entry]") -> dict[str, int | None]:
    """How many duplicates and contradictions what was added has with the knowledge; None where nobody looked."""
    from knowledge.matching.embeddings import MissingEmbeddings

    changed = {
        (entry.id, entry.lang)
        for entry in services.library.shelved()
        if (known := before.get((entry.id, entry.lang))) is None
        or (known.phrasings, known.answer) != (entry.phrasings, entry.answer)
    }
    if not changed:
        return {"duplicates": 0, "contradictions": 0}
    if len(changed) > MOST_CHECKED:
        tell("So much is new that it was not compared with the rest: `dime knowledge check` does.")
        return {"duplicates": None, "contradictions": None}
    try:
        services.index.build()
    except MissingEmbeddings as error:
        tell(f"What is new was not compared with the rest. {error}")
        return {"duplicates": None, "contradictions": None}
    kinds = [pair.kind for pair in services.curation.check().of(changed)]
    return {"duplicates": kinds.count("duplicate"), "contradictions": kinds.count("contradiction")}


def clashes_as_text(clashes: Mapping[str, int | None]) -> list[str]:
    """One line, where there is something to look at."""
    duplicates, contradictions = clashes["duplicates"], clashes["contradictions"]
    if not duplicates and not contradictions:
        return []
    return [
        f"What is new repeats the knowledge {duplicates} times and contradicts it {contradictions} times: "
        "`dime knowledge check`."
    ]


def _pair(pair: "Pair") -> dict[str, Any]:
    return {
        "kind": pair.kind,
        "one": _entry(pair.one),
        "other": _entry(pair.other),
        "nearness": round(pair.nearness, 4),
        "differing": pair.differing,
    }


def _entry(entry: "Entry") -> dict[str, Any]:
    told = ("id", "lang", "question", "answer", "source", "valid_until")
    return {name: getattr(entry, name) for name in told}


def _named(entry: "Entry") -> str:
    return f"{entry.id} ({entry.lang})"
