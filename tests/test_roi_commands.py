"""The books from the command line and over REST: enter, correct, reconcile, verify."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, create_engine
from typer.testing import CliRunner

from agent.usage import Usage
from tests.ledgers import FIRST, converse
from tests.test_curation import client, index, services  # noqa: F401
from web.cli import app

pytestmark = pytest.mark.slow
NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture
def dime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("DIME_HOME", str(tmp_path))

    def run(*arguments: str, code: int = 0) -> Any:
        done = CliRunner().invoke(app, ["roi", *arguments, "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if done.stdout else done.exception

    return run


def test_a_report_from_the_command_line_says_that_nothing_was_asked_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIME_HOME", str(tmp_path))
    written = CliRunner().invoke(app, ["roi", "report", *NOVEMBER]).stdout
    assert "No question was asked in vain" in written
    assert "× 1.1" in written


def test_a_report_as_of_a_day_that_lies_ahead_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIME_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["roi", "report", "--as-of", "2899-01-01"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "nothing is known as of 2899-01-01" in str(done.exception)


def test_a_cost_is_entered_corrected_listed_and_reported(dime: Callable[..., Any]) -> None:
    made = dime("cost", "add", "curation", "--hours", "80", "--rate", "45", *NOVEMBER, "--note", "FAQ")
    assert (made["amount"], made["currency"]) == ("3600.000000000", "USD")
    dime("cost", "add", "build", "36000", "--from", "2026-01-01", "--months", "36")
    dime("cost", "correct", made["id"][:6], "--hours", "70", "--because", "miscounted")
    told = dime("cost", "list")
    assert [cost["amount"] for cost in told["costs"]] == ["36000.000000000", "3150.000000000"]
    assert told["nothing_booked"] == ["licence", "qa", "monitoring", "hosting"]
    report = CliRunner().invoke(app, ["roi", "report", *NOVEMBER, "--format", "json"])
    assert json.loads(report.stdout)["totals"]["known"] == "4150.000000000"
    assert "ISO 4217" in str(dime("cost", "add", "qa", "5", *NOVEMBER, "--currency", "XX", code=1))


def test_a_change_behind_the_books_back_is_exit_code_1(dime: Callable[..., Any], tmp_path: Path) -> None:
    dime("cost", "add", "licence", "1500", *NOVEMBER)
    whole = dime("verify")
    assert (whole["whole"], whole["lines"], whole["faults"]) == (True, 1, [])
    with closing(sqlite3.connect(tmp_path / "dime.sqlite")) as connection:
        connection.execute("UPDATE cost_line SET amount = 1")
        connection.commit()
    broken = dime("verify", code=1)
    assert "line 1: changed" in broken["faults"][0]


def test_an_invoice_is_held_against_the_estimate_and_the_same_use_repriced(dime: Callable[..., Any]) -> None:
    added = dime("invoice", "add", "openai", "12.50", "usd", *NOVEMBER, "--note", "A-17")
    assert (added["billed"], added["gap"]) == ("12.500000000", "12.500000000")
    assert dime("invoice", "book", added["id"][:8])["booked"] == "12.500000000"
    (row,) = dime("invoice", "list")["periods"]
    assert (row["booked"], float(row["gap"])) == ("12.500000000", 0)
    assert dime("reprice", "2026-01-01", *NOVEMBER)["as_incurred"] == "0"


def test_repricing_leaves_demo_data_out_as_the_report_does(dime: Callable[..., Any], tmp_path: Path) -> None:
    dime("verify")
    engine = create_engine(f"sqlite:///{tmp_path}/dime.sqlite")
    for demo, tokens in ((True, 9_000_000), (False, 1_000_000)):
        with Session(engine) as session:
            converse(
                session, demo=demo, used=[Usage("llm", "openai", "gpt-4o-mini", "input_token", Decimal(tokens), FIRST)]
            )
            session.commit()
        told = dime("reprice", "2026-11-02", *NOVEMBER)
        assert float(told["as_incurred"]) == float(told["repriced"]) == (1.35 if demo else 0.15)
    engine.dispose()


def test_costs_are_entered_over_rest_too(client: TestClient) -> None:  # noqa: F811
    cost = {"kind": "qa", "from": "2026-11-01", "to": "2026-11-30", "amount": "120.10"}
    made = client.post("/api/v1/roi/costs", json=cost)
    assert made.status_code == 201
    assert client.get("/api/v1/roi/costs").json() == [made.json()]
    assert "booked already" in client.post("/api/v1/roi/costs", json=cost).json()["detail"]
    assert client.post("/api/v1/roi/costs", json={**cost, "amount": "-3"}).status_code == 422
    assert client.post("/api/v1/roi/costs", json={**cost, "kind": "tea"}).status_code == 422
