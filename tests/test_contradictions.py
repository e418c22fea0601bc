"""Two entries on one matter are named when they repeat or contradict each other, and left alone otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.curating.contradictions import Findings, check
from knowledge.entry import Entry
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from tests.conftest import CACHE, ROOT
from tests.letter_embeddings import LetterEmbeddings
from tests.real_engines import real_embeddings

TODAY = date(2026, 5, 1)
SOFA = Entry("sofa", "How long can I return a sofa?", "A sofa can be returned within 30 days.")
LAMP = Entry("lamp", "Which bulbs fit the lamp?", "The lamp takes bulbs of every brand.")


def checked(*entries: Entry) -> Findings:
    return check(entries, Retriever.fit(entries, Vectors(LetterEmbeddings())), today=TODAY)


def named(*entries: Entry) -> list[tuple[str, str, str]]:
    return [(pair.kind, pair.one.id, pair.other.id) for pair in checked(*entries).pairs]


def test_same_question_with_the_same_answer_is_a_duplicate() -> None:
    assert named(SOFA, LAMP, replace(SOFA, id="couch")) == [("duplicate", "sofa", "couch")]


def test_same_question_with_another_figure_or_a_denial_is_a_contradiction() -> None:
    shorter = replace(SOFA, id="couch", answer="A sofa can be returned within 14 days.")
    assert named(SOFA, LAMP, shorter) == [("contradiction", "sofa", "couch")]
    assert checked(SOFA, shorter).pairs[0].differing == (("30 days", "14 days"),)
    assert named(SOFA, replace(SOFA, id="no", answer="A sofa cannot be returned within 30 days.")) == [
        ("contradiction", "sofa", "no")
    ]


def test_rows_of_one_intent_repeat_each_other_on_purpose_but_must_agree() -> None:
    one, other = replace(SOFA, intent="returns"), replace(SOFA, id="couch", intent="returns")
    assert named(one, other, LAMP) == []
    assert named(one, replace(other, answer="Within 14 days.")) == [("contradiction", "sofa", "couch")]


def test_translation_with_another_figure_is_a_contradiction() -> None:
    chinese = replace(SOFA, lang="zh", question="沙发多久可以退货？", answer="沙发30天内可以退货。")
    assert named(SOFA, chinese) == []
    assert named(SOFA, replace(chinese, answer="沙发14天内可以退货。")) == [("contradiction", "sofa", "sofa")]


def test_entries_without_answer_and_those_that_run_out_are_listed() -> None:
    found = checked(
        SOFA,
        replace(LAMP, answer=""),
        replace(SOFA, id="gone", valid_until=date(2026, 4, 30)),
        replace(LAMP, id="going", question="Is the lamp on sale?", valid_until=date(2026, 5, 31)),
        replace(LAMP, id="staying", question="What colour is it?", valid_until=date(2026, 6, 1)),
    )
    assert [entry.id for entry in found.unanswered] == ["lamp"]
    assert [entry.id for entry in found.expired] == ["gone"]
    assert [entry.id for entry in found.expiring] == ["going"]
    assert found.pairs == []


def test_pairs_of_new_entries_are_told_from_the_others() -> None:
    found = checked(SOFA, replace(SOFA, id="couch"), LAMP)
    assert len(found.of({("couch", "en")})) == 1
    assert found.of({("lamp", "en"), ("couch", "zh")}) == []


def test_empty_knowledge_has_nothing_to_check() -> None:
    assert checked() == Findings([], [], [], [])


@pytest.mark.real
def test_demo_companys_knowledge_is_clean_and_planted_mistakes_are_found() -> None:
    demo = [entry for lang in ("en", "zh") for entry in read_document(ROOT / f"knowledge/demo/{lang}.csv").entries]
    planted = [
        Entry("p1", "What warranty do mattresses have?", "Mattresses come with a 5 year warranty."),
        Entry("p2", "What is the price of curbside delivery?", "Curbside delivery is $59. We leave it at the curb."),
        Entry("p3", "可以分期付款吗？", "不可以，我们不支持分期付款。", lang="zh"),
        Entry("p4", "沙发几天之内可以退？", "沙发送达后7天内可以退货。", lang="zh"),
    ]
    vectors = Vectors(real_embeddings(), CACHE / "vectors")
    found = check(demo, Retriever.fit(demo, vectors), today=TODAY)
    assert [(pair.one.id, pair.other.id) for pair in found.pairs] == [
        ("cancel-before-dispatch", "cancel-after-dispatch")
    ]
    everything = [*demo, *planted]
    found = check(everything, Retriever.fit(everything, vectors), today=TODAY)
    pairs = found.of({(entry.id, entry.lang) for entry in planted})
    assert {(pair.kind, pair.one.id, pair.other.id) for pair in pairs} == {
        ("contradiction", "warranty-mattress", "p1"),
        ("duplicate", "delivery-curbside", "p2"),
        ("contradiction", "payment-installments", "p3"),
        ("contradiction", "returns-sofa", "p4"),
    }
