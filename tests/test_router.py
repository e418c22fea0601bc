"""The router's sums are METHOD's; the choice is always the cheapest."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.asking import are_close, beside_answer, suggested
from agent.costs import ASKED_BY_EYE, Asking, Costs, ModelCost, threshold
from agent.router import route

probabilities = st.floats(0, 1)
money = st.floats(0.001, 500)


def test_threshold_is_the_worked_one_of_the_method() -> None:
    assert threshold(Costs(wrong_answer=25, handoff=5.0, verbatim=0.0002)) == pytest.approx(0.7700, abs=1e-4)
    assert threshold(Costs(wrong_answer=6.20, handoff=5.0, verbatim=0.0002)) == pytest.approx(0.1636, abs=1e-4)


def test_model_is_chosen_where_the_method_chooses_it() -> None:
    costs = Costs(wrong_answer=6.20, handoff=5.0, verbatim=0.0002, models=(ModelCost("small", 0.004, quality=1.0),))
    choice = route([0.82, 0.06], costs=costs)
    assert choice.action == "model"
    assert choice.chosen.expected_cost == pytest.approx(0.7480, abs=1e-4)


def test_two_close_entries_are_asked_about() -> None:
    choice = route([0.45, 0.35, 0.001], costs=Costs(wrong_answer=12, handoff=5))
    assert (choice.action, choice.offered) == ("clarify", 2)


@pytest.mark.parametrize("found", [[0.95, 0.03], [0.1, 0.05, 0.02], [0.7], []])
def test_sure_entry_or_faint_ones_are_nothing_to_ask_about(found: list[float]) -> None:
    assert route(found, costs=Costs(wrong_answer=12, handoff=5)).action != "clarify"


def test_one_likely_entry_that_is_not_sure_enough_is_asked_about() -> None:
    choice = route([0.48, 0.001], costs=Costs(wrong_answer=12, handoff=5))
    assert (choice.action, choice.offered) == ("clarify", 1)


@given(st.lists(probabilities, min_size=1, max_size=5), money, money)
def test_what_is_sure_enough_is_asked_about_only_beside_what_is_close(
    found: list[float], wrong: float, handoff: float
) -> None:
    ranked = sorted((chance / max(1.0, sum(found)) for chance in found), reverse=True)
    costs = Costs(wrong_answer=wrong, handoff=handoff)
    choice = route(ranked, costs=costs)
    if choice.action == "clarify" and ranked[0] >= threshold(costs):
        assert choice.offered > 1
        assert are_close(ranked[: choice.offered], costs=costs)


def test_close_is_what_telling_apart_pays_for() -> None:
    """0.1 to read two, 0.03 * 8.5 for who leaves, 0.97 * 0.05 * 12 for a choice that does not help: 0.937, so that the
    second must be meant in 7.8 % of these cases."""
    costs = Costs(wrong_answer=12, handoff=5)
    assert not are_close([0.923, 0.077], costs=costs)
    assert are_close([0.921, 0.079], costs=costs)
    assert not are_close([0.921, 0.079], costs=Costs(wrong_answer=5, handoff=5)), "a wrong answer is cheap"
    assert not are_close([0.0, 0.0], costs=costs)
    assert not are_close([0.5, 0.5], costs=Costs(wrong_answer=12, handoff=5, asking=None))


@pytest.mark.parametrize(
    ("found", "named"), [([], 0), ([0.02, 0.01], 0), ([0.2], 1), ([0.1, 0.08, 0.005, 0.001], 2), ([0.1] * 9, 3)]
)
def test_as_many_entries_are_suggested_as_save_more_than_they_cost_to_read(found: list[float], named: int) -> None:
    assert suggested(found, costs=Costs(wrong_answer=12, handoff=5)) == named


def test_who_never_asks_back_suggests_nothing_and_dear_reading_is_spared() -> None:
    assert suggested([0.3, 0.2], costs=Costs(wrong_answer=12, handoff=5, asking=None)) == 0
    assert suggested([0.3, 0.2], costs=Costs(wrong_answer=12, handoff=5, asking=Asking(own=2))) == 0


def test_what_is_shown_beside_an_answer_makes_asking_rarer_and_pays_for_its_reading() -> None:
    """0.05 to read one, 0.7 * (12 - 0.6) saved where it is meant: from 0.0063 on; asking pays from 0.222 on."""
    costs = Costs(wrong_answer=12, handoff=5, asking=ASKED_BY_EYE)
    assert beside_answer([0.9, 0.0064, 0.0062], costs=costs) == 1
    assert beside_answer([0.5] + [0.1] * 9, costs=costs) == 4
    assert beside_answer([0.9, 0.1], costs=Costs(wrong_answer=12, handoff=5)) == 0, "the ear is shown nothing"
    assert not are_close([0.78, 0.22], costs=costs)
    assert are_close([0.77, 0.23], costs=costs)


def test_nothing_found_is_handed_over() -> None:
    assert route([], costs=Costs(wrong_answer=25, handoff=5)).action == "handoff"


@given(st.lists(probabilities, min_size=1, max_size=5), money, money, st.none() | money)
def test_choice_is_the_minimum(found: list[float], wrong: float, handoff: float, model: float | None) -> None:
    models = () if model is None else (ModelCost("small", model), ModelCost("large", 2 * model, released=0.8))
    choice = route(sorted(found, reverse=True), costs=Costs(wrong_answer=wrong, handoff=handoff, models=models))
    assert choice.chosen.expected_cost == min(candidate.expected_cost for candidate in choice.candidates)


@given(probabilities, probabilities, money, money)
def test_a_surer_answer_never_costs_more(p: float, q: float, wrong: float, handoff: float) -> None:
    costs = Costs(wrong_answer=wrong, handoff=handoff)
    less, more = sorted([p, q])
    cost_of = {chance: route([chance], costs=costs).candidates[0].expected_cost for chance in (less, more)}
    assert cost_of[more] <= cost_of[less]


@given(money, money, money)
def test_threshold_rises_with_the_loss(wrong: float, more_wrong: float, handoff: float) -> None:
    low, high = sorted([wrong, more_wrong])
    lower, upper = (threshold(Costs(wrong_answer=loss, handoff=handoff)) for loss in (low, high))
    assert lower <= upper or math.isclose(lower, upper)
