"""The questions that measure the demo company are new to it, and what a hand graded holds together."""

from collections import Counter
from itertools import groupby

import pytest

from knowledge.matching.lexical import terms
from knowledge.reading.documents import read_document
from knowledge.reading.faq import normalise
from tests.measure.asked import GRADES, REASONS, table
from web.assembly import DEMO_KNOWLEDGE

LARGEST_OVERLAP = 0.4
"""Of the stems and characters of a question and a phrasing, taken together, those that they share."""

SIMPLIFIED = str.maketrans(
    "買個頭郵費嗎師時鐵沒趕來貨現麼發進還網訂墊圖間剛見氣誰處給鈔這結問題們撲塵髒機輛兒銷點東週補電話說書寫",
    "买个头邮费吗师时铁没赶来货现么发进还网订垫图间刚见气谁处给钞这结问题们扑尘脏机辆儿销点东周补电话说书写",
)
"""The traditional characters of these questions: another script is no other wording."""

ASKED = table("asked.csv")
GRADED = table("asked_graded.csv")
ENTRIES = [entry for path in DEMO_KNOWLEDGE for entry in read_document(path).entries]
PHRASINGS = {phrasing for entry in ENTRIES for phrasing in entry.phrasings}
IDS = {"", *(entry.id for entry in ENTRIES)}


def test_no_question_is_a_phrasing() -> None:
    assert {normalise(row["query"]) for row in ASKED}.isdisjoint(map(normalise, PHRASINGS))


def test_no_question_shares_many_words_with_a_phrasing() -> None:
    phrasings = {phrasing: set(terms(phrasing)) for phrasing in PHRASINGS}
    near = [
        (row["query"], phrasing)
        for row in ASKED
        for asked in [set(terms(row["query"].translate(SIMPLIFIED)))]
        for phrasing, words in phrasings.items()
        if len(asked & words) > LARGEST_OVERLAP * len(asked | words)
    ]
    assert near == []


def test_each_topic_has_ten_questions_in_two_languages_of_which_two_have_no_answer() -> None:
    for topic, rows in groupby(ASKED, key=lambda row: row["topic"]):
        questions = list(rows)
        assert Counter(row["lang"] for row in questions) == {"en": 5, "zh": 5}, topic
        assert Counter(row["lang"] for row in questions if not row["expected"]) == {"en": 1, "zh": 1}, topic
    assert len({row["query"] for row in ASKED}) == len(ASKED) == 140


def test_every_question_is_graded_once_as_it_was_asked() -> None:
    fields = ("query", "lang", "topic", "expected")
    assert [[row[field] for field in fields] for row in GRADED] == [[row[field] for field in fields] for row in ASKED]


def test_expected_and_cited_entries_are_the_demo_companys() -> None:
    named = {row[field] for row in GRADED for field in ("expected", "before_source", "after_source")}
    assert named - IDS == set()


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_grade_agrees_with_what_was_done(side: str) -> None:
    for row in GRADED:
        action, source, grade = (row[f"{side}_{field}"] for field in ("action", "source", "grade"))
        assert grade in GRADES, row
        assert (action == "unknown") == (grade in ("missed", "refused")), row
        assert (action == "answer") == (source != ""), row
        assert row["expected"] or grade in ("wrong", "refused"), row


def test_what_is_missed_has_a_reason_and_what_is_wrong_a_note() -> None:
    for row in GRADED:
        if row["after_grade"] == "missed":
            assert row["note"].partition(":")[0] in REASONS, row
        elif row["after_grade"] == "wrong":
            assert row["note"], row
