"""Contacts about one matter are one issue, on whatever channel; whether it stayed settled shows after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from roi.books.period import Period
from roi.judging.findings import Findings
from roi.judging.terms import Terms
from roi.report import report
from roi.resolution.outcomes import Outcome
from roi.rows import Filter, conversation_rows
from tests.ledgers import BASELINE, FIRST, NOVEMBER, PRICES, converse, empty_books

pytestmark = pytest.mark.slow
LATER = datetime(2026, 12, 20, tzinfo=UTC)


@pytest.fixture
def books() -> Iterator[Engine]:
    engine = empty_books()
    yield engine
    engine.dispose()


def found(engine: Engine, *contacts: dict[str, Any], now: datetime = LATER, **terms: Any) -> Findings:
    with Session(engine) as session:
        for day, each in enumerate(contacts):
            converse(session, at=FIRST + timedelta(days=each.pop("day", day)), used=[], **each)
        session.commit()
    return report(
        engine, period=NOVEMBER, baseline=BASELINE, prices=PRICES, currency="USD", now=now, terms=Terms(**terms)
    ).findings


def test_one_matter_on_two_channels_is_one_issue(books: Engine) -> None:
    made = found(books, {"matter": "refund"}, {"matter": "refund", "channel": "phone", "helpful": True})
    (issue,) = made.issues
    assert (issue.contacts, issue.channel, issue.outcome) == (2, "chat", "verified_resolved")
    assert made.durability.rate == 1.0


def test_two_matters_are_two_issues(books: Engine) -> None:
    assert found(books, {"matter": "refund"}, {"matter": "sofa"}).outcomes == {"contained_unverified": 2}


def test_the_same_matter_after_the_window_is_another_issue(books: Engine) -> None:
    again = {"matter": "refund", "day": 8}
    assert found(books, {"matter": "refund"}, again.copy()).outcomes == {"contained_unverified": 2}
    assert sum(found(books, return_days=9).outcomes.values()) == 1


def test_a_contact_without_a_matter_goes_with_the_one_before_it_else_the_one_after(books: Engine) -> None:
    made = found(books, {}, {"matter": "refund"}, {}, {"matter": "sofa"}, {"day": 20})
    assert {(issue.count, issue.contacts) for issue in made.issues} == {(1, 3), (2, 2)}


def test_contacts_of_no_customer_are_issues_by_themselves_and_counted(books: Engine) -> None:
    made = found(books, {"customer": None, "matter": "refund"}, {"customer": None, "matter": "refund"})
    assert (made.unlinked, sum(made.outcomes.values())) == (2, 2)


def test_who_comes_back_after_a_yes_was_not_helped_for_good(books: Engine) -> None:
    made = found(books, {"matter": "refund", "helpful": True}, {"matter": "refund"})
    assert (made.durability.matured, made.durability.durable) == (1, 0)
    assert made.statement.people[-2].kind == "repeat"
    assert made.statement.people[-2].amount == BASELINE.cost("chat")


def test_only_repeats_beyond_peoples_own_are_charged(books: Engine) -> None:
    made = found(
        books, *({"customer": f"c{n}", "matter": "m", "helpful": True, "day": 0} for n in range(3)),
        {"customer": "c0", "matter": "m"}, human_lasting=0.5,
    )  # fmt: skip
    assert made.statement.people[-2].amount == -BASELINE.cost("chat") / 2


def test_an_immature_issue_never_moves_durability_even_when_the_customer_is_back(books: Engine) -> None:
    old = {"matter": "m", "helpful": True, "day": 0, "customer": "old"}
    at = FIRST + timedelta(days=12)
    before = found(books, old, now=at).durability
    made = found(
        books,
        {"matter": "m", "helpful": True, "day": 9, "customer": "new"},
        {"matter": "m", "day": 10, "customer": "new"},
        now=at,
    )
    assert made.durability.rate == before.rate == 1.0
    assert made.outcomes["immature"] == 1


def test_a_person_in_any_contact_of_an_issue_makes_it_escalated(books: Engine) -> None:
    made = found(books, {"matter": "m", "helpful": True}, {"matter": "m", "handled_s": 300})
    assert made.outcomes == {"escalated_assisted": 1}


def test_wanted_and_taken_by_nobody_is_cold_and_a_promised_call_is_not(books: Engine) -> None:
    made = found(
        books, {"customer": "a", "handed_over": True}, {"customer": "b", "handed_over": True, "called_back": True}
    )
    assert made.outcomes == {"escalated_cold": 1, "escalated_assisted": 1}


def test_an_action_that_came_to_its_end_resolves_and_a_failed_one_does_not(books: Engine) -> None:
    made = found(
        books, *({"customer": word, "completed": word} for word in ("label_sent", "booked_am", "timeout", "not_found"))
    )
    assert made.outcomes == {"verified_resolved": 2, "contained_unverified": 2}


def test_a_conversation_that_nobody_ever_closed_stops_waiting_when_its_window_has_passed(books: Engine) -> None:
    assert found(books, {"closed": False}).outcomes == {"contained_unverified": 1}


def test_a_matter_begun_before_the_period_is_none_of_its_issues(books: Engine) -> None:
    made = found(books, {"matter": "m", "day": -4}, {"matter": "m", "day": 1}, {"matter": "other", "day": 2})
    assert sum(made.outcomes.values()) == 1


def test_a_return_after_the_period_still_shows(books: Engine) -> None:
    made = found(books, {"matter": "m", "day": 28, "helpful": True}, {"matter": "m", "day": 31})
    assert made.durability.rate == 0.0


def test_who_was_drawn_to_meet_a_person_never_met_the_ai(books: Engine) -> None:
    made = found(books, {"drawn": True, "arm": "holdout", "handled_s": 300, "customer": "a"}, {"customer": "b"})
    assert made.outcomes == {"contained_unverified": 1, "not_involved": 1}
    assert made.rates is not None
    assert (made.rates.eligible, made.rates.attempted) == (2, 1)


def test_who_was_drawn_and_asked_the_ai_in_the_same_matter_went_to_a_person(books: Engine) -> None:
    made = found(books, {"drawn": True, "arm": "holdout", "handled_s": 300}, {"arm": "holdout", "helpful": True})
    assert made.outcomes == {"escalated_assisted": 1}


def test_a_row_with_a_line_in_another_currency_tells_a_lower_bound(books: Engine) -> None:
    with Session(books) as session:
        converse(session, customer="a")
        converse(session, customer="b", currency="CNY")
        session.commit()
    rows = conversation_rows(
        books, company="default", period=NOVEMBER, with_demo=True, only=Filter(), currency="USD"
    ).rows
    assert sorted((row.known > 0, row.is_complete) for row in rows) == [(False, False), (True, True)]


def test_a_row_by_itself_has_the_class_of_its_issue(books: Engine) -> None:
    kinds: list[dict[str, Any]] = [
        {"drawn": True}, {"asked": False}, {"handed_over": True}, {"handled_s": 60}, {"helpful": True},
        {"answered": False}, {"blocked": True}, {"completed": "done"}, {"completed": "failed"}, {"closed": False},
        {"handed_over": True, "called_back": True}, {"at": LATER - timedelta(days=3)},
    ]  # fmt: skip
    contacts = [{"customer": f"c{n}", **kind} for n, kind in enumerate(kinds)]
    with Session(books) as session:
        for each in contacts:
            converse(session, used=[], **each)
        session.commit()
    period = Period(NOVEMBER.first, LATER.date())
    made = report(books, period=period, baseline=BASELINE, prices=PRICES, currency="USD", now=LATER).findings
    settled_by = LATER - timedelta(days=7)
    for outcome in get_args(Outcome):
        only = Filter(outcome=outcome, settled_by=settled_by)
        rows = conversation_rows(
            books, company="default", period=period, with_demo=False, only=only, currency="USD"
        )  # fmt: skip
        assert rows.count == made.outcomes.get(outcome, 0), outcome
