"""A press release is put to the sum: what it says is held together, and nobody's figures are trusted or hard-wired."""

import json
import tomllib
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi.claims.checking import CHECKS, Checked, check
from roi.claims.claim import PER_YEAR
from roi.claims.figures import KINDS, spelled
from roi.claims.finding import Finding
from roi.claims.reading import ClaimError, as_claim, named, published, read_claim
from roi.claims.wording import as_json, page, told, words
from tests.conftest import run_dime


def put(figures: str, assumed: str = "", currency: str = "USD") -> Checked:
    text = f'currency = "{currency}"\n[figures]\n{figures}\n[assumed]\n{assumed}'
    return check(as_claim(tomllib.loads(text), name="t", place="t.toml"))


def one(checked: Checked, name: str) -> Finding:
    found = [finding for finding in checked.findings if finding.check == name]
    assert len(found) == 1, [finding.check for finding in checked.findings]
    return found[0]


@pytest.mark.parametrize("name", published())
def test_every_worked_example_has_source_and_date_and_something_to_say_in_both_languages(name: str) -> None:
    checked = check(read_claim(named(name)[0]))
    assert checked.claim.sources
    assert all(source.date for source in checked.claim.sources)
    assert checked.findings
    assert set(checked.claim.title) == {"en", "zh"}
    assert all(set(remark) == {"en", "zh"} for remark in checked.claim.remarks)
    for lang in ("en", "zh"):
        assert checked.claim.title[lang] in page(checked, lang)


def test_an_assumption_is_called_by_the_key_with_its_own_period() -> None:
    assert "(hours_month): 160 / month" in page(check(read_claim(named("klarna-2024")[0])))


VERDICTS = {
    ("klarna-2024", "work"): ["contradicts"],
    ("klarna-2024", "saving_each"): ["follows"],
    ("klarna-2025", "unit_cost"): ["follows"],
    ("commbank-2025", "work"): ["implausible"],
    ("salesforce-2025", "headcount"): ["follows"],
    ("gartner-2026", "offshore"): ["hidden_premise"],
    ("article-pay", "pay_year"): ["follows"],
    ("article-pay", "pay_month"): ["contradicts", "contradicts"],
    ("article-pay", "errors_of_pay"): ["contradicts"] * 12,
    ("article-market", "spend_each"): ["contradicts", "contradicts"],
    ("article-market", "ai_market"): ["follows"],
    ("article-market", "market_saving"): ["contradicts"],
    ("article-steps", "steps"): ["contradicts", "follows", "follows"],
    ("article-accuracy", "better"): ["follows"],
    ("article-inquiry", "top"): ["contradicts"],
    ("article-cloud", "cloud"): ["follows"],
}


@pytest.mark.parametrize(("name", "check_name"), VERDICTS)
def test_the_worked_examples_come_out_as_the_method_has_them(name: str, check_name: str) -> None:
    findings = check(read_claim(named(name)[0])).findings
    assert [one.verdict for one in findings if one.check == check_name] == VERDICTS[name, check_name]


def test_the_ratios_of_published_prices_are_those_of_the_method() -> None:
    wanted = {"fin": [2.4224, 2.9946], "zendesk": [1.9518], "agentforce": [1.3339], "agentforce-actions": [1.7394]}
    for name, ratios in wanted.items():
        found = [f.values["ratio"] for f in check(read_claim(named(name)[0])).findings if f.check == "whole"]
        assert found == pytest.approx(ratios, abs=1e-4), name
    harder = put("price_per_resolution = 0.99\nresolution = 0.76", "escalation_multiplier = 1.3")
    assert one(harder, "whole").values["ratio"] == pytest.approx(2.4635, abs=1e-4)


def test_stated_figures_contradict_each_other_where_assumed_ones_only_make_a_claim_implausible() -> None:
    stated = put("agents_replaced = 45\nconversations_week = 2000\nminutes_before = 6\nhours_week = 38")
    assumed = put("agents_replaced = 45\nconversations_week = 2000")
    nearly = put("agents_replaced = 12\nconversations_week = 2000")
    verdicts = [one(checked, "work").verdict for checked in (stated, assumed, nearly)]
    assert verdicts == ["contradicts", "implausible", "hidden_premise"]


@pytest.mark.parametrize(("per", "times"), PER_YEAR.items())
def test_the_same_claim_by_day_week_month_or_year_is_the_same_claim(per: str, times: int) -> None:
    found = one(put(f"agents_replaced = 100\nconversations_{per} = {520_000 / times!r}"), "work")
    assert found.values["people_paid"] == pytest.approx(25)
    assert found.verdict == "implausible"


def test_a_pay_by_the_week_is_held_against_a_price_by_the_month() -> None:
    assert one(put("salary_week = 1000\nbot_month = 500\nratio = 8"), "pay_year").values["ratio"] == pytest.approx(
        52 / 6
    )


def test_what_is_not_stated_makes_a_finding_that_names_it() -> None:
    alone = put("agents_replaced = 700", currency="EUR")
    assert one(alone, "work").missing == ("conversations",)
    assert "conversations_month" in page(alone) or "conversations_year" in page(alone)
    saved = put("saving_year = 5", currency="EUR")
    assert one(saved, "saving_each").verdict == "cannot_tell"


def test_dollars_of_american_sources_are_not_held_against_another_currency() -> None:
    assert one(put("price_per_resolution = 7\nresolution = 0.5", currency="CNY"), "whole").missing == ("human_cost",)
    with_own = put("price_per_resolution = 7\nresolution = 0.5", "human_cost = 20", currency="CNY")
    assert one(with_own, "whole").values["ratio"] == pytest.approx(20 / 13.5)


