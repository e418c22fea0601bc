"""The ratios bind each other: what automation cannot free no price can, and minutes are not money by themselves."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roi.experiment.casemix import adjusted
from roi.experiment.holdout import arm
from roi.judging.ratios import Month, ceiling, decomposition, r3, r4, statement
from roi.people.staffing import staff
from roi.resolution.outcomes import Resolved, durability

shares = st.floats(0.01, 0.99)
costs = st.floats(0.001, 50)
months = st.builds(
    Month,
    volume=st.floats(100, 10**6),
    human_cost=st.floats(0.5, 50),
    ai_cost=costs,
    involvement=shares,
    resolution=shares,
    durability=shares,
    human_durability=st.just(1.0),
    wrong_rate=st.floats(0, 0.2),
    loss_per_wrong=costs,
    escalation_multiplier=st.floats(1, 2),
    fixed=st.floats(0, 10**5),
)


@given(months)
def test_no_price_lifts_the_blended_ratio_above_the_ceiling_of_automation(month: Month) -> None:
    assert r3(statement(month)) <= ceiling(month.involvement * month.resolution) * (1 + 1e-9)


@given(months)
def test_the_parts_of_the_blended_ratio_are_all_of_it(month: Month) -> None:
    assert sum(decomposition(month)) == pytest.approx(1 / r3(statement(month)))


@given(months, st.floats(0, 1), st.floats(0, 1))
def test_cash_is_the_blended_ratio_when_everybody_freed_has_left_and_less_before(
    month: Month, rho: float, more: float
) -> None:
    of = statement(month)
    benefit = {"gross_benefit": of.gross_benefit, "ai_all_in": of.ai_all_in}
    assert r4(of.without, rho=1, **benefit) == pytest.approx(r3(of))
    assume(of.gross_benefit >= 0)
    low, high = sorted((rho, more))
    assert r4(of.without, rho=low, **benefit) <= r4(of.without, rho=high, **benefit) * (1 + 1e-12)


def test_a_free_ai_still_pays_for_the_people_it_hands_over_to() -> None:
    month = Month(10_000, 5, 0, 1, 0.8, 1, 1, 0, 0, 1, 0)
    assert r3(statement(month)) == pytest.approx(5)
    assert r3(statement(replace(month, escalation_multiplier=1.3))) < 5


returns = st.one_of(st.none(), st.integers(0, 40))


@given(st.lists(st.builds(Resolved, st.integers(0, 20), returns)), returns)
def test_an_immature_resolution_never_moves_durability(rows: list[Resolved], back: int | None) -> None:
    before = durability(rows, today=30)
    after = durability([*rows, Resolved(28, back)], today=30)
    assert before.rate == after.rate


@given(st.lists(st.builds(Resolved, st.integers(0, 10), returns), min_size=1), st.integers(1, 9), st.integers(0, 9))
def test_a_wider_window_never_raises_durability(rows: list[Resolved], window: int, wider: int) -> None:
    narrow = durability(rows, today=100, window_days=window).rate
    wide = durability(rows, today=100, window_days=window + wider).rate
    assert narrow is not None
    assert wide is not None
    assert wide <= narrow


@given(st.text(max_size=12), st.sampled_from(["dime-2026", ""]), shares, shares)
def test_a_larger_holdout_only_adds_customers(customer: str, seed: str, share: float, other: float) -> None:
    small, large = sorted((share, other))
    held = [arm(customer, seed=seed, share=s) for s in (small, small, large)]
    assert held[0] == held[1]
    assert held[0] == "ai" or held[2] == "holdout"


@given(st.floats(1, 300), st.floats(0, 100))
def test_more_calls_never_need_fewer_people(calls: float, more: float) -> None:
    needed = [
        staff(n, interval_s=1800, aht_s=300, service_level=0.8, threshold_s=20, shrinkage=Decimal("0.3")).agents
        for n in (calls, calls + more)
    ]
    assert needed[0] <= needed[1]


def test_an_intent_without_data_makes_the_adjusted_figure_unknown() -> None:
    assert adjusted({"a": 0.5, "b": 0.5}, {"a": 1.0}) is None
    assert adjusted({"a": 1.0, "b": 0.0}, {"a": 3.0}) == 3
