"""The page's figures are those of the books: what leads, what stays quiet, what is drawn while nobody has looked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from roi.judging.findings import Evidence
from roi.locales import Written
from roi.page import money, quality, ratios, verdict
from roi.page.beyond import Beyond
from roi.page.page import page
from roi.page.parts import Page
from roi.page.told import Told
from roi.planning.settings import Wishes
from roi.planning.start import start_of
from roi.planning.whatif import WhatIf, what_if
from roi.quality.audits import AuditSummary
from roi.quality.satisfaction import Satisfaction
from roi.report import Report, report
from roi.resolution.marks import Mark
from roi.resolution.sales import Sales
from tests.ledgers import BASELINE, NOVEMBER, PRICES, a_month, empty_books

pytestmark = pytest.mark.slow
LATER = datetime(2026, 12, 20, tzinfo=UTC)
TOLD = Told("en", Written("en", "USD"))
AUDITED = AuditSummary(
    graded=100, wrong=2, harmful=1, silent_graded=50, silent_resolved=40, pairs=20, agreed=19, kappa=0.8
)
RATED = Satisfaction(60, 4.2, 0.8, 40, 4.1, 0.9, ai_asked=240, human_asked=80)


@pytest.fixture(scope="module")
def books() -> Iterator[Engine]:
    engine = empty_books()
    with Session(engine) as session:
        a_month(session)
        session.commit()
    yield engine
    engine.dispose()


def reported(engine: Engine, evidence: Evidence | None = None) -> Report:
    return report(
        engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", now=LATER, evidence=evidence
    )


@pytest.fixture(scope="module")
def unaudited(books: Engine) -> Report:
    return reported(books)


@pytest.fixture(scope="module")
def audited(books: Engine) -> Report:
    return reported(books, Evidence(audited=AUDITED, satisfaction=RATED))


def texts(of: Page) -> str:
    said = [cell.text for cell in of.short]
    for part in of.sections:
        said += [*part.says, *part.notes, part.missing or ""]
        said += [cell.text for table in part.tables for row in table.rows for cell in row]
    return "\n".join(said)


def test_r3_leads_and_a_huge_r1_stands_back_with_its_reason(audited: Report) -> None:
    cards = verdict.cards(audited, TOLD)
    assert cards[0].is_lead
    assert cards[0].name.startswith("R3")
    assert [card.is_lead for card in cards[1:]] == [False] * 3
    last = cards[-1]
    assert last.name.startswith("R1")
    assert last.value is None
    assert any("This is no saving" in note for note in last.notes)


@pytest.mark.parametrize(
    ("r1", "r3", "r4", "headline"),
    [
        ("CONFIRMED", "INCONCLUSIVE", None, "open"),
        ("CONFIRMED", "CONFIRMED", "REFUTED", "confirmed"),
        ("CONFIRMED", "REFUTED", None, "refuted"),
        ("REFUTED", "INCONCLUSIVE", None, "refuted"),
    ],
)
def test_the_headline_is_about_the_whole(unaudited: Report, r1: str, r3: str, r4: str | None, headline: str) -> None:
    verdicts = {"R1": r1, "R3": r3, "R4": r4}
    told = {name: replace(ratio, verdict=verdicts.get(name)) for name, ratio in unaudited.ratios.items()}  # type: ignore[arg-type]
    assert verdict.standing(replace(unaudited, ratios=told)) == headline


def test_the_waterfall_ends_where_the_statement_does(audited: Report) -> None:
    made = audited.findings.statement
    drawn = money.steps(made, made.parts, TOLD)
    changes = sum(step.amount for step in drawn.steps if not step.is_total)
    assert made.without.amount is not None
    assert made.with_ai is not None
    assert drawn.steps[0].amount == float(made.without.amount)
    assert changes == pytest.approx(float(made.with_ai - made.without.amount))
    assert drawn.steps[-1].text == TOLD.written.money(made.with_ai)


def test_what_nobody_has_audited_is_drawn_at_its_worst_and_called_a_bound(unaudited: Report) -> None:
    made = unaudited.findings.statement
    assert made.net_saving is None
    assert money.drawn_as(made.unmet) == made.unmet.upper
    assert money.steps(made, made.parts, TOLD).steps[-1].text.endswith("or more")
    tiles = {tile.name: tile.value for tile in money.tiles(unaudited, TOLD, Beyond())}
    assert tiles["Saved on paper"].startswith("at most")
    assert tiles["With the AI"].startswith("at least")
    assert tiles["Return on the AI’s cost"] == "unknown"


def test_a_saving_is_told_with_what_the_audits_leave_open(audited: Report) -> None:
    made = audited.findings.statement
    (saved,) = [tile for tile in money.tiles(audited, TOLD, Beyond()) if tile.name == "Saved on paper"]
    assert saved.value == TOLD.written.money(made.net_saving)
    assert "less favourable limits" in saved.note


def test_a_matter_costs_what_its_silent_contacts_may_have_cost(unaudited: Report, audited: Report) -> None:
    (one,) = unaudited.findings.mix.strata
    one = replace(one, matter="refund")
    looked, unlooked = ratios.of_matter(one, audited, TOLD), ratios.of_matter(one, unaudited, TOLD)
    assert looked is not None
    assert unlooked is not None
    assert (unlooked.value or 0) < (looked.value or 0) < one.human / one.ai


def test_you_are_between_what_is_confirmed_and_what_the_audit_allows(unaudited: Report, audited: Report) -> None:
    wide, narrow = ratios.at(unaudited, TOLD), ratios.at(audited, TOLD)
    assert wide is not None
    assert narrow is not None
    assert wide.automation < narrow.automation < (narrow.most or 0) < (wide.most or 0)


def test_the_gates_say_what_was_graded_and_who_answered(audited: Report) -> None:
    part = quality.section(audited, TOLD, Beyond(audited=AUDITED, satisfaction=RATED))
    wrong, rated = ([cell.text for cell in row] for row in part.tables[0].rows)
    assert wrong[2:] == ["2.0%", "0.6% to 7.0%", "5.0%", "100"]
    assert rated[2] == "0.1"
    assert any("60 of 240 asked gave a rating (25.0%)" in note for note in part.notes)
    assert any("dime roi audit next" in note for note in quality.section(audited, TOLD, Beyond()).notes)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_period_that_rolls_is_for_watching(unaudited: Report, lang: str) -> None:
    rolling, fixed = (texts(page(unaudited, lang=lang, beyond=Beyond(is_rolling=yes))) for yes in (True, False))
    assert "dime roi report --from 2026-11-01" in rolling
    assert "--from" not in fixed


def planned(of: Report, **chosen: float) -> WhatIf:
    start = start_of(of, chosen=chosen)
    return what_if(start, Wishes(), per_resolution=3.0, offshore={"philippines_8": 0.9})


def test_assumed_fixed_costs_decide_no_payback(audited: Report) -> None:
    known, assumed = (
        [tile.name for tile in money.tiles(audited, TOLD, Beyond(plan=plan))]
        for plan in (planned(audited, fixed=400.0), planned(audited))
    )
    assert known[:-1] == assumed
    assert known[-1] == TOLD("npv", years=3)
    last = list(money.tiles(audited, TOLD, Beyond(plan=planned(audited))))[-1]
    assert (last.name, last.value) == (TOLD("payback"), TOLD("unknown"))


def test_demo_conversations_that_are_left_out_are_named(audited: Report) -> None:
    assert page(audited).ribbon is None
    ribbon = page(replace(audited, demo_conversations=120, with_demo=False)).ribbon
    assert ribbon is not None
    assert ribbon.startswith("120 demo conversations are left out")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_plans_marks_and_sales_have_their_places(audited: Report, lang: str) -> None:
    plan = planned(audited, fixed=400.0)
    known = Beyond(
        plan=plan,
        marks=[Mark(date(2026, 11, 10), "release", "2.0")],
        sales=Sales(3, Decimal("812.40"), "USD", 30),
        left=Decimal("0.5"),
    )
    made = page(audited, lang=lang, beyond=known)
    parts = {part.id: part for part in made.sections}
    assert parts["tornado"].chart is not None
    assert len(parts["stress"].tables) == 2
    assert "2.0" in parts["trend"].tables[0].rows[0][2].text
    assert "812.40" in parts["sales"].says[0]
    assert parts["staffing"].tables[0].rows[1][1].text == "0.5"
    assert len(made.tiles) == 10
    assert "tornado" not in {part.id for part in page(audited, lang=lang).sections}


def test_a_plan_takes_what_audits_found(unaudited: Report, audited: Report) -> None:
    assumed, measured = (
        {one.key: one for one in start_of(of, chosen={}).inputs} for of in (unaudited, audited)
    )  # fmt: skip
    assert assumed["resolution"].basis == "assumed"
    assert (measured["resolution"].basis, measured["wrong_rate"].value) == ("measured", 0.02)
