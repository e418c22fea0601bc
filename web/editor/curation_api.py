"""REST under /api/v1/knowledge for what customers asked: gaps and drafts become entries, and entries are checked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from fastapi import APIRouter, HTTPException

from knowledge.curating.drafts import NoSuchDraft
from knowledge.phrasings import TakenQuestion, UnknownEntry
from web.access import Colleague, Wired
from web.editor.curation_messages import (
    AcceptIn,
    AnswerIn,
    DraftOut,
    FindingsOut,
    GapsOut,
    LearntOut,
    RefuseIn,
    TeachIn,
    TranscriptIn,
    draft_out,
    findings_out,
    gaps_out,
)
from web.editor.knowledge_api import as_entry, refuse_taken
from web.editor.knowledge_messages import EntryIn, EntryOut, entry_out
from web.editor.previewing import PreviewOut, preview
from web.services import Services

router = APIRouter(prefix="/api/v1/knowledge", dependencies=[Colleague], tags=["knowledge"])


@router.get("/gaps")
async def list_gaps(services: Wired, lang: str | None = None) -> GapsOut:
    """What was asked in vain or answered wrongly, by meaning."""
    _until_read(services)
    found = await asyncio.to_thread(services.curation.gaps, lang=lang)
    return gaps_out(found, currency=services.settings.currency)


@router.post("/gaps/answer", status_code=201)
async def answer_gap(services: Wired, written: AnswerIn) -> EntryOut:
    """A new entry, and what was asked is a gap no more. 409 where another entry is asked with these words."""
    entry = as_entry(written)
    await refuse_taken(services, entry)
    with _refusing():
        await asyncio.to_thread(services.curation.answer, entry, asked=written.asked)
    return entry_out(entry)


@router.get("/drafts")
async def list_drafts(services: Wired) -> list[DraftOut]:
    """Open ones, those with most evidence first."""
    return [draft_out(row) for row in await asyncio.to_thread(services.curation.drafts.listed)]


@router.post("/drafts/{draft}/accept")
async def accept_draft(services: Wired, draft: UUID, edited: AcceptIn | None = None) -> EntryOut:
    """Puts it into the knowledge, in the editor's words where there are some."""
    told = edited or AcceptIn()
    with _refusing():
        entry = await asyncio.to_thread(
            services.curation.accept, str(draft), question=told.question, answer=told.answer, by=told.by
        )
    return entry_out(entry)


@router.post("/drafts/{draft}/refuse", status_code=204)
async def refuse_draft(services: Wired, draft: UUID, told: RefuseIn | None = None) -> None:
    """The same question is not proposed again."""
    with _refusing():
        await asyncio.to_thread(services.curation.refuse, str(draft), by=told.by if told else None)


@router.post("/learn")
async def learn(services: Wired, pasted: TranscriptIn) -> list[LearntOut]:
    """Drafts from a pasted conversation: each question with what became of it."""
    _until_read(services)
    with _refusing():
        found = await asyncio.to_thread(services.curation.learn, pasted.text, name="the conversation")
    return [LearntOut(question=question, outcome=outcome) for question, outcome in found]


@router.post("/teach")
async def teach(services: Wired, taught: TeachIn) -> EntryOut:
    """The question is another way of asking that entry, from now on."""
    with _refusing():
        return entry_out(await asyncio.to_thread(services.curation.teach, taught.question, taught.entry))


@router.get("/check")
async def check(services: Wired) -> FindingsOut:
    """Entries that contradict or repeat each other, have no answer, or run out."""
    _until_read(services)
    return findings_out(await asyncio.to_thread(services.curation.check))


@router.post("/preview")
async def show(written: EntryIn) -> PreviewOut:
    """Everything the entry would say, for the eye and for the ear; nothing is written."""
    return preview(as_entry(written))


def _until_read(services: Services) -> None:
    if not services.index.is_ready:
        raise HTTPException(503, "the knowledge is still being read")


@contextmanager
def _refusing() -> Iterator[None]:
    """What an editor cannot have, in one sentence."""
    try:
        yield
    except (NoSuchDraft, UnknownEntry) as error:
        raise HTTPException(404, str(error)) from error
    except TakenQuestion as error:
        raise HTTPException(409, str(error)) from error
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
