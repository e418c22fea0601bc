"""Recordings over REST: listed and played at the desk, deleted by conversation or by customer."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

from web.access import Colleague, Wired
from web.calling.recordings import Recording
from web.services import Services

router = APIRouter(prefix="/api/v1/recordings", dependencies=[Colleague])
MEDIA_TYPES = {".ogg": "audio/ogg", ".flac": "audio/flac"}


class RecordingOut(BaseModel):
    """Caller left, Dime right."""

    conversation: UUID
    name: str
    url: str
    at: datetime
    """When the last of it was written."""
    bytes: int


class Deleted(BaseModel):
    deleted: int


@router.get("")
async def listed(services: Wired) -> list[RecordingOut]:
    """The newest first."""
    return recordings_out(await asyncio.to_thread(services.recordings.listed))


@router.get("/{conversation}")
async def of_conversation(services: Wired, conversation: UUID) -> list[RecordingOut]:
    return recordings_out(await asyncio.to_thread(services.recordings.listed, conversation))


@router.get("/{conversation}/{name}")
async def sound(services: Wired, conversation: UUID, name: str) -> FileResponse:
    """The file, whole or by range."""
    found = await asyncio.to_thread(services.recordings.listed, conversation)
    path = next((one.path for one in found if one.path.name == name), None)
    if path is None:
        raise HTTPException(404, "there is no such recording")
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers={"Cache-Control": "no-store"})


@router.delete("/{conversation}")
async def delete(services: Wired, conversation: UUID) -> Deleted:
    """Also of a call that is going on: it is recorded no further."""
    return await _delete(services, [conversation])


@router.delete("")
async def delete_of_customer(services: Wired, customer: Annotated[str, Query(min_length=8, max_length=64)]) -> Deleted:
    """All of one customer's, by the pseudonymous key that the conversations carry."""
    return await _delete(services, await asyncio.to_thread(services.conversations.all_of, customer))


def recordings_out(found: list[Recording]) -> list[RecordingOut]:
    return [
        RecordingOut(
            conversation=one.conversation,
            name=one.path.name,
            url=f"/api/v1/recordings/{one.conversation}/{one.path.name}",
            at=one.at,
            bytes=one.bytes,
        )
        for one in found
    ]


async def _delete(services: Services, conversations: list[UUID]) -> Deleted:
    for conversation in conversations:
        services.recordings.refuse(conversation)
    return Deleted(deleted=await asyncio.to_thread(services.recordings.delete, conversations, by="api"))
