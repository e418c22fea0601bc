"""REST for what concerns everybody at once: the editor's announcements, and the alerts about today's trouble."""

import asyncio
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from knowledge.curating.announcing import Announcement, NotAnnounced
from web.access import Colleague, Wired
from web.chat.messages import Words
from web.services import Services

router = APIRouter(prefix="/api/v1", dependencies=[Colleague])


class NewAnnouncement(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    text: Words
    lang: str | None = None
    """en or zh; found in the text if not given."""
    since: str | None = Field(default=None, alias="from", max_length=64)
    until: str | None = Field(default=None, max_length=64)
    """Both: 18:00, 2h, 2026-11-23 or 2026-11-23T10:00, in the company's time zone unless an offset is given."""


class AnnouncementOut(BaseModel):
    id: UUID
    lang: str
    text: str
    valid_from: datetime
    valid_until: datetime
    withdrawn_at: datetime | None
    state: Literal["later", "now", "over", "withdrawn"]
    time_zone: str
    """The company's, to show the times in."""


class AlertOut(BaseModel):
    id: UUID
    question: str
    """The one nearest to the middle of them."""
    examples: list[str]
    count: int
    """Customers who asked, each counted once."""
    lang: str | None
    entry: str | None
    """The entry that answers them; None where nothing does."""
    at: datetime
    last_at: datetime
    is_going_on: bool
    """Asked within the last hour."""


@router.get("/announcements")
async def list_announcements(services: Wired, past: bool = False) -> list[AnnouncementOut]:
    found = await asyncio.to_thread(services.announcements.listed, services.now(), past=past)
    return [_announcement_out(services, one) for one in found]


@router.post("/announcements", status_code=201)
async def announce(services: Wired, new: NewAnnouncement) -> AnnouncementOut:
    try:
        one = await asyncio.to_thread(
            services.announcements.add, new.text, now=services.now(), lang=new.lang, start=new.since, end=new.until
        )
    except NotAnnounced as error:
        raise HTTPException(422, str(error)) from error
    services.hub.tell_desks(one.id)
    return _announcement_out(services, one)


@router.delete("/announcements/{announcement}", status_code=204)
async def withdraw(services: Wired, announcement: UUID) -> None:
    try:
        await asyncio.to_thread(services.announcements.withdraw, str(announcement), now=services.now())
    except NotAnnounced as error:
        raise HTTPException(404, str(error)) from error
    services.hub.tell_desks(announcement)


@router.get("/alerts")
async def list_alerts(services: Wired) -> list[AlertOut]:
    """Of the last day, not dismissed, the latest first."""
    now = services.now()
    found = await asyncio.to_thread(services.alerts.listed, now)
    return [AlertOut(**vars(alert), is_going_on=alert.is_open(now)) for alert in found]


@router.post("/alerts/{alert}/dismiss", status_code=204)
async def dismiss(services: Wired, alert: UUID) -> None:
    if not await asyncio.to_thread(services.alerts.dismiss, alert, now=services.now()):
        raise HTTPException(404, "there is no such alert")
    services.hub.tell_desks(alert)


def _announcement_out(services: Services, one: Announcement) -> AnnouncementOut:
    return AnnouncementOut(**vars(one), state=one.state(services.now()), time_zone=services.announcements.zone)
