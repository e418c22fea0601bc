"""dime history as a newcomer tries it: the demo company's past, imported, replayed, listed and forgotten."""

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_dime

pytestmark = pytest.mark.real
LACKING = ("student discount", "covers for", "lost gift card", "bed frame", "Mexico", "trade")


def test_past_of_the_demo_company_is_replayed_and_becomes_drafts(tmp_path: Path) -> None:
    history = str(ROOT / "knowledge" / "demo" / "history.csv")
    done = run_dime("history", "import", history, "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("history.csv:\n  id          ticket id\n")
    result = json.loads(done.stdout)
    assert result["files"][0]["added"] == 214
    replay = result["replay"]
    contained, judged = replay["containment"], replay["judged"]
    assert contained["lower"] < contained["value"] < contained["upper"]
    assert judged["right"] + judged["wrong"] + judged["unjudged"] == replay["answered"]
    assert judged["rightly"]["value"] > 0.8
    mined = [line["intent"] for line in replay["intents"] if line["intent"] and line["answered_share"] < 0.9]
    assert sum(any(word.lower().replace(" ", "-") in intent for intent in mined) for word in LACKING) >= 4
    assert all(float(line["cost_a_month"]) > 0 for line in replay["intents"])

    again = json.loads(run_dime("history", "import", history, "--json", home=tmp_path).stdout)
    assert again["files"][0]["unchanged"] == 214
    assert again["replay"]["mined"]["new_drafts"] == 0

    listed = json.loads(run_dime("history", "list", "--json", home=tmp_path).stdout)["sources"]
    assert [(source["name"], source["contacts"]) for source in listed] == [("history.csv", 214)]
    assert "214" in run_dime("history", "forget", "history.csv", home=tmp_path).stdout
    assert "There are no past questions" in run_dime("history", "replay", home=tmp_path).stdout


def test_what_cannot_be_imported_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = run_dime("history", "import", str(tmp_path / "calls.xlsx"), home=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "dime: calls.xlsx is a spreadsheet; export it as CSV or JSON and import that.\n"
