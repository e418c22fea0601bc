"""Past questions that the knowledge does not answer, or answers otherwise than the colleague did, become drafts, one
for each group that means the same; the others are filed under the entry that answers them. A draft answers nobody
before an editor accepts it."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from knowledge.curating.clusters import SAME_QUESTION, cluster, nearest_to_middle
from knowledge.curating.draft_rows import DraftRow
from knowledge.history.answering import Found
from knowledge.history.contact_rows import ContactRow
from knowledge.history.sampling import Embed, Progress, Sample, embed
from knowledge.matching.embeddings import Floats
from knowledge.reading.faq import guess_lang, normalise, stable_id

MOST_EXAMPLES = 20
_MOST_ANSWERS = 30
"""Replies looked at for the most central one of a group."""
_COURTESY = re.compile(
    r"^(?:(?:hi|hello|hey)(?: there)?|您好|你好)[,.!，。！ ]+|[,.! ]*\b(?:thanks|thank you)[.! ]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Group:
    """Contacts that asked the same, and what would answer them."""

    question: str
    answer: str
    contacts: tuple[ContactRow, ...]

    @property
    def seconds(self) -> float | None:
        measured = [row.handling_seconds for row in self.contacts if row.handling_seconds is not None]
        return sum(measured) if measured else None


@dataclass(frozen=True)
class Mined:
    known: int
    """Contacts whose question the knowledge answers."""
    grouped: int
    single: int
    """Contacts whose question nobody else put."""
    new_drafts: int
    updated_drafts: int


def groups_of(
    found: Sequence[Found],
    sample: Sample,
    *,
    strangers: Collection[UUID],
    meanings: Floats,
    at_least: int,
    of_answers: Embed,
    progress: Progress,
) -> list[Group]:
    """One language at a time; the group with most contacts first. `strangers` are contacts that would be answered, but
    otherwise than the colleague did; `meanings` are the sample's vectors as the knowledge sees them."""
    by_lang = defaultdict[str, list[int]](list)
    for number, one in enumerate(found):
        row = one.contact
        if one.is_answered and row.id not in strangers:
            continue
        by_lang[row.lang or guess_lang(row.question)].append(number)
    clusters = list[list[int]]()
    for numbers in by_lang.values():
        for rows in cluster(meanings[numbers], cut=SAME_QUESTION):
            if len(rows) >= at_least:
                clusters.append([numbers[row] for row in rows])
    clusters.sort(key=len, reverse=True)
    replies = [_replies([sample.contacts[number] for number in members]) for members in clusters]
    several = [reply for texts in replies if len(texts) > 1 for reply in texts]
    vectors = dict(zip(several, embed(of_answers, several, "replies", progress), strict=True))
    return [
        Group(
            question=_central_question(members, sample),
            answer=_central_reply(texts, vectors),
            contacts=tuple(sample.contacts[number] for number in members),
        )
        for members, texts in zip(clusters, replies, strict=True)
    ]


def keep(
    engine: Engine,
    found: Sequence[Found],
    groups: Sequence[Group],
    *,
    strangers: Collection[UUID] = (),
    company: str = "default",
    demo: bool = False,
) -> Mined:
    """Files the contacts and writes the drafts, in one transaction. A group that a draft speaks for already, whatever
    the editor decided about it, only moves that draft's evidence."""
    new = updated = 0
    with Session(engine) as session:
        rows = {one.contact.id: session.get_one(ContactRow, one.contact.id) for one in found}
        earlier = _drafts_by_question(session, company)
        taken = set[UUID]()
        known = [one for one in found if one.is_answered and one.contact.id not in strangers]
        for row in rows.values():
            row.intent, row.draft_id = None, None
        for one in known:
            rows[one.contact.id].intent = one.entry.label if one.entry else None
        for members in groups:
            draft = _spoken_for(members, earlier, taken)
            if draft is None:
                draft = DraftRow(company=company, kind="entry", origin="history", question=members.question,
                                 answer=members.answer, lang=_lang(members), demo=demo)  # fmt: skip
                new += 1
            else:
                updated += 1
            taken.add(draft.id)
            draft.evidence, draft.seconds = len(members.contacts), members.seconds
            draft.examples = _examples(members.contacts)
            session.add(draft)
            session.flush()
            for contact in members.contacts:
                rows[contact.id].intent = draft.entry or stable_id(draft.question)
                rows[contact.id].draft_id = draft.id
        session.commit()
    grouped = sum(len(members.contacts) for members in groups)
    return Mined(len(known), grouped, len(found) - len(known) - grouped, new, updated)


def _drafts_by_question(session: Session, company: str) -> dict[str, DraftRow]:
    mine = select(DraftRow).where(DraftRow.company == company, DraftRow.origin == "history", DraftRow.kind == "entry")
    drafts = session.exec(mine.order_by(col(DraftRow.at))).all()
    return {normalise(text): draft for draft in drafts for text in (draft.question, *draft.examples)}


def _spoken_for(members: Group, drafts: dict[str, DraftRow], taken: set[UUID]) -> DraftRow | None:
    """The draft with which the group has most questions in common."""
    asked = [normalise(contact.question) for contact in members.contacts]
    common = Counter(drafts[text].id for text in asked if text in drafts and drafts[text].id not in taken)
    if not common:
        return None
    chosen = common.most_common(1)[0][0]
    return next(draft for draft in drafts.values() if draft.id == chosen)


def _central_question(members: Sequence[int], sample: Sample) -> str:
    """The wording nearest to the middle; one in which nothing had to be masked, where there is one."""
    numbers = [number for number in members if "[" not in sample.contacts[number].question] or list(members)
    question = sample.contacts[_central(sample.vectors, numbers)].question
    return _COURTESY.sub("", _COURTESY.sub("", question)) or question


def _replies(contacts: Sequence[ContactRow]) -> list[str]:
    return list(dict.fromkeys(row.answer for row in contacts if row.answer))[:_MOST_ANSWERS]


def _central(vectors: Floats, rows: list[int]) -> int:
    return nearest_to_middle(vectors, rows, weights=[1] * len(rows))


def _central_reply(replies: Sequence[str], vectors: dict[str, Floats]) -> str:
    if len(replies) < 2:
        return replies[0] if replies else ""
    return replies[_central(np.stack([vectors[reply] for reply in replies]), list(range(len(replies))))]


def _examples(contacts: Sequence[ContactRow]) -> list[str]:
    """Different wordings, the latest last."""
    ordered = sorted(contacts, key=lambda row: (row.started_at is not None, row.started_at or row.imported_at))
    wordings = {normalise(row.question): row.question for row in ordered}
    return list(wordings.values())[-MOST_EXAMPLES:]


def _lang(members: Group) -> str:
    langs = Counter(row.lang or guess_lang(row.question) for row in members.contacts)
    return langs.most_common(1)[0][0]
