"""Simulated hours: a usual day raises no alert, a burst about one new thing raises one, however it goes on."""

import random
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from agent.history import Conversation, TurnRow
from knowledge.curating.alerts import Alerts
from knowledge.curating.trouble import FEWEST, Asked, by_meaning, is_sudden, usual_rate
from knowledge.matching.embeddings import Floats, unit
from knowledge.matching.evidence import shipped_chatter
from knowledge.rows import Company
from web.operating.trouble import TroubleWatch

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OUTAGE = (
    "is your website down?",
    "the website does not load",
    "website broken??",
    "cannot open your website",
    "website offline?",
)


class TopicRetriever:
    """Lies questions with the same first word close together, and all others apart."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def meanings(self, questions: Sequence[str]) -> Floats:
        self.asked += questions
        return np.stack([_meaning(question) for question in questions])


def _meaning(question: str) -> Floats:
    topic = "website" if "website" in question else question.split()[0]
    wording = np.random.default_rng(zlib.crc32(question.encode())).normal(size=64)
    place = np.random.default_rng(sum(map(ord, topic)) * 7919 + len(topic)).normal(size=64)
    return unit((place / 8 + wording / 20).astype(np.float32))


class Shop:
    """Books of its own, a clock handed in, and somebody who looks every minute."""

    def __init__(self, *, first: datetime = NOON - timedelta(days=20)) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        SQLModel.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            session.add(Company(id="default", name="Shop"))
            session.commit()
        self.retriever = TopicRetriever()
        self.alerts = Alerts(self.engine)
        self.restart()
        self.asks("hello there", at=first, entry="stores-hours")

    def restart(self) -> None:
        self.watch = TroubleWatch(self.engine, alerts=self.alerts, retriever=lambda: self.retriever)  # type: ignore[arg-type,return-value]

    def asks(
        self, question: str, *, at: datetime, customer: str | None = None, entry: str | None = None, lang: str = "en"
    ) -> None:
        self.ask_all([(question, at, customer, entry)], lang=lang)

    def ask_all(self, asked: list[tuple[str, datetime, str | None, str | None]], *, lang: str = "en") -> None:
        conversations, turns = [], []
        for question, at, customer, entry in asked:
            who = {"company": "default", "customer": customer, "lang": lang, "eligible": True, "demo": False, "at": at}
            conversations.append({"id": uuid4(), "last_at": at, "state": "agent", **who})
            turns.append(
                {
                    "id": uuid4(), "conversation_id": conversations[-1]["id"], "number": 1, "question": question,
                    "source_entry": entry, "confidence": 0.95 if entry else 0.2, "answer": "", "interrupted": False,
                    "reason": "confident" if entry else "unknown", "finished": True, "candidates": [], "stages_ms": {},
                    "announced": [], **who,
                }
            )  # fmt: skip
        with Session(self.engine) as session:
            session.execute(insert(Conversation), conversations)
            session.execute(insert(TurnRow), turns)
            session.commit()

    def watched(self, start: datetime, *, minutes: int, every: int = 1) -> int:
        """How many alerts are raised by looking through the minutes."""
        return sum(len(self.watch.look(start + MINUTE * minute)[0]) for minute in range(0, minutes + 1, every))


def test_five_customers_with_one_new_thing_within_the_hour_raise_one_alert_with_examples() -> None:
    shop = Shop()
    for number, question in enumerate(OUTAGE):
        shop.asks(question, at=NOON + MINUTE * 10 * number, customer=f"c{number}")
    assert shop.watched(NOON, minutes=39) == 0
    assert shop.watched(NOON + 40 * MINUTE, minutes=5) == 1
    (alert,) = shop.alerts.listed(NOON + 41 * MINUTE)
    assert (alert.count, alert.lang, alert.entry) == (5, "en", None)
    assert sorted(alert.examples) == sorted(OUTAGE)
    assert alert.question in OUTAGE


def test_one_customer_who_asks_fifty_times_raises_none() -> None:
    shop = Shop()
    for number in range(50):
        shop.asks(OUTAGE[number % 5], at=NOON + MINUTE * number, customer="impatient")
    assert shop.watched(NOON, minutes=60) == 0


def test_unlinked_customers_count_singly() -> None:
    shop = Shop()
    for number, question in enumerate(OUTAGE):
        shop.asks(question, at=NOON + MINUTE * number)
    assert shop.watched(NOON, minutes=10) == 1


def test_different_things_nobody_answers_raise_none() -> None:
    shop = Shop()
    for number in range(12):
        shop.asks(f"topic{number * 37} what about it?", at=NOON + MINUTE * number, customer=f"c{number}")
    assert shop.watched(NOON, minutes=20) == 0


def test_what_is_asked_in_vain_every_day_as_often_is_no_news() -> None:
    shop = Shop()
    for day in range(15):
        for number in range(6):
            at = NOON - timedelta(days=day) + MINUTE * 9 * number
            shop.asks(f"rent a sofa for {number} months", at=at, customer=f"c{day}-{number}")
    assert shop.watched(NOON, minutes=60) == 0


def test_alert_grows_while_it_goes_on_and_is_raised_again_only_after_an_hour_of_quiet() -> None:
    shop = Shop()
    for number in range(30):
        shop.asks(OUTAGE[number % 5], at=NOON + MINUTE * 5 * number, customer=f"c{number}")
    assert shop.watched(NOON, minutes=150) == 1
    (alert,) = shop.alerts.listed(NOON + 150 * MINUTE)
    assert alert.count == 30
    later = NOON + timedelta(hours=5)
    for number in range(30):
        shop.asks(OUTAGE[number % 5], at=later + MINUTE * number, customer=f"d{number}")
    assert shop.watched(later, minutes=40) == 1


def test_dismissed_alert_is_not_raised_again_while_it_goes_on_nor_by_a_restart() -> None:
    shop = Shop()
    for number in range(20):
        shop.asks(OUTAGE[number % 5], at=NOON + MINUTE * 4 * number, customer=f"c{number}")
    assert shop.watched(NOON, minutes=30) == 1
    (alert,) = shop.alerts.listed(NOON + 30 * MINUTE)
    assert shop.alerts.dismiss(alert.id, now=NOON + 30 * MINUTE)
    shop.restart()
    assert shop.watched(NOON + 31 * MINUTE, minutes=70) == 0
    assert shop.alerts.listed(NOON + 100 * MINUTE) == []


def test_entry_asked_far_above_its_usual_rate_is_an_alert_that_names_it() -> None:
    shop = Shop()
    usual = [("hours?", NOON - timedelta(hours=hour), f"u{hour}", "stores-hours") for hour in range(1, 14 * 24)]
    shop.ask_all(usual)
    for number in range(12):
        at = NOON + MINUTE * 2 * number
        shop.asks(f"store closed today? {number}", at=at, customer=f"c{number}", entry="stores-hours")
    assert shop.watched(NOON, minutes=60) == 1
    (alert,) = shop.alerts.listed(NOON + 60 * MINUTE)
    assert alert.entry == "stores-hours"
    assert alert.count >= 12


def test_first_day_of_a_new_shop_raises_none_for_what_is_answered() -> None:
    shop = Shop(first=NOON - timedelta(hours=3))
    for number in range(20):
        shop.asks("store hours?", at=NOON + MINUTE * number, customer=f"c{number}", entry="stores-hours")
    assert shop.watched(NOON, minutes=60) == 0


def test_nothing_is_embedded_while_there_are_few() -> None:
    shop = Shop()
    shop.asks(OUTAGE[0], at=NOON, customer="a")
    shop.watched(NOON, minutes=5)
    assert shop.retriever.asked == []
    for number, question in enumerate(OUTAGE):
        shop.asks(question, at=NOON + MINUTE * number, customer=f"c{number}")
    shop.watched(NOON, minutes=30)
    assert set(shop.retriever.asked) - set(shipped_chatter()) == set(OUTAGE)


@pytest.mark.parametrize("seed", range(3))
def test_usual_day_raises_none(seed: int) -> None:
    """Fifteen days of one shop: entries and evergreens of their own popularity, more by day than by night."""
    chance = random.Random(seed)
    shop, asked = Shop(first=NOON - timedelta(days=15)), []
    for hour in range(15 * 24):
        at = NOON - timedelta(days=14) + timedelta(hours=hour)
        busy = 1.6 if 9 <= at.hour < 18 else 0.3
        for topic in range(20):
            for _ in range(_poisson(chance, busy * 2 / (topic + 1))):
                entry = None if topic % 5 == 4 else f"entry-{topic}"
                moment = at + timedelta(seconds=chance.randrange(3600))
                asked.append((f"topic{topic * 91} wording {chance.randrange(4)}", moment, str(chance.random()), entry))
    shop.ask_all(asked)
    assert shop.watched(NOON, minutes=24 * 60, every=10) == 0


@settings(max_examples=10)
@given(
    gaps=st.lists(st.integers(0, 59), min_size=FEWEST, max_size=40),
    words=st.lists(st.integers(0, 4), min_size=40, max_size=40),
    restarts=st.sets(st.integers(0, 39), max_size=3),
)
def test_burst_raises_one_alert_however_its_questions_come(
    gaps: list[int], words: list[int], restarts: set[int]
) -> None:
    """While no hour of quiet lies between them."""
    shop, at, raised = Shop(), NOON, 0
    for number, gap in enumerate(gaps):
        at += MINUTE * gap
        shop.asks(OUTAGE[words[number]], at=at, customer=f"c{number}")
        if number in restarts:
            shop.restart()
        raised += len(shop.watch.look(at)[0])
    assert raised <= 1
    if sum(gaps[-FEWEST + 1 :]) < 60:
        assert raised == 1


@given(st.lists(st.tuples(st.integers(1, 14 * 24 * 60), st.integers(0, 5)), max_size=60))
def test_usual_rate_never_falls_when_more_was_asked(earlier: list[tuple[int, int]]) -> None:
    asked = [Asked("q", NOON - timedelta(hours=1, minutes=minutes), str(who)) for minutes, who in earlier]
    since = NOON - timedelta(days=15)
    rates = [usual_rate(asked[:count], since=since, now=NOON) for count in range(len(asked) + 1)]
    assert rates == sorted(rates)
    assert rates[0] > 0


@given(st.integers(0, 400), st.integers(0, 60))
def test_more_customers_are_never_less_sudden(before: int, now_asking: int) -> None:
    earlier = [Asked("q", NOON - timedelta(hours=2 + n % 300), f"u{n}") for n in range(before)]
    burst = [Asked("q", NOON, f"c{n}") for n in range(now_asking)]
    sudden = [
        is_sudden(burst[:count], earlier, since=NOON - timedelta(days=14), now=NOON) for count in range(len(burst) + 1)
    ]
    assert sudden == sorted(sudden)
    assert not any(sudden[:FEWEST])


@given(st.lists(st.sampled_from(["website a", "sofa b", "rent c", "refund d"]), min_size=1, max_size=30))
def test_every_question_is_in_one_group_and_equal_ones_in_the_same(questions: list[str]) -> None:
    asked = [Asked(question, NOON, str(number)) for number, question in enumerate(questions)]
    groups = by_meaning(asked, TopicRetriever().meanings(questions))
    assert sorted(one.asker for group in groups for one in group.asked) == sorted(one.asker for one in asked)
    assert sum(len({one.question for one in group.asked}) for group in groups) == len(set(questions))


def _poisson(chance: random.Random, mean: float) -> int:
    count, product = 0, chance.random()
    while product > np.exp(-mean):
        count, product = count + 1, product * chance.random()
    return count
