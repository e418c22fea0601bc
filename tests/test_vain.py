"""What was asked in vain is told by meaning: how often, by whom, at what cost, and whether it still is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import cast
from uuid import UUID, uuid4

import pytest

from knowledge.curating.gaps import GapRow
from knowledge.curating.vain import ContactCosts, Vain, asked_in_vain
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.faq import guess_lang, normalise
from tests.conftest import CACHE
from tests.ledgers import empty_books
from tests.letter_embeddings import LetterEmbeddings
from tests.real_engines import real_embeddings
from tests.shop import SHOP
from web.reporting.beyond import CostliestGaps

START = datetime(2026, 5, 1, tzinfo=UTC)
PRICED = ContactCosts({"chat": Decimal(5), "phone": Decimal(9)})


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever.fit(SHOP, Vectors(LetterEmbeddings()))


def asked(
    question: str,
    *,
    hour: int = 0,
    customer: str | None = None,
    channel: str | None = "chat",
    conversation: UUID | None = None,
    wrong_entry: str | None = None,
) -> GapRow:
    return GapRow(
        question=question,
        normal=normalise(question),
        lang=guess_lang(question),
        at=START + timedelta(hours=hour),
        customer=customer,
        channel=channel,
        conversation_id=conversation or uuid4(),
        best_entry=wrong_entry,
        is_wrong=wrong_entry is not None,
    )


def told(
    rows: list[GapRow],
    retriever: Retriever,
    *,
    costs: ContactCosts = PRICED,
    revised: dict[str, datetime] | None = None,
) -> Vain:
    return asked_in_vain(rows, retriever, threshold=0.6, revised=revised or {}, costs=costs)


def test_the_same_thing_in_other_words_is_one_gap(retriever: Retriever) -> None:
    rows = [
        asked("Do you rent sofas?", hour=1, customer="ann"),
        asked("do you  rent sofas", hour=2, customer="bob"),
        asked("Do you rent out sofas?", hour=3, customer="ann"),
        asked("Is there a café?", hour=4),
    ]
    renting, coffee = told(rows, retriever).gaps
    assert (renting.count, renting.contacts, renting.customers) == (3, 3, 2)
    assert renting.question == "do you  rent sofas"
    assert renting.examples == ("do you  rent sofas", "Do you rent out sofas?")
    assert (renting.first_at, renting.last_at) == (rows[0].at, rows[2].at)
    assert (coffee.question, coffee.count, coffee.customers) == ("Is there a café?", 1, 0)
    assert coffee.best_entry is not None


def test_costliest_comes_first_once_every_gap_has_a_price(retriever: Retriever) -> None:
    rows = [asked("Is there a café?"), asked("Is there a café?"), asked("Do you rent sofas?", channel="phone")]
    rows[0].conversation_id = rows[1].conversation_id
    assert [(gap.question, gap.money) for gap in told(rows, retriever).gaps] == [
        ("Do you rent sofas?", 9),
        ("Is there a café?", 5),
    ]
    unpriced = ContactCosts({"chat": Decimal(5)})
    assert [(gap.question, gap.money) for gap in told(rows, retriever, costs=unpriced).gaps] == [
        ("Is there a café?", 5),
        ("Do you rent sofas?", None),
    ]


def test_measured_handling_goes_before_the_assumed_cost_and_is_shared_out_once(retriever: Retriever) -> None:
    visit = uuid4()
    rows = [asked("Is there a café?", conversation=visit), asked("Do you rent sofas?", conversation=visit)]
    gaps = told(rows, retriever, costs=ContactCosts({"chat": Decimal(5)}, {visit: Decimal(8)})).gaps
    assert [gap.money for gap in gaps] == [4, 4]


def test_question_that_the_knowledge_answers_by_now_is_no_gap(retriever: Retriever) -> None:
    found = told([asked("mattress warranty years"), asked("Is there a café?")], retriever)
    assert [gap.question for gap in found.gaps] == ["Is there a café?"]
    assert [(question.question, question.entry) for question in found.answered] == [
        ("mattress warranty years", "warranty")
    ]


def test_wrong_answer_stays_a_gap_until_its_entry_is_changed(retriever: Retriever) -> None:
    rows = [asked("mattress warranty years", wrong_entry="warranty")]
    for revised in ({}, {"warranty": START - timedelta(days=1)}):
        (gap,) = told(rows, retriever, revised=revised).gaps
        assert (gap.wrong, gap.best_entry) == (1, "warranty")
    found = told(rows, retriever, revised={"warranty": START + timedelta(days=1)})
    assert (found.gaps, len(found.answered)) == ([], 1)


def test_wrong_answer_is_mended_when_another_entry_answers(retriever: Retriever) -> None:
    assert told([asked("mattress warranty years", wrong_entry="returns")], retriever).gaps == []


def test_without_knowledge_or_gaps_there_is_nothing_to_fail_on(retriever: Retriever) -> None:
    empty = Retriever.fit([], Vectors(LetterEmbeddings()))
    assert told([], retriever) == Vain([], [])
    (gap,) = told([asked("Do you rent sofas?"), asked("Do you rent out sofas?")], empty).gaps
    assert (gap.count, gap.best_entry, gap.confidence) == (2, None, None)


@pytest.mark.real
def test_both_languages_meet_in_one_gap() -> None:
    rented = ["do you rent furniture for events?", "can I rent a sofa for a party?", "可以租沙发办活动吗？"]
    shipped = ["do you ship sofas to Mexico?", "can you deliver to Mexico?", "可以送到墨西哥吗"]
    retriever = Retriever.fit(SHOP, Vectors(real_embeddings(), CACHE / "vectors"))
    found = asked_in_vain(
        [asked(question) for question in [*rented, *shipped]], retriever, threshold=1, revised={}, costs=PRICED
    )
    assert {frozenset(gap.examples) for gap in found.gaps} == {frozenset(rented), frozenset(shipped)}
    assert all(set(gap.langs) == {"en", "zh"} for gap in found.gaps)


def test_who_asks_while_another_ranks_gets_the_ranking_before_and_does_not_wait() -> None:
    engine, found = empty_books(), []

    def rank(_with_demo: bool) -> Vain:
        other = Thread(target=lambda: found.append(costliest.costliest()))
        other.start()
        other.join(timeout=20)
        return Vain([], [])

    costliest = CostliestGaps(engine, gaps=rank, retriever=lambda: cast(Retriever, None), patience_s=0.01)
    assert costliest.costliest() == []
    assert found == [None]
    engine.dispose()


def test_gaps_of_demo_conversations_are_never_told_to_who_asks_without_them() -> None:
    engine, ranked = empty_books(), list[bool]()

    def rank(with_demo: bool) -> Vain:
        ranked.append(with_demo)
        return (
            told([asked("Do you rent sofas?")], Retriever.fit([], Vectors(LetterEmbeddings())))
            if with_demo
            else Vain([], [])
        )

    costliest = CostliestGaps(engine, gaps=rank, retriever=lambda: cast(Retriever, None), patience_s=0.01)
    assert [len(costliest.costliest(with_demo=demo) or []) for demo in (True, False, True, False)] == [1, 0, 1, 0]
    assert ranked == [True, False]
    with costliest._lock:
        assert [len(costliest.costliest(with_demo=demo) or []) for demo in (True, False)] == [1, 0]
    engine.dispose()
