"""What people answered where Dime could not, proposed to an editor: a draft answers nobody before it is accepted."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from knowledge.curating.clusters import nearest
from knowledge.curating.draft_rows import DraftRow, Kind, Origin
from knowledge.curating.gaps import resolve_gaps
from knowledge.entry import Entry
from knowledge.library import Library
from knowledge.matching.retriever import Retriever
from knowledge.phrasings import as_phrasing
from knowledge.privacy.kinds import PLACEHOLDER
from knowledge.reading.faq import LONGEST_ANSWER, guess_lang, normalise, stable_id

EDITOR = "editor"
"""The source of what an editor wrote or accepted."""
MOST_EXAMPLES = 20
_MOST_COMPARED = 500
"""Drafts that a new one is compared with, the latest."""
_PERSONAL = re.compile(r"\S+@\S+|\d{5,}|\d[\d -]{7,}\d")

Outcome = Literal["new", "joined", "known", "answered", "refused"]
"""What became of a proposal: it joined an open draft, was in it already, is answered by now, was refused before."""


class NoSuchDraft(ValueError):
    """No open draft has this id."""


@dataclass(frozen=True)
class Proposal:
    question: str
    answer: str
    origin: Origin
    lang: str | None = None
    seconds: float | None = None
    """What the contact took a person, where measured."""
    demo: bool = False
    is_wrong: bool = False
    """Dime did answer, and the customer said that it did not help: that the knowledge answers is no objection."""


class Drafts:
    """Blocking; each change is one transaction."""

    def __init__(self, engine: Engine, *, company: str = "default") -> None:
        self._engine = engine
        self._company = company
        self._proposing = threading.Lock()

    def propose(self, proposal: Proposal, retriever: Retriever, *, threshold: float) -> Outcome:
        """A new draft, or more evidence for an open one that asks the same. `threshold` is the confidence from which on
        Dime answers by itself. Raises ValueError for a question that is empty or too long."""
        question, answer = as_phrasing(proposal.question), as_answer(proposal.answer)
        lang = proposal.lang or guess_lang(question)
        if not proposal.is_wrong and _answers(retriever, question, lang=lang, threshold=threshold):
            return "answered"
        with self._proposing, Session(self._engine) as session:
            row = self._same(session, question, lang=lang, retriever=retriever)
            if row is None:
                row = self._new("entry", proposal.origin, question, lang=lang, demo=proposal.demo)
                row.answer, row.seconds = answer, proposal.seconds
                session.add(row)
                session.commit()
                return "new"
            if row.status == "refused":
                return "refused"
            is_said = normalise(question) in map(normalise, row.examples) and row.answer == answer
            if proposal.origin == "transcript" and is_said:
                return "known"
            _add_evidence(row, question, seconds=proposal.seconds)
            session.commit()
            return "joined"

    def propose_phrasing(self, question: str, entry: Entry, *, demo: bool = False) -> Outcome:
        """That this question should have been answered by that entry, since a customer chose it; for an editor to
        accept. Refused where it holds what says who the customer is."""
        question = as_phrasing(question)
        if is_personal(question):
            return "refused"
        if normalise(question) in map(normalise, entry.phrasings):
            return "answered"
        with self._proposing, Session(self._engine) as session:
            same = select(DraftRow).where(DraftRow.company == self._company, DraftRow.kind == "phrasing")
            for row in session.exec(same.where(DraftRow.entry == entry.id, DraftRow.status != "accepted")):
                if normalise(row.question) == normalise(question):
                    if row.status == "refused":
                        return "refused"
                    _add_evidence(row, question, seconds=None)
                    session.commit()
                    return "joined"
            row = self._new("phrasing", "choice", question, lang=entry.lang, demo=demo)
            row.entry = entry.id
            session.add(row)
            session.commit()
            return "new"

    def listed(self) -> list[DraftRow]:
        """Open drafts, those with most evidence first, then the latest."""
        with Session(self._engine) as session:
            rows = session.exec(self._mine().where(DraftRow.status == "open")).all()
            return sorted(rows, key=lambda row: (row.evidence, row.at), reverse=True)

    def find(self, name: str) -> DraftRow:
        """The open draft with this id, or the only one whose id begins so. Raises NoSuchDraft."""
        wanted = name.strip().lower()
        found = [row for row in self.listed() if wanted and str(row.id).startswith(wanted)]
        if len(found) != 1:
            reason = "several open drafts have ids that begin" if found else "no open draft has an id that begins"
            raise NoSuchDraft(f"{reason} with {name!r}; `dime knowledge drafts` lists them")
        return found[0]

    def accept(
        self,
        draft: UUID,
        library: Library,
        *,
        question: str | None = None,
        answer: str | None = None,
        by: str | None = None,
    ) -> Entry:
        """Puts it into the knowledge and resolves the gaps with its questions. Raises NoSuchDraft, ValueError for what
        cannot be an entry, TakenQuestion or UnknownEntry. What is written twice by an interruption is written equal."""
        row = self.find(str(draft))
        question = as_phrasing(question or row.question)
        if row.kind == "phrasing":
            entry = library.teach(question, row.entry or "", lang=row.lang)
        else:
            entry = write_entry(
                library, question, answer or row.answer, lang=row.lang, asked=row.examples, demo=row.demo
            )
        with Session(self._engine) as session:
            row = session.get_one(DraftRow, row.id)
            row.question, row.entry, row.status = question, entry.id, "accepted"
            row.answer = entry.answer if row.kind == "entry" else ""
            row.decided_at, row.decided_by = datetime.now(UTC), by
            resolve_gaps(session, [question, *row.examples], company=self._company)
            session.commit()
        return entry

    def refuse(self, draft: UUID, *, by: str | None = None) -> None:
        """Not proposed again. Raises NoSuchDraft."""
        with Session(self._engine) as session:
            row = session.get(DraftRow, draft)
            if row is None or row.status != "open":
                raise NoSuchDraft("this draft is not open any more")
            row.status, row.decided_at, row.decided_by = "refused", datetime.now(UTC), by
            session.commit()

    def _mine(self) -> SelectOfScalar[DraftRow]:
        return select(DraftRow).where(DraftRow.company == self._company)

    def _new(self, kind: Kind, origin: Origin, question: str, *, lang: str, demo: bool) -> DraftRow:
        return DraftRow(
            company=self._company,
            kind=kind,
            origin=origin,
            question=question,
            lang=lang,
            examples=[question],
            demo=demo,
        )

    def _same(self, session: Session, question: str, *, lang: str, retriever: Retriever) -> DraftRow | None:
        """The undecided or refused draft that asks the same, by its words or else by its meaning."""
        theirs = self._mine().where(
            DraftRow.kind == "entry", DraftRow.lang == lang, col(DraftRow.status).in_(("open", "refused"))
        )
        rows = list(session.exec(theirs.order_by(col(DraftRow.at).desc()).limit(_MOST_COMPARED)))
        for row in rows:
            if normalise(question) in map(normalise, row.examples):
                return row
        vectors = retriever.meanings([question, *(row.question for row in rows)])
        at = nearest(vectors[0], vectors[1:])
        return None if at is None else rows[at]


def write_entry(
    library: Library,
    question: str,
    answer: str,
    *,
    lang: str | None = None,
    asked: Sequence[str] = (),
    demo: bool = False,
) -> Entry:
    """An entry as an editor writes it, with what customers `asked` as its other phrasings."""
    question, answer = as_phrasing(question), as_answer(answer)
    if not answer:
        raise ValueError("an entry needs an answer")
    others = {normalise(text): as_phrasing(text) for text in asked if not is_personal(text)}
    others.pop(normalise(question), None)
    entry = Entry(
        id=stable_id(question),
        question=question,
        answer=answer,
        variants=tuple(others.values()),
        lang=lang or guess_lang(question),
        source=EDITOR,
    )
    library.write(entry, demo=demo)
    return entry


def is_personal(question: str) -> bool:
    """With an address or a long number in it, it is for the editor's eyes, not another way of asking."""
    return bool(_PERSONAL.search(question) or PLACEHOLDER.search(question))


def as_answer(answer: str) -> str:
    text = answer.encode(errors="replace").decode().replace("\0", " ").strip()
    if len(text) > LONGEST_ANSWER:
        raise ValueError(f"an answer has {LONGEST_ANSWER:,} characters at most, this one has {len(text):,}")
    return text


def _answers(retriever: Retriever, question: str, *, lang: str, threshold: float) -> bool:
    matches = retriever.find([question], lang=lang)[0]
    return bool(matches and matches[0].entry.answer and matches[0].confidence >= threshold)


def _add_evidence(row: DraftRow, question: str, *, seconds: float | None) -> None:
    row.evidence += 1
    if seconds is not None:
        row.seconds = (row.seconds or 0.0) + seconds
    if question not in row.examples:
        row.examples = [*row.examples, question][-MOST_EXAMPLES:]