def test_handovers_that_take_a_person_less_time_lift_the_ceiling() -> None:
    usual, short = (put("ratio = 10\nresolution = 0.8", k) for k in ("", "escalation_multiplier = 0.5"))
    assert one(usual, "top").values["ceiling"] == pytest.approx(5)
    assert one(short, "top").values["ceiling"] == pytest.approx(10)
    assert [one(checked, "top").verdict for checked in (usual, short)] == ["contradicts", "follows"]


keys = st.sampled_from([(key, name) for key, kind in KINDS.items() for name in spelled(key, kind)])


@st.composite
def claims(draw: st.DrawFn) -> dict[str, object]:
    figures: dict[str, object] = {}
    taken = set()
    for key, name in draw(st.lists(keys, min_size=1, max_size=9)):
        kind = KINDS[key]
        if key in taken and not (kind.is_rate and kind.may_be_many):
            continue
        taken.add(key)
        least = 0.0 if kind.may_be_zero else 1e-6
        number = st.floats(least, 1.0 if kind.unit == "share" else min(kind.most, 1e12))
        figures[name] = draw(st.lists(number, min_size=1, max_size=3)) if kind.may_be_many else draw(number)
    return figures


@given(claims(), st.sampled_from(["USD", "CNY"]))
def test_whatever_a_press_release_states_gets_findings_with_words_and_never_a_traceback(
    figures: dict[str, object], currency: str
) -> None:
    checked = check(as_claim({"figures": figures, "currency": currency}, name="t", place="t.toml"))
    for lang in ("en", "zh"):
        json.dumps(as_json(checked, lang), allow_nan=False)
        for finding in checked.findings:
            said = told(finding, checked.claim, lang)
            assert said.claimed
            assert finding.missing or said.sum


def test_every_figure_and_every_check_has_words_in_both_languages() -> None:
    spoken = words()
    assert spoken["label"].keys() == KINDS.keys()
    for section, parts in spoken.items():
        for part, languages in parts.items():
            assert set(languages) == {"en", "zh"}, (section, part)
            fields = [sorted(field for _, field, _, _ in Formatter().parse(text) if field)
                      for text in languages.values()]  # fmt: skip
            assert fields[0] == fields[1], (section, part)
    assert {check.name for check in CHECKS} <= spoken.keys()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[figures]\nconversations = 3", "figures.conversations: say for which period"),
        ("[figures]\nconversation_month = 3", "is conversations_month meant"),
        ("[figures]\nresolution = 67", "figures.resolution: a share is at most 1"),
        ('[figures]\nresolution = "two thirds"', "figures.resolution: 'two thirds' is not a number"),
        ("[figures]\nratio = -10", "figures.ratio: -10 is negative"),
        ("[figures]\nratio = nan", "figures.ratio: nan"),
        ("[figures]\nratio = inf", "figures.ratio: inf"),
        ("[figures]\nratio = true", "figures.ratio: 'True' is not a number"),
        ("[figures]\nratio = [1, 2]", "figures.ratio: one number"),
        ("[figures]\nresolution = []", "figures.resolution: 1 to 20"),
        ("[figures]\nsaving_year = 1e30", "figures.saving_year: 1e\\+30 is beyond belief"),
        ("[figures]\nsaving_year = " + "9" * 400, "figures.saving_year: 9999"),
        ("[figures]\nprice_to = 0", "figures.price_to: must be above 0"),
        ("[figures]\nconversations_month = 3\nconversations_week = 4", "conversations is given twice"),
        ("[figures]\nratio = 10\n[assumed]\nratio = 9", "ratio stands under figures and under assumed"),
        ("[figures]", "figures: there is none"),
        ("figures = 3", "figures: must be a table"),
        ("nonsense = 3", "nonsense: nothing is known"),
        ("= =", "cannot be read as TOML"),
        ('currency = "XXQ"\n[figures]\nratio = 1', "currency: 'XXQ'"),
        ('title = 3\n[figures]\nratio = 1', "title: must be a sentence"),
        ('[figures]\nratio = 1\n[source]\nname = "x"', "source: must be written as"),
        ('[figures]\nratio = 1\n[[source]]\nname = "x"', "source.date: say when"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_used_is_refused_in_one_sentence_that_names_the_key(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClaimError, match=complaint) as refused:
        read_claim(path)
    assert "own.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_numbers_may_be_written_as_a_newspaper_writes_them() -> None:
    figures = 'market = "4000亿"\ndisplaced = "30 %"\nmarket_agents = "17 million"\nai_market = "12bn"\nratio = 10'
    assert one(put(figures), "ai_market").verdict == "follows"


def test_an_unknown_name_is_refused_with_the_names_that_exist_and_a_theme_names_all_its_claims() -> None:
    with pytest.raises(ClaimError, match="known are agentforce"):
        named("mars")
    assert len(named("article")) == 8


@pytest.mark.slow
def test_the_command_prints_a_worked_example_and_lists_them(tmp_path: Path) -> None:
    done = run_dime("roi", "claim", "commbank-2025", "--json", home=tmp_path)
    assert json.loads(done.stdout)["claims"][0]["holds_together"] is False
    listed = run_dime("roi", "claim", "--list", home=tmp_path).stdout
    assert all(name in listed for name in published())
