"""The human cost rests on named figures; what is measured takes precedence, and nothing is chosen in silence."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session

from knowledge.history.contact_rows import ContactRow
from roi.people.baseline import ENOUGH_HANDLED, Handled
from roi.people.baselinefile import SHIPPED, BaselineError, baselines, choose, library
from roi.people.past import past_handled
from tests.ledgers import empty_books


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


def test_the_imported_history_goes_before_the_desk_and_both_before_what_is_assumed() -> None:
    desk = Handled("chat", 400, Decimal(700))
    past = Handled("chat", 31, Decimal(200), "history", date(2026, 1, 2), date(2026, 6, 30))
    few = Handled("phone", 3, Decimal(1), "history")
    for order in ([desk, past, few], [few, past, desk]):
        used = choose("us_median_loaded").measured(order)
        assert used.aht["chat"].value == 200
        assert used.aht["chat"].date == "2026-01-02 to 2026-06-30"
        assert "31 contacts" in used.aht["chat"].source
        assert not used.aht["phone"].is_measured


def test_handling_times_of_the_history_are_measured_by_channel_and_made_up_ones_only_stand_in() -> None:
    engine = empty_books()
    at = datetime(2026, 5, 4, tzinfo=UTC)
    with Session(engine) as session:
        for n, (channel, seconds) in enumerate([("chat", 100), ("chat", 300), ("email", 60), ("ticket", 180)]):
            session.add(past_contact(f"o{n}", channel, seconds, at + timedelta(days=n)))
        session.add(past_contact("o9", "chat", None, at))
        session.add(past_contact("d1", "chat", 9999, at, demo=True))
        session.commit()
        with engine.connect() as connection:
            found = {one.channel: one for one in past_handled(connection, demo=True)}
    assert {name: (one.contacts, one.mean_seconds) for name, one in found.items()} == {
        "chat": (2, Decimal(200)), "email": (2, Decimal(120))}  # fmt: skip
    assert (found["email"].first, found["email"].last) == (date(2026, 5, 6), date(2026, 5, 7))
    engine.dispose()


def test_made_up_history_is_used_while_there_is_no_other_and_only_when_asked_for() -> None:
    engine = empty_books()
    with Session(engine) as session:
        session.add(past_contact("d1", "phone", 99, datetime(2026, 5, 4, tzinfo=UTC), demo=True))
        session.commit()
    with engine.connect() as connection:
        assert past_handled(connection) == []
        assert past_handled(connection, demo=True)[0].mean_seconds == 99
    engine.dispose()


def past_contact(id_: str, channel: str, seconds: float | None, at: datetime, *, demo: bool = False) -> ContactRow:
    times = {"started_at": at, "handling_seconds": seconds}
    return ContactRow(external_id=id_, source="f.csv", channel=channel, demo=demo, **times)


OWN_PARTS = (
    '[figure.f]\nwhat = "w"\nvalue = {}\nunit = "u"\ngeography = "g"\nsource = "s"\ndate = "d"\ngrade = "A"\n'
    + ('[baseline.ours]\nname = {{en = "o"}}\ngeography = "X"\ncurrency = "USD"\nsalary = "pay_us_median"\n{} = "f"')
)


@pytest.mark.parametrize(
    ("part", "value", "complaint"),
    [
        ("burden", 142, "beyond belief"), ("burden", "0.5", "at least 1"), ("overhead", 25, "beyond belief"),
        ("paid_hours", 0, "above 0"), ("paid_hours", 100_000, "beyond belief"), ("shrinkage", 1, "below 1"),
        ("occupancy", 0, "above 0"), ("concurrency", 0, "above 0"), ("aht_phone", 0, "above 0"),
        ("aht_chat", 600_000, "beyond belief"), ("fcr", 0, "above 0"), ("human_durability", "1.2", "up to 1"),
    ],
)  # fmt: skip
def test_an_own_figure_that_cannot_be_is_refused_by_its_part(
    tmp_path: Path, part: str, value: object, complaint: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN_PARTS.format(value, part))
    with pytest.raises(BaselineError, match=complaint) as refused:
        baselines(own)
    assert f"baseline ours: {part}" in str(refused.value)


def test_loaded_and_unloaded_and_all_in_prices_are_told_apart() -> None:
    load = {id_: one.load for id_, one in baselines().items()}
    assert load["us_median_loaded"] == "loaded"
    assert load["us_median_unloaded"] == load["us_50k_unloaded"] == "unloaded"
    assert load["philippines_8"] == load["china_seat"] == "all_in"


def test_the_library_has_every_figure_of_the_method_with_source_date_and_grade() -> None:
    known = library()
    named = (
        "pay_us_median burden_us overhead shrinkage occupancy gartner_assisted gartner_assisted_later self_service "
        "self_service_later journey_one_channel journey_three_channels contactbabel_call contactbabel_call_uk "
        "contactbabel_email contactbabel_chat self_service_resolution self_service_resolution_later aht_phone aht_chat "
        "concurrency attrition pay_philippines_8 pay_philippines_13 pay_philippines_7 seat_china fcr human_durability "
        "offshore_resolution_low offshore_resolution_high"
    ).split()
    assert all(known[name].source and known[name].date and known[name].grade in "ABCD" for name in named)
