"""What is asked in vain, by meaning: clusters of gaps with how often, by how many, and what it cost at the desk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from knowledge.curating.clusters import cluster, nearest_to_middle
from knowledge.curating.gaps import GapRow
from knowledge.matching.retriever import Match, Retriever

MOST_QUESTIONS = 2_000
"""Different questions that are looked at, the latest: each is embedded, 20 to 40 ms."""
MOST_EXAMPLES = 20


@dataclass(frozen=True)
class ContactCosts:
    """What a contact costs at the desk: measured where a colleague handled it, else the human cost on its channel."""

    by_channel: Mapping[str, Decimal] = field(default_factory=dict)
    measured: Mapping[UUID, Decimal] = field(default_factory=dict)

    def of(self, gap: GapRow) -> Decimal | None:
        spent = self.measured.get(gap.conversation_id) if gap.conversation_id else None
        return self.by_channel.get(gap.channel or "") if spent is None else spent


@dataclass(frozen=True)
class Gap:
    """One thing asked in vain, in however many words and languages."""

    question: str
    """As the customer put it who came nearest to the middle."""
    count: int
    wrong: int
    """How many of them were answered, and the customer said that it did not help."""
    contacts: int
    """Conversations."""
    customers: int
    """Different ones, of those that can be told apart."""
    lang: str | None
    langs: tuple[str, ...]
    """Most frequent first."""
    first_at: datetime
    last_at: datetime
    best_entry: str | None
    """What comes nearest in today's knowledge."""
    best_question: str | None
    confidence: float | None
    examples: tuple[str, ...]
    """Different wordings, the most asked first."""
    money: Decimal | None
    """What these contacts cost at the desk; None while one of them has no price."""


@dataclass(frozen=True)
class AnsweredNow:
    """A question that was asked in vain and would be answered today."""

    question: str
    count: int
    entry: str
    confidence: float
    last_at: datetime


@dataclass(frozen=True)
class Vain:
    gaps: list[Gap]
    answered: list[AnsweredNow]


@dataclass
class _Question:
    """Every time that one question was asked in the same words."""

    rows: list[GapRow]
    match: Match | None = None

    @property
    def text(self) -> str:
        return self.rows[-1].question

    def is_answered(self, *, threshold: float, revised: Mapping[str, datetime]) -> bool:
        """Whether today's knowledge answers it: after a wrong answer, with another entry or one changed since."""
        if self.match is None or not self.match.entry.answer or self.match.confidence < threshold:
            return False
        entry = self.match.entry.id
        blamed = [row for row in self.rows if row.is_wrong and row.best_entry == entry]
        return not blamed or revised.get(entry, blamed[-1].at) > blamed[-1].at


def asked_in_vain(
    rows: Sequence[GapRow],
    retriever: Retriever,
    *,
    threshold: float,
    revised: Mapping[str, datetime],
    costs: ContactCosts,
) -> Vain:
    """`rows` are open gaps in the order asked; `threshold` is the confidence from which on Dime answers; `revised` says
    when an entry was last changed. Costliest first where all have a price, else the most asked. Blocks."""
    questions = _together(rows)
    for question, matches in zip(questions, retriever.find([q.text for q in questions], limit=2), strict=True):
        question.match = next((match for match in matches if match.entry.kind != "tool"), None)
    answered = [question for question in questions if question.is_answered(threshold=threshold, revised=revised)]
    still = [question for question in questions if not any(question is other for other in answered)]
    vectors = retriever.meanings([question.text for question in still])
    groups = cluster(vectors)
    shares = _shares([[row for at in group for row in still[at].rows] for group in groups], costs)
    gaps = []
    for group, money in zip(groups, shares, strict=True):
        middle = nearest_to_middle(vectors, group, weights=[len(still[at].rows) for at in group])
        gaps.append(_gap([still[at] for at in group], still[middle], money=money))
    return Vain(ranked(gaps), sorted(map(_answered, answered), key=lambda question: question.last_at, reverse=True))


def ranked(gaps: Sequence[Gap]) -> list[Gap]:
    """By money where every one has a price, else by count; then the latest first."""
    is_priced = all(gap.money is not None for gap in gaps)
    return sorted(gaps, key=lambda gap: (gap.money if is_priced else 0, gap.count, gap.last_at), reverse=True)


def _together(rows: Sequence[GapRow]) -> list[_Question]:
    """Equal questions as one, the latest so many."""
    together: dict[str, _Question] = {}
    for row in rows:
        question = together.pop(row.normal, _Question([]))
        question.rows.append(row)
        together[row.normal] = question
    return list(together.values())[-MOST_QUESTIONS:]


def _shares(groups: Sequence[Sequence[GapRow]], costs: ContactCosts) -> list[Decimal | None]:
    """Each group's money. A contact that asked several things in vain is shared out among them, so that all together
    cost what the contacts did."""
    contacts = [{row.conversation_id or row.id: row for row in group} for group in groups]
    spread = Counter(contact for group in contacts for contact in group)
    shares: list[Decimal | None] = []
    for group in contacts:
        parts = [(costs.of(row), spread[contact]) for contact, row in group.items()]
        known = [cost / groups_of_it for cost, groups_of_it in parts if cost is not None]
        shares.append(sum(known, Decimal(0)) if len(known) == len(parts) else None)
    return shares


def _gap(questions: Sequence[_Question], middle: _Question, *, money: Decimal | None) -> Gap:
    rows = sorted((row for question in questions for row in question.rows), key=lambda row: row.at)
    langs = Counter(row.lang for row in rows if row.lang)
    match = middle.match
    by_count = sorted(questions, key=lambda question: -len(question.rows))
    return Gap(
        question=middle.text,
        count=len(rows),
        wrong=sum(row.is_wrong for row in rows),
        contacts=len({row.conversation_id or row.id for row in rows}),
        customers=len({row.customer for row in rows if row.customer}),
        lang=middle.rows[-1].lang,
        langs=tuple(lang for lang, _ in langs.most_common()),
        first_at=rows[0].at,
        last_at=rows[-1].at,
        best_entry=match.entry.id if match else None,
        best_question=match.entry.question if match else None,
        confidence=match.confidence if match else None,
        examples=tuple(question.text for question in by_count[:MOST_EXAMPLES]),
        money=money,
    )


def _answered(question: _Question) -> AnsweredNow:
    assert question.match
    return AnsweredNow(
        question=question.text,
        count=len(question.rows),
        entry=question.match.entry.id,
        confidence=question.match.confidence,
        last_at=question.rows[-1].at,
    )
