"""Each turn leaves frozen lines; nothing used is lost, nothing is counted twice, and unknown stays unknown."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

from agent.turn import Who
from agent.usage import Usage
from knowledge.rows import Company
from roi.books.labour import escalation
from roi.books.ledger import CostLine, amount, corrected, lines_for, total
from roi.people.baselinefile import choose
from roi.pricing.prices import price_book
from web.telephony.minutes import minutes

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
WHO = Who("chat", customer="c1", lang="zh", demo=True)
PRICES = price_book()
CPU = Usage("cpu", "local", "machine", "cpu_second", Decimal("1.5"), AT)
HEARD = Usage("stt", "local", "whisper-base", "heard_ms", Decimal(3000), AT)
ASKED = Usage("llm", "openai", "gpt-4o-mini", "input_token", Decimal(1200), AT, raw={"prompt_tokens": 1200})
UNKNOWN = Usage("llm", "acme", "brain", "input_token", Decimal(10), AT)


def booked(*usages: Usage, currency: str = "USD") -> list[CostLine]:
    return lines_for(usages, WHO, conversation=uuid4(), turn=uuid4(), prices=PRICES, currency=currency)


def test_lines_come_back_from_the_database_as_they_were_written() -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, tables=[Company.__table__, CostLine.__table__])  # type: ignore[attr-defined]
    lines = booked(CPU, HEARD, ASKED, UNKNOWN)
    written = [line.model_dump() for line in lines]
    with Session(engine) as session:
        session.add_all(lines)
        session.commit()
    with Session(engine) as session:
        kept = {line.id: line.model_dump() for line in session.exec(select(CostLine))}
    assert [kept[line["id"]] for line in written] == written


def test_a_line_carries_who_it_was_for_and_the_raw_record() -> None:
    (line,) = booked(ASKED)
    assert (line.customer, line.channel, line.lang, line.demo) == ("c1", "chat", "zh", True)
    assert line.raw == {"prompt_tokens": 1200}
    assert line.at == AT
    assert isinstance(line.conversation_id, UUID)


def test_local_engines_cost_their_cpu_seconds_once() -> None:
    cpu, heard = booked(CPU, HEARD)
    assert cpu.amount == Decimal("0.000041667")
    assert (heard.amount, heard.covered) == (Decimal(0), True)
    assert total([cpu, heard]) == cpu.amount


def test_a_local_engine_without_counted_cpu_seconds_is_unknown_rather_than_free() -> None:
    (heard,) = lines_for(
        [HEARD], WHO, conversation=uuid4(), turn=None, prices=PRICES, currency="USD", cpu_is_counted=False
    )
    assert (heard.amount, heard.covered) == (None, False)


def test_one_unknown_price_makes_the_total_unknown() -> None:
    assert booked(UNKNOWN)[0].amount is None
    assert total(booked(CPU, ASKED)) is not None
    assert total(booked(CPU, ASKED, UNKNOWN)) is None


@pytest.mark.parametrize("quantity", ["-1", "NaN", "Infinity", "1e30"])
def test_a_quantity_that_cannot_be_is_kept_as_unknown_and_stops_no_answer(quantity: str) -> None:
    (line,) = booked(replace(ASKED, quantity=Decimal(quantity)))
    assert (line.amount, line.quantity) == (None, Decimal(0))
    assert Decimal(line.raw["refused_quantity"]).compare_total(Decimal(quantity)) == 0


def test_what_an_estimate_booked_too_much_is_taken_back_at_the_same_price() -> None:
    lines = booked(ASKED, replace(ASKED, quantity=-ASKED.quantity, corrects=True))
    assert total(lines) == 0
    assert lines[0].amount


def test_usage_without_a_model_is_booked_and_unknown() -> None:
    (line,) = booked(replace(ASKED, vendor="", model=""))
    assert line.amount is None


def test_grading_answers_is_a_cost_of_its_own_kind() -> None:
    (line,) = booked(replace(ASKED, purpose="evaluation"))
    assert line.kind == "judge"


def test_another_currency_is_converted_once_at_a_dated_rate() -> None:
    (line,) = booked(CPU, currency="CNY")
    assert (line.currency, line.price_currency, line.fx_rate) == ("CNY", "USD", Decimal("7.10"))
    assert line.amount == Decimal("0.000295833")
    assert booked(CPU, currency="VND")[0].amount is None


def test_the_amount_can_be_worked_out_again_from_the_row_alone() -> None:
    for line in booked(CPU, ASKED, replace(CPU, quantity=Decimal("1.00001799999999999"))):
        assert line.unit_price is not None
        assert line.fx_rate is not None
        assert line.amount == amount(line.quantity, unit_price=line.unit_price, per=line.per, fx_rate=line.fx_rate)


quantities = st.decimals(min_value=0, max_value=10**6, places=15)


@given(st.lists(st.tuples(quantities, st.sampled_from([CPU, ASKED])), min_size=1, max_size=12))
def test_the_total_is_the_sum_of_the_lines_to_the_last_digit(uses: list[tuple[Decimal, Usage]]) -> None:
    lines = booked(*(replace(usage, quantity=quantity) for quantity, usage in uses))
    assert total(lines) == sum((line.amount or Decimal(0) for line in lines), Decimal(0))
    assert all(line.amount is not None and line.amount.as_tuple().exponent == -9 for line in lines)


def test_a_correction_is_a_new_line_that_brings_the_sum_right() -> None:
    (wrong,) = booked(ASKED)
    right = corrected(wrong, because="invoice 7", at_amount=Decimal("0.5"), quantity=Decimal(1000), grade="A")
    assert right.corrects == wrong.id
    assert right.id != wrong.id
    assert wrong.amount is not None
    assert right.amount is not None
    assert wrong.amount + right.amount == Decimal("0.5")
    assert wrong.quantity + right.quantity == 1000
    assert right.at == wrong.at


def test_a_colleagues_minutes_are_booked_at_the_loaded_rate() -> None:
    baseline = choose("us_median_loaded")
    line = escalation(600, WHO, conversation=uuid4(), at=AT, baseline=baseline, prices=PRICES, currency="USD")
    assert line.kind == "escalation"
    assert line.amount == pytest.approx(baseline.cost("chat"), abs=Decimal("1e-8"))
    assert line.measured


def test_handling_that_took_less_than_no_time_is_refused() -> None:
    baseline = choose("us_median_loaded")
    with pytest.raises(ValueError, match="cannot be"):
        escalation(-1, WHO, conversation=uuid4(), at=AT, baseline=baseline, prices=PRICES, currency="USD")


def test_a_calls_minutes_are_those_of_whoever_carries_it() -> None:
    for door, vendor in (("twilio", "twilio"), ("audiosocket", "trunk"), ("asterisk", "trunk")):
        used = minutes(door, 252.0, at=AT)
        assert used is not None
        assert (used.vendor, used.quantity) == (vendor, Decimal("4.2"))
        (line,) = booked(used)
        assert (line.kind, line.amount, line.grade) == ("telephony", Decimal("0.0357"), "D")
    assert minutes("widget", 252.0, at=AT) is None
    assert minutes("twilio", 0.0, at=AT) is None
