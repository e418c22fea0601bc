"""The shelf of entries: documents are added whole or not at all, and every change is counted for whoever is reading."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import get_args

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select, update

from knowledge.entry import Entry
from knowledge.laying import Change, lay, phrasings_of, retire
from knowledge.library_rows import EntryRow, KnowledgeStateRow, PhrasingRow, SourceRow, texts_of, to_entry
from knowledge.phrasings import TakenQuestion, UnknownEntry, as_phrasing, unteach
from knowledge.problem import Problem
from knowledge.reading.documents import Document
from knowledge.reading.faq import guess_lang, normalise
from knowledge.rows import Company
from knowledge.shelf import IN_ORDER, Shelf

_MANY = 3
"""So many entries do not all change at once: a file that has none of them is another one of the same name."""
_FEW = 500
"""Entries that are looked up by name: every name is a parameter of the statement."""
EDITOR = "editor"
"""The source of what was written here rather than read from a document."""


@dataclass(frozen=True)
class Added:
    """What adding a document changed, in entries."""

    added: int = 0
    updated: int = 0
    retired: int = 0
    unchanged: int = 0
    kept: int = 0
    """The document says otherwise, but an editor's words stay."""
    problems: tuple[Problem, ...] = ()


class Library(Shelf):
    """The knowledge of one company, to be changed. Each method is one transaction; all of them block."""

    def add(self, document: Document, *, demo: bool = False) -> Added:
        """Adds, updates and retires until the library holds what the document says. Nothing is retired while a row of
        the document could not be read: the missing entry may be the one in it. `demo` marks what is made up."""
        with Session(self._engine) as session:
            state = self._lock(session)
            source = self._source(session, document)
            editor = self._find_source(session, EDITOR)
            known = self._known(session, _concerned(document, source))
            before = [row for row, _ in known.values() if row.source_id == source.id and row.status == "active"]
            counts: dict[Change, int] = dict.fromkeys(get_args(Change), 0)
            problems = list(document.problems)
            for entry in document.entries:
                row, phrasings = known.get((entry.id, entry.lang), (None, []))
                if editor and row and row.source_id == editor.id and row.status == "active":
                    is_same = to_entry(row, texts_of(phrasings)) == replace(entry, source="", line=None)
                    counts["unchanged" if is_same else "kept"] += 1
                    if not is_same:
                        message = f"{entry.id!r} ({entry.lang}) was edited since; the editor's words are kept"
                        problems.append(Problem(entry.line, message, hides_entry=False))
                    continue
                counts[lay(session, entry, row, phrasings, source=source, demo=demo)] += 1
            if document.is_whole:
                present = {(entry.id, entry.lang) for entry in document.entries}
                vanished = [row for row in before if (row.external_id, row.lang or "") not in present]
                if len(vanished) == len(before) >= _MANY and "://" not in document.name:
                    problems.append(_other_document(document.name, len(vanished)))
                    vanished = []
                for row in vanished:
                    retire(row)
                    counts["retired"] += 1
            if any(counts[change] for change in ("added", "updated", "retired")):
                state.version += 1
            session.commit()
        return Added(**counts, problems=tuple(problems))

    def write(self, entry: Entry, *, demo: bool = False) -> Change:
        """Puts one entry, as an editor wrote it, under the source of that name (`entry.source`), where no document's
        entries are: adding a document again never retires it. Raises TakenQuestion rather than replace another."""
        with Session(self._engine) as session:
            state = self._lock(session)
            source = self._source(session, Document(entry.source, entry.source, "", (entry,)))
            mine = (EntryRow.company == self._company, EntryRow.status == "active", EntryRow.lang == entry.lang)
            others = select(EntryRow.external_id, EntryRow.question).where(*mine, EntryRow.source_id != source.id)
            for other, question in session.exec(others):
                if other == entry.id or normalise(question) == normalise(entry.question):
                    raise TakenQuestion(f"the entry {other} is asked so already: {question}")
            row, phrasings = self._row(session, entry)
            change = lay(session, entry, row, phrasings, source=source, demo=demo)
            state.version += change != "unchanged"
            session.commit()
            return change

    def teach(self, question: str, entry_id: str, *, lang: str | None = None) -> Entry:
        """Keeps a customer's question as another phrasing of the entry with that id, in `lang` (guessed if None) where
        the entry has it; reading its source again keeps it. Raises UnknownEntry or TakenQuestion."""
        question = as_phrasing(question)
        with Session(self._engine) as session:
            state = self._lock(session)
            known = [(row, phrasings) for row, phrasings in self._known(session).values() if row.status == "active"]
            wanted = [(row, phrasings) for row, phrasings in known if row.external_id == entry_id]
            if not wanted:
                raise UnknownEntry(f"nothing in the knowledge has the id {entry_id}")
            lang = lang or guess_lang(question)
            row, phrasings = max(wanted, key=lambda found: found[0].lang == lang)
            texts = [row.question, *(phrasing.text for phrasing in phrasings)]
            if normalise(question) not in map(normalise, texts):
                unteach(session, question, known, besides=row)
                position = 1 + max((phrasing.position for phrasing in phrasings), default=-1)
                learnt = PhrasingRow(entry_id=row.id, position=position, text=question, learnt=True)
                session.add(learnt)
                phrasings.append(learnt)
                row.updated_at = datetime.now(UTC)
                state.version += 1
            taught = to_entry(row, texts_of(phrasings))
            session.commit()
            return taught

    def remove(self, name: str) -> int:
        """Retires the entries of the source called `name`, or where none is, the entries with that id."""
        return self.remove_source(name) or self.remove_entry(name)

    def remove_source(self, name: str) -> int:
        with Session(self._engine) as session:
            source = self._find_source(session, name)
        return self._retire_where(EntryRow.source_id == source.id) if source else 0

    def remove_entry(self, entry: str, *, lang: str | None = None) -> int:
        """In that language, or in all."""
        return self._retire_where(EntryRow.external_id == entry, *([EntryRow.lang == lang] if lang else []))

    def retire_demo(self) -> int:
        """Retires what was marked as made up: a company's own knowledge and a demo's do not go together."""
        return self._retire_where(col(EntryRow.demo).is_(True))

    def put(self, entry: Entry) -> Change:
        """Writes one entry as an editor has it. It belongs to the editor from then on: documents neither change it nor
        retire it, until it is removed and its document is read again."""
        with Session(self._engine) as session:
            state = self._lock(session)
            source = self._find_source(session, EDITOR)
            if source is None:
                source = SourceRow(company=self._company, name=EDITOR, kind=EDITOR, sha256="")
                session.add(source)
                session.flush()
            row, phrasings = self._row(session, entry)
            change = lay(session, replace(entry, line=None), row, phrasings, source=source, demo=False)
            state.version += change != "unchanged"
            session.commit()
            return change

    def _lock(self, session: Session) -> KnowledgeStateRow:
        """Takes the write lock before anything is read, so that two additions follow each other: SQLite refuses a
        transaction that first reads and then finds that another has written."""
        mine = col(KnowledgeStateRow.company) == self._company
        touched = session.exec(update(KnowledgeStateRow).where(mine).values(version=KnowledgeStateRow.version))
        if not touched.rowcount:
            if session.get(Company, self._company) is None:
                session.add(Company(id=self._company, name=self._company))
                session.flush()
            session.add(KnowledgeStateRow(company=self._company))
            session.flush()
        return session.get_one(KnowledgeStateRow, self._company, populate_existing=True)

    def _source(self, session: Session, document: Document) -> SourceRow:
        source = self._find_source(session, document.name)
        if source is None:
            source = SourceRow(company=self._company, name=document.name, kind=document.kind, sha256=document.sha256)
            session.add(source)
            session.flush()
        elif source.sha256 != document.sha256:
            source.sha256, source.kind, source.added_at = document.sha256, document.kind, datetime.now(UTC)
        return source

    def _known(
        self, session: Session, chosen: ColumnElement[bool] | bool = True
    ) -> dict[tuple[str, str], tuple[EntryRow, list[PhrasingRow]]]:
        """Every entry, or those chosen, active or not, with its phrasings, by id and language."""
        mine = (EntryRow.company == self._company, chosen)
        phrasings = phrasings_of(session, col(PhrasingRow.entry_id).in_(select(EntryRow.id).where(*mine)))
        rows = session.exec(select(EntryRow).where(*mine).order_by(*IN_ORDER)).all()
        return {(row.external_id, row.lang or ""): (row, phrasings.get(row.id, [])) for row in rows}

    def _row(self, session: Session, entry: Entry) -> tuple[EntryRow | None, list[PhrasingRow]]:
        mine = select(EntryRow).where(EntryRow.company == self._company, EntryRow.external_id == entry.id)
        row = session.exec(mine.where(EntryRow.lang == entry.lang)).one_or_none()
        return row, phrasings_of(session, PhrasingRow.entry_id == row.id).get(row.id, []) if row else []

    def _retire_where(self, *chosen: ColumnElement[bool] | bool) -> int:
        with Session(self._engine) as session:
            state = self._lock(session)
            mine = select(EntryRow).where(EntryRow.company == self._company, EntryRow.status == "active")
            retired = session.exec(mine.where(*chosen)).all()
            for row in retired:
                retire(row)
            state.version += bool(retired)
            session.commit()
            return len(retired)


def _concerned(document: Document, source: SourceRow) -> ColumnElement[bool] | bool:
    """The entries that a small document may change; a large one is compared with all there are."""
    names = {entry.id for entry in document.entries}
    if len(names) > _FEW:
        return True
    return or_(col(EntryRow.source_id) == source.id, col(EntryRow.external_id).in_(names))


def _other_document(name: str, kept: int) -> Problem:
    message = (
        f"has nothing in common with the {name} that was added before: its {kept} entries were kept; "
        f"`dime knowledge remove {name}` before adding it again replaces them"
    )
    return Problem(None, message, hides_entry=False)
