"""The past contacts as they rest in the tables: imported once however often a file is, listed and forgotten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from sqlalchemy import Engine, Integer, cast, func
from sqlmodel import Session, col, delete, select

from knowledge.curating.draft_rows import DraftRow
from knowledge.history.contact_rows import ContactRow
from knowledge.history.contacts import Export, PastContact

_BATCH = 500


@dataclass(frozen=True)
class Imported:
    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Source:
    """One imported file."""

    name: str
    contacts: int
    with_question: int
    with_handling: int
    first_at: datetime | None
    last_at: datetime | None
    imported_at: datetime
    is_demo: bool


class Past:
    """Each method is one transaction and blocks."""

    def __init__(self, engine: Engine, *, company: str = "default") -> None:
        self._engine = engine
        self._company = company

    def add(self, export: Export, *, demo: bool = False) -> Imported:
        """All of an export or nothing. A contact that is there already, from this file or from another that overlaps
        it, is brought up to date; an id that another system gave to another contact gets the file's name behind it."""
        counts = {"added": 0, "updated": 0, "unchanged": 0}
        with Session(self._engine) as session:
            for start in range(0, len(export.contacts), _BATCH):
                batch = export.contacts[start : start + _BATCH]
                known = self._known(session, batch, source=export.name)
                for contact in batch:
                    counts[self._put(session, contact, known, source=export.name, demo=demo)] += 1
                session.flush()
            session.commit()
        return Imported(**counts)

    def contacts(self) -> list[ContactRow]:
        with Session(self._engine) as session:
            mine = select(ContactRow).where(ContactRow.company == self._company)
            return list(session.exec(mine.order_by(col(ContactRow.external_id))).all())

    def sources(self) -> list[Source]:
        columns = (
            col(ContactRow.source),
            func.count(),
            func.count().filter(col(ContactRow.question) != ""),
            func.count(col(ContactRow.handling_seconds)),
            func.min(col(ContactRow.started_at)),
            func.max(col(ContactRow.started_at)),
            func.max(col(ContactRow.imported_at)),
            func.max(cast(ContactRow.demo, Integer)),
        )
        with Session(self._engine) as session:
            mine = select(*columns).where(ContactRow.company == self._company)  # type: ignore[call-overload]
            rows = session.exec(mine.group_by(col(ContactRow.source)).order_by(col(ContactRow.source))).all()
        return [Source(*row) for row in rows]

    def forget(self, name: str) -> int:
        """Removes the contacts of one file, and what the drafts made of them say in their customers' words."""
        return self._forget(ContactRow.source == name)

    def forget_demo(self) -> int:
        return self._forget(col(ContactRow.demo))

    def _forget(self, chosen: object) -> int:
        with Session(self._engine) as session:
            mine = select(ContactRow).where(ContactRow.company == self._company)
            gone = session.exec(mine.where(chosen)).all()  # type: ignore[arg-type]
            drafts = {row.draft_id for row in gone if row.draft_id}
            for start in range(0, len(gone), _BATCH):
                ids = [row.id for row in gone[start : start + _BATCH]]
                session.exec(delete(ContactRow).where(col(ContactRow.id).in_(ids)))
            session.flush()
            for draft_id in drafts:
                if draft := session.get(DraftRow, draft_id):
                    self._weigh(session, draft)
            session.commit()
            return len(gone)

    def _weigh(self, session: Session, draft: DraftRow) -> None:
        """A draft after some of its contacts are gone; an open one that nothing speaks for any more goes too."""
        left = session.exec(select(ContactRow).where(ContactRow.draft_id == draft.id)).all()
        if not left and draft.status == "open":
            session.delete(draft)
            return
        asked = {row.question for row in left}
        measured = [row.handling_seconds for row in left if row.handling_seconds is not None]
        draft.examples = [example for example in draft.examples if example in asked]
        draft.evidence, draft.seconds = len(left), sum(measured) if measured else None
        session.add(draft)

    def _known(self, session: Session, batch: Sequence[PastContact], *, source: str) -> dict[str, ContactRow]:
        ids = [name for contact in batch for name in (contact.external_id, _behind(contact.external_id, source))]
        mine = select(ContactRow).where(ContactRow.company == self._company, col(ContactRow.external_id).in_(ids))
        return {row.external_id: row for row in session.exec(mine).all()}

    def _put(
        self, session: Session, contact: PastContact, known: dict[str, ContactRow], *, source: str, demo: bool
    ) -> str:
        row = known.get(contact.external_id)
        if row and not _is_same(row, contact, source):
            contact = replace(contact, external_id=_behind(contact.external_id, source))
            row = known.get(contact.external_id)
        if row is None:
            session.add(ContactRow(company=self._company, source=source, demo=demo, **asdict(contact)))
            return "added"
        changed = [field.name for field in fields(contact) if _worth(row, contact, field.name)]
        for name in changed:
            setattr(row, name, getattr(contact, name))
        return "updated" if changed else "unchanged"


def _is_same(row: ContactRow, contact: PastContact, source: str) -> bool:
    if row.source == source:
        return True
    return row.started_at == contact.started_at if row.started_at else row.question == contact.question


def _worth(row: ContactRow, contact: PastContact, name: str) -> bool:
    """The newer export says something, and something else."""
    said = getattr(contact, name)
    return said not in (None, "") and said != getattr(row, name)


def _behind(external_id: str, source: str) -> str:
    return f"{external_id}@{source}"
