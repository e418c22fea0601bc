"""REST under /api/v1/knowledge: documents in and out, single entries as an editor has them, and searches laid open."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import PurePath
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.types import Message

from knowledge.entry import Entry
from knowledge.library import EDITOR, Added
from knowledge.problem import UnreadableDocument
from knowledge.reading.apart import read_apart
from knowledge.reading.bounds import Bounds, Progress
from knowledge.reading.documents import LARGEST_DOCUMENT_BYTES, READABLE
from knowledge.reading.faq import guess_lang, normalise, stable_id
from web.access import Colleague, Wired
from web.chat.messages import MAX_TEXT
from web.editor.adding import add_address, known_as
from web.editor.explaining import Explained, search_explained
from web.editor.knowledge_messages import (
    AddressIn,
    EntriesOut,
    EntryIn,
    EntryOut,
    JobOut,
    Removed,
    SourceOut,
    Written,
    entry_out,
    job_out,
)
from web.editor.reading_jobs import Job, TooManyJobs
from web.services import Services

router = APIRouter(prefix="/api/v1/knowledge", dependencies=[Colleague], tags=["knowledge"])
_ENVELOPE_BYTES = 100_000
"""What a form may hold beside its file."""
_LONGEST_JSON = 10_000
_LONGEST_WAIT_S = 60


_BODIES = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "application/json": {"schema": AddressIn.model_json_schema()},
        },
    }
}


@router.get("/sources")
async def list_sources(services: Wired) -> list[SourceOut]:
    return [SourceOut(**vars(source)) for source in await asyncio.to_thread(services.library.sources)]


@router.post("/sources", status_code=202, openapi_extra=_BODIES)
async def add_source(services: Wired, request: Request) -> JobOut:
    """A file as a form, or the address of a page or site as JSON. It is read in the background: ask for the job."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data":
        return job_out(await _submit_file(services, request))
    return job_out(await _submit_address(services, request))


@router.delete("/sources/{name:path}")
async def remove_source(services: Wired, name: str) -> Removed:
    return _removed(await asyncio.to_thread(services.library.remove_source, known_as(name)), name)


@router.get("/jobs/{job}")
async def read_job(services: Wired, job: UUID, wait: Annotated[float, Query(ge=0, le=_LONGEST_WAIT_S)] = 0) -> JobOut:
    """`wait` is how many seconds to stay on the line for its end."""
    found = services.jobs.find(job)
    if found is None:
        raise HTTPException(404, "there is no such job; the server forgets them when it starts anew")
    if wait:
        with suppress(TimeoutError):
            await asyncio.wait_for(found.ended.wait(), wait)
    return job_out(found)


