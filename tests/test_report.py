"""A manager can trust the figure: it is the sum of its lines, says what is unknown, and never hides a refutation."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlmodel import Session, select

from agent.usage import Usage
from roi.books.chain_rows import CostChain
from roi.books.ledger import CostLine, corrected
from roi.books.period import Period
from roi.books.sum_rows import CostSum
from roi.books.writer import Writer
from roi.export import as_json
from roi.people.baselinefile import baselines
from roi.report import Report, report
from roi.resolution.outcomes import IssueFacts, classify
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, a_month, converse, empty_books, usages

pytestmark = pytest.mark.slow
LATER = datetime(2026, 12, 20, 9, tzinfo=UTC)


@pytest.fixture
def books() -> Iterator[Engine]:
    engine = empty_books()
    yield engine
    engine.dispose()


def reported(engine: Engine, **wishes: Any) -> Report:
    wanted = {"period": NOVEMBER, "baseline": BASELINE, "prices": PRICES, "currency": "USD", "now": LATER, **wishes}
    return report(engine, **wanted)


def test_the_totals_are_the_sum_of_the_cost_lines_to_the_last_digit(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
        amounts = [line.amount for line in session.exec(select(CostLine)) if line.amount is not None]
    told = as_json(reported(books))
    assert Decimal(told["totals"]["amount"]) == sum(amounts)
    assert sum(Decimal(line["amount"]) for line in told["lines"]) == sum(amounts)
    ai, people = told["totals"]["ai"], told["totals"]["people"]
    assert Decimal(ai["amount"]) + Decimal(people["amount"]) == sum(amounts)
    assert sum(Decimal(day["known"]) for day in told["days"]) == sum(amounts)


amounts = st.one_of(st.none(), st.decimals(min_value=-(10**6), max_value=10**6, places=9))
kinds = st.sampled_from(["llm", "stt", "escalation", "licence"])
lines = st.tuples(kinds, amounts, st.sampled_from(["USD", "CNY"]), st.integers(0, 2), st.booleans())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(lines, max_size=15))
def test_whatever_the_lines_known_amounts_add_up_and_unknown_ones_are_told(books: Engine, rows: list[Any]) -> None:
    with Session(books) as session:
        for table in (CostLine, CostSum, CostChain):
            session.exec(delete(table))
        booked = [
            CostLine(
                kind=kind, meter="llm", vendor="v", model="m", unit="call", quantity=Decimal(1), amount=amount,
                currency=currency, grade="D", covered=covered, at=FIRST + timedelta(days=day),
            )
            for kind, amount, currency, day, covered in rows
        ]  # fmt: skip
        Writer().book(session, booked)
        session.commit()
    told = reported(books, period=Period(FIRST.date(), FIRST.date() + timedelta(days=2)))
    own = [amount for _, amount, currency, _, _ in rows if currency == "USD"]
    assert told.total.known == sum((amount for amount in own if amount is not None), Decimal(0))
    assert told.total.count == len(rows)
    assert told.total.priced == sum(amount is not None for amount in own)
    assert (told.total.amount is None) == (None in own or len(own) < len(rows))
    for group in told.groups:
        assert group.count >= group.priced


def test_one_unknown_price_makes_the_total_unknown_and_shows_a_lower_bound(books: Engine) -> None:
    with Session(books) as session:
        converse(session)
        converse(session, used=usages(FIRST, vendor="acme"))
        session.commit()
    told = as_json(reported(books))
    assert told["totals"]["amount"] is None
    assert told["totals"]["cost_per_conversation"] is None
    assert Decimal(told["totals"]["known"]) > 0
    assert (told["coverage"]["lines"], told["coverage"]["priced"], told["coverage"]["is_enough"]) == (8, 6, False)
    assert told["ratios"]["R1"]["value"] is None


def test_a_correction_settles_an_unknown_price(books: Engine) -> None:
    with Session(books) as session:
        converse(session, used=[Usage("llm", "acme", "brain", "call", Decimal(1), FIRST)])
        converse(session, customer="c2")
        unknown = session.exec(select(CostLine).where(CostLine.vendor == "acme")).one()
        Writer().book(session, [corrected(unknown, because="invoice", at_amount=Decimal("0.25"), grade="A")])
        session.commit()
    told = reported(books)
    assert told.total.is_complete
    acme = next(group for group in told.groups if group.vendor == "acme")
    assert (acme.amount, acme.count, acme.quantity) == (Decimal("0.25"), 1, Decimal(1))
    assert told.ratios["R1"].value is not None


def test_a_period_without_conversations_is_reported_as_such(books: Engine) -> None:
    told = as_json(reported(books))
    assert (told["totals"]["conversations"], told["totals"]["amount"], told["demo"]) == (0, "0", False)
    assert told["totals"]["cost_per_conversation"] is None
    assert [ratio["value"] for ratio in told["ratios"].values()] == [None] * 4
    assert all(ratio["because"].startswith("Not known yet, because") for ratio in told["ratios"].values())


def test_the_human_baseline_stands_beside_the_cost_weighted_by_channel(books: Engine) -> None:
    with Session(books) as session:
        for n, channel in enumerate(("chat", "chat", "phone")):
            converse(session, customer=f"c{n}", channel=channel)  # type: ignore[arg-type]
        session.commit()
    expected = (2 * BASELINE.cost("chat") + BASELINE.cost("phone")) / 3
    assert reported(books).human_each == pytest.approx(expected, abs=Decimal("1e-9"))


def test_r1_is_the_baseline_over_the_ais_own_cost_and_leaves_peoples_time_out(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    told = reported(books)
    r1, each = told.ratios["R1"], told.each(told.ai)
    assert r1.value is not None
    assert r1.lower is not None
    assert r1.upper is not None
    assert told.human_each is not None
    assert each is not None
    assert r1.value == pytest.approx(float(told.human_each / each))
    assert r1.lower < r1.value < r1.upper


def test_few_customers_give_no_verdict_whatever_the_ratio(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    r1 = reported(books).ratios["R1"]
    assert (r1.verdict, r1.because) == ("INCONCLUSIVE", "r1_too_few")


def test_nothing_is_confirmed_before_wrong_answers_are_audited(books: Engine) -> None:
    with Session(books) as session:
        a_month(session, customers=520)
        session.commit()
    r1 = reported(books).ratios["R1"]
    assert r1.lower is not None
    assert r1.lower > 10
    assert (r1.verdict, r1.because) == ("INCONCLUSIVE", "gate_wrong_answers_unknown")


def test_an_expensive_ai_is_refuted_in_as_many_words(books: Engine) -> None:
    with Session(books) as session:
        for n in range(520):
            converse(session, customer=f"c{n}", used=usages(FIRST, cpu=str(36_000 + n))[:1])
        session.commit()
    r1 = reported(books).ratios["R1"]
    assert (r1.verdict, r1.because) == ("REFUTED", "r1_refuted")


def test_so_many_handovers_refute_the_blended_claim_even_for_a_free_ai(books: Engine) -> None:
    with Session(books) as session:
        for n in range(600):
            converse(session, customer=f"c{n}", handed_over=n % 4 == 0, used=[])
        session.commit()
    r3 = reported(books).ratios["R3"]
    assert r3.verdict == "REFUTED"
    assert r3.value is None
    assert r3.upper is not None
    assert 4 < r3.upper < 10


def test_one_customer_with_half_the_traffic_counts_as_one(books: Engine) -> None:
    with Session(books) as session:
        for n in range(40):
            used = usages(FIRST, cpu="9" if n % 2 else "1")
            converse(session, customer="busy" if n % 2 else f"c{n}", used=used)
        session.commit()
    busy = reported(books).ratios["R1"]
    with Session(books) as session:
        for line in session.exec(select(CostLine)):
            line.customer = str(line.conversation_id)
        session.commit()
    apart = reported(books).ratios["R1"]
    assert busy.value == pytest.approx(apart.value)
    assert busy.lower is None or (busy.lower < apart.lower)  # type: ignore[operator]


def test_demo_conversations_stand_aside_as_soon_as_there_are_real_ones(books: Engine) -> None:
    with Session(books) as session:
        a_month(session, demo=True)
        session.commit()
    only_demo = reported(books)
    assert (only_demo.demo, only_demo.conversations) == (True, 40)
    with Session(books) as session:
        converse(session, customer="real")
        session.commit()
    real, mixed = reported(books), reported(books, demo="include")
    assert (real.demo, real.conversations, real.demo_conversations) == (False, 1, 40)
    assert (mixed.demo, mixed.conversations) == ("mixed", 41)
    assert real.total.count == 4


def test_conversations_and_their_lines_fall_into_the_companys_own_days(books: Engine) -> None:
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    with Session(books) as session:
        converse(session, at=late, used=usages(late))
        session.commit()
    shanghai = Period(date(2026, 11, 2), date(2026, 11, 2), "Asia/Shanghai")
    assert reported(books, period=shanghai).conversations == 1
    assert reported(books, period=replace(shanghai, zone="UTC")).conversations == 0


def test_days_cover_the_period_without_gap_when_the_clocks_change() -> None:
    parts = list(Period(date(2026, 10, 20), date(2026, 10, 30), "Europe/Berlin").slices())
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert sum(((part.end - part.start) for part in parts), timedelta()) == timedelta(days=11, hours=1)


def test_a_long_period_is_told_by_months() -> None:
    parts = list(Period(date(2026, 1, 15), date(2026, 12, 31)).slices())
    assert [part.first for part in parts[:2]] == [date(2026, 1, 15), date(2026, 2, 1)]
    assert len(parts) == 12


def test_the_tally_classes_issues_as_the_pure_rule_does(books: Engine) -> None:
    expected: dict[str, int] = {}
    with Session(books) as session:
        for n, (asked, answered, blocked, handed, taken, helpful, mature) in enumerate(
            product((True, False), repeat=7)
        ):
            facts = IssueFacts(
                asked, asked and answered and not blocked, asked and blocked, handed, handed and taken, helpful, mature
            )
            expected[classify(facts)] = expected.get(classify(facts), 0) + 1
            converse(
                session, customer=f"c{n}", at=FIRST if mature else LATER - timedelta(days=3), asked=asked,
                answered=answered, blocked=blocked, handed_over=handed, called_back=handed and taken,
                helpful=helpful or None, closed=False, used=[],
            )  # fmt: skip
        session.commit()
    told = reported(books, period=Period(date(2026, 11, 1), date(2026, 12, 20))).outcomes
    assert {outcome: count for outcome, count in told.items() if count} == expected
    assert sum(told.values()) == 128


def test_measured_handling_times_replace_the_assumed_ones(books: Engine) -> None:
    with Session(books) as session:
        for n in range(30):
            converse(session, customer=f"c{n}", handled_s=300, used=[])
        session.commit()
    told = reported(books)
    assert told.human_each == pytest.approx(BASELINE.cost("chat") / 2, abs=Decimal("1e-9"))
    assert any(figure.is_measured for figure in told.figures)


def test_an_offshore_baseline_is_compared_on_the_same_contacts(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    told = reported(books, others=list(baselines().values()))
    ratios = {compared.baseline.id: compared.ratio for compared in told.compared}
    assert told.compared[0].is_chosen
    assert len(ratios) == len(baselines())
    assert ratios["philippines_8"] < ratios["us_median_loaded"]  # type: ignore[operator]
    assert ratios["us_median_loaded"] == pytest.approx(told.ratios["R1"].value)


def test_contacts_not_meant_for_the_agent_stay_out_of_the_ratio(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    before = reported(books).ratios["R1"].value
    with Session(books) as session:
        converse(session, customer="x", eligible=False, used=usages(FIRST, cpu="9000"))
        session.commit()
    after = reported(books)
    assert after.ratios["R1"].value == pytest.approx(before)
    assert after.conversations == 41


def test_importing_the_report_loads_neither_a_model_library_nor_the_price_list() -> None:
    heavy = "('langchain_core', 'langchain', 'openai', 'genai_prices', 'fastapi')"
    code = f"import roi.report, roi.export, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_reason_has_words_in_both_languages(books: Engine) -> None:
    for lang in ("en", "zh"):
        assert all(ratio["because"] for ratio in as_json(reported(books), lang=lang)["ratios"].values())
