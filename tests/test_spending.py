"""What models may cost: counted from the books, over a restart and midnight where the company is."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, create_engine, select

from agent.models.cascade import Rates
from agent.turn import Turn, Who
from agent.usage import Usage
from knowledge.rows import Company
from roi.books.ledger import CostLine
from roi.pricing.pricefile import PriceRow
from roi.pricing.prices import PriceBook, price_book
from web.answering.language_models import cascade, rate
from web.books.bookkeeping import Bookkeeper
from web.books.spending import Spending
from web.database import open_database
from web.naming import SettingError
from web.settings import Settings

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 1, 20, tzinfo=UTC)
"""Noon in Los Angeles."""
ZONE = "America/Los_Angeles"
PRICES = PriceBook(
    (
        tuple(
            PriceRow(
                vendor="acme",
                model="brain",
                unit=unit,
                amount=Decimal(1),
                per=100,
                currency="USD",
                source="test",
                grade="D",
            )
            for unit in ("input_token", "cached_token", "output_token")
        ),
    ),
    listed=False,
)


@dataclass
class Books:
    engine: Engine
    now: datetime = NOON
    day_cap: Decimal | None = Decimal("1.00")
    conversation_cap: Decimal | None = None

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """As a start does, with nothing in memory."""
        self.spending = Spending(
            self.engine,
            zone=ZONE,
            now=lambda: self.now,
            day_cap=self.day_cap,
            conversation_cap=self.conversation_cap,
        )
        self.keeper = Bookkeeper(self.engine, prices=PRICES, currency="USD", spending=self.spending)

    def spend(self, tokens: int, *, conversation: UUID, model: str = "brain") -> None:
        turn = Turn("?", conversation, Who("chat"), at=self.now)
        turn.usage.append(Usage("llm", "acme", model, "input_token", Decimal(tokens), self.now))
        self.keeper.write(turn, finished=True)

    def allows(self, cost: float | None, *, conversation: UUID) -> bool:
        if not self.spending.is_known(conversation):
            self.spending.read(conversation)
        return self.spending.allows(conversation, cost)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'dime.sqlite'}", lock_folder=tmp_path)
    with Session(engine) as session:
        session.add(Company(id="default", name="Shop", time_zone=ZONE, currency="USD"))
        session.commit()
    yield engine
    engine.dispose()


def test_day_is_full_when_the_next_call_would_cross_the_cap(engine: Engine) -> None:
    books, one, other = Books(engine), uuid4(), uuid4()
    assert books.allows(0.6, conversation=one)
    books.spend(60, conversation=one)
    assert books.allows(0.4, conversation=other)
    assert not books.allows(0.41, conversation=other)
    assert books.spending.told() == {
        "today": "0.600000000", "day_cap": "1.00", "conversation_cap": None, "reached": True,
    }  # fmt: skip


def test_restart_forgets_nothing(engine: Engine) -> None:
    books, one = Books(engine), uuid4()
    books.spend(90, conversation=one)
    books.open()
    assert not books.allows(0.2, conversation=one)


def test_day_ends_at_midnight_where_the_company_is(engine: Engine) -> None:
    books, one = Books(engine), uuid4()
    books.spend(100, conversation=one)
    books.now = datetime(2026, 3, 2, 7, 59, tzinfo=UTC)
    assert not books.allows(0.1, conversation=one)
    books.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert books.allows(1.0, conversation=one)
    books.spend(50, conversation=one)
    assert not books.allows(0.6, conversation=one)


def test_conversation_has_a_cap_of_its_own_also_when_it_is_gone_on_with_later(engine: Engine) -> None:
    books = Books(engine, day_cap=None, conversation_cap=Decimal("0.5"))
    one, other = uuid4(), uuid4()
    books.spend(40, conversation=one)
    assert not books.allows(0.2, conversation=one)
    assert books.allows(0.2, conversation=other)
    books.now += timedelta(days=3)
    books.open()
    assert not books.allows(0.2, conversation=one)


def test_what_another_process_spends_is_noticed_within_a_minute(engine: Engine) -> None:
    books, other, one = Books(engine), Books(engine), uuid4()
    assert books.allows(0.5, conversation=one)
    other.spend(80, conversation=one)
    assert books.allows(0.5, conversation=one)
    books.now += timedelta(minutes=1)
    assert not books.allows(0.5, conversation=one)


def test_day_is_added_up_once_a_minute_however_many_conversations_begin(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    books, added_up, add_up = Books(engine, conversation_cap=Decimal("0.5")), list[int](), Spending._sum
    books.spend(30, conversation=(old := uuid4()))
    books.open()

    def counted(spending: Spending, *which: object) -> Decimal:
        added_up.append(len(which))
        return add_up(spending, *which)

    monkeypatch.setattr(Spending, "_sum", counted)
    assert books.allows(0.3, conversation=uuid4())
    for _ in range(5):
        assert books.allows(0.3, conversation=uuid4())
    assert not books.allows(0.3, conversation=old)
    assert added_up.count(2) == 1  # from midnight to midnight
    assert added_up.count(1) == 7


def test_only_models_are_counted_and_what_is_taken_back_counts_too(engine: Engine) -> None:
    books, one = Books(engine), uuid4()
    books.allows(0.1, conversation=one)
    turn = Turn("?", one, Who("chat"), at=NOON)
    turn.usage += [
        Usage("llm", "acme", "brain", "input_token", Decimal(50), NOON, estimated=True),
        Usage("llm", "acme", "brain", "input_token", Decimal(-20), NOON, corrects=True),
        Usage("cpu", "local", "machine", "cpu_second", Decimal(10**6), NOON),
    ]
    books.keeper.write(turn, finished=True)
    in_memory = books.spending.today
    books.spending.read(one)
    assert in_memory == books.spending.today == Decimal("0.3")


def test_unknown_price_may_not_be_spent_under_a_cap_and_may_without(engine: Engine) -> None:
    one = uuid4()
    assert not Books(engine).allows(None, conversation=one)
    assert Books(engine, day_cap=None).allows(None, conversation=one)


def test_cap_of_nothing_leaves_what_costs_nothing(engine: Engine) -> None:
    books, one = Books(engine, day_cap=Decimal(0)), uuid4()
    assert books.allows(0.0, conversation=one)
    assert not books.allows(0.000001, conversation=one)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 60)), max_size=8))
def test_running_sum_is_always_that_of_the_books(story: list[tuple[int, int]]) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    books, one = Books(engine), uuid4()
    for tokens, hours in story:
        books.now += timedelta(hours=hours)
        books.allows(0.0, conversation=one)
        books.spend(tokens, conversation=one)
        kept = books.spending.today
        books.spending.read(one)
        assert kept == books.spending.today
    engine.dispose()


def settings_of(tmp_path: Path, **changes: object) -> Settings:
    return Settings(home=tmp_path, **changes)  # type: ignore[arg-type]


def test_cascade_is_none_one_or_two_models_as_the_settings_name_them(tmp_path: Path) -> None:
    def names(**changes: object) -> list[tuple[str, str]]:
        made = cascade(settings_of(tmp_path, **changes), prices=price_book(), now=lambda: NOON)
        return [(tier.model.vendor, tier.name) for tier in made.tiers]

    local = {"llm_base_url": "http://127.0.0.1:1/v1", "llm_model": "tiny"}
    assert names() == []
    assert names(**local) == [("local", "tiny")]
    assert names(**local, llm_large_model="big") == [("local", "tiny"), ("local", "big")]
    assert names(llm_large_base_url="https://api.openai.com/v1", llm_large_model="gpt-5") == [("openai", "gpt-5")]
    assert names(openai_api_key="k", llm_large_model="gpt-5") == [("openai", "gpt-5-mini"), ("openai", "gpt-5")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"llm_large_base_url": "http://127.0.0.1:1/v1"}, "DIME_LLM_LARGE_BASE_URL needs DIME_LLM_LARGE_MODEL"),
        ({"llm_large_model": "big"}, "DIME_LLM_LARGE_MODEL needs"),
        ({"openai_api_key": "k", "llm_large_model": "gpt-5-mini"}, "are both gpt-5-mini"),
    ],
)
def test_large_model_named_by_half_is_told(changes: dict[str, object], told: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=told):
        cascade(settings_of(tmp_path, **changes), prices=price_book(), now=lambda: NOON)


def test_key_of_the_small_models_server_is_not_sent_to_another(tmp_path: Path) -> None:
    small = {
        "llm_base_url": "https://one.example/v1",
        "llm_api_key": "secret",
        "llm_model": "s",
        "llm_large_model": "l",
    }
    for large_url, key in ((None, "secret"), ("https://other.example/v1", "none")):
        made = cascade(
            settings_of(tmp_path, **small, llm_large_base_url=large_url), prices=price_book(), now=lambda: NOON
        )
        assert made.tiers[1].model.client.openai_api_key.get_secret_value() == key  # type: ignore[attr-defined]


def test_call_costs_what_the_price_book_says_in_the_companys_currency(tmp_path: Path) -> None:
    mini = settings_of(tmp_path, openai_api_key="k", llm_model="gpt-4o-mini")
    (tier,) = cascade(mini, prices=price_book(), now=lambda: NOON).tiers
    assert tier.rates() == Rates(0.15e-6, 0.6e-6)
    assert tier.call_cost(1_000) == pytest.approx(0.00015 + 60 * 0.6e-6)
    assert rate("acme", "unheard", "input_token", prices=price_book(), currency="USD", at=NOON) is None
    assert rate("acme", "brain", "input_token", prices=PRICES, currency="XAF", at=NOON) is None
    assert rate("local", "any", "input_token", prices=price_book(), currency="CNY", at=NOON) == 0.0


def test_what_a_model_meters_while_the_books_are_written_is_written_the_next_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(engine)
    turn = Turn("?", uuid4(), Who("chat"), at=NOON)
    late = Usage("llm", "acme", "brain", "output_token", Decimal(7), NOON)
    commit = Session.commit

    def commit_slowly(session: Session) -> None:
        if late not in turn.usage:
            turn.usage.append(late)
        commit(session)

    turn.usage.append(Usage("llm", "acme", "brain", "input_token", Decimal(60), NOON))
    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", commit_slowly)
        books.keeper.write(turn, finished=False)
    books.keeper.write(turn, finished=True)
    with Session(engine) as session:
        lines = session.exec(select(CostLine).where(CostLine.turn_id == turn.id, CostLine.meter == "llm")).all()
    assert sorted((line.unit, line.quantity) for line in lines) == [("input_token", 60), ("output_token", 7)]


def test_yesterdays_money_is_not_told_as_todays_in_a_quiet_shop(engine: Engine) -> None:
    books = Books(engine)
    assert books.allows(0.1, conversation=uuid4())
    books.spend(60, conversation=uuid4())
    books.now += timedelta(days=1)
    assert books.spending.is_stale
    asyncio.run(books.keeper.refresh_spending())
    told = books.spending.told()
    assert told is not None
    assert Decimal(told["today"]) == 0