@router.get("/entries")
async def list_entries(
    services: Wired,
    q: Annotated[str, Query(max_length=200)] = "",
    lang: str | None = None,
    source: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> EntriesOut:
    shelf = await asyncio.to_thread(
        services.library.page, words=q.strip(), lang=lang, source=source, limit=limit, offset=offset
    )
    return EntriesOut(total=shelf.total, entries=[entry_out(entry) for entry in shelf.entries])


@router.put("/entries")
async def write_entry(
    services: Wired, written: EntryIn, if_none_match: Annotated[str | None, Header()] = None
) -> Written:
    """Makes or changes one entry. It is the editor's from then on, and no document changes or retires it.
    With `If-None-Match: *` it only makes one: 409 where an entry is asked so already."""
    entry = as_entry(written)
    if if_none_match == "*":
        await refuse_taken(services, entry)
    change = await asyncio.to_thread(services.library.put, entry)
    return Written(change=change, entry=entry_out(entry))


@router.get("/entries/{entry:path}")
async def read_entry(services: Wired, entry: str, lang: str | None = None) -> EntryOut:
    """In that language, or the first it is there in."""
    found = [known for known in await asyncio.to_thread(services.library.shelved, lang) if known.id == entry]
    if not found:
        raise HTTPException(404, f"nothing in the knowledge is called {entry}")
    return entry_out(found[0])


@router.delete("/entries/{entry:path}")
async def remove_entry(services: Wired, entry: str, lang: str | None = None) -> Removed:
    """In one language, or in all."""
    return _removed(await asyncio.to_thread(services.library.remove_entry, entry, lang=lang), entry)


@router.get("/search")
async def search(
    services: Wired,
    q: Annotated[str, Query(min_length=1, max_length=MAX_TEXT)],
    lang: Annotated[str | None, Query(max_length=16)] = None,
) -> Explained:
    """What comes nearest, why, and why it would be answered or not."""
    if not services.index.is_ready:
        raise HTTPException(503, "the knowledge is still being read")
    return await asyncio.to_thread(search_explained, services, q, lang=lang)


@router.get("/export")
async def export(services: Wired, lang: str | None = None) -> Response:
    """The entries that may be answered today, as an FAQ file that can be added again."""
    text = await asyncio.to_thread(services.library.export, lang)
    disposition = {"Content-Disposition": 'attachment; filename="knowledge.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=disposition)


async def refuse_taken(services: Services, entry: Entry) -> None:
    """So that a new entry never takes the place of one that its writer has not seen."""
    for other in await asyncio.to_thread(services.library.shelved, entry.lang):
        if other.id == entry.id or normalise(other.question) == normalise(entry.question):
            raise HTTPException(409, f"the entry {other.id} is asked so already: {other.question}")


def as_entry(written: EntryIn) -> Entry:
    """The editor's own, with what was left out filled in."""
    if written.valid_from and written.valid_until and written.valid_until < written.valid_from:
        raise HTTPException(422, f"the entry ends on {written.valid_until}, before it begins on {written.valid_from}")
    variants = tuple(dict.fromkeys(variant for variant in written.variants if variant != written.question))
    return Entry(
        id=written.id or stable_id(written.question),
        question=written.question,
        answer=written.answer.strip(),
        variants=variants,
        intent=written.intent,
        lang=written.lang or guess_lang(written.question),
        tags=tuple(written.tags),
        url=written.url,
        valid_from=written.valid_from,
        valid_until=written.valid_until,
        source=EDITOR,
    )


async def _submit_file(services: Services, request: Request) -> Job:
    """The upload goes to a nameless temporary file while it comes, so that nothing is left of one that breaks off."""
    most_bytes = LARGEST_DOCUMENT_BYTES + _ENVELOPE_BYTES
    limited = Request(request.scope, _at_most(request.receive, most_bytes=most_bytes))
    try:
        form = await limited.form(max_files=1, max_fields=5)
    except MultiPartException as error:
        raise HTTPException(400, f"the form cannot be read: {error.message}") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "the file broke off") from error
    upload = form.get("file")
    try:
        if not isinstance(upload, UploadFile) or not (name := _file_name(upload)):
            raise HTTPException(422, "the form has no file: send one in the field called file")
        if not name.lower().endswith(READABLE):
            raise HTTPException(
                422, f"{name} is not a kind of file that can be read; these can: {', '.join(READABLE)}."
            )
        return _submit(services, name, lambda _: _add_upload(services, upload, name))
    except HTTPException:
        await form.close()
        raise


async def _submit_address(services: Services, request: Request) -> Job:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_JSON:
            raise HTTPException(413, "the request is too long; a file is sent as a form, in the field called file")
    try:
        wanted = AddressIn.model_validate(json.loads(bytes(body)))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        raise HTTPException(422, f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(422, 'send a file as a form, or JSON like {"url": "https://…"}') from error
    try:
        async with services.fetcher() as fetcher:
            url = fetcher.address(wanted.url)
    except UnreadableDocument as error:
        raise HTTPException(422, str(error)) from error
    return _submit(services, url, lambda job: _add_address(services, url, wanted, job))


def _submit(services: Services, name: str, work: Callable[[Job], Awaitable[Added]]) -> Job:
    try:
        return services.jobs.submit(name, work)
    except TooManyJobs as error:
        raise HTTPException(429, str(error)) from error


async def _add_address(services: Services, url: str, wanted: AddressIn, job: Job) -> Added:
    def tell(progress: Progress) -> None:
        job.pages_read, job.pages_waiting = progress.read, progress.waiting

    async with services.fetcher() as fetcher:
        bounds = Bounds(depth=wanted.depth, pages=wanted.pages)
        added = await add_address(services.library, url, fetcher, site=wanted.site, bounds=bounds, told=tell)
    await asyncio.to_thread(services.library.retire_demo)
    return added


async def _add_upload(services: Services, upload: UploadFile, name: str) -> Added:
    with upload.file as file:
        document = await read_apart(file, name=name)
    added = await asyncio.to_thread(services.library.add, document)
    await asyncio.to_thread(services.library.retire_demo)
    return added


def _at_most(receive: Callable[[], Awaitable[Message]], *, most_bytes: int) -> Callable[[], Awaitable[Message]]:
    """Counts what comes, since a form parser takes whatever is sent and not every client says how much that is."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most_bytes:
            raise HTTPException(413, f"the file is larger than {LARGEST_DOCUMENT_BYTES // 1_000_000} MB")
        return message

    return counted


def _file_name(upload: UploadFile) -> str:
    """The bare name, as the client's folders are nobody's business; empty when there is none."""
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    return "".join(character for character in name if character.isprintable()).strip()[-200:]


def _removed(retired: int, name: str) -> Removed:
    if not retired:
        raise HTTPException(404, f"nothing in the knowledge is called {name}")
    return Removed(retired=retired)
