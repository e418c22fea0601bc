"""The report's page: a refutation as plain as a confirmation, demo data marked, safe, whole, and in two languages."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

import pdfplumber
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from agent.history import Conversation
from roi.digest import digest
from roi.locales import Written
from roi.page import grounds
from roi.page.beyond import Beyond, KnowledgeGap
from roi.page.told import Links, Told, sentences
from roi.people.baselinefile import baselines, library
from roi.pricing.prices import price_book
from roi.report import Report, report
from roi.rows import Filter, conversation_rows
from roi.sheets import conversations_csv, lines_csv
from roi.words import words
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, a_month, converse, empty_books, usages
from web.reporting.page import html, pdf

pytestmark = pytest.mark.slow


@pytest.fixture
def books() -> Iterator[Engine]:
    engine = empty_books()
    yield engine
    engine.dispose()


def reported(engine: Engine) -> Report:
    others = list(baselines().values())
    return report(engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", others=others, now=LATER)


LATER = datetime(2026, 12, 1, tzinfo=UTC)


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
    assert not re.search(r'<script|src=|href="[^#]|url\(|@import', written)
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
    assert "2 of 4 cost lines have a price (50.0%)." in written


def test_a_name_from_outside_cannot_become_markup(books: Engine) -> None:
    with Session(books) as session:
        converse(session, used=usages(FIRST, vendor="<b>x</b>"))
        session.commit()
    assert "<b>x" not in html(reported(books), company="<script>alert(1)</script>")
    assert "<script>" not in html(reported(books), company="<script>alert(1)</script>")


def test_every_sentence_exists_in_both_languages_with_the_same_figures() -> None:
    for section, keys in [*words().items(), ("page", sentences())]:
        for key, spoken in keys.items():
            if section == "figure":
                continue
            assert set(spoken) == {"en", "zh"}, key
            assert set(re.findall(r"{\w+}", spoken["en"])) == set(re.findall(r"{\w+}", spoken["zh"])), key


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ("12345.6", "$12,345.60", "US$12,345.60"),
        ("0", "$0.00", "US$0.00"),
        ("0.000259", "$0.00026", "US$0.00026"),
        ("-0.0123", "\u2212$0.012", "\u2212US$0.012"),
        ("1.005", "$1.00", "US$1.00"),
    ],
)
def test_amounts_are_written_as_the_readers_locale_does_and_small_ones_keep_their_digits(
    value: str, english: str, chinese: str
) -> None:
    assert Written("en", "USD").money(Decimal(value)) == english
    assert Written("zh", "USD").money(Decimal(value)) == chinese


def test_the_last_digit_of_a_total_is_written_too() -> None:
    assert Written("en", "USD").exact(Decimal("10.000"), "USD") == "$10.00"
    assert Written("zh", "CNY").exact(Decimal("0.000000001"), "CNY") == "¥0.000000001"


def test_ratios_are_written_with_three_figures() -> None:
    told = [Written("en", "USD").ratio(value) for value in (4.6053, 41.667, 2519.8, 20_931.2, 0.8643)]
    assert told == ["4.61", "41.7", "2,520", "20,900", "0.864"]


def test_days_are_written_as_the_readers_locale_does() -> None:
    day = datetime(2026, 11, 2, tzinfo=UTC).date()
    assert (Written("en", "USD").day(day), Written("zh", "USD").day(day)) == ("Nov 2, 2026", "2026年11月2日")


def test_the_entry_to_write_next_stands_beside_the_verdict(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    gaps = [KnowledgeGap("<do you ship to Mars>", 24, 20, Decimal("122.86"), None)]
    written = html(reported(books), beyond=Beyond(gaps=gaps))
    assert written.index("To write next") < written.index("<svg")
    assert "$122.86" in written
    assert "<do you" not in written


def test_the_same_data_give_the_same_bytes_and_the_same_hash(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        session.commit()
    once, again = reported(books), reported(books)
    assert pdf(once) == pdf(again)
    assert html(once, lang="zh") == html(again, lang="zh")
    later = replace(once, made_at=LATER + timedelta(days=3))
    assert digest(once) == digest(again) == digest(later)
    assert digest(once) in html(once)
    with Session(books) as session:
        converse(session, customer="one more")
        session.commit()
    assert digest(reported(books)) != digest(once)
    assert digest(replace(once, claim=9.0)) != digest(once)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_paper_says_what_the_page_says(books: Engine, lang: str) -> None:
    with Session(books) as session:
        a_month(session, demo=True)
        session.commit()
    with pdfplumber.open(BytesIO(pdf(reported(books), lang=lang, company="Alder & Finch #1 [*x*]"))) as printed:
        first = printed.pages[0].extract_text()
        text = "".join(page.extract_text() for page in printed.pages)
    assert "Alder & Finch #1 [*x*]" in first
    assert ("INCONCLUSIVE" if lang == "en" else "无法定论") in first
    assert digest(reported(books))[:32] in text


def test_an_empty_period_can_be_printed(books: Engine) -> None:
    assert pdf(reported(books)).startswith(b"%PDF")


@pytest.mark.parametrize("question", ["where is it 🎉", "أين طلبي", "a\x00b", '#eval("1") $x$ @y'])
def test_whatever_a_customer_wrote_can_be_printed(books: Engine, question: str) -> None:
    beyond = Beyond(gaps=[KnowledgeGap(question, 3, 2, Decimal(5), question)])
    assert pdf(reported(books), company=question, beyond=beyond).startswith(b"%PDF")


def test_who_set_a_figure_is_told_by_where_it_stands() -> None:
    told = Told("en", Written("en", "USD"))
    shipped, own = library()["shrinkage"], replace(library()["shrinkage"], value=Decimal("0.2"))
    assert [grounds.of_figure(one, told)[-1] for one in (shipped, own)] == [told("by_dime"), told("by_you")]
    price = price_book().assumptions()[0]
    assert grounds.of_price(price, told)[-1] == told("by_dime")
    assert grounds.of_price(replace(price, amount=Decimal(9)), told)[-1] == told("by_you")


def test_each_figure_opens_the_conversations_that_it_counts(books: Engine) -> None:
    with Session(books) as session:
        a_month(session)
        converse(session, customer="y", eligible=False)
        session.commit()
    told = reported(books)

    def rows(**only: Any) -> list[Any]:
        found = conversation_rows(
            books,
            company="default",
            period=NOVEMBER,
            with_demo=False,
            only=Filter(**only, settled_by=LATER - timedelta(days=7)),
            currency="USD",
        )
        assert len(found.rows) == found.count
        return found.rows

    for outcome, count in told.outcomes.items():
        assert len(rows(outcome=outcome)) == count
    for channel in told.channels:
        assert len(rows(channel=channel.name)) == channel.contacts
    assert sum(row.known for row in rows()) == told.total.known
    assert len(rows(kind="escalation")) == told.handled
    assert len(rows(day=FIRST.date())) == told.days[1].conversations
    written = html(told, links=Links("/roi/conversations", "/knowledge", {"from": "2026-11-01"}))
    assert "/roi/conversations?from=2026-11-01&amp;outcome=verified_resolved" in written


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
        talk = converse(session, customer="=HYPERLINK(1)")
        session.get_one(Conversation, talk).handoff_reason = "@SUM(1)"
        session.commit()
    for write in (lines_csv, conversations_csv):
        text = "".join(write(books, company="default", period=NOVEMBER, with_demo=False))
        for row in csv.reader(StringIO(text)):
            assert not any(cell.startswith(("=", "@", "+")) for cell in row)
        assert "'=HYPERLINK(1)" in text
    assert "'@SUM(1)" in text
