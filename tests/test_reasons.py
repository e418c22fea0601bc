"""Why it was found and why it was answered, in words that agree with what the router does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.costs import Costs, ModelCost
from agent.reasons import close_entries, close_reason, reasons
from agent.router import route
from knowledge.entry import Entry
from knowledge.matching.explanation import Rarity, explain, nearest_phrasing
from knowledge.matching.retriever import Match
from tests.shop import CHINESE, ENGLISH, SHOP

RARITY = Rarity(SHOP)
COSTS = Costs(wrong_answer=12, handoff=5.16)
SILENT = Costs(wrong_answer=12, handoff=5.16, asking=None)
"""Of a company that never asks back."""
ANSWERED, REFUSED = "answered: ", "not answered: "


def found(*confidences: float, answer: str = "yes") -> list[Match]:
    return [Match(Entry(f"e{number}", f"Question {number}?", answer), p, p, {}) for number, p in enumerate(confidences)]


def test_sums_are_told_in_english_and_chinese() -> None:
    assert reasons(found(0.41), costs=SILENT, lang="en") == [
        "not answered: 0.41 is below 0.54, from which an answer costs less than a colleague"
    ]
    assert reasons(found(0.9), costs=COSTS, lang="en")[0].startswith("answered: 0.90 is not below 0.54")
    assert reasons(found(0.41), costs=SILENT, lang="zh")[0].startswith("不回答：0.41 低于 0.54")
    assert reasons(found(0.9), costs=COSTS, lang="zh")[0].startswith("回答：0.90 不低于 0.54")


def test_figures_that_look_alike_get_more_decimals() -> None:
    assert "0.5396 is below 0.5400" in reasons(found(0.5396), costs=SILENT, lang="en")[0]


def test_entry_without_an_answer_gives_way_to_the_next() -> None:
    silent, able = found(0.5, answer="")[0], found(0.45)[0]
    told = reasons([silent, able], costs=SILENT, lang="en")
    assert told[0] == "not answered: the entry has no answer"
    assert told[1].startswith("not answered: 0.45 is below")


def test_model_that_composes_is_told_with_both_costs() -> None:
    costs = replace(SILENT, models=(ModelCost("small", 0.01),))
    told = reasons(found(0.6, 0.2), costs=costs, lang="en")[0]
    assert told == "not answered by itself: a model composes the answer, expected to cost 3.08 instead of 4.80"


def test_close_entries_are_told_to_be_asked_about() -> None:
    costs = Costs(wrong_answer=12, handoff=5.16)
    told = reasons(found(0.4, 0.4), costs=costs, lang="en")[0]
    assert told == "asked back (2 to choose from): the question is expected to cost 2.41 instead of 7.20"


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=4).map(lambda found: sorted(found, reverse=True)),
    st.floats(0.5, 100),
    st.floats(0.1, 20),
)
def test_sentence_says_what_the_router_does(confidences: list[float], wrong: float, handoff: float) -> None:
    costs = Costs(wrong_answer=wrong, handoff=handoff)
    told = reasons(found(*confidences), costs=costs, lang="en")
    assert told[0].startswith(ANSWERED) == (route(confidences, costs=costs).action == "answer")
    assert all(sentence.startswith(REFUSED) for sentence in told[1:])


@pytest.mark.parametrize(
    ("confidences", "are_close"),
    [
        ((0.41, 0.32), True),
        ((0.41, 0.02), False),
        ((0.06, 0.05), False),
        ((0.9, 0.05), False),
        ((0.5,), False),
        ((), False),
    ],
)
def test_two_entries_are_close_when_either_may_be_meant(confidences: tuple[float, ...], are_close: bool) -> None:
    pair = close_entries(found(*confidences), costs=COSTS)
    assert (pair is not None) == are_close
    if pair:
        assert close_reason(pair, lang="en").startswith("two entries are close: e0 (0.41) and e1 (0.32)")


def test_shared_words_are_told_as_the_customer_wrote_them_rarest_first() -> None:
    match = Match(ENGLISH[0], 1, 1, {})
    told = explain("Returning SOFAS in how many days?", match, rarity=RARITY)
    assert told.phrasing in ENGLISH[0].phrasings
    words = [word.word for word in told.words]
    assert {"Returning", "SOFAS"} <= set(words)
    assert "many" not in words
    rarities = [word.rarity for word in told.words]
    assert rarities == sorted(rarities, reverse=True)
    assert next(word for word in told.words if word.word == "SOFAS").in_answer


def test_chinese_is_told_in_pairs_without_their_halves() -> None:
    told = explain("沙发能退吗", Match(CHINESE[0], 1, 1, {}), rarity=RARITY)
    assert {word.word for word in told.words} >= {"沙发"}
    assert not {"沙", "发"} & {word.word for word in told.words}


def test_rare_word_weighs_more_than_a_common_one() -> None:
    rarity = Rarity(ENGLISH)
    assert rarity.of("leather") > rarity.of("the") > 0
    assert rarity.of("unheard") >= rarity.of("leather")


@given(st.text(max_size=60))
def test_any_question_is_explained(question: str) -> None:
    for entry in (ENGLISH[0], CHINESE[0], Entry("x", "?")):
        told = explain(question, Match(entry, 0, 0, {}), rarity=RARITY)
        assert told.phrasing in entry.phrasings
        assert all(word.in_phrasing or word.in_answer for word in told.words)


def test_phrasing_that_came_nearest_is_the_one_that_was_asked() -> None:
    for entry in SHOP:
        for phrasing in entry.phrasings:
            assert nearest_phrasing(phrasing, entry) == phrasing
