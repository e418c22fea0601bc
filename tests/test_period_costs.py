"""Costs of a period: booked once, counted by the day, and every part adds up to the whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from roi.books.ledger import CostLine
from roi.books.period import Period
from roi.books.period_costs import PERIOD_KINDS, CostError, Entered
from roi.books.period_entries import Entry, correct, enter, entries
from roi.books.spreading import annuity_total, months_from, of_days, split
from roi.books.verify import verify
from roi.books.writer import Writer
from roi.export import as_json
from roi.judging.findings import Evidence
from roi.quality.audits import AuditSummary
from roi.report import Report, report
from roi.sheets import lines_csv
from tests.ledgers import BASELINE, PRICES, converse, empty_books

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
LICENCE = Entered("licence", *NOVEMBER, amount=Decimal("1500.01"), note="platform")
WRITER = Writer("command")
money = st.decimals(min_value=Decimal("0.01"), max_value=10**8, places=9)


def booked(engine: Engine, cost: Entered, *, currency: str = "USD", zone: str = "UTC") -> Entry:
    with Session(engine) as session:
        entry = enter(session, cost, writer=Writer(), baseline=BASELINE, prices=PRICES, currency=currency, zone=zone)
        session.commit()
        return entry


def told(engine: Engine, first: date, last: date, zone: str = "UTC") -> Report:
    return report(engine, period=Period(first, last, zone), baseline=BASELINE, prices=PRICES, currency="USD")


@given(money, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 900), st.data())
def test_the_shares_of_consecutive_days_add_up_to_the_last_digit(
    amount: Decimal, start: date, days: int, data: st.DataObject
) -> None:
    end = start + timedelta(days=days)
    cuts = sorted(data.draw(st.lists(st.dates(start - timedelta(9), end + timedelta(9)), max_size=6)))
    borders = [start - timedelta(10), *cuts, end + timedelta(10)]
    shares = [of_days(amount, start, end, first=a, after=b) for a, b in pairwise(borders)]
    assert sum(shares) == amount
    assert min(shares) >= 0


@given(money, st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_an_amount_is_divided_without_a_rest(amount: Decimal, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) <= Decimal("1e-8")


def test_a_month_that_is_too_short_ends_early() -> None:
    spans = months_from(date(2026, 1, 31), 3)
    assert spans[0] == (date(2026, 1, 31), date(2026, 2, 28))
    assert spans[-1][1] == date(2026, 4, 30)


def test_building_is_spread_as_the_method_has_it() -> None:
    assert split(Decimal(36_000), [1] * 36) == [Decimal(1000)] * 36
    month = annuity_total(Decimal(36_000), months=36, yearly_rate=Decimal("0.10")) / 36
    assert month == pytest.approx(Decimal("1161.62"), abs=Decimal("0.005"))
    assert split(Decimal(10_000), [8_000, 25_000, 67_000]) == [Decimal(800), Decimal(2500), Decimal(6700)]


def test_two_reports_share_a_cost_between_them_exactly() -> None:
    engine = empty_books()
    booked(engine, LICENCE)
    parts = [told(engine, date(2026, 10, 1), date(2026, 11, 7)), told(engine, date(2026, 11, 8), date(2027, 1, 31))]
    assert sum(part.total.known for part in parts) == LICENCE.amount
    assert [part.total.count for part in parts] == [1, 1]
    assert [group.kind for group in parts[0].groups] == ["licence"]


def test_a_report_over_a_change_of_the_clocks_counts_whole_days() -> None:
    engine, zone = empty_books(), "Europe/Berlin"
    booked(engine, Entered("qa", date(2026, 10, 24), date(2026, 10, 26), amount=Decimal(3)), zone=zone)
    days = [date(2026, 10, day) for day in (24, 25, 26)]
    assert [told(engine, day, day, zone).total.known for day in days] == [1, 1, 1]


def test_hours_are_paid_at_the_baselines_rate() -> None:
    engine = empty_books()
    entry = booked(engine, Entered("curation", *NOVEMBER, hours=Decimal(80)))
    hour = BASELINE.loaded / (2080 * (1 - float(BASELINE.shrinkage.value)))
    assert float(entry.amount) == pytest.approx(float(80 * hour), rel=1e-6)
    own = booked(engine, Entered("curation", *NOVEMBER, hours=Decimal(80), rate=Decimal(45)))
    assert (own.amount, own.hours) == (Decimal(3600), Decimal(80))


def test_a_correction_is_another_line_and_leaves_what_was_booked() -> None:
    engine = empty_books()
    entry = booked(engine, Entered("build", date(2026, 1, 1), months=12, amount=Decimal(1000), note="setup"))
    for whole in (Decimal("1234.567"), Decimal(0), Decimal("999.99")):
        with Session(engine) as session:
            changed = correct(session, entry.id[:8], because="invoice", writer=WRITER, to_amount=whole)
            session.commit()
        assert changed.amount == whole
        whole_year = told(engine, date(2026, 1, 1), date(2026, 12, 31))
        assert whole_year.total.known == whole
        assert whole_year.total.count == 12
    with Session(engine) as session:
        assert [(found.amount, found.corrections) for found in entries(session)] == [(Decimal("999.99"), 36)]
    assert verify(engine).is_whole


def test_hours_are_corrected_as_hours() -> None:
    engine = empty_books()
    entry = booked(engine, Entered("qa", *NOVEMBER, hours=Decimal(10), rate=Decimal(40)))
    with Session(engine) as session:
        changed = correct(session, entry.id, because="miscounted", writer=WRITER, to_hours=Decimal("7.5"))
    assert (changed.hours, changed.amount) == (Decimal("7.5"), Decimal(300))


def test_corrected_hours_of_an_annuity_keep_its_interest() -> None:
    engine = empty_books()
    year = Entered("build", date(2026, 1, 1), months=12, hours=Decimal(100), rate=Decimal(10), method="annuity")
    entry = booked(engine, replace(year, yearly_rate=Decimal("0.10")))
    assert entry.amount > 1000
    with Session(engine) as session:
        same = correct(session, entry.id, because="asked again", writer=WRITER, to_hours=Decimal(100))
        half = correct(session, entry.id, because="miscounted", writer=WRITER, to_hours=Decimal(50))
    assert same.amount == entry.amount
    assert half.amount == pytest.approx(entry.amount / 2, abs=Decimal("1e-9"))


def test_a_discount_is_a_line_of_its_own() -> None:
    engine = empty_books()
    booked(engine, replace(LICENCE, vendor="acme"))
    booked(engine, replace(LICENCE, amount=Decimal(500), vendor="acme", is_discount=True))
    month = told(engine, *NOVEMBER)
    assert month.total.known == Decimal("1000.01")
    assert sorted(group.known for group in month.groups) == [Decimal(-500), Decimal("1500.01")]
    assert month.ai_running.known == 0


def test_a_discount_alone_does_not_make_a_kind_booked() -> None:
    engine = empty_books()
    booked(engine, replace(LICENCE, is_discount=True))
    assert "licence" in told(engine, *NOVEMBER).nothing_booked


HOSTING = replace(LICENCE, kind="hosting", amount=Decimal(40))
TAKEN_OFF = replace(LICENCE, kind="llm", amount=Decimal(10), is_discount=True)
BILLED = {"meter": "invoice", "period_start": NOVEMBER[0], "period_end": date(2026, 12, 1), "unit": "amount"}


@pytest.mark.parametrize("costs", [[HOSTING], [HOSTING, TAKEN_OFF], [LICENCE, replace(LICENCE, is_discount=True)]])
@pytest.mark.parametrize("gap_of", ["llm", "escalation", None])
def test_whatever_a_period_cost_the_ratio_is_that_of_the_statement_and_counts_it_once(
    costs: list[Entered], gap_of: str | None
) -> None:
    engine = empty_books()
    for cost in costs:
        booked(engine, cost)
    with Session(engine) as session:
        for n in range(12):
            converse(session, customer=f"c{n}", handled_s=300 if n % 4 == 0 else None)
        if gap_of:
            session.add(of_no_contact(kind=gap_of, amount=Decimal(20), **BILLED))
        session.commit()
    month = judged(engine)
    statement = month.findings.statement
    assert sum(part.known for part in statement.parts if part.basis == "booked") == month.total.known
    assert month.ratios["R3"].value == pytest.approx(statement.r3)
    assert month.nothing_booked == [kind for kind in PERIOD_KINDS if kind not in {cost.kind for cost in costs}]


@pytest.mark.parametrize("told_of", [BILLED, {"meter": "llm", "unit": "call"}])
@pytest.mark.parametrize("unknown", [{"amount": None, "currency": "USD"}, {"amount": Decimal(1), "currency": "CNY"}])
def test_a_cost_of_no_conversation_that_is_unknown_leaves_the_ratio_unknown(told_of: Any, unknown: Any) -> None:
    engine = empty_books()
    with Session(engine) as session:
        for n in range(12):
            converse(session, customer=f"c{n}")
        Writer().book(session, [of_no_contact(kind="judge", **told_of, **unknown)])
        session.commit()
    month = judged(engine)
    assert month.findings.statement.r3 is month.ratios["R3"].value is month.ratios["R2"].value is None
    assert month.ratios["R1"].value is not None
    assert month.ratios["R3"].figures["unknown"] == 1


def of_no_contact(**columns: Any) -> CostLine:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return CostLine(
        **{"at": at, "vendor": "acme", "model": "", "quantity": 1, "currency": "USD", "grade": "A", **columns}
    )


def judged(engine: Engine) -> Report:
    later, evidence = (
        datetime(2026, 12, 20, tzinfo=UTC),
        Evidence(audited=AuditSummary(400, 4, 0, 400, 300, 0, 0, None)),
    )
    return report(
        engine, period=Period(*NOVEMBER), baseline=BASELINE, prices=PRICES, currency="USD", now=later, evidence=evidence
    )


def test_another_currency_is_converted_at_the_periods_first_day() -> None:
    engine = empty_books()
    assert booked(engine, replace(LICENCE, amount=Decimal(710), currency="CNY")).amount == pytest.approx(Decimal(100))


def test_the_report_names_what_nobody_booked() -> None:
    engine = empty_books()
    booked(engine, LICENCE)
    told_json = as_json(told(engine, *NOVEMBER))
    assert told_json["nothing_booked"] == ["build", "curation", "qa", "monitoring", "hosting"]


def test_the_sheet_of_lines_adds_up_to_the_report() -> None:
    engine = empty_books()
    booked(engine, Entered("build", date(2026, 1, 1), months=36, amount=Decimal("36000.000000007")))
    period = Period(date(2026, 2, 10), date(2026, 3, 3))
    rows = "".join(lines_csv(engine, company="default", period=period, with_demo=True)).splitlines()
    total = sum(Decimal(row.rsplit(",", 1)[1]) for row in rows[1:])
    assert total == told(engine, period.first, period.last).total.known


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "tea"}, "known are build"),
        ({"kind": "llm"}, "no cost of a period"),
        ({"amount": Decimal(-5)}, "a discount"),
        ({"amount": Decimal("NaN")}, "no amount"),
        ({"amount": Decimal(10) ** 11}, "no amount"),
        ({"amount": None}, "an amount or hours"),
        ({"hours": Decimal(4)}, "one of the two"),
        ({"amount": None, "hours": Decimal(10) ** 7}, "cannot be"),
        ({"last": date(2026, 10, 1)}, "before it begins"),
        ({"last": None}, "the last day"),
        ({"currency": "EURO"}, "ISO 4217"),
        ({"currency": "VND"}, "no rate from VND to USD"),
        ({"last": None, "months": 0}, "1 to 600"),
        ({"method": "annuity"}, "number of months"),
        ({"last": None, "months": 2, "method": "units", "volumes": (3,)}, "each of the 2 months"),
        ({"last": None, "months": 2, "method": "units", "volumes": (0, 0)}, "each of the 2 months"),
        ({"last": None, "months": 2, "method": "annuity", "yearly_rate": Decimal(-1)}, "no yearly rate"),
        ({"first": date(1066, 1, 1)}, "cannot be"),
        ({"amount": None, "hours": Decimal(700_000), "rate": Decimal(99_999)}, "more than the books"),
        (
            {
                "last": None,
                "months": 600,
                "method": "annuity",
                "yearly_rate": Decimal(10),
                "amount": Decimal(8 * 10**9),
            },
            "more than the books",
        ),
        ({}, "--again"),
    ],
)
def test_a_cost_that_cannot_be_is_refused_with_the_reason(changes: dict[str, Any], said: str) -> None:
    engine = empty_books()
    booked(engine, LICENCE)
    with pytest.raises(CostError, match=said):
        booked(engine, replace(LICENCE, **changes))
