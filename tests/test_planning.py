"""A plan starts from what the books know, marks what they do not, and shows where money stops being made."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from roi.books.period_costs import Entered
from roi.books.period_entries import enter
from roi.books.writer import Writer
from roi.judging.ratios import Month, ceiling
from roi.judging.terms import Terms
from roi.people.staffing import before_and_after
from roi.planning.precision import precision
from roi.planning.scenario import MONTH, from_pairs, read_scenario
from roi.planning.settings import LIMITS, Wishes, wishes
from roi.planning.start import DAYS_A_MONTH, WORKED, PlanError, Start, start, start_of
from roi.planning.whatif import WhatIf, what_if
from roi.planning.wording import as_json, page, words
from roi.planning.years import break_even, years
from roi.report import report
from tests.ledgers import BASELINE, NOVEMBER, PRICES, a_month, empty_books
from tests.oracles import ORACLES

WORKED_DOLLARS = {field.name: getattr(WORKED, field.name) for field in fields(Month)}


@pytest.fixture
def books() -> Iterator[Engine]:
    engine = empty_books()
    yield engine
    engine.dispose()


def worked(**otherwise: float) -> WhatIf:
    begun = start({}, chosen=otherwise, currency="USD")
    return what_if(begun, Wishes(), per_resolution=3.0, offshore={"philippines_8": 1.1073})


def test_the_worked_month_comes_out_as_the_method_has_it() -> None:
    made = worked()
    assert made.start.month == WORKED
    expected = ORACLES["monthly_statement"]["expected"]
    assert made.outcome.net_saving == pytest.approx(expected["net_saving"])
    assert made.outcome.r3 == pytest.approx(expected["r3"])
    assert made.outcome.roi_percent == pytest.approx(expected["roi_percent"])
    assert made.break_even.volume == pytest.approx(ORACLES["break_even_volume"]["expected"]["v_star"])
    for bar in made.tornado:
        if bar.key in ORACLES["tornado"]["expected"]:
            assert [bar.less, bar.more] == pytest.approx(ORACLES["tornado"]["expected"][bar.key])
    assert made.tornado[0].key == "resolution"
    curve = {one.volume: one.each for one in made.costs}
    oracle = ORACLES["fixed_cost_volume_curve"]
    assert [curve[volume] for volume in oracle["inputs"]["volumes"]] == pytest.approx(
        oracle["expected"]["cost_per_contact"]
    )
    assert [one.volume for one in made.costs if one.is_here] == [8000]


def test_what_is_known_to_nobody_is_marked_as_assumed_and_money_keeps_its_proportion_to_a_contact() -> None:
    begun = start({}, chosen={"human_cost": 50.0, "resolution": 0.6}, currency="CNY")
    basis = {one.key: one.basis for one in begun.inputs}
    assert basis["human_cost"] == basis["resolution"] == "chosen"
    assert {one.key for one in begun.assumed} == MONTH - {"human_cost", "resolution"}
    assert begun.month.fixed == pytest.approx(61_000)
    assert begun.month.loss_per_wrong == pytest.approx(60)


@pytest.mark.slow
def test_the_companys_own_month_is_measured_where_the_books_know_it(books: Engine) -> None:
    with Session(books) as session:
        a_month(session, customers=40)
        session.commit()
    later = datetime(2026, 12, 20, tzinfo=UTC)
    made = report(books, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", now=later)
    begun = start_of(made, chosen={"wrong_rate": 0.01})
    basis = {one.key: one.basis for one in begun.inputs}
    assert basis["volume"] == basis["involvement"] == basis["ai_cost"] == basis["durability"] == "measured"
    assert basis["resolution"] == basis["fixed"] == "assumed"
    assert begun.month.durability == made.findings.durability.rate
    assert basis["wrong_rate"] == "chosen"
    assert begun.month.volume == pytest.approx(40 * DAYS_A_MONTH / 30)
    assert begun.month.human_cost == pytest.approx(float(made.human_each or 0))
    assert begun.month.ai_cost == pytest.approx(float(made.ai.known) / 40)
    counts = made.outcomes
    least = counts["verified_resolved"] / 40
    assert least <= begun.month.resolution <= least + counts["contained_unverified"] / 40


@pytest.mark.slow
def test_what_may_still_come_back_counts_for_volume_and_cost_alike_but_in_no_share(books: Engine) -> None:
    with Session(books) as session:
        a_month(session, customers=40)
        session.commit()

    def begun(now: datetime) -> Start:
        made = report(books, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", now=now)
        assert made.outcomes["immature"] == (0 if now.month == 12 else made.findings.statement.immature)
        return start_of(made, chosen={})

    young, old = begun(datetime(2026, 11, 29, tzinfo=UTC)), begun(datetime(2026, 12, 20, tzinfo=UTC))
    assert young.month.volume == old.month.volume
    assert young.month.ai_cost == old.month.ai_cost
    shares = {one.key: one.figures for one in young.inputs}
    assert shares["volume"]["matters"] == 40
    assert float(shares["involvement"]["eligible"]) < 40


@pytest.mark.slow
def test_a_plan_has_the_same_settings_as_its_report_and_says_so(books: Engine) -> None:
    terms = Terms(escalation_multiplier=Decimal("1.5"), human_lasting=0.9, wrong_cost=Decimal(7))
    made = report(books, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", terms=terms)
    found = {one.key: one for one in start_of(made, chosen={}).inputs}
    keys = ("escalation_multiplier", "human_durability", "loss_per_wrong")
    assert [found[key].value for key in keys] == [1.5, 0.9, 7]
    assert {found[key].because for key in keys} == {"setting"}


def test_years_leave_out_of_the_fixed_costs_only_what_spreads_the_outlay() -> None:
    month, wished = replace(WORKED, fixed=3_600.0), Wishes()
    nothing, all_of_it = years(month, wished, build=0.0), years(month, wished, build=1_000.0)
    assert all_of_it.case == years(month, wished).case
    spared = 12 * 1_000 * wished.cost_factor * sum(1.1**-year for year in (1, 2, 3))
    assert nothing.case.pv_cost - all_of_it.case.pv_cost == pytest.approx(spared)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "build"), [("licence", 0.0), ("build", 3_000 * DAYS_A_MONTH / 30)])
def test_what_is_booked_as_building_is_known_to_the_plan(books: Engine, kind: str, build: float) -> None:
    with Session(books) as session:
        entered = Entered(kind, NOVEMBER.first, NOVEMBER.last, amount=Decimal(3_000))
        enter(session, entered, writer=Writer(), baseline=BASELINE, prices=PRICES, currency="USD", zone="UTC")
        session.commit()
    made = report(books, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD")
    begun = start_of(made, chosen={})
    assert begun.build == pytest.approx(build)
    assert start_of(made, chosen={"fixed": 500.0}).build is None


def test_a_period_without_conversations_is_planned_from_assumptions_that_say_so(books: Engine) -> None:
    made = report(books, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD")
    begun = start_of(made, chosen={})
    assert begun.month.loss_per_wrong == 12
    assert all(one.basis == "assumed" for one in begun.inputs)
    assert begun.month.human_cost == pytest.approx(float(BASELINE.cost("chat")))


shares = st.floats(0, 1)
months = st.builds(
    Month, volume=st.floats(1, 1e7), human_cost=st.floats(0.01, 1e3), ai_cost=st.floats(0, 1e3), involvement=shares,
    resolution=shares, durability=shares, human_durability=shares, wrong_rate=shares, loss_per_wrong=st.floats(0, 1e4),
    escalation_multiplier=st.floats(0, 5), fixed=st.floats(0, 1e6),
)  # fmt: skip


@given(months)
def test_any_month_that_can_be_is_planned_and_told_in_both_languages(month: Month) -> None:
    begun = start({}, chosen=vars(month), currency="USD")
    made = what_if(begun, Wishes(), per_resolution=3.0, offshore={"philippines_8": 1.1})
    json.dumps(as_json(made), allow_nan=False)
    assert page(made, "en")
    assert page(made, "zh")


@given(months)
def test_the_month_never_lies_above_its_ceiling(month: Month) -> None:
    lasting = replace(month, human_durability=1.0)
    here = what_if(start({}, chosen=vars(lasting), currency="USD"), Wishes()).here
    assert here.r3 is None or here.r3 <= here.most * (1 + 1e-6)
    if month.escalation_multiplier >= 1:
        assert here.most == pytest.approx(ceiling(here.automation), rel=1e-6)


def test_dearer_tokens_hardly_matter_where_a_price_a_resolution_and_another_country_do() -> None:
    found = {(one.key, one.figures.get("factor")): one.outcome for one in worked().stresses}
    assert found["base", None] == found["price", 1.0]
    assert found["price", 3.0].net_saving == pytest.approx(8_228)
    assert found["per_resolution", None].net_saving < 0
    assert found["offshore", None].net_saving < 0
    assert found["resolution", None].net_saving == pytest.approx(10_148 - 0.1 / 0.11 * 4_241.6)


def test_a_price_a_resolution_takes_the_place_of_the_tokens() -> None:
    free = worked(ai_cost=0.0)
    billed = next(one for one in free.stresses if one.key == "per_resolution")
    assert billed.outcome.statement.ai_variable == pytest.approx(8_000 * 0.55 * 3)


def test_accuracy_is_bought_until_the_next_point_costs_more_than_it_saves() -> None:
    cheap = precision(WORKED, point_cost=0.1708, points=5)
    assert [round(point.value, 2) for point in cheap.points] == [264, 264, 264]
    assert cheap.worth == 3
    assert cheap.break_even == pytest.approx(264 / 960)
    dear = precision(WORKED, point_cost=0.25, points=5)
    assert [point.is_worth_it for point in dear.points] == [True, False, False]
    assert dear.worth == 1
    falling = [point.r1 for point in cheap.points]
    assert falling == sorted(falling, reverse=True)
    assert precision(replace(WORKED, wrong_rate=0.0), point_cost=0.1, points=5).points == []


@given(months, st.floats(0, 2))
def test_each_point_of_accuracy_costs_more_than_the_one_before(month: Month, cost: float) -> None:
    found = precision(month, point_cost=cost, points=5).points
    for one, following in pairwise(found):
        assert following.cost >= one.cost * (1 - 1e-9)
        assert following.value <= one.value * (1 + 1e-6) + 1e-6


def test_a_contact_that_loses_money_breaks_even_at_no_volume() -> None:
    losing = break_even(replace(WORKED, ai_cost=5.0))
    assert losing.volume is None
    assert losing.contribution < 0
    assert "No volume breaks even" in page(worked(ai_cost=5.0))
    assert worked(ai_cost=5.0).years.case.payback_months is None


def test_the_first_year_is_planned_on_the_ramp() -> None:
    years = worked(resolution=0.6).years
    assert years.resolution_by_month == pytest.approx(ORACLES["ramp"]["expected"]["by_month"])
    assert years.first_year_share == pytest.approx(ORACLES["ramp"]["expected"]["share_of_steady"])
    assert years.overstated is not None
    assert years.overstated > 1


def test_halving_the_calls_does_not_halve_the_people() -> None:
    found = before_and_after(
        100, interval_s=1800, aht_s=300, automation=0.5, harder=1.2, service_level=0.8, threshold_s=20,
        shrinkage=Decimal("0.3"),
    )  # fmt: skip
    names = ("erlang_before", "erlang_half_calls_same_aht", "erlang_half_calls_harder")
    assert [need.staff.roster for need in found] == [ORACLES[name]["expected"]["roster"] for name in names]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"calls": -1.0}, "calls: -1"), ({"calls": float("nan")}, "calls: nan"), ({"aht_s": 0.0}, "handling: 0"),
        ({"automation": 1.0}, "automation"), ({"shrinkage": Decimal(1)}, "shrinkage"), ({"calls": 1e5}, "Erlangs"),
        ({"service_level": 1.0}, "service level"),
    ],
)  # fmt: skip
def test_a_queue_that_cannot_be_is_refused(wrong: dict[str, float], complaint: str) -> None:
    usual = {"calls": 100, "interval_s": 1800, "aht_s": 300, "automation": 0.5, "harder": 1.2, "service_level": 0.8,
             "threshold_s": 20, "shrinkage": Decimal("0.3")}  # fmt: skip
    with pytest.raises(ValueError, match=complaint):
        before_and_after(**{**usual, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[month]\nresolutoin = 1", "resolutoin: nothing of a month"),
        ("[month]\nresolution = 1.2", "resolution: a share"),
        ("[month]\nvolume = 0", "volume: must be above 0"),
        ("[month]\nvolume = nan", "volume: nan"),
        ("[month]\nfixed = -1", "fixed: -1 is negative"),
        ("[month]\nhuman_cost = 1e9", "human_cost: 1e\\+09 is beyond belief"),
        ('[month]\nvolume = "many"', "volume: 'many'"),
        ("[month]\nvolume = " + "9" * 400, "volume: 9999"),
        ("[plan]\nyears = 0", "years: 0 is outside"),
        ("[plan]\nyears = 2.5", "years: must be a whole number"),
        ("[plan]\nprice_factors = [1, -1]", "price_factors: -1"),
        ("[plan]\nchange = [0.1, 0.2]", "change: one number"),
        ("[plan]\nwishes = 3", "wishes: nothing of a plan"),
        ("month = 3", "month: must be a table"),
        ('currency = "XXQ"', "currency: 'XXQ'"),
        ("other = 3", "other: only"),
        ("= =", "cannot be read as TOML"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_the_name_of_its_input(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(PlanError, match=complaint):
        chosen, _, currency = read_scenario(path)
        start({}, chosen=chosen, currency=currency or "USD")


@pytest.mark.parametrize("pair", ["resolution", "resolution=x", "what=3"])
def test_a_wish_on_the_command_line_that_cannot_be_read_is_refused(pair: str) -> None:
    with pytest.raises(PlanError, match="--set"):
        from_pairs([pair])


def test_wishes_on_the_command_line_are_told_from_the_months_inputs() -> None:
    assert from_pairs(["resolution=60%", "years=5", "volume=1,000"]) == (
        {"resolution": 0.6, "volume": 1000.0}, {"years": 5.0})  # fmt: skip
    assert wishes({"years": 5.0}).years == 5


def test_every_input_limit_and_sentence_of_a_plan_is_there_in_both_languages() -> None:
    assert LIMITS.keys() == {field.name for field in fields(Wishes)}
    assert words()["input"].keys() == WORKED_DOLLARS.keys()
    assert all(set(spoken) == {"en", "zh"} for section in words().values() for spoken in section.values())
