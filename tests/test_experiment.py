"""An experiment's customers are counted where the hash put them; the same books say the same on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, variance
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, SQLModel

from knowledge.rows import Company
from roi.books.tally import Scope
from roi.experiment.arms import arm_moments
from roi.experiment.holdout import arm, pseudo_outcomes
from roi.export import as_json
from roi.judging.findings import Evidence
from roi.judging.terms import Terms
from roi.quality.audits import AuditSummary
from roi.report import Report, report
from roi.resolution.contacts import around, read
from roi.resolution.customers import Figure, Weights, gather
from roi.resolution.issues import link
from roi.resolution.talks import talks
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, a_month, converse, empty_books, usages
from tests.postgresql import debian, running

pytestmark = pytest.mark.slow
LATER = datetime(2026, 12, 20, tzinfo=UTC)
GRADED = AuditSummary(400, 4, 0, 400, 300, 0, 0, None)


@pytest.fixture
def books() -> Iterator[Engine]:
    engine = empty_books()
    yield engine
    engine.dispose()


def told(engine: Engine, **evidence: Any) -> Report:
    return report(
        engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", now=LATER,
        evidence=Evidence(audited=GRADED, **evidence),
    )  # fmt: skip


def an_experiment(engine: Engine, *, customers: int, moved: int = 0) -> None:
    """A tenth met people first; of the others every tenth was handed over."""
    with Session(engine) as session:
        for n in range(customers):
            drawn = arm(f"e{n}", seed="s", share=0.1)
            to_people = drawn == "holdout" or n % 10 == 0
            converse(
                session, customer=f"e{n}", at=FIRST + timedelta(minutes=n), asked=drawn == "ai", matter="m",
                handled_s=400 + n % 300 if to_people else None, arm="ai" if n < moved else drawn, used=[],
            )  # fmt: skip
        session.commit()


def test_an_experiment_gives_grade_a_and_its_own_ratio(books: Engine) -> None:
    an_experiment(books, customers=900)
    made = told(books, holdout_share=0.1)
    arms, r3 = made.findings.arms, made.ratios["R3"]
    assert arms is not None
    assert arms.is_sound
    assert (arms.holdout + arms.ai, r3.customers, r3.grade) == (900, 900, "A")
    assert r3.lower is not None
    assert r3.upper is not None
    assert r3.value is not None
    assert r3.lower < r3.value < r3.upper < 10
    assert r3.verdict == "REFUTED"


def test_what_others_cost_and_the_other_ratios_are_none_of_the_experiments(books: Engine) -> None:
    an_experiment(books, customers=600)
    alone = told(books, holdout_share=0.1)
    with Session(books) as session:
        for n in range(80):
            converse(session, customer=f"o{n}", handled_s=400, matter="m")
        converse(session, customer="unpriced", used=usages(FIRST, vendor="acme"))
        session.commit()
    made = told(books, holdout_share=0.1)
    assert made.findings.arms == alone.findings.arms
    assert made.ratios["R3"].value is not None
    assert made.ratios["R3"].grade == "A"
    assert made.ratios["R2"].grade == "D"


def test_the_arms_are_held_against_the_means_of_earlier_customers(books: Engine) -> None:
    """As the pure rule has it."""
    an_experiment(books, customers=80)
    ai: Weights = {"own": 1.0, "people": 1.0, "issues": 0.5}
    terms = Terms()
    with books.connect() as connection:
        scope = Scope("default", NOVEMBER, with_demo=True)
        window = {"return_seconds": terms.return_seconds}
        held = talks(connection, "default", *around(NOVEMBER, **window))
        met = read(connection, scope, held, human={"chat": 5.0}, currency="USD", **window)
    units = gather(link(met, period=NOVEMBER, now=LATER, **window), terms=terms, now=LATER)
    moments = arm_moments(units, ai, share=0.1)
    names: list[Figure] = ["own", "people", "issues"]
    figures = [units.figures[name].tolist() for name in names]
    rows = sorted(zip(units.first_s.tolist(), units.unit.tolist(), units.arm.tolist(), *figures, strict=True))
    drawn_rows = [(units.arms[arm], *costs) for _, _, arm, *costs in rows]
    costs = [
        (drawn, own + people + (0.5 * issues if drawn == "ai" else 0)) for drawn, own, people, issues in drawn_rows
    ]
    assert moments is not None
    for theta in (0.0, 3.0, 10.0):
        d = pseudo_outcomes(costs, share=0.1, theta=theta)
        assert moments.human - theta * moments.ai == pytest.approx(mean(d))
        spread = moments.human_variance - 2 * theta * moments.covariance + theta**2 * moments.ai_variance
        assert spread == pytest.approx(variance(d))


def test_an_experiment_out_of_balance_is_not_believed(books: Engine) -> None:
    an_experiment(books, customers=700, moved=500)
    made = told(books, holdout_share=0.1)
    assert made.findings.arms is not None
    assert made.findings.arms.balance.is_alarming
    assert made.ratios["R3"].grade == "D"


def test_everything_escalated_is_refuted(books: Engine) -> None:
    with Session(books) as session:
        for n in range(600):
            converse(session, customer=f"e{n}", handled_s=500 + n % 7, used=[])
        session.commit()
    made = told(books)
    assert made.ratios["R3"].verdict == "REFUTED"
    assert made.findings.ceiling == 1.0


def test_the_same_books_say_the_same_twice_and_leave_nothing_behind(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    assert as_json(told(books)) == as_json(told(books))


@pytest.mark.real
def test_the_same_books_say_the_same_on_postgresql(books: Engine, tmp_path: Path) -> None:
    with running(debian(), tmp_path) as server:
        other = create_engine(server.url)
        SQLModel.metadata.create_all(other)
        with Session(other) as session:
            session.add(Company(name="Alder & Finch"))
            session.commit()
        for engine in (books, other):
            an_experiment(engine, customers=60)
            with Session(engine) as session:
                a_month(session)
                for day in range(5):
                    converse(session, customer="back", at=FIRST + timedelta(days=day), matter="m" if day % 2 else None)
                session.commit()
        here, there = (as_json(told(engine, holdout_share=0.1)) for engine in (books, other))
        other.dispose()
    for key in ("issues", "statement", "case_mix", "ratios", "totals", "holdout"):
        assert nearly(there[key]) == nearly(here[key]), key


def nearly(of: Any) -> Any:
    """Floats added in another order differ in their last digits."""
    if isinstance(of, dict):
        return {key: nearly(value) for key, value in of.items()}
    if isinstance(of, list):
        return [nearly(value) for value in of]
    return float(f"{of:.9g}") if isinstance(of, float) else of
