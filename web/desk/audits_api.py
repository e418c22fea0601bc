"""REST for audits: what to grade next, a grade, and what the grades come to; and a customer's rating of a contact."""

import asyncio
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from agent.history import TurnRow
from roi.books.tally import Demo
from roi.judging.rates import wilson
from roi.quality.audits import Subject, audits
from roi.quality.satisfaction import HIGHEST, LOWEST
from web.access import Colleague, Wired
from web.chat.messages import LineOut, SourceOut, Words
from web.conversing.transcripts import lines_out
from web.desk.audits import AlreadySettled, NoSuchAudit, NotAGrade, ToGrade
from web.reporting.reports import period_of
from web.reporting.scopes import scope_of
from web.services import Services

router = APIRouter(prefix="/api/v1", dependencies=[Colleague])


class EntryOut(SourceOut):
    """The entry an answer cites, as it stands now."""

    answer: str | None
    """None where it is on the shelf no more."""


class AuditOut(BaseModel):
    id: UUID
    subject: Subject
    """An answer, or a whole contact that ended without a word on whether it helped."""
    grades: list[str]
    """Which there are to choose from, the best first."""
    question: str | None
    answer: str | None
    cited: EntryOut | None
    lines: list[LineOut]
    """What was said before the answer; of a contact, everything."""
    conversation: UUID
    lang: str | None
    channel: str | None
    demo: bool
    at: datetime


class NextOut(BaseModel):
    audit: AuditOut | None
    """None where this grader has nothing left."""
    open: int


class Grade(BaseModel):
    grader: Words = Field(min_length=1, max_length=80)
    grade: str = Field(max_length=20)


class SummaryOut(BaseModel):
    since: date = Field(serialization_alias="from")
    until: date = Field(serialization_alias="to")
    graded: int
    wrong: int
    """The harmful among them; a disagreement that no third grader has settled counts as the worse."""
    harmful: int
    wrong_share: tuple[float, float]
    """Wilson's interval, 95 %."""
    silent_graded: int
    silent_resolved: int
    resolved_share: tuple[float, float]
    pairs: int
    agreed: int
    agreement: float | None
    kappa: float | None
    """Cohen's, of the first two grades of an answer; null where there are none, or all are the same."""
    silent_pairs: int
    silent_agreed: int
    silent_kappa: float | None
    open: int
    """Of those drawn lately, still to be graded by somebody."""
    disputed: int
    """Of them, with a third grader to come."""


class Rating(BaseModel):
    score: int | None = Field(default=None, ge=LOWEST, le=HIGHEST)
    """None: the customer was asked and did not answer."""


@router.get("/audits/next")
async def next_audit(services: Wired, grader: Annotated[Words, Query(min_length=1, max_length=80)]) -> NextOut:
    """The next one for this grader, who is shown nothing of others' grades."""
    try:
        found = await asyncio.to_thread(services.audits.next, grader, now=services.now())
    except NotAGrade as error:
        raise HTTPException(422, str(error)) from error
    progress = await asyncio.to_thread(services.audits.progress, now=services.now())
    shown = await asyncio.to_thread(audit_out, services, found) if found else None
    return NextOut(audit=shown, open=progress.open)


@router.post("/audits/{audit}", status_code=204)
async def grade(services: Wired, audit: UUID, given: Grade) -> None:
    """Answers are `right`, `wrong` or `harmful`; contacts `resolved`, `cannot_tell` or `unresolved`."""
    try:
        await asyncio.to_thread(
            services.audits.grade, audit, grader=given.grader, grade=given.grade, now=services.now()
        )
    except NoSuchAudit as error:
        raise HTTPException(404, str(error)) from error
    except AlreadySettled as error:
        raise HTTPException(409, str(error)) from error
    except NotAGrade as error:
        raise HTTPException(422, str(error)) from error


@router.get("/audits")
async def audit_summary(
    services: Wired,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    demo: Demo = "auto",
) -> SummaryOut:
    return await asyncio.to_thread(summary_out, services, since=since, until=until, demo=demo)


@router.post("/conversations/{conversation}/rating", status_code=204)
async def rate_contact(services: Wired, conversation: UUID, given: Rating) -> None:
    """From 1 to 5, as a customer gave it: pressed on the telephone, or said to a colleague. The last one counts."""
    if not await asyncio.to_thread(services.ratings.rate, conversation, score=given.score, at=services.now()):
        raise HTTPException(404, "there is no such conversation")


def audit_out(services: Services, found: ToGrade) -> AuditOut:
    turn, row = found.turn, found.conversation
    return AuditOut(
        id=found.id,
        subject=found.subject,
        grades=list(found.grades),
        question=turn.question if turn else None,
        answer=turn.answer if turn else None,
        cited=_cited(services, turn) if turn else None,
        lines=lines_out(list(found.lines)),
        conversation=row.id,
        lang=(turn.lang if turn else None) or row.lang,
        channel=row.channel,
        demo=row.demo,
        at=turn.at if turn else row.at,
    )


def _cited(services: Services, turn: TurnRow) -> EntryOut | None:
    if turn.source is None:
        return None
    return EntryOut(**turn.source, answer=services.library.answer_of(turn.source["id"], lang=turn.lang))


def summary_out(
    services: Services, *, since: date | None = None, until: date | None = None, demo: Demo = "auto"
) -> SummaryOut:
    """Blocking. The report's period, and its rule for demo conversations."""
    period = period_of(services, since=since, until=until)
    with services.engine.connect() as connection:
        found = audits(connection, scope_of(connection, period, demo=demo))
    progress = services.audits.progress(now=services.now())
    return SummaryOut(
        since=period.first,
        until=period.last,
        **vars(found),
        wrong_share=wilson(found.wrong, found.graded),
        resolved_share=wilson(found.silent_resolved, found.silent_graded),
        agreement=found.agreed / found.pairs if found.pairs else None,
        open=progress.open,
        disputed=progress.disputed,
    )
