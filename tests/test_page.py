"""The report's page: a refutation as plain as a confirmation, demo data marked, safe, whole, and in two languages."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from agent.history import Conversation
from roi.baselinefile import baselines
from roi.charts import Mark, bars, columns, scale
from roi.figures import plain, ratio
from roi.report import Report, report
from roi.sheets import conversations_csv, lines_csv
from roi.words import words
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, a_month, converse, empty_books, usages
from web.report_page import html

pytestmark = pytest.mark.slow


@pytest.fixture
def books() -> Iterator[Engine]:
    engine = empty_books()
    yield engine
    engine.dispose()


def reported(engine: Engine) -> Report:
    others = list(baselines().values())
    return report(engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", others=others)


class Balanced(HTMLParser):
    """Fails on a tag that is closed without having been opened, or never closed."""

    VOID = frozenset({"meta", "link", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closes itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_whole_and_asks_nobody_for_anything(books: Engine, lang: str) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    written = html(reported(books), lang=lang, company="Alder & Finch")
    parser = Balanced()
    parser.feed(written)
    assert parser.open == []
    assert "Alder &amp; Finch" in written
    assert not re.search(r"<script|src=|href=|url\(|@import", written)
    assert "None" not in written


def test_an_empty_period_has_a_page_too(books: Engine) -> None:
    assert "There are no conversations in this period." in html(reported(books))


def test_demo_data_are_marked_and_real_data_are_not(books: Engine) -> None:
    with Session(books) as session:
        a_month(session, demo=True)
        session.commit()
    assert "DEMO DATA" in html(reported(books))
    assert "演示数据" in html(reported(books), lang="zh")
    with Session(books) as session:
        converse(session)
        session.commit()
    written = html(reported(books))
    assert "DEMO DATA" not in written
    assert "40 demo conversations of this period are left out." in written


def test_a_refutation_is_the_first_thing_said(books: Engine) -> None:
    with Session(books) as session:
        for n in range(600):
            converse(session, customer=f"c{n}", handed_over=n % 3 == 0, used=[])
        session.commit()
    written = html(reported(books))
    assert written.index("10 to one does not hold here.") < written.index("REFUTED") < written.index("<svg")


def test_an_unknown_price_is_told_where_the_total_stands(books: Engine) -> None:
    with Session(books) as session:
        converse(session, used=usages(FIRST, vendor="acme"))
        session.commit()
    written = html(reported(books))
    assert "at least" in written
    assert "2 of 4 cost lines have a price (50.0 %)." in written


def test_a_name_from_outside_cannot_become_markup(books: Engine) -> None:
    with Session(books) as session:
        converse(session, used=usages(FIRST, vendor="<b>x</b>"))
        session.commit()
    assert "<b>x" not in html(reported(books), company="<script>alert(1)</script>")
    assert "<script>" not in html(reported(books), company="<script>alert(1)</script>")


def test_every_sentence_exists_in_both_languages_with_the_same_figures() -> None:
    for section, keys in words().items():
        for key, spoken in keys.items():
            if section == "figure":
                continue
            assert set(spoken) == {"en", "zh"}, key
            assert set(re.findall(r"{\w+}", spoken["en"])) == set(re.findall(r"{\w+}", spoken["zh"])), key


def test_charts_of_nothing_are_nothing_and_labels_are_escaped() -> None:
    nothing = [Mark("a", 0.0, "0", "ai")]
    assert scale(nothing, title="t", unit="u") == bars(nothing, title="t") == columns(nothing, title="t", top="") == ""
    assert "&lt;i&gt;" in bars([Mark("<i>", 1.0, "1", "ai")], title="t")


@pytest.mark.parametrize(
    ("value", "written"),
    [("12345.6", "12,345.60"), ("0", "0.00"), ("0.000259", "0.00026"), ("-0.0123", "-0.012"), ("1.005", "1.00")],
)
def test_small_amounts_keep_the_digits_that_mean_something(value: str, written: str) -> None:
    assert plain(Decimal(value)) == written


def test_ratios_are_written_with_three_figures() -> None:
    assert [ratio(value) for value in (4.6053, 41.667, 2519.8, 20_931.2, 0.8643)] == [
        "4.61",
        "41.7",
        "2,520",
        "20,900",
        "0.864",
    ]


def test_the_csv_of_lines_adds_up_to_the_report(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    pieces = "".join(lines_csv(books, company="default", period=NOVEMBER, with_demo=False))
    rows = list(csv.DictReader(StringIO(pieces)))
    assert sum(Decimal(row["amount"]) for row in rows) == reported(books).total.known
    pieces = "".join(conversations_csv(books, company="default", period=NOVEMBER, with_demo=False))
    rows = list(csv.DictReader(StringIO(pieces)))
    assert len(rows) == 40
    assert sum(Decimal(row["known_cost"]) for row in rows) == reported(books).total.known


def test_a_spreadsheet_finds_no_formula_in_the_csv(books: Engine) -> None:
    with Session(books) as session:
        converse(session, customer="=HYPERLINK(1)")
        for row in session.new:
            if isinstance(row, Conversation):
                row.handoff_reason = "@SUM(1)"
        session.commit()
    for write in (lines_csv, conversations_csv):
        text = "".join(write(books, company="default", period=NOVEMBER, with_demo=False))
        for row in csv.reader(StringIO(text)):
            assert not any(cell.startswith(("=", "@", "+")) for cell in row)
        assert "'=HYPERLINK(1)" in text
