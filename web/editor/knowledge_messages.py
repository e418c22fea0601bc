"""What comes and goes at /api/v1/knowledge."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from knowledge.entry import Entry, Kind
from knowledge.laying import Change
from knowledge.reading.bounds import Bounds
from web.editor.reading_jobs import Job, State


def _without_bars(text: str) -> str:
    if "|" in text:
        raise ValueError("must not hold |, which separates phrasings and tags in an FAQ file")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Listed = Annotated[Line, AfterValidator(_without_bars)]
Language = Annotated[str, StringConstraints(to_lower=True, pattern="^[A-Za-z]{2,8}$")]


class SourceOut(BaseModel):
    name: str
    kind: str
    added_at: datetime
    active: int
    retired: int


class AddressIn(BaseModel):
    url: str = Field(min_length=1, max_length=2_000)
    site: bool = False
    """Read the pages it links, too; a sitemap is read as a site anyway."""
    depth: int = Field(default=Bounds.depth, ge=0, le=10)
    pages: int = Field(default=Bounds.pages, ge=1, le=5_000)


class AddedOut(BaseModel):
    added: int
    updated: int
    retired: int
    unchanged: int
    kept: int
    problems: list[str]


class JobOut(BaseModel):
    id: UUID
    name: str
    state: State
    pages_read: int
    pages_waiting: int
    result: AddedOut | None
    error: str | None


class EntryIn(BaseModel):
    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    """Made from the question when it is left out."""
    question: Line
    answer: str = Field(default="", max_length=50_000)
    variants: list[Listed] = Field(default=[], max_length=500)
    intent: Line | None = None
    lang: Language | None = None
    """Guessed from the question when it is left out."""
    tags: list[Listed] = Field(default=[], max_length=50)
    url: Annotated[str, StringConstraints(pattern=r"^(https?://|/)\S*$", max_length=2_000)] | None = None
    valid_from: date | None = None
    valid_until: date | None = None


class EntryOut(BaseModel):
    id: str
    question: str
    answer: str
    variants: list[str]
    intent: str | None
    lang: str
    tags: list[str]
    url: str | None
    valid_from: date | None
    valid_until: date | None
    kind: Kind
    source: str
    line: int | None
    page: int | None


class Written(BaseModel):
    change: Change
    entry: EntryOut


class EntriesOut(BaseModel):
    total: int
    entries: list[EntryOut]


class Removed(BaseModel):
    retired: int


def entry_out(entry: Entry) -> EntryOut:
    return EntryOut(**vars(entry))


def job_out(job: Job) -> JobOut:
    result = job.result
    told = AddedOut(**{**vars(result), "problems": list(map(str, result.problems))}) if result else None
    return JobOut(
        id=job.id,
        name=job.name,
        state=job.state,
        pages_read=job.pages_read,
        pages_waiting=job.pages_waiting,
        result=told,
        error=job.error,
    )
