"""What an editor sees and does, wired: gaps priced by the books, drafts from the desk, phrasings, contradictions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.earlier import Earlier
from agent.history import Conversation, Handling, Message
from agent.turn import Turn
from knowledge.curating.contradictions import Findings, check
from knowledge.curating.drafts import Drafts, Outcome, Proposal, is_personal
from knowledge.curating.gaps import gaps_of, open_gaps, resolve_gaps
from knowledge.curating.replies import substance
from knowledge.curating.transcripts import exchanges, read_transcript
from knowledge.curating.vain import ContactCosts, Vain, asked_in_vain
from knowledge.entry import Entry
from knowledge.library import Library
from knowledge.matching.retriever import Retriever
from knowledge.reading.faq import guess_lang
from roi.books.ledger import CostLine
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook

log = structlog.get_logger()
ANSWERED_ALREADY = ("confident", "model_silent")
"""Reasons of a turn that told an entry, with others beside it."""


@dataclass(frozen=True)
class Curation:
    """Blocking; callers use a thread."""

    engine: Engine
    library: Library
    drafts: Drafts
    retriever: Callable[[], Retriever]
    threshold: Callable[[], float]
    """The confidence from which on Dime answers; the books move it."""
    baseline: Baseline
    prices: PriceBook
    currency: str

    def gaps(self, *, lang: str | None = None, with_demo: bool = True) -> Vain:
        with Session(self.engine) as session:
            rows = open_gaps(session, lang=lang, with_demo=with_demo)
            costs = self._contact_costs(session)
        return asked_in_vain(
            rows, self.retriever(), threshold=self.threshold(), revised=self.library.revised(), costs=costs
        )

    def learn(self, text: str, *, name: str) -> list[tuple[str, Outcome]]:
        """Drafts from a pasted transcript: each question with what became of it. Raises UnreadableDocument."""
        found: list[tuple[str, Outcome]] = []
        for conversation in read_transcript(text, name=name):
            for exchange in exchanges(conversation):
                proposal = Proposal(exchange.question, exchange.answer, "transcript")
                found.append((exchange.question, self._propose(proposal)))
        return found

    def learn_from_desk(self, conversation: UUID) -> Outcome | None:
        """A draft of what was last asked in vain and what the colleague replied; None where there was nothing of both.
        A failure is logged: the visit to the desk is over either way."""
        try:
            with Session(self.engine) as session:
                proposal = _asked_and_answered(session, conversation)
            return self._propose(proposal) if proposal else None
        except Exception:
            log.exception("draft_not_made", conversation=str(conversation))
            return None

    def learn_from_choice(self, turn: Turn, before: Earlier) -> Outcome | None:
        """A draft of a phrasing: what the customer had asked `before` choosing the entry that this turn tells. None
        where that was answered, since what stands beside an answer may be pressed out of curiosity, and where the entry
        speaks another language. A failure is logged: the customer has the answer."""
        topic, source = turn.left_open.topic, turn.source
        if before.reason in ANSWERED_ALREADY or topic is None or source is None or topic.beside:
            return None
        try:
            entry = self.retriever().entry(source.id, turn.lang)
            if entry is None or guess_lang(topic.question) != entry.lang or is_personal(before.question):
                return None
            return self.drafts.propose_phrasing(topic.question, entry, demo=turn.who.demo)
        except Exception:
            log.exception("draft_not_made", conversation=str(turn.conversation))
            return None

    def accept(
        self, name: str, *, question: str | None = None, answer: str | None = None, by: str | None = None
    ) -> Entry:
        return self.drafts.accept(self.drafts.find(name).id, self.library, question=question, answer=answer, by=by)

    def refuse(self, name: str, *, by: str | None = None) -> None:
        self.drafts.refuse(self.drafts.find(name).id, by=by)

    def answer(self, entry: Entry, *, asked: Sequence[str] = ()) -> None:
        """What an editor wrote for a gap: it and everything `asked` are gaps no more. Raises TakenQuestion."""
        self.library.write(entry)
        with Session(self.engine) as session:
            resolve_gaps(session, [*entry.phrasings, *asked])
            session.commit()

    def teach(self, question: str, entry_id: str) -> Entry:
        """An editor's word: the question is another way of asking that entry, from now on."""
        entry = self.library.teach(question, entry_id)
        with Session(self.engine) as session:
            resolve_gaps(session, [question])
            session.commit()
        return entry

    def check(self, *, today: date | None = None) -> Findings:
        return check(self.library.shelved(), self.retriever(), today=today or self.library.today())

    def _propose(self, proposal: Proposal) -> Outcome:
        return self.drafts.propose(proposal, self.retriever(), threshold=self.threshold())

    def _contact_costs(self, session: Session) -> ContactCosts:
        rate = self.prices.rate(self.baseline.currency, self.currency, datetime.now(UTC).date())
        human = {channel: self.baseline.cost(channel) * rate.rate for channel in self.baseline.aht} if rate else {}
        handled = select(CostLine).where(CostLine.kind == "escalation", col(CostLine.conversation_id).is_not(None))
        measured: dict[UUID, Decimal | None] = {}
        for line in session.exec(handled.where(CostLine.currency == self.currency)):
            if line.conversation_id:
                spent = measured.get(line.conversation_id, Decimal(0))
                measured[line.conversation_id] = None if spent is None or line.amount is None else spent + line.amount
        known = {conversation: amount for conversation, amount in measured.items() if amount is not None}
        return ContactCosts(human, known)


def _asked_and_answered(session: Session, conversation: UUID) -> Proposal | None:
    """The latest question asked in vain before the colleague spoke, and what the colleague said."""
    row = session.get(Conversation, conversation)
    said = list(
        session.exec(
            select(Message)
            .where(Message.conversation_id == conversation, Message.author == "colleague")
            .order_by(col(Message.at))
        )
    )
    gaps = [gap for gap in gaps_of(session, conversation) if said and gap.at <= said[-1].at]
    if row is None or not gaps:
        return None
    answer = "\n".join(part for message in said if (part := substance([message.text], colleague=message.name)))
    visits = session.exec(select(Handling).where(Handling.conversation_id == conversation))
    seconds = [visit.handling_seconds for visit in visits if visit.handling_seconds is not None]
    if not answer:
        return None
    asked = gaps[-1]
    return Proposal(
        asked.question,
        answer,
        "desk",
        lang=asked.lang,
        seconds=sum(seconds) if seconds else None,
        demo=row.demo,
        is_wrong=asked.is_wrong,
    )
