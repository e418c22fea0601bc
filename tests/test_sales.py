"""Orders within a day after an answer, from the demo shop and from files; what cannot be read is named."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, select

from agent.history import TurnRow
from knowledge.problem import UnreadableDocument
from roi.books.tally import Scope
from roi.resolution.sales import Sale, Sales, followed, sales
from tests.ledgers import FIRST, NOVEMBER, converse, empty_books
from web.assembly import assemble
from web.reporting.sales import import_sales, shop_of, take_from_shop
from web.services import Services
from web.settings import Settings

DAY = timedelta(hours=24)


def bought(*orders: tuple[str, timedelta, str], demo: bool = False) -> Sales:
    """Customer c1 was answered at FIRST; these customers order so much later."""
    engine = empty_books()
    with Session(engine) as session:
        converse(session, customer="c1", at=FIRST)
        for turn in session.exec(select(TurnRow)):
            turn.action = "answer"
        for number, (customer, after, currency) in enumerate(orders):
            columns = {"amount": Decimal("19.90"), "currency": currency, "source": "shop", "written_at": FIRST}
            at = FIRST + after
            session.add(Sale(reference=str(number), customer=customer, at=at, demo=demo, **columns))  # type: ignore[arg-type]
        session.commit()
    with engine.connect() as connection:
        return sales(connection, Scope("default", NOVEMBER, with_demo=demo), currency="USD")


def test_only_orders_within_a_day_after_an_answer_to_the_same_customer_count() -> None:
    minute = timedelta(minutes=1)
    found = bought(
        ("c1", minute, "USD"), ("c1", DAY - minute, "USD"), ("c1", DAY, "USD"), ("c1", -minute, "USD"),
        ("c2", minute, "USD"), ("c1", minute, "EUR"),
    )  # fmt: skip
    assert found == Sales(3, Decimal("39.80"), "USD", answered_customers=1, in_other_currencies=1)


def test_an_order_follows_the_latest_answer_before_it() -> None:
    answers = [FIRST, FIRST + 3 * DAY]
    assert followed(answers, FIRST)
    assert not followed(answers, FIRST + 2 * DAY)
    assert followed(answers, FIRST + 3 * DAY + timedelta(hours=1))
    assert not followed([], FIRST)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    yield assemble(
        Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None, time_zone="Asia/Shanghai")
    )


def kept(services: Services) -> list[Sale]:
    with Session(services.engine) as session:
        return list(session.exec(select(Sale)))


def test_bad_rows_are_named_and_the_others_kept_once(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer,at,amount,currency,order\n"
        "+1 503 555 0188,2026-11-20T14:30,129.90,usd,A1\n"
        "+1 503 555 0188,2026-11-20T14:30,129.90,USD,A1\n"
        "visitor:abc,2026-11-20T06:30Z,10,USD,\n"
        "c2,2026-11-20,10,USD,A2\n"
        "c2,20.11.2026 10:00,10,USD,A3\n"
        "c2,2026-11-20T10:00,-10,USD,A4\n"
        "c2,2026-11-20T10:00,inf,USD,A5\n"
        "c2,2026-11-20T10:00,1e30,USD,A6\n"
        "c2,2026-11-20T10:00,5,DOGE,A7\n"
        ",2026-11-20T10:00,5,USD,A8\n"
        "c2,0001-01-01T00:00,5,USD,A9\n",
        "utf-8",
    )
    first = import_sales(services, path)
    assert (first.added, first.known) == (2, 1)
    assert [problem.line for problem in first.problems] == list(range(5, 13))
    path.rename(again := tmp_path / "again.csv")
    assert import_sales(services, again).added == 0
    by_phone, by_visitor = kept(services)
    assert (by_phone.customer, by_visitor.customer) == (services.caller("+15035550188"), services.visitor("abc"))
    assert by_phone.at == by_visitor.at == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def test_a_file_without_the_columns_is_refused_in_a_sentence(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,at,amount\nc1,2026-11-20T10:00,5\n", "utf-8")
    with pytest.raises(UnreadableDocument, match="no column currency"):
        import_sales(services, path)


def test_shops_own_orders_come_once_and_are_demo(services: Services) -> None:
    shop = shop_of(services)
    shop.place("c1", at=FIRST, amount=Decimal(749), currency="USD")
    assert take_from_shop(services).added == 1
    shop.place("c1", at=FIRST, amount=Decimal(749), currency="USD")
    assert (take_from_shop(services).added, take_from_shop(services).known) == (1, 2)
    assert {(sale.source, sale.demo, sale.amount) for sale in kept(services)} == {("shop", True, Decimal(749))}
