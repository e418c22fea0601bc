"""What is in the library, for whoever only reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, func, or_
from sqlmodel import Session, col, select

from knowledge.entry import Entry
from knowledge.laying import phrasings_of
from knowledge.library_rows import EntryRow, KnowledgeStateRow, PhrasingRow, SourceRow, texts_of, to_entry
from knowledge.reading.faq import write_faq
from knowledge.rows import Company

IN_ORDER = (col(EntryRow.at), col(EntryRow.line), col(EntryRow.external_id))


@dataclass(frozen=True)
class Source:
    """A document in the library and how many entries came from it."""

    name: str
    kind: str
    added_at: datetime
    active: int
    retired: int


@dataclass(frozen=True)
class Page:
    """Some of the entries that were asked for, and how many there are in all."""

    total: int
    entries: tuple[Entry, ...]


_COLUMNS = (
    "external_id", "question", "answer", "intent", "lang", "tags", "url", "valid_from", "valid_until", "kind", "line",
    "page",
)  # fmt: skip


class Shelf:
    """The knowledge of one company. Each method is one transaction; all of them block."""

    def __init__(self, engine: Engine, *, company: str = "default") -> None:
        self._engine = engine
        self._company = company

    def entries(self, lang: str | None = None, *, today: date | None = None) -> list[Entry]:
        """What may be answered today (the company's day), in the order it was added."""
        day = today or self.today()
        return [entry for entry in self.shelved(lang) if entry.is_valid(day)]

    def is_demo(self) -> bool:
        """Whether anything made up is on the shelf."""
        mine = select(EntryRow.id).where(
            EntryRow.company == self._company, EntryRow.status == "active", col(EntryRow.demo).is_(True)
        )
        with Session(self._engine) as session:
            return session.exec(mine.limit(1)).first() is not None

    def shelved(self, lang: str | None = None, *, since: datetime | None = None) -> list[Entry]:
        """Everything active, also what has run out or is not valid yet; only what has changed `since`. Columns, not
        rows: it may be a hundred thousand."""
        chosen = [EntryRow.company == self._company, EntryRow.status == "active"]
        mine: list[ColumnElement[bool] | bool] = [*chosen, *([EntryRow.lang == lang] if lang else [])]
        if since:
            mine.append(col(EntryRow.updated_at) >= since)
        asked = select(PhrasingRow.entry_id, PhrasingRow.text).order_by(col(PhrasingRow.position))
        columns = (*(getattr(EntryRow, name) for name in _COLUMNS), SourceRow.name, EntryRow.id)
        with Session(self._engine) as session:
            variants: dict[UUID, list[str]] = {}
            for entry, text in session.execute(
                asked.where(col(PhrasingRow.entry_id).in_(select(EntryRow.id).where(*mine)))
            ):
                variants.setdefault(entry, []).append(text)
            rows = session.execute(select(*columns).join(SourceRow).where(*mine).order_by(*IN_ORDER))
            return [to_entry(row, variants.get(row.id, ()), source=row.name) for row in rows]

    def retired_since(self, moment: datetime) -> list[tuple[str, str]]:
        """Ids and languages of what was taken away."""
        mine = select(EntryRow.external_id, EntryRow.lang).where(
            EntryRow.company == self._company, EntryRow.status == "retired", col(EntryRow.updated_at) >= moment
        )
        with Session(self._engine) as session:
            return [(id, lang or "") for id, lang in session.exec(mine)]  # noqa: A001

    def changed_at(self) -> datetime | None:
        """When the last change was made; None where there is nothing."""
        with Session(self._engine) as session:
            return session.exec(select(func.max(EntryRow.updated_at)).where(EntryRow.company == self._company)).one()

    def answer_of(self, id: str, *, lang: str | None) -> str | None:  # noqa: A002
        """What an active entry says, in this language if it can; None where there is none of this id."""
        mine = select(EntryRow.lang, EntryRow.answer).where(
            EntryRow.company == self._company, EntryRow.status == "active", EntryRow.external_id == id
        )
        with Session(self._engine) as session:
            found = dict(session.exec(mine).all())
        return found.get(lang or "") or next(iter(found.values()), None)

    def page(
        self,
        *,
        words: str = "",
        lang: str | None = None,
        source: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """The active entries in pages, in the order they were added: those with `words` in id, question, answer or
        another phrasing, those whose day has not come or is over included."""
        chosen: list[ColumnElement[bool] | bool] = [EntryRow.company == self._company, EntryRow.status == "active"]
        if lang:
            chosen.append(EntryRow.lang == lang)
        if words:
            asked = select(PhrasingRow.entry_id).where(col(PhrasingRow.text).icontains(words, autoescape=True))
            texts = (col(EntryRow.external_id), col(EntryRow.question), col(EntryRow.answer))
            said = [text.icontains(words, autoescape=True) for text in texts]
            chosen.append(or_(*said, col(EntryRow.id).in_(asked)))
        with Session(self._engine) as session:
            names = {row.id: row.name for row in session.exec(select(SourceRow)).all()}
            if source is not None:
                found = self._find_source(session, source)
                chosen.append(EntryRow.source_id == (found.id if found else None))
            total = session.exec(select(func.count()).select_from(EntryRow).where(*chosen)).one()
            rows = session.exec(select(EntryRow).where(*chosen).order_by(*IN_ORDER).limit(limit).offset(offset)).all()
            phrasings = phrasings_of(session, col(PhrasingRow.entry_id).in_([row.id for row in rows]))
            entries = (to_entry(row, texts_of(phrasings.get(row.id, [])), source=names[row.source_id]) for row in rows)
            return Page(total, tuple(entries))

    def sources(self) -> list[Source]:
        with Session(self._engine) as session:
            found = session.exec(select(SourceRow).where(SourceRow.company == self._company)).all()
            statuses: dict[object, list[str]] = {}
            for row in session.exec(select(EntryRow).where(EntryRow.company == self._company)).all():
                statuses.setdefault(row.source_id, []).append(row.status)
            return [
                Source(
                    name=source.name,
                    kind=source.kind,
                    added_at=source.added_at,
                    active=statuses.get(source.id, []).count("active"),
                    retired=statuses.get(source.id, []).count("retired"),
                )
                for source in sorted(found, key=lambda source: source.added_at)
            ]

    def export(self, lang: str | None = None) -> str:
        """The entries as an FAQ file that `add` reads back to the same."""
        return write_faq(self.entries(lang))

    def revised(self) -> dict[str, datetime]:
        """When each active entry was last changed, by id."""
        with Session(self._engine) as session:
            mine = select(EntryRow).where(EntryRow.company == self._company, EntryRow.status == "active")
            rows = session.exec(mine.order_by(col(EntryRow.updated_at))).all()
            return {row.external_id: row.updated_at for row in rows}

    def version(self) -> int:
        """Grows with every change; cheap enough to ask every second."""
        with Session(self._engine) as session:
            state = session.get(KnowledgeStateRow, self._company)
            return state.version if state else 0

    def today(self) -> date:
        """The company's day."""
        with Session(self._engine) as session:
            company = session.get(Company, self._company)
            return datetime.now(ZoneInfo(company.time_zone if company else "UTC")).date()

    def _find_source(self, session: Session, name: str) -> SourceRow | None:
        mine = select(SourceRow).where(SourceRow.company == self._company, SourceRow.name == name)
        return session.exec(mine).one_or_none()
