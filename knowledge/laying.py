"""Lays one entry into its rows: what a document says, what an editor wrote, and what customers taught beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from knowledge.entry import Entry
from knowledge.library_rows import EntryRow, PhrasingRow, SourceRow, texts_of, to_entry

Change = Literal["added", "updated", "retired", "unchanged", "kept"]


def lay(
    session: Session,
    entry: Entry,
    row: EntryRow | None,
    phrasings: Sequence[PhrasingRow],
    *,
    source: SourceRow,
    demo: bool,
) -> Change:
    """Lays `entry` into its row, or into a new one. An entry that came from another source now comes from this one.

    What customers taught stays, whatever the source says; that an export says it too is nothing new.
    """
    change: Change = "updated" if row else "added"
    learnt = [phrasing for phrasing in phrasings if phrasing.learnt and phrasing.text != entry.question]
    taught = {phrasing.text for phrasing in learnt}
    own = tuple(text for text in entry.variants if text not in taught)
    whole = replace(entry, variants=(*own, *(phrasing.text for phrasing in learnt)))
    if (
        row
        and row.status == "active"
        and to_entry(row, texts_of(phrasings)) == replace(whole, source="", line=row.line)
    ):
        change = "unchanged"
    if row is None:
        row = EntryRow(company=source.company, external_id=entry.id, lang=entry.lang, question="", source_id=source.id)
        session.add(row)
    row.source_id, row.line, row.demo = source.id, entry.line, demo
    if change == "unchanged":
        return change
    row.question, row.answer, row.intent = entry.question, entry.answer, entry.intent
    row.tags, row.url, row.kind, row.page = "|".join(entry.tags), entry.url, entry.kind, entry.page
    row.valid_from, row.valid_until = entry.valid_from, entry.valid_until
    row.status, row.updated_at = "active", datetime.now(UTC)
    session.flush()
    for phrasing in phrasings:
        if phrasing not in learnt:
            session.delete(phrasing)
    for position, phrasing in enumerate(learnt, start=len(own)):
        phrasing.position = position
    session.add_all(PhrasingRow(entry_id=row.id, position=n, text=text) for n, text in enumerate(own))
    return change


def phrasings_of(session: Session, chosen: ColumnElement[bool] | bool) -> dict[UUID, list[PhrasingRow]]:
    """By the entry they belong to, in order."""
    found: dict[UUID, list[PhrasingRow]] = {}
    for phrasing in session.exec(select(PhrasingRow).where(chosen).order_by(col(PhrasingRow.position))).all():
        found.setdefault(phrasing.entry_id, []).append(phrasing)
    return found


def retire(row: EntryRow) -> None:
    row.status, row.updated_at = "retired", datetime.now(UTC)
