"""The human cost rests on named figures; what is measured takes precedence, and nothing is chosen in silence."""

from decimal import Decimal
from pathlib import Path

import pytest

from roi.baseline import ENOUGH_HANDLED, Handled
from roi.baselinefile import SHIPPED, BaselineError, baselines, choose


def test_every_shipped_figure_has_source_date_and_grade() -> None:
    for baseline in baselines().values():
        for figure in baseline.figures("phone", "chat", "email"):
            assert figure.source, figure.id
            assert figure.date, figure.id
            assert figure.grade in "ABCD"


def test_geography_decides_what_a_call_costs() -> None:
    costs = {id_: round(b.cost("phone"), 4) for id_, b in baselines().items() if b.currency == "USD"}
    assert costs["us_median_loaded"] == Decimal("6.1428")
    assert costs["philippines_8"] == Decimal("1.1073")


def test_there_is_always_an_offshore_baseline_to_compare_with() -> None:
    assert any(baseline.offshore for baseline in baselines().values())


def test_a_baseline_is_as_good_as_its_worst_figure() -> None:
    assert choose("us_median_loaded").grade("phone") == "D"


def test_an_unknown_baseline_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(BaselineError, match="known are us_median_loaded"):
        choose("mars")


def test_handling_times_of_our_own_desk_take_precedence_once_there_are_enough() -> None:
    assumed = choose("us_median_loaded")
    few = assumed.measured([Handled("chat", ENOUGH_HANDLED - 1, Decimal(300))])
    enough = assumed.measured([Handled("chat", ENOUGH_HANDLED, Decimal(300))])
    assert few.cost("chat") == assumed.cost("chat")
    assert abs(enough.cost("chat") * 2 - assumed.cost("chat")) <= Decimal("2e-9")
    assert enough.aht["chat"].grade == "A"
    assert enough.cost("phone") == assumed.cost("phone")


def test_two_chats_at_once_halve_the_cost_of_each_and_calls_are_taken_alone() -> None:
    baseline = choose("us_50k_unloaded")
    assert baseline.cost_of(Decimal(600), "phone") == pytest.approx(2 * baseline.cost_of(Decimal(600), "chat"))


OURS = '[baseline.ours]\nname = {{en = "o"}}\ngeography = "X"\ncurrency = "{}"\nsalary = "{}"'
FIGURE = '[figure.f]\nwhat = "w"\nvalue = {}\nunit = "u"\ngeography = "g"\nsource = "s"\ndate = "d"\ngrade = "A"'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (OURS.format("USD", "nope"), "no figure for salary"),
        (OURS.format("XXQ", "overhead"), "not an ISO 4217"),
        (OURS.format("USD", "none_overhead"), "above 0"),
        (FIGURE.format(-1), "figure f: value"),
        ("[figures]", "only"),
        ("= =", "cannot be read as TOML"),
    ],
)
def test_a_baseline_that_cannot_be_right_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(BaselineError, match=complaint) as refused:
        baselines(own)
    assert "own.toml" in str(refused.value)


def test_a_figure_of_ones_own_may_be_used_beside_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[figure.ours]\nwhat = "our pay"\nvalue = 30000\nunit = "EUR/year"\ngeography = "DE"\nsource = "payroll"\n'
        'date = "2026"\ngrade = "A"\n[baseline.ours]\nname = {en = "Ours"}\ngeography = "DE"\ncurrency = "EUR"\n'
        'salary = "ours"\nburden = "burden_us"\noverhead = "overhead"\n'
    )
    assert choose("ours", own).loaded == Decimal(30000) * Decimal("1.42") * Decimal("1.25")
    assert SHIPPED.exists()
