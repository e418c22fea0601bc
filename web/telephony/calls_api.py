"""REST of the calls: a switch announces one and asks how it ended; managers list and export them."""

import asyncio
import json
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from roi.books.tally import Scope
from roi.sheets import rows_csv
from web.access import Colleague, Wired
from web.reporting.reports import period_of
from web.services import Services
from web.telephony.arrivals import Arrival, lang_of, number_of
from web.telephony.call_book import Outcome, outcome_of
from web.telephony.call_rows import CallRow
from web.telephony.short_post import short
from web.telephony.sockets import switchboard_of
from web.telephony.switchboard import Switchboard
from web.telephony.transfer import QUEUE

router = APIRouter(prefix="/api/v1/calls", dependencies=[Colleague])
LISTED = 1_000
COLUMNS = (
    "id", "line_id", "door", "at", "ended_at", "duration_s", "ending", "transferred_to", "dialled", "turns",
    "mouth_to_ear_ms_median", "mouth_to_ear_ms_worst", "frames_late", "frames_dropped", "conversation_id", "company",
    "customer", "lang", "demo",
)  # fmt: skip


class Announcement(BaseModel):
    """JSON, or a form as Asterisk's CURL() posts it."""

    caller: str | None = Field(default=None, max_length=64)
    dialled: str | None = Field(default=None, max_length=64)
    lang: str | None = Field(default=None, max_length=16)


class CallOut(BaseModel):
    id: UUID
    """The line's."""
    state: Literal["announced", "live", "ended", "cut_off"]
    """Cut off is a call that was going on when the server died."""
    outcome: Outcome | None = None
    """What the switch is to do now; null while the call goes on."""
    transfer_to: str | None = None
    """The number to dial, or the name of the queue."""
    door: str | None = None
    lang: str | None = None
    dialled: str | None = None
    began: datetime | None = None
    ended: datetime | None = None
    ending: str | None = None
    """hangup, lost, goodbye, silence, too_long, transfer, busy or error."""
    duration_s: float | None = None
    turns: int = 0
    mouth_to_ear_ms_median: float | None = None
    mouth_to_ear_ms_worst: float | None = None
    frames_late: int = 0
    frames_dropped: int = 0
    conversation: UUID | None = None
    customer: str | None = None
    """The caller's pseudonymous key."""


@router.get("")
async def listed(
    request: Request,
    services: Wired,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=LISTED)] = 100,
) -> list[CallOut]:
    """The newest first, of the last 31 days unless told otherwise."""
    rows = await asyncio.to_thread(_listed, services, _scope(services, since, until), limit)
    return [_out(row, switchboard_of(request)) for row in rows]


@router.get(".csv")
async def sheet(
    services: Wired,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> StreamingResponse:
    """A row a call; a cell that a spreadsheet would run as a formula is quoted."""
    scope = _scope(services, since, until)
    query = select_columns(*(col(getattr(CallRow, name)) for name in COLUMNS)).where(scope.of(CallRow))
    rows = rows_csv(services.engine, COLUMNS, query.order_by(col(CallRow.at), col(CallRow.id)))
    disposition = {"Content-Disposition": 'attachment; filename="dime-calls.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=disposition)


@router.post("/{call}", status_code=202)
async def announce(request: Request, call: UUID) -> CallOut:
    """Before the call comes in: its caller's number, the number dialled, the language."""
    told = await _announcement(request)
    arrival = Arrival(
        "announced",
        id=call,
        caller=number_of(told.caller),
        dialled=number_of(told.dialled),
        lang=lang_of(told.lang),
    )
    switchboard_of(request).announced.announce(arrival)
    return CallOut(id=call, state="announced", lang=arrival.lang, dialled=arrival.dialled)


@router.get("/{call}")
async def read(request: Request, call: UUID) -> CallOut:
    """How a call ended: `outcome` tells the dialplan what to do with the caller now."""
    switchboard = switchboard_of(request)
    if call in switchboard.announced:
        return CallOut(id=call, state="announced")
    row = await asyncio.to_thread(switchboard.book.find, call)
    if row is None:
        raise HTTPException(404, "no such call was announced or held here")
    return _out(row, switchboard)


async def _announcement(request: Request) -> Announcement:
    request = await short(request)
    body = await request.body()
    is_json = body.lstrip()[:1] == b"{" or "json" in request.headers.get("content-type", "")
    try:
        told = json.loads(body) if is_json else dict(await request.form())
        return Announcement.model_validate(told)
    except (ValueError, RecursionError, ValidationError) as error:
        raise HTTPException(422, "announce caller, dialled and lang, as JSON or as a form") from error


def _scope(services: Services, since: date | None, until: date | None) -> Scope:
    return Scope("default", period_of(services, since=since, until=until), True)


def _listed(services: Services, scope: Scope, limit: int) -> list[CallRow]:
    with Session(services.engine) as session:
        query = select(CallRow).where(scope.of(CallRow)).order_by(col(CallRow.at).desc(), col(CallRow.id)).limit(limit)
        return list(session.exec(query))


def _out(row: CallRow, switchboard: Switchboard) -> CallOut:
    told = {name: getattr(row, name) for name in CallOut.model_fields if hasattr(row, name)}
    return CallOut(
        **{
            **told,
            "id": row.line_id,
            "state": _state(row, switchboard),
            "outcome": outcome_of(row),
            "transfer_to": row.transferred_to and row.transferred_to.removeprefix(QUEUE),
            "began": row.at,
            "ended": row.ended_at,
            "conversation": row.conversation_id,
        }
    )


def _state(row: CallRow, switchboard: Switchboard) -> Literal["live", "ended", "cut_off"]:
    if row.ending is not None:
        return "ended"
    return "live" if row.at >= switchboard.began_at else "cut_off"
