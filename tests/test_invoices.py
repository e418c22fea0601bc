"""A bill counts before the price book, by a line of its own; the same use can be seen at other prices."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from agent.usage import Usage
from roi.books.invoice_rows import InvoiceRow
from roi.books.invoices import Compared, InvoiceError, book, compared, enter
from roi.books.ledger import CostLine, corrected, total
from roi.books.period import Period
from roi.books.period_costs import Entered
from roi.books.period_entries import enter as enter_cost
from roi.books.writer import Writer
from roi.pricing.prices import PriceBook, price_book
from roi.pricing.repriced import repriced
from roi.report import report
from tests.ledgers import BASELINE, FIRST, PRICES, converse, empty_books, usages

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
TODAY = date(2026, 12, 3)


def bill(amount: str, *, vendor: str = "openai", currency: str = "USD", **changes: Any) -> InvoiceRow:
    of_november = {"period_start": date(2026, 11, 1), "period_end": date(2026, 12, 1)}
    return InvoiceRow(vendor=vendor, amount=Decimal(amount), currency=currency, **{**of_november, **changes})


def entered(engine: Engine, invoice: InvoiceRow, *, booked: bool = False, file: Path | None = None) -> list[Compared]:
    with Session(engine) as session:
        enter(session, invoice, file=file, today=TODAY)
        session.flush()
        if booked:
            book(session, str(invoice.id), writer=Writer(), prices=PRICES, currency="USD", zone="UTC")
        found = compared(session, prices=PRICES, currency="USD", zone="UTC")
        session.commit()
    return found


def used(engine: Engine, *usages_: Usage, currency: str = "USD") -> None:
    with Session(engine) as session:
        converse(session, used=usages_, currency=currency)
        session.commit()


def month(engine: Engine) -> Any:
    return report(engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD")


def test_without_an_invoice_the_estimate_stands_alone() -> None:
    engine = empty_books()
    used(engine, *usages(FIRST))
    with Session(engine) as session:
        (found,) = compared(session, prices=PRICES, currency="USD", zone="UTC")
    assert (found.vendor, found.first, found.last) == ("openai", date(2026, 11, 1), date(2026, 11, 30))
    assert (found.estimated > 0, found.billed, found.gap) == (True, None, None)


def test_the_gap_is_shown_and_booked_only_when_told() -> None:
    engine = empty_books()
    used(engine, *usages(FIRST))
    before = month(engine).total.known
    (found,) = entered(engine, bill("2.50"))
    assert found.gap == Decimal("2.50") - found.estimated
    assert month(engine).total.known == before
    with Session(engine) as session:
        book(session, str(found.invoices[0])[:8], writer=Writer(), prices=PRICES, currency="USD", zone="UTC")
        session.commit()
    after = month(engine)
    assert sum(group.known for group in after.groups if group.vendor == "openai") == Decimal("2.50")
    with Session(engine) as session, pytest.raises(InvoiceError, match="nothing to book"):
        book(session, str(found.invoices[0]), writer=Writer(), prices=PRICES, currency="USD", zone="UTC")


def test_an_invoice_settles_what_nobody_had_a_price_for() -> None:
    engine = empty_books()
    used(engine, Usage("llm", "acme", "brain", "input_token", Decimal(900), FIRST))
    assert month(engine).total.amount is None
    (found,) = entered(engine, bill("7.77", vendor="acme"), booked=True)
    assert (found.unpriced, found.gap) == (0, Decimal(0))
    assert month(engine).total.amount == Decimal("7.77")


def test_a_difference_is_shared_out_over_what_the_vendor_sold() -> None:
    engine = empty_books()
    used(
        engine,
        Usage("llm", "openai", "gpt-4o-mini", "input_token", Decimal(10**6), FIRST),
        Usage("stt", "openai", "whisper-1", "heard_ms", Decimal(60_000), FIRST),
    )
    entered(engine, bill("1"), booked=True)
    with Session(engine) as session:
        lines = session.exec(select(CostLine)).all()
    assert total(lines) == 1
    assert {line.kind for line in lines if line.meter == "invoice"} == {"llm", "stt"}


def test_what_was_entered_for_a_vendor_is_not_billed_once_more() -> None:
    engine = empty_books()
    used(engine, Usage("llm", "openai", "gpt-4o-mini", "input_token", Decimal(10**9), FIRST))
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31), "vendor": "openai"}
    with Session(engine) as session:
        for cost in (
            Entered("licence", **year, amount=Decimal(730)),
            Entered("licence", **year, amount=Decimal(365), is_discount=True),
            Entered("build", **year, amount=Decimal(3650)),
        ):
            enter_cost(session, cost, writer=Writer(), baseline=BASELINE, prices=PRICES, currency="USD", zone="UTC")
        session.commit()
    (found,) = entered(engine, bill("181"))
    assert (found.estimated, found.booked, found.gap) == (Decimal(150), Decimal(60 - 30), Decimal(1))
    with Session(engine) as session:
        book(session, str(found.invoices[0]), writer=Writer(), prices=PRICES, currency="USD", zone="UTC")
        session.commit()
    assert month(engine).total.known == 181 + 300


def test_a_bill_beyond_what_the_books_hold_is_refused_and_not_kept() -> None:
    engine = empty_books()
    with pytest.raises(InvoiceError, match="more than the books can hold in CNY"), Session(engine) as session:
        enter(session, bill("8e9"), today=TODAY)
        compared(session, prices=PRICES, currency="CNY", zone="UTC")
    assert entered(engine, bill("5"))[0].billed == 5


def test_a_file_is_kept_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "bill.pdf").write_bytes(b"%PDF")
    invoice = bill("5")
    entered(empty_books(), invoice, file=tmp_path / "bill.pdf")
    with pytest.raises(OSError, match="missing"):
        entered(empty_books(), bill("5"), file=tmp_path / "missing.pdf")


@pytest.mark.parametrize(
    ("invoice", "said"),
    [
        (bill("5"), "is the same"),
        (bill("6", period_end=date(2026, 12, 9)), "overlaps"),
        (bill("0"), "no amount"),
        (bill("NaN"), "no amount"),
        (bill("1e12"), "no amount"),
        (bill("5", currency="DOLLAR"), "ISO 4217"),
        (bill("5", vendor=" "), "needs its vendor"),
        (bill("5", period_start=date(2026, 12, 5)), "before it begins"),
        (bill("5", period_end=date(2029, 1, 1)), "more than a year"),
    ],
)
def test_a_bill_that_cannot_be_is_refused(invoice: InvoiceRow, said: str) -> None:
    engine = empty_books()
    entered(engine, bill("5"))
    with pytest.raises(InvoiceError, match=said):
        entered(engine, invoice)


def test_a_bill_in_a_currency_without_a_rate_is_kept_and_not_compared() -> None:
    engine = empty_books()
    (found,) = entered(engine, bill("5", currency="VND"))
    assert (found.billed, found.gap) == (None, None)


quantities = st.decimals(min_value=0, max_value=10**6, places=9)


def anew(engine: Engine, prices: PriceBook, on: date) -> dict[str, tuple[Decimal, Decimal]]:
    found = repriced(engine, period=NOVEMBER, prices=prices, on=on, currency="USD")
    return {row.kind: (row.as_incurred, row.repriced) for row in found}


@settings(max_examples=8)
@given(st.lists(quantities, min_size=1, max_size=8))
def test_repricing_at_the_same_prices_changes_nothing(sizes: list[Decimal]) -> None:
    engine = empty_books()
    for size in sizes:
        used(engine, *(replace(usage, quantity=size) for usage in usages(FIRST)))
    with Session(engine) as session:
        converse(session, handled_s=333)
        session.commit()
    both = anew(engine, PRICES, FIRST.date())
    assert set(both) == {"hosting", "embed", "llm", "escalation"}
    assert all(incurred == new for incurred, new in both.values())
    assert sum(incurred for incurred, _ in both.values()) == month(engine).total.known


def test_another_dates_prices_are_seen_beside_what_was_booked() -> None:
    engine = empty_books()
    at = datetime(2026, 11, 3, tzinfo=UTC)
    used(
        engine,
        Usage("llm", "openai", "o3", "input_token", Decimal(10**6), at),
        Usage("llm", "openai", "o3", "output_token", Decimal(10**5), at),
    )
    assert anew(engine, PRICES, date(2025, 6, 9))["llm"] == (Decimal("2.80"), Decimal(14))


def test_a_price_found_later_never_changes_what_was_booked(tmp_path: Path) -> None:
    engine = empty_books()
    used(engine, Usage("llm", "acme", "brain", "input_token", Decimal(1000), FIRST))
    with Session(engine) as session:
        wrong = session.exec(select(CostLine)).one()
        Writer().book(session, [corrected(wrong, because="contract", at_amount=Decimal(3), grade="A")])
        session.commit()
    own = tmp_path / "own.toml"
    own.write_text(
        '[[price]]\nvendor = "acme"\nmodel = "*"\nunit = "input_token"\namount = 0.002\nper = 1\ncurrency = "USD"\n'
        'source = "contract"\ngrade = "A"\n'
    )
    assert anew(engine, PRICES, TODAY)["llm"] == (Decimal(3), Decimal(3))
    assert anew(engine, price_book(own), TODAY)["llm"] == (Decimal(3), Decimal(2))
    assert month(engine).total.known == 3
