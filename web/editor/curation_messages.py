"""What comes and goes where an editor learns from what was asked: gaps, drafts, phrasings, findings, previews."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from knowledge.curating.contradictions import Findings, Pair
from knowledge.curating.draft_rows import DraftRow, Kind, Origin
from knowledge.curating.drafts import Outcome, is_personal
from knowledge.curating.vain import Vain
from knowledge.entry import Entry
from web.chat.messages import Words
from web.editor.knowledge_messages import EntryIn, Line

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class MoneyOut(BaseModel):
    amount: str
    currency: str


class ExampleOut(BaseModel):
    text: str
    is_personal: bool
    """Holds an address or a long number, so it is no phrasing to keep."""


class GapOut(BaseModel):
    question: str
    count: int
    wrong: int
    contacts: int
    customers: int
    lang: str | None
    langs: list[str]
    first_at: datetime
    last_at: datetime
    best_entry: str | None
    best_question: str | None
    confidence: float | None
    examples: list[ExampleOut]
    money: MoneyOut | None


class AnsweredNowOut(BaseModel):
    question: str
    count: int
    entry: str
    confidence: float
    last_at: datetime


class GapsOut(BaseModel):
    gaps: list[GapOut]
    """The costliest first where all have a price, else the most asked."""
    answered_now: list[AnsweredNowOut]


class AnswerIn(EntryIn):
    """An entry that answers a gap."""

    answer: Words = Field(min_length=1, max_length=50_000)
    asked: list[Line] = Field(default=[], max_length=100)
    """The gap's wordings; they are gaps no more, whether or not they are kept as phrasings."""


class DraftOut(BaseModel):
    id: UUID
    kind: Kind
    origin: Origin
    question: str
    answer: str
    lang: str
    entry: str | None
    """The entry that a phrasing is proposed for."""
    examples: list[str]
    evidence: int
    seconds: float | None
    at: datetime
    demo: bool


class AcceptIn(BaseModel):
    question: Line | None = None
    answer: str | None = Field(default=None, max_length=50_000)
    """Both: in place of the draft's."""
    by: Name | None = None


class RefuseIn(BaseModel):
    by: Name | None = None


class TranscriptIn(BaseModel):
    text: str = Field(max_length=1_000_000)
    """Lines that begin with who speaks: `Customer: …`, `客服：…`."""


class LearntOut(BaseModel):
    question: str
    outcome: Outcome


class TeachIn(BaseModel):
    question: Line
    entry: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class CheckedOut(BaseModel):
    id: str
    lang: str
    question: str
    answer: str
    source: str
    valid_until: date | None


class PairOut(BaseModel):
    kind: Literal["duplicate", "contradiction"]
    one: CheckedOut
    other: CheckedOut
    nearness: float
    differing: list[tuple[str, str]]


class FindingsOut(BaseModel):
    pairs: list[PairOut]
    unanswered: list[CheckedOut]
    expired: list[CheckedOut]
    expiring: list[CheckedOut]


def gaps_out(found: Vain, *, currency: str) -> GapsOut:
    gaps = []
    for gap in found.gaps:
        examples = [ExampleOut(text=text, is_personal=is_personal(text)) for text in gap.examples]
        told = {**vars(gap), "examples": examples, "money": _money_out(gap.money, currency)}
        gaps.append(GapOut(**told))
    return GapsOut(gaps=gaps, answered_now=[AnsweredNowOut(**vars(question)) for question in found.answered])


def draft_out(row: DraftRow) -> DraftOut:
    return DraftOut(**{name: getattr(row, name) for name in DraftOut.model_fields})


def findings_out(found: Findings) -> FindingsOut:
    lists = {name: [*map(_checked_out, getattr(found, name))] for name in ("unanswered", "expired", "expiring")}
    return FindingsOut(pairs=[*map(_pair_out, found.pairs)], **lists)


def _pair_out(pair: Pair) -> PairOut:
    return PairOut(
        kind=pair.kind,
        one=_checked_out(pair.one),
        other=_checked_out(pair.other),
        nearness=round(pair.nearness, 4),
        differing=list(pair.differing),
    )


def _checked_out(entry: Entry) -> CheckedOut:
    return CheckedOut(**{name: getattr(entry, name) for name in CheckedOut.model_fields})


def _money_out(amount: Decimal | None, currency: str) -> MoneyOut | None:
    return None if amount is None else MoneyOut(amount=format(round(amount, 2), "f"), currency=currency)
